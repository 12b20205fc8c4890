"""Points in time as people write them: a day, a week, a month, a quarter, a half, a year. Pure.

`2025年3月17日` `3月` `25年一季度` `4月第三周` `2025.4.14`, and what only an end of a range looks like: `4.14`, `18日`
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from archive.numerals import read_number

_REST_OF_WEEK = dt.timedelta(days=6)
Days = tuple[dt.date, dt.date]
"""The first and the last day of something."""


class Known(NamedTuple):
    """What a date that leaves something out is read by."""

    today: dt.date
    issue_days: Sequence[dt.date]

    def has_issue(self, first: dt.date, last: dt.date, *, is_months: bool) -> bool:
        """Whether an issue ends in these months, or reports on one of these days and ends within the week."""
        place = bisect_left(self.issue_days, first)
        latest = last if is_months else last + min(_REST_OF_WEEK, dt.date.max - last)
        return place < len(self.issue_days) and self.issue_days[place] <= latest


@dataclass(frozen=True)
class Point:
    """A day, a week, a month … by its numbers; None for what was not said."""

    days: Callable[[int, int, int], Days]
    """Its first and its last day, of its year, its month and its day (or whatever else it counts)."""
    year: int | None = None
    month: int | None = None
    number: int | None = None
    is_months: bool = False

    def at(self, year: int) -> Days:
        return self.days(year, self.month or 0, self.number or 0)

    def last_one(self, known: Known) -> Days:
        """The last of its kind that has an issue, else the last that has begun."""
        newest = min([known.today, *known.issue_days[-1:]])
        begun = [
            days
            for year in range(newest.year, newest.year - 12, -1)
            if (days := or_none(self.at, year)) and days[0] <= newest
        ]
        if not begun:
            raise ValueError("there was none for many years")
        return next((days for days in begun if known.has_issue(*days, is_months=self.is_months)), begun[0])


def or_none(days: Callable[[int], Days], year: int) -> Days | None:
    try:
        return days(year)
    except ValueError:  # 2月29日 of another year
        return None


def day_of(year: int, month: int, day: int) -> Days:
    date = dt.date(year, month, day)
    return date, date


def _months(year: int, first: int, last: int) -> Days:
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])


def month_of(year: int, month: int, _number: int) -> Days:
    return _months(year, month, month)


def quarter_of(year: int, _month: int, quarter: int) -> Days:
    return _months(year, quarter * 3 - 2, quarter * 3)


def first_quarters(year: int, _month: int, quarters: int) -> Days:
    return _months(year, 1, quarters * 3)


def first_months(year: int, _month: int, months: int) -> Days:
    return _months(year, 1, months)


def half_of(year: int, _month: int, half: int) -> Days:
    return _months(year, 1, 6) if half == 1 else _months(year, 7, 12)


def year_of(year: int, _month: int, _number: int) -> Days:
    return _months(year, 1, 12)


def week_of(year: int, _month: int, week: int) -> Days:
    monday = dt.date.fromisocalendar(year, week, 1)
    return monday, monday + dt.timedelta(days=6)


def week_of_day(year: int, month: int, day: int) -> Days:
    date = dt.date(year, month, day)
    monday = date - dt.timedelta(days=date.weekday())
    return monday, monday + dt.timedelta(days=6)


def week_of_month(year: int, month: int, week: int) -> Days:
    first_thursday = dt.date(year, month, 1) + dt.timedelta(days=(3 - dt.date(year, month, 1).weekday()) % 7)
    thursday = first_thursday + dt.timedelta(weeks=week - 1)
    if thursday.month != month:
        raise ValueError(f"{year}-{month} has no week {week}")
    return thursday - dt.timedelta(days=3), thursday + dt.timedelta(days=3)


def third_of_month(year: int, month: int, third: int) -> Days:
    last = calendar.monthrange(year, month)[1]
    return dt.date(year, month, third * 10 - 9), dt.date(year, month, last if third == 3 else third * 10)


_Form = tuple[re.Pattern[str], Callable[[int, int, int], Days], bool]

_PARTS = {"上": 1, "中": 2, "下": 3, "初": 1, "底": 3, "末": 3, "两": 2}
_FULL_YEAR = r"(?P<year>(?:19|20)\d\d)"
_OTHER_YEAR = r"(?P<short>\d\d)\s{0,3}年|(?P<said>今年|去年|前年)"
_YEAR_OF_MONTH = rf"(?:(?:{_FULL_YEAR}(?:\s{{0,3}}年|(?=\s))|{_OTHER_YEAR})\s{{0,3}})?"
_YEAR_OF_QUARTER = rf"(?:(?:{_FULL_YEAR}\s{{0,3}}年?|{_OTHER_YEAR})\s{{0,3}})?"
_SPOKEN = "[一二三四五六七八九十]"
_MONTH = rf"(?P<month>1[0-2]|0?[1-9]|十[一二]?|{_SPOKEN}|元)"
_DAY = rf"(?P<day>3[01]|[12]\d|0?[1-9]|{_SPOKEN}{{1,3}})"
_MONTH_NUMBER, _DAY_NUMBER = r"(?P<month>1[0-2]|0?[1-9])", r"(?P<day>3[01]|[12]\d|0?[1-9])"

POINTS: list[_Form] = [
    (re.compile(pattern), days, is_months)
    for pattern, days, is_months in [
        (rf"{_YEAR_OF_MONTH}{_MONTH}\s{{0,3}}月\s{{0,3}}{_DAY}\s{{0,3}}[日号]", day_of, False),
        (
            rf"{_YEAR_OF_MONTH}{_MONTH}\s{{0,3}}月\s{{0,3}}{_DAY}\s{{0,3}}[日号]\s{{0,3}}(?:当周|[这那]一?周|所在的?那?一?周)",
            week_of_day,
            False,
        ),
        (rf"{_FULL_YEAR}(?P<mark>[-/.]){_MONTH_NUMBER}(?P=mark){_DAY_NUMBER}", day_of, False),
        (rf"{_FULL_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)", day_of, False),
        (
            rf"{_YEAR_OF_MONTH}{_MONTH}\s{{0,3}}月份?\s{{0,3}}(?P<number>[上下](?=旬)|[初中底末])旬?",
            third_of_month,
            False,
        ),
        (
            rf"{_YEAR_OF_MONTH}{_MONTH}\s{{0,3}}月份?\s{{0,3}}的?第?\s{{0,3}}(?P<number>[一二三四五1-5])\s{{0,3}}(?:周|个?星期)",
            week_of_month,
            False,
        ),
        (rf"{_YEAR_OF_QUARTER}第\s{{0,3}}(?P<number>\d{{1,2}})\s{{0,3}}周", week_of, False),
        (rf"{_FULL_YEAR}\s{{0,3}}年\s{{0,3}}(?P<number>\d{{1,2}})\s{{0,3}}周", week_of, False),
        (rf"{_FULL_YEAR}-?w(?P<number>\d{{1,2}})", week_of, False),
        (rf"{_YEAR_OF_MONTH}{_MONTH}\s{{0,3}}月份?", month_of, True),
        (rf"{_FULL_YEAR}[-/.]{_MONTH_NUMBER}", month_of, True),
        (
            rf"(?:{_FULL_YEAR}\s{{0,3}}年?|(?P<short>\d\d)\s{{0,3}}年?|(?P<said>今年|去年|前年))\s{{0,3}}q(?P<number>[1-4])",
            quarter_of,
            True,
        ),
        (rf"{_YEAR_OF_QUARTER}第?\s{{0,3}}(?P<number>[一二三四1-4])\s{{0,3}}季度", quarter_of, True),
        (rf"{_FULL_YEAR}\s{{0,3}}年?\s{{0,3}}第?(?P<number>[一二三四])季", quarter_of, True),
        (rf"{_YEAR_OF_QUARTER}前\s{{0,3}}(?P<number>[二两三23])个?季度", first_quarters, True),
        (
            rf"(?:{_FULL_YEAR}年|(?P<said>今年|去年|前年))[前头](?P<number>[二两三四五六七八九十2-9]|1[01])个月",
            first_months,
            True,
        ),
        (rf"(?P<number>[1-4])q\s{{0,3}}(?:{_FULL_YEAR}|(?P<short>\d\d))", quarter_of, True),
        (rf"{_YEAR_OF_QUARTER}(?P<number>[上下])半年", half_of, True),
        (rf"{_FULL_YEAR}\s{{0,3}}年?\s{{0,3}}h(?P<number>[12])", half_of, True),
        (rf"(?P<number>[12])h\s{{0,3}}(?:{_FULL_YEAR}|(?P<short>\d\d))", half_of, True),
        (rf"{_FULL_YEAR}\s{{0,3}}年(?:度|全年)?|(?P<said>今年|去年|前年)(?:全年)?", year_of, True),
    ]
]
"""Each way to write a point in time, tried from the first to the last on folded text."""
IN_RANGES: list[_Form] = [
    (re.compile(pattern), days, is_months)
    for pattern, days, is_months in [
        (rf"{_MONTH_NUMBER}[./]{_DAY_NUMBER}", day_of, False),
        (rf"{_YEAR_OF_MONTH}{_MONTH}\s{{0,3}}月\s{{0,3}}{_DAY}", day_of, False),
        (rf"{_DAY}\s{{0,3}}[日号]?", day_of, False),
        (rf"{_FULL_YEAR}\s{{0,3}}年\s{{0,3}}{_MONTH}", month_of, True),
        (_MONTH, month_of, True),
        (rf"{_YEAR_OF_QUARTER}第?(?P<number>[一二三四1-4])", quarter_of, True),
        (r"q(?P<number>[1-4])", quarter_of, True),
        (_FULL_YEAR, year_of, True),
    ]
]
"""What is one end of a range only: the other end tells what it is."""


def points(text: str, known: Known, forms: Sequence[_Form]) -> Iterator[Point]:
    for pattern, days, is_months in forms:
        if match := pattern.fullmatch(text):
            said = match.groupdict()
            year = said.get("year") or (f"20{said['short']}" if said.get("short") else None)
            ago = {"今年": 0, "去年": 1, "前年": 2}.get(said.get("said") or "")
            number = said.get("number") or said.get("day")
            yield Point(
                days,
                int(year) if year else None if ago is None else known.today.year - ago,
                number_of(said["month"]) if said.get("month") else None,
                _PARTS.get(number) or number_of(number) if number else None,
                is_months,
            )


def number_of(text: str) -> int:
    """Raises ValueError for what is no one number: `三五` days are about so many."""
    if text == "元":  # 元月
        return 1
    number = read_number(text)
    if number is None or (len(text) > 1 and "十" not in text and not text.isdecimal()):
        raise ValueError(f"{text} is no one number")
    return number
