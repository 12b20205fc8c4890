"""What may help where nothing answers: which part of the query finds nothing, and looser ones that find something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from glossary.vocabulary import current_vocabulary
from search.engines.base import IndexUnavailable
from search.engines.registry import current_engine
from search.indexing import visible
from search.query.parser import parts
from search.query.pieces import QUOTATION_MARKS
from search.query.query import Query
from search.results.proposals import corrections
from search.results.reading import read
from search.results.request import SearchRequest
from search.results.service import count

MAX_PARTS = 8
"""Parts of a query that are looked up one by one."""
MAX_LOOSER = 8
"""Looser queries that are counted: a page without results must come as fast as any other."""
MAX_CORRECTIONS = 2

_QUOTES = str.maketrans(dict.fromkeys(QUOTATION_MARKS, " "))


@dataclass(frozen=True)
class Suggestion:
    """A search to try instead, and how many articles it finds."""

    query: str
    count: int
    change: str = ""
    """What it does with the query that finds nothing, in words."""
    keeps_filters: bool = False
    """Whether it is counted under the filters in force; otherwise without any."""


@dataclass(frozen=True)
class Suggestions:
    """What the page offers when nothing answers."""

    parts: list[Suggestion]
    """Each part of the query alone, without filters. Empty when there is but one."""
    looser: list[Suggestion]
    """Looser queries that find something, the nearest first."""


NO_SUGGESTIONS = Suggestions([], [])


def suggest(query: Query, asked: SearchRequest) -> Suggestions:
    """Returns what may help with a query that nothing answers. Makes at most MAX_PARTS + MAX_LOOSER look-ups."""
    if not current_engine().has_index:  # each count would read the whole archive
        return NO_SUGGESTIONS
    try:
        with visible.pinned():
            return _suggest(query, asked)
    except IndexUnavailable:
        return NO_SUGGESTIONS


def _suggest(query: Query, asked: SearchRequest) -> Suggestions:
    typed = parts(query.text, current_vocabulary())
    alone = [_counted(part, SearchRequest(part)) for part in typed[:MAX_PARTS] if _asks(part)]
    looser: dict[str, Suggestion] = {}
    for text, change, keeps_filters in islice(_looser(query, asked, typed, alone), MAX_LOOSER):
        looser.setdefault(text, _counted(text, asked if keeps_filters else SearchRequest(text), change))
    return Suggestions(
        alone if len(typed) > 1 else [], [version for version in looser.values() if version.count]
    )


def _looser(
    query: Query, asked: SearchRequest, typed: list[str], alone: list[Suggestion]
) -> Iterator[tuple[str, str, bool]]:
    """Yields what to look up instead, what was changed, and whether the filters stay."""
    if asked.filters():
        yield query.text, "不限已加的条件", False
    without_quotes = " ".join(query.text.translate(_QUOTES).split())
    if without_quotes != " ".join(query.text.split()):
        yield without_quotes, "不要求一字不差", True
    missing = [part.query for part in alone if not part.count]
    rest = " ".join(part for part in typed if part not in missing)
    if len(missing) > 1 and _asks(rest):
        yield rest, f"去掉“{'”“'.join(missing)}”", True
    for part in alone:
        if not part.count:
            for text in islice(corrections(read(part.query)), MAX_CORRECTIONS):
                yield text, f"与“{part.query}”写法或读音相近", False
    for number, dropped in enumerate(typed):
        rest = " ".join(typed[:number] + typed[number + 1 :])
        if _asks(rest):
            yield rest, f"去掉“{dropped}”", True


def _counted(text: str, asked: SearchRequest, change: str = "") -> Suggestion:
    found = count(read(text), asked)
    return Suggestion(text, found, change, keeps_filters=bool(asked.filters()))


def _asks(text: str) -> bool:
    """Whether `text` asks for anything: an exclusion alone does not."""
    query = read(text)
    return query.tree is not None and not query.is_literal
