"""What an editor's first page says: what waits, what members look for, what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from archive.models import Issue
from insight.models import GoldenQuery
from insight.reports import QueryRow, Report, Totals
from search import sync
from search.backends.generations import IndexUnavailable
from search.models import Change

SHOWN = 5
WEEK_DAYS = 7
LATE = dt.timedelta(minutes=5)
"""A change that is not in the index after so long is stuck: it takes a second or two."""


@dataclass(frozen=True)
class Trouble:
    """Something that is wrong, in words, and what helps."""

    text: str
    remedy: str


@dataclass(frozen=True)
class LastWeek:
    """The searches of the last seven days, and how many there were in the seven days before."""

    totals: Totals
    before: int
    top: Sequence[QueryRow]
    unmet: Sequence[QueryRow]


def drafts() -> QuerySet[Issue]:
    """Issues that are not published and have no time for it, those worked on last first."""
    return Issue.objects.filter(status=Issue.Status.DRAFT).with_article_count().order_by("-updated_at")


def scheduled() -> QuerySet[Issue]:
    """Issues that will be published, the next first."""
    return Issue.objects.filter(status=Issue.Status.SCHEDULED).with_article_count().order_by("publish_at")


def failing() -> QuerySet[GoldenQuery]:
    """Golden queries that failed when they were last asked."""
    return GoldenQuery.objects.exclude(outcome__in=[GoldenQuery.Outcome.MET, GoldenQuery.Outcome.UNKNOWN])


def last_week(now: dt.datetime | None = None) -> LastWeek:
    """What members searched for in the last seven days."""
    now = now or timezone.now()
    report = Report(WEEK_DAYS, now)
    before = Report(WEEK_DAYS, now - dt.timedelta(days=WEEK_DAYS)).totals().searches
    return LastWeek(report.totals(), before, report.top()[:SHOWN], report.unmet()[:SHOWN])


def index_troubles(now: dt.datetime | None = None) -> list[Trouble]:
    """What is wrong with the search index; usually nothing."""
    troubles = []
    try:
        sync.visible_snapshot()
    except IndexUnavailable:
        troubles.append(
            Trouble(
                "检索索引用不了，成员的检索是直接在文库里查的：慢一些，也不按相关度排。",
                "请管理员运行 manage.py rebuild_index。",
            )
        )
    late = (
        Change.objects.filter(created_at__lt=(now or timezone.now()) - LATE).values("article_id").distinct()
    )
    if number := late.count():
        troubles.append(
            Trouble(
                f"{number} 篇文章的改动还没有进检索索引，最早的一处超过 {LATE.seconds // 60} 分钟了。",
                "请管理员运行 manage.py update_index，并看看日志。",
            )
        )
    return troubles
