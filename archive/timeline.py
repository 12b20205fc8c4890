"""Cuts time into weeks, months, quarters or years, to count what happened in each. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Unit = Literal["week", "month", "quarter", "year"]

MOST_PERIODS = 60
"""Periods of one chart at most: with more, a point is too narrow to be clicked."""
SHORT_UNITS: tuple[Unit, ...] = ("week", "month", "quarter")
UNIT_NAMES: dict[Unit, str] = {"week": "周", "month": "月", "quarter": "季度", "year": "年"}
_MONTHS_IN: dict[Unit, int] = {"month": 1, "quarter": 3, "year": 12}
_QUARTERS = "一二三四"


class Period(NamedTuple):
    """A period from `first` to `last`, both included."""

    first: dt.date
    last: dt.date
    unit: Unit

    @property
    def name(self) -> str:
        """Returns its full name: `2025年第12周（3月17日—23日）`, `2025年3月`, `2025年一季度`, `2025年`."""
        first, last = self.first, self.last
        if self.unit == "week":
            year, week, _ = first.isocalendar()
            to = f"{last.day}日" if last.month == first.month else f"{last.month}月{last.day}日"
            return f"{year}年第{week}周（{first.month}月{first.day}日—{to}）"
        if self.unit == "month":
            return f"{first.year}年{first.month}月"
        if self.unit == "quarter":
            return f"{first.year}年{_QUARTERS[first.month // 3]}季度"
        return f"{first.year}年"

    @property
    def label(self) -> str:
        """Returns a short name for an axis: a week by its first day, of quarters only the first, by its year."""
        if self.unit == "week":
            return f"{self.first.month}月{self.first.day}日"
        if self.unit == "quarter":
            return f"{self.first.year}年" if self.first.month == 1 else ""
        return self.name


@dataclass(frozen=True)
class Timeline:
    """Periods without a gap between them."""

    unit: Unit
    periods: tuple[Period, ...]

    @classmethod
    def over(cls, first: dt.date, last: dt.date, unit: Unit | None = None) -> Timeline:
        """Returns the periods that `first` to `last` lie in, the shortest unit of which there are few enough.

        >>> Timeline.over(dt.date(2025, 1, 3), dt.date(2025, 3, 21)).unit
        'week'
        >>> [period.name for period in Timeline.over(dt.date(2023, 12, 30), dt.date(2024, 1, 5)).periods]
        ['2023年第52周（12月25日—31日）', '2024年第1周（1月1日—7日）']
        """
        if unit is None:
            for short in SHORT_UNITS:
                found = cls.over(first, last, short)
                if len(found.periods) <= MOST_PERIODS:
                    return found
            unit = "year"
        return cls(unit, tuple(_weeks(first, last) if unit == "week" else _months(first, last, unit)))

    def place(self, day: dt.date) -> int:
        """Returns which period `day` is in. Raises ValueError for a day outside of all."""
        start = self.periods[0].first
        if not start <= day <= self.periods[-1].last:
            raise ValueError(f"{day} is not between {start} and {self.periods[-1].last}")
        if self.unit == "week":
            return (day - start).days // 7
        return ((day.year - start.year) * 12 + day.month - start.month) // _MONTHS_IN[self.unit]

    def counts(self, days: Iterable[tuple[dt.date, int]]) -> list[int]:
        """Returns what was counted in each period, of `(day, number)` that may lie outside of all of them.

        >>> Timeline.over(dt.date(2025, 3, 3), dt.date(2025, 3, 21)).counts([(dt.date(2025, 3, 21), 2)])
        [0, 0, 2]
        """
        counted = [0] * len(self.periods)
        for day, number in days:
            if self.periods[0].first <= day <= self.periods[-1].last:
                counted[self.place(day)] += number
        return counted


def days_text(first: dt.date, last: dt.date, style: str = "") -> str:
    """Returns a span of days as people write it; what the first day said is not said again.

    >>> days_text(dt.date(2025, 3, 17), dt.date(2025, 3, 21))
    '2025年3月17日—21日'
    >>> days_text(dt.date(2025, 3, 31), dt.date(2025, 4, 4), "short")
    '3月31日—4月4日'
    """
    is_short = style == "short"
    start = f"{first.month}月{first.day}日"
    if not is_short or first.year != last.year:
        start = f"{first.year}年{start}"
    if first == last:
        return start
    if first.year != last.year and not is_short:
        return f"{start}—{last.year}年{last.month}月{last.day}日"
    month = f"{last.month}月" if first.month != last.month else ""
    return f"{start}—{month}{last.day}日"


def _weeks(first: dt.date, last: dt.date) -> Iterator[Period]:
    """Yields weeks from Monday to Sunday, as in ISO 8601."""
    monday = first - dt.timedelta(days=first.weekday())
    for start in range(0, (last - monday).days + 1, 7):
        day = monday + dt.timedelta(days=start)
        yield Period(day, day + dt.timedelta(days=6), "week")


def _months(first: dt.date, last: dt.date, unit: Unit) -> Iterator[Period]:
    step = _MONTHS_IN[unit]
    begin = (first.year * 12 + first.month - 1) // step * step
    for month in range(begin, last.year * 12 + last.month, step):
        year, end = divmod(month + step - 1, 12)
        last_day = calendar.monthrange(year, end + 1)[1]
        yield Period(dt.date(month // 12, month % 12 + 1, 1), dt.date(year, end + 1, last_day), unit)
