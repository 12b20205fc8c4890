"""Dates that name their year: days, months, quarters, halves, years, and ranges of them.

What leaves the year to the reader (`去年`, `3月15日`) is no date that the text states.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator

from archive.numerals import DIGITS
from claims.reading.found import Found

_YEAR = r"(?:(?:19|20)\d\d|(?:一九|二[〇零])[〇零一二三四五六七八九]{2})"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|[一二]?十[一二三四五六七八九]?|三十一?|[一二三四五六七八九])"
_TO = r"\s?(?:-|~|至|到|—)\s?"
_DATE = re.compile(
    rf"(?<![\d.a-z/-])(?P<year>{_YEAR})\s?(?:年|财年|会计年度)(?!代)\s?"
    rf"(?:(?P<month>{_MONTH})\s?月(?:份)?(?:\s?(?P<day>{_DAY})\s?日(?:{_TO}(?:(?P<day_month>{_MONTH})\s?月\s?)?(?P<last_day>{_DAY})\s?日)?)?"
    rf"|(?P<first_month>{_MONTH})\s?(?:月)?{_TO}(?P<last_month>{_MONTH})\s?月"
    rf"|(?:第\s?)?(?P<quarter>[一二三四1-4])\s?季度?|q(?P<q>[1-4])(?![a-z\d])|(?P<half>[上下])半年)?"
    rf"|(?<![\d.a-z/-])(?P<from>{_YEAR})\s?年?{_TO}(?P<to>{_YEAR})\s?年(?![代上下])"
    rf"|(?<![a-z\d.])(?:(?P<short_quarter>[1-4])q(?P<short_year>2\d)|(?P<short_half>[12])h(?P<half_year>2\d))(?![a-z\d])"
    rf"|(?<![a-z\d.])q(?P<english_quarter>[1-4])\s(?P<english_year>20\d\d)(?!\d)"
    rf"|(?<![a-z])(?:in|by|since|until|from)\s(?P<bare>(?:19|20)\d\d)(?![\d,]|\.\d|\s?(?:年|nm|[a-z]+s\b))"
)
_RANGE_FIRST = re.compile(
    rf"(?<![\d.a-z/-])(?P<from>{_YEAR})\s?年?{_TO}(?P<to>{_YEAR})\s?年(?![代上下]|\s?\d)"
)
_MAYBE = re.compile(r"(?:19|20)\d\d|[一二][〇零九]|[1-4]q|[12]h")


def dates(folded: str) -> Iterator[Found]:
    """Yields the dates of a folded sentence, each as its first and last day.

    >>> [(date.low, date.high) for date in dates("2025年下半年,2025年3月,2024年至2026年")]
    [('2025-07-01', '2025-12-31'), ('2025-03-01', '2025-03-31'), ('2024-01-01', '2026-12-31')]
    """
    if not _MAYBE.search(folded):
        return
    position = 0
    while match := _DATE.search(folded, position):
        match = _RANGE_FIRST.match(folded, match.start()) or match
        position = match.end()
        days = _days(match)
        if days is not None:
            start = match.start("bare") if match.groupdict().get("bare") else match.start()
            yield Found("date", days[0].isoformat(), days[1].isoformat(), "", "", start, match.end())


def _days(match: re.Match[str]) -> tuple[dt.date, dt.date] | None:
    """The first and last day; None for a day that no calendar has, and for a range that ends before it begins."""
    found = {name: value for name, value in match.groupdict().items() if value}
    try:
        if "from" in found:
            years = _number(found["from"]), _number(found["to"])
            return (dt.date(years[0], 1, 1), dt.date(years[1], 12, 31)) if years[0] <= years[1] else None
        if short := found.get("short_year"):
            return _months(2000 + int(short), 3 * int(found["short_quarter"]) - 2, 3)
        if short := found.get("half_year"):
            return _months(2000 + int(short), 6 * int(found["short_half"]) - 5, 6)
        if "english_year" in found:
            return _months(int(found["english_year"]), 3 * int(found["english_quarter"]) - 2, 3)
        year = _number(found.get("year") or found["bare"])
        if quarter := found.get("quarter") or found.get("q"):
            return _months(year, 3 * _number(quarter) - 2, 3)
        if half := found.get("half"):
            return _months(year, 1 if half == "上" else 7, 6)
        if "first_month" in found:
            first, last = _number(found["first_month"]), _number(found["last_month"])
            return (_months(year, first, 1)[0], _months(year, last, 1)[1]) if first <= last else None
        if "day" in found:
            month = _number(found["month"])
            first_day = dt.date(year, month, _number(found["day"]))
            if "last_day" not in found:
                return first_day, first_day
            last_month = _number(found["day_month"]) if "day_month" in found else month
            last_day = dt.date(year, last_month, _number(found["last_day"]))
            return (first_day, last_day) if first_day <= last_day else None
        if "month" in found:
            return _months(year, _number(found["month"]), 1)
        return _months(year, 1, 12)
    except ValueError:
        return None


def _months(year: int, first: int, number: int) -> tuple[dt.date, dt.date]:
    last = first + number - 1
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])


def _number(written: str) -> int:
    """`12`, `十二`, `二〇二五`."""
    if written[0].isdecimal():
        return int(written)
    if "十" in written:
        tens, _, ones = written.partition("十")
        return 10 * DIGITS.get(tens, 1) + DIGITS.get(ones, 0)
    return int("".join(str(DIGITS[digit]) for digit in written))
