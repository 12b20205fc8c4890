"""Reads front matter: `title:`, `date:`, `author:`, `url:` between two lines `---` above everything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.parsing.dates import DateRange, find_days, parse_dates
from archive.parsing.document import Part
from archive.parsing.rows import Row

_RULE = "---"
_ENDS = (_RULE, "...")
_MOST_ROWS = 60
_FIELD = re.compile(r"(?P<name>[^\W\d][\w-]{0,40})\s?[:：]\s*(?P<value>.{0,500})")
_TITLES = ("title", "标题", "刊名")
_AUTHORS = ("columnist", "author", "作者", "栏目作者")
_ADDRESSES = ("source_url", "url", "link", "permalink", "链接", "原文链接")
_DATES = ("date", "dates", "日期", "起止日期", *_TITLES)
_STARTS = ("start_date", "start", "开始日期")
_ENDS_ON = ("end_date", "end", "结束日期", "date", "日期")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What stands above the text and is no text."""

    rows: int = 0
    title: str = ""
    dates: DateRange | None = None
    columnist: str = ""
    source_url: str = ""
    parts: tuple[Part, ...] = ()


def read_metadata(rows: Sequence[Row]) -> Metadata:
    """Returns the front matter at the top; nothing when there is none.

    >>> from archive.parsing.rows import prepare_rows
    >>> from archive.parsing.text import read_lines
    >>> read_metadata(prepare_rows(read_lines("---\\ntitle: '芯片周刊'\\n---\\n正文"))).title
    '芯片周刊'
    """
    if not rows or rows[0].line.text != _RULE:
        return Metadata()
    texts = [row.line.text for row in rows[1:_MOST_ROWS]]
    end = next((place for place, text in enumerate(texts) if text in _ENDS), 0)
    fields = {
        found["name"].lower(): found["value"].strip(" '\"")
        for text in texts[:end]
        if (found := _FIELD.match(text))
    }
    if not fields:
        return Metadata()
    whole = tuple(Part("metadata", row.line.number, row.line.text) for row in rows[: end + 2])
    return Metadata(
        rows=end + 2,
        title=_first(fields, _TITLES),
        dates=_dates(fields),
        columnist=_first(fields, _AUTHORS),
        source_url=_first(fields, _ADDRESSES),
        parts=whole,
    )


def _first(fields: dict[str, str], names: Sequence[str]) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")


def _dates(fields: dict[str, str]) -> DateRange | None:
    written = next((found for name in _DATES if (found := parse_dates(fields.get(name, "")))), None)
    if written and not written.problem:
        return written
    last = next((day for name in _ENDS_ON for day in find_days(fields.get(name, ""))), None)
    first = next((day for name in _STARTS for day in find_days(fields.get(name, ""))), last)
    if first and last and first.start and last.start and first.start <= last.start:
        return DateRange(first.start, last.start, 0, 0)
    return None
