"""Arranges the archive by years, months and weeks, with the gaps where nothing was collected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Generic, Protocol, TypeVar

from archive.models import Issue

FRIDAY = 4
"""A week belongs to the month of its Friday, the day on which weekly digests close."""


class Dated(Protocol):
    """What a calendar may hold beside issues: what may become one."""

    @property
    def end_date(self) -> dt.date: ...


D = TypeVar("D", bound=Issue | Dated)


@dataclass(frozen=True, slots=True)
class Month(Generic[D]):
    """A month with the issues that end in it, or a gap: months on end without any, `first` to `last`."""

    first: int
    last: int
    issues: list[D] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.first}月" if self.first == self.last else f"{self.first}—{self.last}月"

    @property
    def article_count(self) -> int:
        return _articles(self.issues)


@dataclass(frozen=True, slots=True)
class Week(Generic[D]):
    """A week with the issues that end in it. `is_gap`: it has none, though the archive has older and newer ones."""

    friday: dt.date
    issues: list[D] = field(default_factory=list)
    is_gap: bool = False

    @property
    def article_count(self) -> int:
        return _articles(self.issues)


@dataclass(frozen=True, slots=True)
class Year(Generic[D]):
    """A year with its months, newest first, and its calendar.

    `calendar` is rows of twelve: the first weeks of January to December, the second ones, …; None where a month
    has no fifth week.
    """

    number: int
    months: list[Month[D]] = field(default_factory=list)
    calendar: list[tuple[Week[D] | None, ...]] = field(default_factory=list)

    @property
    def issue_count(self) -> int:
        return sum(len(month.issues) for month in self.months)

    @property
    def article_count(self) -> int:
        return sum(month.article_count for month in self.months)

    @property
    def gap_count(self) -> int:
        """Weeks without an issue."""
        return sum(week is not None and week.is_gap for row in self.calendar for week in row)


def years_of(issues: Iterable[D]) -> list[Year[D]]:
    """Returns the years from the newest issue back to the oldest, each with its months and weeks, gaps too.

    Counts of articles are those of the issues' `article_count` (`Issue.objects.with_article_count()`).
    """
    all_issues = list(issues)
    in_month: dict[tuple[int, int], list[D]] = {}
    in_week: dict[dt.date, list[D]] = {}
    for issue in all_issues:
        in_month.setdefault((issue.end_date.year, issue.end_date.month), []).append(issue)
        in_week.setdefault(friday_of(issue.end_date), []).append(issue)
    years: list[Year[D]] = []
    for year, month in _months_back(in_month):
        if not years or years[-1].number != year:
            years.append(Year(year, calendar=_calendar(year, in_week)))
        months, found = years[-1].months, in_month.get((year, month), [])
        if months and not found and not months[-1].issues:
            months[-1] = Month(month, months[-1].last)
        else:
            months.append(Month(month, month, found))
    return years


def friday_of(day: dt.date) -> dt.date:
    """Returns the Friday of the week (Monday to Sunday) in which `day` lies.

    >>> friday_of(dt.date(2025, 3, 23)), friday_of(dt.date(2025, 3, 24))
    (datetime.date(2025, 3, 21), datetime.date(2025, 3, 28))
    """
    return day + dt.timedelta(days=FRIDAY - day.weekday())


def _calendar(year: int, in_week: dict[dt.date, list[D]]) -> list[tuple[Week[D] | None, ...]]:
    first, last = min(in_week), max(in_week)
    months: list[list[Week[D]]] = [[] for _ in range(12)]
    friday = friday_of(dt.date(year, 1, 1))
    if friday.year < year:
        friday += dt.timedelta(weeks=1)
    while friday.year == year:
        found = in_week.get(friday, [])
        months[friday.month - 1].append(Week(friday, found, not found and first < friday < last))
        friday += dt.timedelta(weeks=1)
    return list(zip_longest(*months))


def _months_back(months: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yields every (year, month) from the latest in `months` to the earliest."""
    counted = [year * 12 + month - 1 for year, month in months]
    if counted:
        for number in range(max(counted), min(counted) - 1, -1):
            yield number // 12, number % 12 + 1


def _articles(issues: Iterable[Issue | Dated]) -> int:
    return sum(int(getattr(issue, "article_count", 0)) for issue in issues)
