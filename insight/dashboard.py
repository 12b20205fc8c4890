"""What the first page of the admin shows: what waits, what members look for, what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.module_loading import import_string

from archive.models import Article, ErrorReport, Issue
from archive.moments import moment
from archive.proposal import Proposal
from archive.statements import Statement
from archive.tasks import held_of
from insight.models import GoldenQuery
from insight.reports import Report
from search.indexing.state import index_state

SHOWN = 5
WEEK_DAYS = 7
LATE = dt.timedelta(minutes=5)
"""A change that waits longer than this is stuck: indexing takes a second or two."""


class Notice(NamedTuple):
    """A problem, in words for editors, and what helps."""

    text: str
    remedy: str


class Listed:
    """A list on the page: rows of which the first are shown. What asks for them is written once."""

    def __init__(self, rows: Callable[[], QuerySet[Any]]) -> None:
        self._rows = rows
        self._first = Statement(lambda _: rows()[:SHOWN])

    def first_and_total(self) -> tuple[list[Any], int]:
        """Returns the first SHOWN rows, and how many there are: counted only where these are not all."""
        first = self._first.all()
        return first, len(first) if len(first) < SHOWN else self._rows().count()


DRAFTS = Listed(
    lambda: Issue.objects.filter(status=Issue.Status.DRAFT).with_article_count().order_by("-updated_at")
)
"""Issues that are neither published nor scheduled, the last edited first."""
LACKING = Listed(
    lambda: (
        Article.objects.lacking_figures()
        .headings()
        .select_related("issue")
        .order_by("-issue__end_date", "-issue_id", "position")
    )
)
"""Articles that lack figures, those of the newest issues first."""
REPORTS = Listed(lambda: ErrorReport.objects.open())
"""What members reported and nobody has closed."""
FAILING = Listed(
    lambda: GoldenQuery.objects.exclude(outcome__in=[GoldenQuery.Outcome.MET, GoldenQuery.Outcome.UNKNOWN])
)
"""Golden queries that failed when they were last checked."""
_GOLDEN = Statement(lambda _: GoldenQuery.objects.values_list("pk")[:1])
_SCHEDULED = Statement(
    lambda _: Issue.objects.filter(status=Issue.Status.SCHEDULED).order_by("publish_at", "pk")
)
_WAITING = Q(outcome=Proposal.Outcome.PENDING)
_OPEN = Statement(
    lambda users: (
        Proposal.objects.of_existing()
        .filter(_WAITING | Q(outcome=Proposal.Outcome.RETURNED, author__in=users, read_at=None))
        .select_related("issue", "author", "closed_by")
        .order_by("created_at", "pk")
    )
)


class Proposals(NamedTuple):
    """What was handed to the chief editors, as it concerns one user."""

    pending: list[Proposal]
    """What waits for a chief editor, the oldest first."""
    handed_over: list[Proposal]
    """Of these, what the user handed over."""
    returned: list[Proposal]
    """What was sent back to the user, who has not yet said that they read it; the newest first."""


def proposals(user_id: int) -> Proposals:
    """Returns what is open of what was handed over, in one statement."""
    rows: list[Proposal] = _OPEN.rows([user_id])
    pending = [one for one in rows if one.is_pending]
    back = [one for one in rows if not one.is_pending]
    back.sort(key=lambda one: (one.closed_at or one.created_at, one.pk), reverse=True)
    return Proposals(pending, [one for one in pending if one.author_id == user_id], back)


def scheduled() -> list[Issue]:
    """Returns all scheduled issues, the next first."""
    return _SCHEDULED.all()


def has_golden_queries() -> bool:
    """Whether there is any golden query."""
    return bool(_GOLDEN.all())


def last_week() -> dict[str, Any]:
    """Returns what members searched for in the last seven days, and how often in the seven days before."""
    report = Report(WEEK_DAYS)
    top, unmet = report.top(), report.unmet()
    return {
        "searches": sum(row.searches for row in top),
        "before": report.searches_before(),
        "top": top[:SHOWN],
        "unmet_searches": sum(row.unmet for row in unmet),
        "unmet": unmet[:SHOWN],
    }


def site_notices() -> list[Notice]:
    """Returns the problems of the site as a whole, such as backups and the disk, for those who can have them solved."""
    return [notice for source in settings.SITE_NOTICES for notice in import_string(source)()]


def held_notices(scheduled: Iterable[Issue]) -> list[Notice]:
    """Returns those of these issues whose time has come and that something holds, each with what to do."""
    now = timezone.now()
    late = [issue for issue in scheduled if issue.publish_at and issue.publish_at <= now]
    return [
        Notice(
            f"“{issue.title}”定在 {moment(issue.publish_at or timezone.now())} 上线，到时间没有发布："
            + "".join(map(str, held)),
            format_html(
                '<a href="{}">去看一遍，改好或确认以后会自己发布。</a>',
                reverse("admin:archive_issue_last_look", args=[issue.pk]),
            ),
        )
        for issue, held in held_of(late)
    ]


def index_notices() -> list[Notice]:
    """Returns the problems of the search index."""
    state = index_state()
    notices = []
    if state.problem:
        notices.append(
            Notice(
                "搜索出了故障，成员现在搜得慢一些，也不按相关度排。",
                "正在重建，稍后会自己恢复。"
                if state.is_rebuilding
                else "请把这段话发给管理员：manage.py rebuild_index",
            )
        )
    if state.waiting_seconds > LATE.total_seconds():
        notices.append(
            Notice(
                f"{state.waiting} 处改动还搜不到，最早的一处已经等了 {LATE.seconds // 60} 分钟以上。",
                "请把这段话发给管理员：manage.py update_index，并看看日志",
            )
        )
    if state.set_aside:
        notices.append(
            Notice(
                f"{state.set_aside} 篇文章搜不到，其他文章不受影响。",
                "在“搜不到的文章”里看原因，可以点“再试一次”。",
            )
        )
    return notices
