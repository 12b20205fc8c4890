"""Reads ranges of days in rarer writings: in one run of digits, in Chinese numerals, with the year last."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from archive.numerals import read_number

_TO = r"\s{0,3}(?:[-—–―−‒~～〜]{1,3}|起?至|到|to)\s{0,3}"
_COMPACT = re.compile(
    rf"(?<!\d)(?:(?P<first>20\d\d[年./-]?\d{{4}}){_TO}(?P<last>\d{{4}})|(?P<short>2\d[01]\d[0-3]\d){_TO}(?P<end>2\d[01]\d[0-3]\d))(?!\d)"
)
_HAN = "[〇零一二三四五六七八九十]"
_HAN_RANGE = re.compile(
    rf"(?:(?P<year>{_HAN}{{4}}|20\d\d)\s?年\s?)?(?P<month>{_HAN}{{1,3}})月(?P<day>{_HAN}{{1,3}})[日号]?{_TO}"
    rf"(?:(?P<last_year>{_HAN}{{4}}|20\d\d)年)?(?:(?P<last_month>{_HAN}{{1,3}})月)?(?P<last_day>{_HAN}{{1,3}})[日号]"
)
_YEAR_LAST = re.compile(rf"(?<!\d)(\d\d?)/(\d\d?)/(20\d\d){_TO}(\d\d?)/(\d\d?)/(20\d\d)(?!\d)")
_LONGEST = 31


def find_numeric_ranges(folded: str) -> Iterator[tuple[list[int], list[int], int, int]]:
    """Yields the numbers of the first and the last day, as much as is written, and where they stand.

    >>> [*find_numeric_ranges("周报20250908-0912"), *find_numeric_ranges("九月八日至十二日")]
    [([2025, 9, 8], [2025, 9, 12], 2, 15), ([9, 8], [9, 12], 0, 8)]

    Month and day before a year (`09/08/2025 - 09/12/2025`) are in the order that gives a week.
    """
    for found in _COMPACT.finditer(folded):
        first = found["first"] or f"20{found['short']}"
        last = first[:4] + found["last"] if found["last"] else f"20{found['end']}"
        yield _split(first), _split(last), *found.span()
    for found in _HAN_RANGE.finditer(folded):
        month, last_month = found["month"], found["last_month"] or found["month"]
        first_day = _read(found["year"], month, found["day"])
        last_day = _read(found["last_year"], last_month, found["last_day"])
        if first_day and last_day:
            yield first_day, last_day, *found.span()
    for found in _YEAR_LAST.finditer(folded):
        written = [*map(int, found.groups())]
        if days := _in_an_order(written[:3], written[3:]):
            yield *days, *found.span()


def _split(digits: str) -> list[int]:
    return [int(digits[:4]), int(digits[-4:-2]), int(digits[-2:])]


def _read(*written: str | None) -> list[int] | None:
    numbers = [read_number(one) for one in written if one]
    return [one for one in numbers if one is not None] if None not in numbers else None


def _in_an_order(first: Sequence[int], last: Sequence[int]) -> tuple[list[int], list[int]] | None:
    for month, day in ((0, 1), (1, 0)):
        begin, end = [first[2], first[month], first[day]], [last[2], last[month], last[day]]
        try:
            length = (dt.date(*end) - dt.date(*begin)).days
        except ValueError:
            continue
        if 0 <= length < _LONGEST:
            return begin, end
    return None
