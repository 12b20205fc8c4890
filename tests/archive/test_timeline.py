"""Time cut into weeks, months, quarters and years."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.timeline import MOST_PERIODS, Timeline, Unit

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))


@pytest.mark.parametrize(
    ("unit", "day", "name", "first", "last"),
    [
        ("week", "2025-03-21", "2025年第12周（3月17日—23日）", "2025-03-17", "2025-03-23"),
        ("week", "2024-12-31", "2025年第1周（12月30日—1月5日）", "2024-12-30", "2025-01-05"),
        ("month", "2024-02-10", "2024年2月", "2024-02-01", "2024-02-29"),
        ("month", "2024-12-31", "2024年12月", "2024-12-01", "2024-12-31"),
        ("quarter", "2025-03-31", "2025年一季度", "2025-01-01", "2025-03-31"),
        ("quarter", "2025-11-01", "2025年四季度", "2025-10-01", "2025-12-31"),
        ("year", "2025-06-15", "2025年", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_day_lies_in_its_period(unit: Unit, day: str, name: str, first: str, last: str) -> None:
    (period,) = Timeline.over(dt.date.fromisoformat(day), dt.date.fromisoformat(day), unit).periods
    assert (period.name, str(period.first), str(period.last)) == (name, first, last)


@pytest.mark.parametrize(
    ("days", "unit"),
    [
        (0, "week"),
        (7 * 58, "week"),
        (7 * 61, "month"),
        (365 * 4, "month"),
        (365 * 6, "quarter"),
        (365 * 20, "year"),
    ],
)
def test_the_shortest_unit_that_gives_few_periods_is_taken(days: int, unit: Unit) -> None:
    first = dt.date(2001, 1, 1)
    timeline = Timeline.over(first, first + dt.timedelta(days=days))
    assert timeline.unit == unit
    assert len(timeline.periods) <= MOST_PERIODS


@given(DAYS, DAYS, st.sampled_from(["week", "month", "quarter", "year"]), DAYS)
def test_every_day_is_counted_once_and_in_the_period_that_it_lies_in(
    one: dt.date, other: dt.date, unit: Unit, day: dt.date
) -> None:
    timeline = Timeline.over(min(one, other), max(one, other), unit)
    periods = timeline.periods
    assert all(late.first - early.last == dt.timedelta(days=1) for early, late in pairwise(periods))
    counts = timeline.counts([(day, 3)])
    assert [period.first <= day <= period.last for period in periods] == [count == 3 for count in counts]


def test_a_day_outside_of_all_periods_is_refused() -> None:
    timeline = Timeline.over(dt.date(2025, 3, 17), dt.date(2025, 3, 21))
    with pytest.raises(ValueError, match="2025-03-24"):
        timeline.place(dt.date(2025, 3, 24))
