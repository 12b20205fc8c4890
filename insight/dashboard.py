"""What the first page of the admin shows: what waits, what members look for, what is wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from archive.models import Issue
from insight.models import GoldenQuery
from insight.reports import Report
from search.indexing.state import index_state

SHOWN = 5
WEEK_DAYS = 7
LATE = dt.timedelta(minutes=5)
"""A change that waits longer than this is stuck: indexing takes a second or two."""


@dataclass(frozen=True)
class Notice:
    """A problem, in words for editors, and what helps."""

    text: str
    remedy: str


def drafts() -> QuerySet[Issue]:
    """Returns issues that are neither published nor scheduled, the last edited first."""
    return Issue.objects.filter(status=Issue.Status.DRAFT).with_article_count().order_by("-updated_at")


def scheduled() -> QuerySet[Issue]:
    """Returns scheduled issues, the next first."""
    return Issue.objects.filter(status=Issue.Status.SCHEDULED).with_article_count().order_by("publish_at")


def failing() -> QuerySet[GoldenQuery]:
    """Returns golden queries that failed when they were last checked."""
    return GoldenQuery.objects.exclude(outcome__in=[GoldenQuery.Outcome.MET, GoldenQuery.Outcome.UNKNOWN])


def last_week() -> dict[str, Any]:
    """Returns what members searched for in the last seven days, and how often in the seven days before."""
    now = timezone.now()
    report = Report(WEEK_DAYS, now)
    before = Report(WEEK_DAYS, now - dt.timedelta(days=WEEK_DAYS)).totals().searches
    shown = {"top": report.top()[:SHOWN], "unmet": report.unmet()[:SHOWN]}
    return {"totals": report.totals(), "before": before, **shown}


def site_notices() -> list[Notice]:
    """Returns the problems of the site as a whole, such as backups and the disk, for those who can have them solved."""
    return [notice for source in settings.SITE_NOTICES for notice in import_string(source)()]


def index_notices() -> list[Notice]:
    """Returns the problems of the search index."""
    state = index_state()
    notices = []
    if state.problem:
        notices.append(
            Notice(
                "检索索引用不了，成员的检索是直接在文库里查的：慢一些，也不按相关度排。",
                "正在重建，稍后会自己恢复。"
                if state.is_rebuilding
                else "请管理员运行 manage.py rebuild_index。",
            )
        )
    if state.waiting_seconds > LATE.total_seconds():
        notices.append(
            Notice(
                f"{state.waiting} 处改动还没有进检索索引，最早的一处超过 {LATE.seconds // 60} 分钟了。",
                "请管理员运行 manage.py update_index，并看看日志。",
            )
        )
    if state.set_aside:
        notices.append(
            Notice(
                f"{state.set_aside} 篇文章收不进检索索引，其他文章不受影响。",
                "在“未能收录的文章”里看原因，可以点“再试一次”。",
            )
        )
    return notices
