"""Reports on the search log: totals of a period, and rows for a table or a CSV file."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Avg, Count, Max, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.functional import cached_property

from archive.formula_cells import disarmed
from insight.models import SearchRecord

SHOWN = 30
"""Rows of a table on the page; a CSV file has them all."""
LEAST_RISING = 2
"""A query needs this many searches in the period to count as rising: one after none is no rise."""

_FULL = Q(answer=SearchRecord.Answer.FULL)


class QueryRow(NamedTuple):
    """One query in a period, whatever its script, case and spaces."""

    query: str
    searches: int
    opened: int
    """Searches after which an article was opened."""
    hits: int
    corrected: str
    unmet: int
    """Searches that were not answered as asked: nothing, or only something corrected or relaxed."""
    took_ms: float
    last: dt.datetime
    before: int = 0
    """Searches in the period before."""

    @property
    def rise(self) -> int:
        return self.searches - self.before


class Totals(NamedTuple):
    """All searches of a period."""

    searches: int
    queries: int
    """Different queries."""
    unmet: int
    opened: int
    median_ms: float
    slow_ms: float
    """The 95th percentile."""

    @property
    def unmet_percent(self) -> int:
        return round(100 * self.unmet / self.searches) if self.searches else 0

    @property
    def opened_percent(self) -> int:
        return round(100 * self.opened / self.searches) if self.searches else 0


class Day(NamedTuple):
    """A day and its number of searches."""

    date: dt.date
    searches: int


class Report:
    """The searches of the last `days` days before `now`."""

    def __init__(self, days: int, now: dt.datetime | None = None) -> None:
        self.days = days
        self.until = now or timezone.now()
        self.since = self.until - dt.timedelta(days=days)
        self._records = SearchRecord.objects.filter(created_at__gt=self.since, created_at__lte=self.until)

    def totals(self) -> Totals:
        """Returns the totals of the period."""
        counted = self._records.aggregate(
            searches=Count("pk"),
            queries=Count("form", distinct=True),
            unmet=Count("pk", filter=~_FULL),
            opened=Count("opened"),
        )
        times = self._records.order_by("took_ms").values_list("took_ms", flat=True)
        count = counted["searches"]
        return Totals(
            **counted,
            median_ms=times[count // 2] if count else 0.0,
            slow_ms=times[min(count - 1, count * 19 // 20)] if count else 0.0,
        )

    def days_of_it(self) -> list[Day]:
        """Returns every day of the period in the site's time zone, also those without a search."""
        rows = self._records.annotate(day=TruncDate("created_at")).values("day").order_by("day")
        counts = {row["day"]: row["searches"] for row in rows.annotate(searches=Count("pk"))}
        last = timezone.localdate(self.until)
        dates = [last - dt.timedelta(days=back) for back in reversed(range(self.days))]
        return [Day(date, counts.get(date, 0)) for date in dates]

    def top(self) -> list[QueryRow]:
        """Returns all queries, the most frequent first."""
        return sorted(self._rows, key=lambda row: (-row.searches, row.query))

    def unmet(self) -> list[QueryRow]:
        """Returns queries that found nothing as typed at least once, the most frequent first."""
        return sorted((row for row in self._rows if row.unmet), key=lambda row: (-row.unmet, row.query))

    def rising(self) -> list[QueryRow]:
        """Returns queries that were asked more often than in the period before, the largest rise first."""
        rows = [row for row in self._rows if row.rise > 0 and row.searches >= LEAST_RISING]
        return sorted(rows, key=lambda row: (-row.rise, row.query))

    def slow(self) -> list[QueryRow]:
        """Returns all queries, the slowest first."""
        return sorted(self._rows, key=lambda row: (-row.took_ms, row.query))

    def searches_before(self) -> int:
        """Returns how many there were in the period before."""
        return sum(self._before.values())

    @cached_property
    def _before(self) -> dict[str, int]:
        """How often each query was asked in the period before."""
        earlier = SearchRecord.objects.filter(
            created_at__gt=self.since - dt.timedelta(days=self.days), created_at__lte=self.since
        )
        return dict(earlier.order_by().values_list("form").annotate(searches=Count("pk")))

    @cached_property
    def _rows(self) -> list[QueryRow]:
        grouped = (
            self._records.order_by()
            .values("form")
            .annotate(
                query=Max("query"),
                searches=Count("pk"),
                opened=Count("opened"),
                hits=Max("hits"),
                corrected=Max("corrected"),
                unmet=Count("pk", filter=~_FULL),
                took_ms=Avg("took_ms"),
                last=Max("created_at"),
            )
        )
        rows: list[dict[str, Any]] = [dict(row) for row in grouped]
        return [QueryRow(before=self._before.get(row.pop("form"), 0), **row) for row in rows]


TABLES = {"top": "常搜的词", "unmet": "没有照原样搜到的词", "rising": "升温的词", "slow": "各词用时"}
"""The reports of a period by the names of their methods, with their headings."""
_COLUMNS = (
    "关键词",
    "次数",
    "比前一段时间",
    "打开文章",
    "篇数",
    "没有照原样搜到",
    "系统改搜成",
    "平均用时（毫秒）",
    "最近一次",
)


def to_csv(rows: Iterable[QueryRow]) -> str:
    """Returns rows as CSV text. A query that a spreadsheet would run as a formula is disarmed."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        last = timezone.localtime(row.last).strftime("%Y-%m-%d %H:%M")
        cells = [disarmed(row.query), row.searches, row.rise, row.opened, row.hits, row.unmet]
        writer.writerow([*cells, disarmed(row.corrected), round(row.took_ms, 1), last])
    return stream.getvalue()
