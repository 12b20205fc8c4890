"""Dates in a query: where one stands, what it asks of an issue, and the query without it. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.query.parting import EITHER
from search.query.periods import MOST_CHARACTERS, Period, read_period
from search.query.tree import And, During, Node, Or, Where

_MARKS = "，,。；;：:、！!？?…"
"""Beside a date as beside any word: `2月5日，` is a date, too."""
_END = re.compile(rf"(?=[{_MARKS}]{{0,3}}(?:\s|$))")
_MOST_PARTS = 7
"""Spaces inside of a date, and one more: `2025 年 4 月 14 日 — 18 日`."""
_GOES_ON = re.compile(r"\s{0,3}(?=\d{1,2}\s{0,3}[月日号])")
_NUMERALS = "0-9零〇○一二三四五六七八九十"
_SIGNS = "-~～—年月日号季度半旬周份初底末左至到和与及、"
_OF_LONGER_DATE = re.compile(rf"[{_SIGNS}]|[{_NUMERALS}]{{1,4}}[年月日号季]|[0-9](?<=[0-9]{{2}})")
"""What a date goes on with: nobody sets `2025年2月` apart from `30日`."""
_IN_LONGER_DATE = re.compile(rf"[{_SIGNS}{_NUMERALS}第从自/.]$")
"""What stands before the rest of a date: nobody sets `2月` apart from the 1 of `12月`."""
_JOINTS = "|".join(map(re.escape, ("AND", *EITHER)))
_AROUND = re.compile(r"(?<![以之])[前后中里内间]$")
"""`2025年后` in `2025年后道设备` is no date."""


@dataclass(frozen=True)
class DateFilter:
    """A date that was typed in a query, at `query[start:end]`."""

    query: str
    start: int
    end: int
    period: Period

    @property
    def typed(self) -> str:
        return self.query[self.start : self.end]

    @property
    def label(self) -> str:
        """Returns the days in words, and what was assumed: `2025年3月的各期`, `2025年3月（最近的3月）`."""
        period = self.period
        return f"{period.name}（{period.remark}）" if period.remark else f"{period.name}的各期"

    @property
    def without(self) -> str:
        """Returns the query without the date, and without the OR that joined it to another."""
        before, after = (
            self.query[: self.start].rstrip(),
            self.query[self.end :].lstrip(f"{_MARKS} \t\n\u3000"),
        )
        if joint := re.search(rf"(?:^|\s)(?:{_JOINTS})$", before):
            before = before[: joint.start()]
        elif joint := re.match(rf"(?:{_JOINTS})\s+", after):
            after = after[joint.end() :]
        return f"{before} {after}".strip()


def date_at(
    text: str, start: int, today: dt.date, issue_days: Sequence[dt.date]
) -> tuple[int, Period] | None:
    """Returns where the longest date at `start` ends, and its days; None when there is none.

    A date ends at a space or with the text: `2025年3月投产` is text. So is one that is still to come, of which there
    can be no issue, and the first half of one that goes on (`2025 年 3 月` in `2025 年 3 月 17 日财政部说`).
    """
    found = _longest(text, start, today, issue_days)
    if found is None or found[1].first > max([today, *issue_days[-1:]]):
        return None
    more = _GOES_ON.match(text, found[0])
    return None if more and not _longest(text, more.end(), today, issue_days) else found


def _longest(
    text: str, start: int, today: dt.date, issue_days: Sequence[dt.date]
) -> tuple[int, Period] | None:
    """The longest date at `start`, whatever follows it. It looks no further: a query may hold hundreds of dates."""
    ends = [found.start() for found in _END.finditer(text, start + 1, start + MOST_CHARACTERS)]
    for end in reversed(ends[:_MOST_PARTS]):
        if not _END.match(text, end):  # where the search was cut off
            continue
        period = read_period(text[start:end].removesuffix("的"), today, issue_days)
        if period:
            return end, period
    return None


def set_apart(text: str, today: dt.date) -> str | None:
    """Returns a query with the first date that is a part of a longer word set apart from it; None without one.

    >>> set_apart("三月份的HBM 产能", dt.date(2025, 5, 1))
    '三月份 HBM 产能'
    >>> set_apart("产能 台积电2025年3月", dt.date(2025, 5, 1))
    '产能 台积电 2025年3月'
    >>> set_apart("台积电的HBM", dt.date(2025, 5, 1)) is None
    True
    """
    for word in re.finditer(r"\S+", text):
        if parts := _date_and_rest(word[0], today):
            return f"{text[: word.start()]}{parts[0]} {parts[1]}{text[word.end() :]}"
    return None


def _date_and_rest(word: str, today: dt.date) -> tuple[str, str] | None:
    """The longest date at one end of a word, and what else it holds, in their order; None for no date, or for one."""
    if read_period(word, today):
        return None
    for most in range(min(len(word) - 1, MOST_CHARACTERS), 0, -1):
        date, rest = word[:most], word[most:]
        is_whole = rest.startswith("的") or not _OF_LONGER_DATE.match(word, most)
        if _AROUND.search(date):
            is_whole = rest[0] == "的" or rest[0].isascii()
        if is_whole and rest != "的" and read_period(date, today):
            return date, rest.removeprefix("的")
        rest, date = word[:-most], word[-most:]
        if not _IN_LONGER_DATE.search(rest) and read_period(date, today):
            return rest, date
    return None


def days_of(period: Period) -> Node:
    """Returns the condition on issues: to end in these months, or to report on any of these days.

    Months, quarters and years are those of an issue's last day, so that a date, a facet and a filter of the same
    month are the same. A digest of 3月10日—14日 reports on each of these days.
    """
    if not period.is_months:
        return During(period.first, period.last)
    first, last = (day.year * 10_000 + day.month * 100 + day.day for day in (period.first, period.last))
    return Where("end_date", "range", (first, last))


def joined(periods: Sequence[Sequence[Period]]) -> Node | None:
    """Returns the condition that several dates make, each a list of alternatives.

    Dates that overlap narrow each other (`2025年 HBM 3月`), others add up: nobody asks for what is of two months.
    """
    nodes = [Or(tuple(map(days_of, group))) if len(group) > 1 else days_of(group[0]) for group in periods]
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    first = max(min(period.first for period in group) for group in periods)
    last = min(max(period.last for period in group) for group in periods)
    return And(tuple(nodes)) if first <= last else Or(tuple(nodes))
