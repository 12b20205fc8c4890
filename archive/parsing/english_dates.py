"""Reads days as English writes them, where the month is a word: `July 7-11, 2025`, `28 Jul – 1 Aug 2025`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?|JAN|FEB|MAR|APR|MAY|JUNE?|JULY?|AUG|SEPT?|OCT|NOV|DEC|JANUARY|FEBRUARY|MARCH|APRIL"
    r"|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER)\.?"
)
"""With a capital, as a name has it: `may 12 firms` is no day."""
_WEEKDAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}\.?,?\s{1,2})?"
_TO = r"\s{0,3}(?:[-—–―−‒~～〜]{1,3}|to|through|until|→)\s{0,3}"
_NOT_AFTER = r"(?<![A-Za-z\d.])"
_NOT_BEFORE = r"(?![A-Za-z\d]|[.,]\d|[%亿万倍])"


def _day(name: str) -> str:
    return rf"(?P<{name}_day>\d{{1,2}})(?:st|nd|rd|th)?"


def _month(name: str) -> str:
    return rf"(?P<{name}_month>{_MONTH})"


def _year(name: str) -> str:
    return rf"(?:\s?,?\s{{0,2}}(?P<{name}_year>20\d\d))?"


_RANGES = [
    re.compile(_NOT_AFTER + first + _TO + last + _NOT_BEFORE)
    for first, last in (
        (
            rf"{_WEEKDAY}{_month('first')}\s?{_day('first')}{_year('first')}",
            rf"{_WEEKDAY}(?:{_month('last')}\s?)?{_day('last')}{_year('last')}",
        ),
        (
            rf"{_WEEKDAY}{_day('first')}(?:\s(?:of\s)?{_month('first')}{_year('first')})?",
            rf"{_WEEKDAY}{_day('last')}\s?(?:of\s)?{_month('last')}{_year('last')}",
        ),
    )
]
_DAYS = [
    re.compile(_NOT_AFTER + day + _NOT_BEFORE)
    for day in (
        rf"{_WEEKDAY}{_month('one')}\s?{_day('one')}{_year('one')}",
        rf"{_WEEKDAY}{_day('one')}\s?(?:of\s)?{_month('one')}{_year('one')}",
    )
]


class EnglishDays(NamedTuple):
    """The numbers of the first and the last day, as much as is written: `[2025, 7, 7]` or `[7, 7]`."""

    first: list[int]
    last: list[int]
    begins: int
    ends: int


def find_english_ranges(folded: str) -> Iterator[EnglishDays]:
    """Yields every range of days whose month is an English word, in a text that is half-width already.

    >>> next(find_english_ranges("Chip weekly (July 7-11, 2025)"))
    EnglishDays(first=[2025, 7, 7], last=[2025, 7, 11], begins=13, ends=28)
    """
    for pattern in _RANGES:
        for found in pattern.finditer(folded):
            first_month = found["first_month"] or found["last_month"]
            last_month = found["last_month"] or found["first_month"]
            is_one_month = first_month == last_month  # and then one year: `March 21-17, 2025` is a mistake
            first_year = found["first_year"] or (found["last_year"] if is_one_month else None)
            yield EnglishDays(
                _numbers(first_year, first_month, found["first_day"]),
                _numbers(found["last_year"], last_month, found["last_day"]),
                *found.span(),
            )


def find_english_days(folded: str) -> Iterator[EnglishDays]:
    """Yields every single day whose month is an English word: `July 7, 2025`, `7 July`."""
    for pattern in _DAYS:
        for found in pattern.finditer(folded):
            numbers = _numbers(found["one_year"], found["one_month"], found["one_day"])
            yield EnglishDays(numbers, numbers, *found.span())


def _numbers(year: str | None, month: str, day: str) -> list[int]:
    number = _NAMES.index(month[:3].lower()) + 1
    return [*([int(year)] if year else []), number, int(day)]
