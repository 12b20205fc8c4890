"""Tells the weeks of one text apart: several issues of a digest, one below the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from archive.parsing.dates import find_ranges
from archive.parsing.document import Line
from archive.parsing.front import beside_dates, find_date_row, is_date_line
from archive.parsing.issue import parse_issue
from archive.parsing.rows import Row, prepare_rows

_FRONT_ROWS = 4
_SHORTEST_NAME = 3
_NUMBERS = re.compile(r"第?\s?[\d一二三四五六七八九十]+\s?[期周年]?|[\W_]")


def split_weeks(lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    """Returns the lines of each week; all of them as one week unless the digest's name returns with other days.

    >>> from archive.parsing.text import read_lines
    >>> week = "芯片周报\\n2025.9.{0}-9.{1}\\n1. 甲厂扩产\\n甲厂宣布扩产。\\n2. 乙厂裁员\\n乙厂宣布裁员。\\n"
    >>> [len(one) for one in split_weeks(read_lines(week.format(1, 5) + week.format(8, 12)))]
    [6, 6]
    """
    whole = [tuple(lines)]
    rows = prepare_rows(lines)
    first = find_date_row(rows, min(len(rows), _FRONT_ROWS))
    if first is None:
        return whole
    name = _begins(rows, first)[1]
    others = [
        begin
        for index in range(first + 1, len(rows))
        if is_date_line(rows[index]) and next(find_ranges(rows[index].line.text), None)
        for begin, again in (_begins(rows, index),)
        if len(name) >= _SHORTEST_NAME and again == name and begin > first
    ]
    starts = [0, *others, len(rows)]
    weeks = [tuple(lines[begin:end]) for begin, end in pairwise(starts)]
    return weeks if others and _are_weeks(weeks) else whole


def _begins(rows: Sequence[Row], index: int) -> tuple[int, str]:
    """Returns where the week with these dates begins, and its name without numbers."""
    beside = beside_dates(rows[index])[0]
    if name := _NUMBERS.sub("", beside):
        return index, name
    return (index - 1, _NUMBERS.sub("", rows[index - 1].title)) if index else (0, "")


def _are_weeks(weeks: Sequence[tuple[Line, ...]]) -> bool:
    """Whether each has days of its own and articles with text: no list of earlier issues has."""
    parsed = [parse_issue(week) for week in weeks]
    days = {(one.start_date, one.end_date) for one in parsed}
    return len(days) == len(parsed) and all(
        one.start_date and any(article.body for article in one.articles) for one in parsed
    )
