"""Says of each week of a batch what a person should look at before it is stored. Pure: it reads what it is given.

What a week's own parser doubted is one thing; the other is how it stands to its batch and to the archive: the same
week twice, dates that overlap, a title that no other has, far fewer articles than the rest.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from statistics import median
from typing import NamedTuple, Protocol

from archive.parsing import ParseWarning
from archive.parsing.dates import LONGEST

ENOUGH = 5
"""Weeks from which on a batch has something that is usual in it."""
FEW = 3
"""A week with less than one part in so many of the usual articles has few."""
MOST_NAMED = 3
"""Other weeks that are named in the doubts of one."""
WeekKey = tuple[str, dt.date, dt.date]
"""Title and days: what makes two weeks the same."""
_WEEK = dt.timedelta(weeks=1)


class Doubt(NamedTuple):
    """Something to look at. The heavier it is, the higher its week stands in the table."""

    code: str
    message: str
    weight: int
    line: int | None = None
    is_barrier: bool = False
    """Whether the week can not be stored as it is."""
    issue: int | None = None
    """The key of the issue that it is about."""


class ReadWeek(Protocol):
    """What is asked of a week: `desk.batches.models.BatchWeek` is one."""

    pk: int
    title: str
    start_date: dt.date | None
    end_date: dt.date | None
    articles: int
    digest: str
    problem: str
    line: int | None

    @property
    def warnings(self) -> list[ParseWarning]: ...


class Known(NamedTuple):
    """An issue of the archive, or another week of the batch."""

    name: str
    """Where it is, for the editor: `已经在文库里`."""
    title: str
    start_date: dt.date
    end_date: dt.date
    issue: int | None = None
    """Its key in the archive."""

    @property
    def week(self) -> WeekKey:
        return self.title, self.start_date, self.end_date


@dataclass
class _Surroundings:
    """The weeks of a batch and the archive, arranged so that each week finds its own quickly."""

    archived: dict[WeekKey, Known] = field(default_factory=dict)
    nearby: defaultdict[dt.date, dict[WeekKey, Known]] = field(default_factory=lambda: defaultdict(dict))
    """Monday → what lies in its week, each week once: of the archive, or else of the batch."""
    usual_title: str = ""
    usual_articles: float = 0


def assess(
    waiting: Sequence[ReadWeek],
    names: Mapping[int, str],
    accepted: Iterable[Known],
    archived: Iterable[Known],
    today: dt.date,
) -> dict[int, list[Doubt]]:
    """Returns the doubts of each waiting week by its key, the heaviest first. A week without any is clean.

    `names` is what each waiting week is called in a message: its file. `accepted` are weeks that will be stored before
    any of them, `archived` those that are.
    """
    around = _Surroundings(archived={known.week: known for known in archived})
    around.archived |= {known.week: known for known in accepted}
    for known in around.archived.values():
        for monday in _mondays(known):
            around.nearby[monday][known.week] = known
    copies, versions = _doubles(waiting, names)
    for week in waiting:
        if (own := _known(week, names)) and week.pk not in copies:
            for monday in _mondays(own):
                around.nearby[monday].setdefault(own.week, own)
    _note_what_is_usual(around, waiting)
    found = {}
    for week in waiting:
        doubts = [*_own(week, today), *_unusual(week, around)]
        if own := _known(week, names):
            doubts += islice(_around(own, around), MOST_NAMED)
        doubts += copies.get(week.pk, ()) or versions.get(week.pk, ())
        found[week.pk] = sorted(doubts, key=lambda doubt: -doubt.weight)
    return found


def weight(doubts: Iterable[Doubt]) -> int:
    """Returns how doubtful a week is, 0 when it is clean."""
    return sum(doubt.weight for doubt in doubts)


def has_barrier(doubts: Iterable[Doubt]) -> bool:
    """Whether a week can not be stored as it is."""
    return any(doubt.is_barrier for doubt in doubts)


def _own(week: ReadWeek, today: dt.date) -> Iterator[Doubt]:
    if week.problem:
        yield Doubt("problem", week.problem, 100, week.line, is_barrier=True)
    for warning in week.warnings:
        if warning.message.partition("。")[0] == week.problem.partition("。")[0]:
            continue  # the parser's words for the same
        yield Doubt(warning.code, warning.message, 10, warning.line)
    if week.end_date and week.end_date > today:
        yield Doubt("date-ahead", f"结束日期 {week.end_date} 还没有到。请核对日期。", 25)


def _unusual(week: ReadWeek, around: _Surroundings) -> Iterator[Doubt]:
    if around.usual_title and week.title and week.title != around.usual_title:
        usual = around.usual_title
        yield Doubt("title-unusual", f"别的期多半叫“{usual}”，这一期叫“{week.title}”。请看看刊名。", 15)
    if 0 < week.articles * FEW < around.usual_articles:
        usual = f"{around.usual_articles:.0f}"
        yield Doubt(
            "few-articles", f"只有 {week.articles} 篇，别的期一般有 {usual} 篇。看看有没有漏读的。", 25
        )


def _around(known: Known, around: _Surroundings) -> Iterator[Doubt]:
    if same := around.archived.get(known.week):
        yield Doubt("archived", f"这一期{same.name}，不用再存。", 5, is_barrier=True, issue=same.issue)
        return
    nearby = {key: other for monday in _mondays(known) for key, other in around.nearby[monday].items()}
    nearby.pop(known.week, None)  # said of all of them at once: `_doubles`
    for other in nearby.values():
        days = f"{other.start_date} 至 {other.end_date}"
        if (other.start_date, other.end_date) == (known.start_date, known.end_date):
            said = f"同样的日期还有“{other.title}”（{other.name}）。请看看是不是同一期，刊名写错了。"
            yield Doubt("same-days", said, 20, issue=other.issue)
        elif (
            other.title == known.title
            and other.start_date <= known.end_date
            and known.start_date <= other.end_date
        ):
            yield Doubt(
                "overlap", f"日期与另一期（{days}，{other.name}）重叠。请核对日期。", 30, issue=other.issue
            )


def _doubles(
    waiting: Sequence[ReadWeek], names: Mapping[int, str]
) -> tuple[dict[int, list[Doubt]], dict[int, list[Doubt]]]:
    """Returns the doubts of exact copies of an earlier file, and of different versions of one week."""
    groups: defaultdict[tuple[str, dt.date, dt.date], dict[str, list[ReadWeek]]] = defaultdict(dict)
    for week in waiting:
        if known := _known(week, names):
            groups[known.week].setdefault(week.digest, []).append(week)
    copies, versions = {}, {}
    for texts in groups.values():
        for first, *same in texts.values():
            said = f"与“{names[first.pk]}”一字不差，收那一份就够了。"
            copies.update({week.pk: [Doubt("copy", said, 5, is_barrier=True)] for week in same})
        if len(texts) > 1:
            firsts = [weeks[0] for weeks in texts.values()]
            for week in firsts:
                others = [names[other.pk] for other in firsts[: MOST_NAMED + 1] if other is not week]
                elsewhere = "、".join(f"“{name}”" for name in others[:MOST_NAMED])
                more = f" 等 {len(firsts) - 1} 份" if len(firsts) > MOST_NAMED + 1 else ""
                said = f"同一期还有{elsewhere}{more}，内容不同。请只收一份，其余点“不要”。"
                versions[week.pk] = [Doubt("double", said, 60)]
    return copies, versions


def _note_what_is_usual(around: _Surroundings, waiting: Sequence[ReadWeek]) -> None:
    if len(waiting) < ENOUGH:
        return
    [(title, count)] = Counter(week.title for week in waiting).most_common(1)
    if title and count * 2 > len(waiting):
        around.usual_title = title
    around.usual_articles = median(week.articles for week in waiting)


def _known(week: ReadWeek, names: Mapping[int, str]) -> Known | None:
    """Returns the week with its title and days, None when one of them is missing."""
    start, end = week.start_date, week.end_date
    if start is None or end is None or not week.title or start > end:
        return None
    return Known(f"文件“{names[week.pk]}”", week.title, start, end)


def _mondays(known: Known) -> Iterator[dt.date]:
    monday = known.start_date - dt.timedelta(days=known.start_date.weekday())
    last = min(known.end_date, known.start_date + dt.timedelta(days=LONGEST))
    while monday <= last:
        yield monday
        monday += _WEEK
