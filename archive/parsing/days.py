"""Finds lines that only name a day: the sections of a digest that goes by days."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from archive.parsing.dates import find_days, parse_dates
from archive.parsing.rows import Row

_LONGEST = 40
_ALONE = "·"
_WEEKDAY = re.compile(
    r"\W{0,3}(?:(?:星期|周|礼拜)[一二三四五六日天末]|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\W{0,3}",
    re.IGNORECASE,
)
DAY_LABEL = re.compile(
    r"(?P<day>(?:20\d\d[年./-])?\d{1,2}(?:月\d{1,2}[日号]|[./-]\d{1,2})(?:\s?\(?(?:星期|周)[一二三四五六日天]\)?)?)\s?[|丨:]\s?(?=\S)"
    r"|(?P<spaced>\d{1,2}月\d{1,2}[日号]|\d\d/\d\d)\s+(?=\S)"
)
"""A day before a title, on the same line."""
_NO_NAME = re.compile(
    r"(?:星期|周|礼拜)[一二三四五六日天末]|(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?|[\W_]",
    re.IGNORECASE,
)


def day_of(row: Row) -> str:
    """Returns what stands beside the day (`·` for nothing); empty when the row names no day, or a range of them.

    Lines of one digest have the same beside it: `每日芯闻(2025-03-17)`. A day of the week alone is a day, too.
    """
    if _WEEKDAY.fullmatch(row.core) and not row.is_block:
        return _ALONE
    if row.is_block or not 4 <= len(row.core) <= _LONGEST or not any(map(str.isdigit, row.core)):
        return ""
    found = next(find_days(row.core), None)
    if found is None or parse_dates(row.core) is not None:
        return ""
    beside = _NO_NAME.sub("", row.core[: found.begins] + row.core[found.ends :])
    return beside if beside and not beside.isdecimal() else _ALONE


def day_name(row: Row) -> str:
    """Returns the name of the section: all of the line, or only the day when the digest's name stands before it."""
    text = row.line.text
    found = next(find_days(text), None)
    if found is None or day_of(row) in ("", _ALONE):
        return row.words(row.start).strip("【】[]*")
    return text[found.begins : found.ends]


def digest_name(row: Row) -> tuple[int, int]:
    """Returns where the digest's name stands in a line with a day: (begin, end); equal when there is none."""
    found = next(find_days(row.line.text), None)
    begin = found.begins if found else row.start
    while begin > row.start and not row.line.text[begin - 1].isalnum():
        begin -= 1
    return row.start, max(row.start, begin)


def days_in(rows: Sequence[Row], year: int | None) -> list[dt.date]:
    """Returns the days of these lines; where one has no year, that of the others or `year`."""
    texts = [row.line.text for row in rows]
    year = next((day.start.year for text in texts for day in find_days(text) if day.start), year)
    return [day.start for text in texts if (day := next(find_days(text, year), None)) and day.start]
