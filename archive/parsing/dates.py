"""Reads the days that a digest covers, in all the ways in which editors write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.numerals import CHINESE, read_number
from archive.parsing.english_dates import find_english_days, find_english_ranges
from archive.parsing.numeric_dates import find_numeric_ranges
from archive.parsing.text import fold

LONGEST = 31
"""Days; a longer range is probably a mistake, and gets a warning."""


_Written = tuple[list[int], list[int], int, int]
"""The numbers of a first and a last day, and where they stand."""


@dataclass(frozen=True, slots=True)
class DateRange:
    """The first and last day, and where in the text they are written."""

    start: dt.date | None
    end: dt.date | None
    begins: int
    ends: int
    problem: str = ""
    """Empty, or the code of a warning: dates-no-year, dates-reversed, dates-too-long, dates-invalid, dates-reckoned."""

    @property
    def days(self) -> int:
        """The number of days, first and last included; 0 when they are not known."""
        return (self.end - self.start).days + 1 if self.start and self.end else 0


_WEEKDAY = r"(?:\s?\(?(?:星期|周|礼拜)[一二三四五六日天末]\)?)?"
_TIME = r"(?:\s\d{1,2}:\d\d(?::\d\d)?)?"
_TO = r"\s{0,3}(?:[-—–―−‒~～〜]{1,3}|起?至|到|to|->|→)\s{0,3}"
_YMD = r"(?:20\d\d\s?[./\-年]\s?\d{1,2}\s?[./\-月]\s?\d{1,2}|\d\d[./]\d{1,2}[./]\d{1,2}|20\d{6})\s?[日号]?"
_MD = r"\d{1,2}\s?[./\-月]\s?\d{1,2}\s?[日号]?"
_D = r"\d{1,2}\s?[日号]?"
_NOT_AFTER = r"(?<![\d.])"
_NOT_BEFORE = r"(?!\d|[.%]\d|[亿万倍%])"
_RANGE = re.compile(
    rf"{_NOT_AFTER}(?P<first>{_YMD}|{_MD}){_WEEKDAY}{_TIME}{_TO}(?P<last>{_YMD}|{_MD}|{_D}){_NOT_BEFORE}{_WEEKDAY}"
)
_DAY = re.compile(rf"{_NOT_AFTER}(?P<day>{_YMD}|{_MD}){_NOT_BEFORE}")
_WEEK_OF_MONTH = re.compile(
    rf"(?:(?P<year>20\d\d)\s?[年./-]\s?)?(?<![\d.])(?P<month>\d{{1,2}}|[{CHINESE}]{{1,2}})\s?月\s?份?\s?(?:的\s?)?"
    rf"第\s?(?P<week>[1-6{CHINESE}])\s?(?:个\s?)?(?:周|星期)"
)
_WEEK = re.compile(
    rf"(?:(?P<year>20\d\d)\s?年?\s?)?第\s?(?P<week>\d{{1,2}}|[{CHINESE}]{{1,4}})\s?(?:周|星期)"
    r"|(?<!\d)(?P<iso_year>20\d\d)(?:-|\s)?(?:cw|wk|week|w)\s?(?P<iso_week>\d{1,2})(?!\d)"
    r"|(?<!\d)(?P<plain_year>20\d\d)\s?年\s?(?P<plain_week>\d{1,2})\s?周(?![年岁期])"
    r"|(?<![a-z\d])(?:cw|wk|week|w)\s?(?P<last_week>\d{1,2})\s?[,/]?\s?(?P<last_year>20\d\d)(?!\d)",
    re.IGNORECASE,
)
_WRITINGS = ("", "iso_", "plain_", "last_")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=\s?年|[./\-]\s?\d|\D|$)")
_YEAR_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?:[01]\d(?:[0-3]\d)?)?(?!\d)")
_FULL_DATE = re.compile(rf"{_NOT_AFTER}(?:{_YMD}){_NOT_BEFORE}")
_NUMBERS = re.compile(r"\d+")


def parse_dates(text: str, year: int | None = None) -> DateRange | None:
    """Returns the first range of days in `text`, None when there is none. Never raises.

    `year` is used where the text names none; it is the year of the first day, so that `12.29-1.2` ends in the
    year after. A week (`2025年第12周`, `2025-W12`) is the ISO week, Monday to Sunday. Days come before weeks.

    >>> found = parse_dates("半导体一周要闻（2025年3月17日-21日）")
    >>> found.start.isoformat(), found.end.isoformat(), found.problem
    ('2025-03-17', '2025-03-21', '')
    """
    return next(find_ranges(text, year), None) or next(find_weeks(text, year), None)


def find_ranges(text: str, year: int | None = None) -> Iterator[DateRange]:
    """Yields every range written as days, in order: `2025.3.17-2025.3.21`, `3.17-3.21`, `July 7-11, 2025`…"""
    folded = fold(text)
    written = [
        (_numbers(found["first"]), _numbers(found["last"]), *found.span())
        for found in _RANGE.finditer(folded)
    ]
    for first, last, begins, ends in _in_order(
        [*written, *find_numeric_ranges(folded), *find_english_ranges(folded)]
    ):
        if _may_be_days(first) and _may_be_days(last):
            yield _read_range(first, last, year, begins, ends)


def find_days(text: str, year: int | None = None) -> Iterator[DateRange]:
    """Yields every single day, in order: `2025-03-17`, `3月17日`, `July 7`. Without a year, start and end are None."""
    folded = fold(text)
    written: list[_Written] = [
        (_numbers(found["day"]), [], *found.span("day")) for found in _DAY.finditer(folded)
    ]
    for numbers, _, begins, ends in _in_order([*written, *find_english_days(folded)]):
        if _may_be_days(numbers):
            day = _date(*_with_year(numbers, year))
            yield DateRange(day, day, begins, ends)


def find_weeks(text: str, year: int | None = None) -> Iterator[DateRange]:
    """Yields every range written as the number of a week, in order: of a year, or of a month."""
    folded = fold(text)
    months = [*_find_weeks_of_months(folded, year)]
    yield from months
    for found in _WEEK.finditer(folded):
        if any(month.begins <= found.start() < month.ends for month in months):
            continue
        written, week = (
            next(filter(None, (found[f"{which}{part}"] for which in _WRITINGS)), "")
            for part in ("year", "week")
        )
        number = read_number(week)
        its_year = int(written) if written else year
        span = found.span()
        if number is None:
            continue
        if its_year is None:
            yield DateRange(None, None, *span, "dates-no-year")
            continue
        try:
            monday = dt.date.fromisocalendar(its_year, number, 1)
        except ValueError:
            yield DateRange(None, None, *span, "dates-invalid")
            continue
        yield DateRange(monday, monday + dt.timedelta(days=6), *span)


def _find_weeks_of_months(folded: str, year: int | None) -> Iterator[DateRange]:
    """Yields `2025年3月第3周`: as in ISO weeks, a week belongs to the month that has its Thursday."""
    for found in _WEEK_OF_MONTH.finditer(folded):
        month, week = read_number(found["month"]), read_number(found["week"])
        its_year = int(found["year"]) if found["year"] else year
        if month is None or week is None or not 1 <= month <= 12 or not 1 <= week <= 6:
            continue
        if its_year is None:
            yield DateRange(None, None, *found.span(), "dates-no-year")
            continue
        try:
            first = dt.date(its_year, month, 1)
            monday = first + dt.timedelta(days=(3 - first.weekday()) % 7 + 7 * (week - 1) - 3)
            yield DateRange(monday, monday + dt.timedelta(days=6), *found.span(), "dates-reckoned")
        except (ValueError, OverflowError):  # before year 1, after year 9999
            yield DateRange(None, None, *found.span(), "dates-invalid")


def find_year(text: str) -> int | None:
    """Returns the first year that `text` names: `2025年`, `2025.3`, `2025`."""
    found = _YEAR.search(fold(text))
    return int(found[1]) if found else None


def find_year_in_name(name: str) -> int | None:
    """Returns the year in the name of a file.

    >>> [find_year_in_name(name) for name in ("芯片周报20250317-0321.txt", "week-2025-12.txt", "12.txt")]
    [2025, 2025, None]
    """
    found = _YEAR_IN_NAME.search(fold(name))
    return int(found[1]) if found else None


def find_full_dates(text: str) -> Iterator[dt.date]:
    """Yields every valid date that is written with its year, in order."""
    folded = fold(text)
    written: list[_Written] = [
        (_numbers(found[0]), [], *found.span()) for found in _FULL_DATE.finditer(folded)
    ]
    for numbers, *_ in _in_order([*written, *find_english_days(folded)]):
        day = _date(*_with_year(numbers, None))
        if day:
            yield day


def _in_order(found: Iterable[_Written]) -> Iterator[_Written]:
    """What was found in a text, from its beginning on; of two that overlap the first, then the longer one."""
    stop = 0
    for one in sorted(found, key=lambda one: (one[2], -one[3])):
        if one[2] >= stop:
            stop = one[3]
            yield one


def _numbers(written: str) -> list[int]:
    """Returns `[2025, 3, 17]`, `[3, 17]` or `[21]`, as much as is written."""
    digits: list[str] = _NUMBERS.findall(written)
    if len(digits) == 1 and len(digits[0]) == 8:
        return [int(digits[0][:4]), int(digits[0][4:6]), int(digits[0][6:])]
    numbers = [int(number) for number in digits]
    if len(numbers) == 3 and numbers[0] < 100:
        numbers[0] += 2000
    return numbers


def _may_be_days(numbers: list[int]) -> bool:
    """Whether numbers can be meant as a date. `增长45.6-52.3` can not; `2025.2.30` can, and is a mistake."""
    month = numbers[-2] if len(numbers) > 1 else 1
    return (1 <= month <= 12 and 1 <= numbers[-1] <= 31) or len(numbers) == 3


def _with_year(numbers: list[int], year: int | None) -> tuple[int | None, int, int]:
    if len(numbers) == 3:
        return numbers[0], numbers[1], numbers[2]
    return year, numbers[0], numbers[1]


def _date(year: int | None, month: int, day: int) -> dt.date | None:
    if year is None:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _read_range(first: list[int], last: list[int], year: int | None, begins: int, ends: int) -> DateRange:
    start_year, start_month, start_day = _with_year(first, year)
    if len(last) == 1:
        last = [start_month, last[0]]
    has_own_year = len(last) == 3
    end_year, end_month, end_day = _with_year(last, start_year)
    if start_year is None:
        # `3.17-2025.3.21`: only the last day has a year.
        start_year = end_year
        if end_year is not None and (start_month, start_day) > (end_month, end_day):
            start_year = end_year - 1
    if start_year is None or end_year is None:
        return DateRange(None, None, begins, ends, "dates-no-year")
    start, end = _date(start_year, start_month, start_day), _date(end_year, end_month, end_day)
    if start and end and end < start and not has_own_year:
        following = _date(end_year + 1, end_month, end_day)
        if following and (following - start).days < LONGEST:
            end = following
    return DateRange(start, end, begins, ends, _problem(start, end))


def _problem(start: dt.date | None, end: dt.date | None) -> str:
    if start is None or end is None:
        return "dates-invalid"
    if end < start:
        return "dates-reversed"
    return "dates-too-long" if (end - start).days >= LONGEST else ""
