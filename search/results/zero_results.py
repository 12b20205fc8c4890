"""What may help where nothing answers: which part of the query finds nothing, and looser ones that find something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.http import QueryDict

from glossary.vocabulary import current_vocabulary
from search.engines.whoosh.generations import IndexUnavailable
from search.indexing import visible
from search.query.parser import Query, parse, parts
from search.results.facets import url_with
from search.results.proposals import corrections
from search.results.service import Asked, count

MAX_PARTS = 8
"""Parts of a query that are looked up one by one."""
MAX_LOOSER = 8
"""Looser queries that are counted: a page without results must come as fast as any other."""
MAX_CORRECTIONS = 2

_QUOTES = str.maketrans(dict.fromkeys('"“”„＂「」『』', " "))


@dataclass(frozen=True)
class Try:
    """A search to try instead: how many articles it finds, and where."""

    query: str
    count: int
    url: str
    change: str = ""
    """What it does with the query that finds nothing, in words."""


@dataclass(frozen=True)
class Advice:
    """What the page offers when nothing answers."""

    parts: list[Try]
    """Each part of the query alone, without filters. Empty when there is but one."""
    looser: list[Try]
    """Looser queries that find something, the nearest first."""


def advise(query: Query, asked: Asked, parameters: QueryDict) -> Advice:
    """Returns what may help with a query that nothing answers. Makes at most MAX_PARTS + MAX_LOOSER look-ups."""
    try:
        visible.snapshot()
    except IndexUnavailable:  # each count would read the whole archive
        return Advice([], [])
    typed = parts(query.text, current_vocabulary())
    alone = [_try(part, Asked(part), parameters) for part in typed[:MAX_PARTS] if _asks(part)]
    looser: dict[str, Try] = {}
    for text, change, keeps_filters in islice(_looser(query, asked, typed, alone), MAX_LOOSER):
        looser.setdefault(text, _try(text, asked if keeps_filters else Asked(text), parameters, change))
    return Advice(alone if len(typed) > 1 else [], [version for version in looser.values() if version.count])


def _looser(
    query: Query, asked: Asked, typed: list[str], alone: list[Try]
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
            for text in islice(corrections(parse(part.query, current_vocabulary())), MAX_CORRECTIONS):
                yield text, f"与“{part.query}”写法或读音相近", False
    for number, dropped in enumerate(typed):
        rest = " ".join(typed[:number] + typed[number + 1 :])
        if _asks(rest):
            yield rest, f"去掉“{dropped}”", True


def _try(text: str, asked: Asked, parameters: QueryDict, change: str = "") -> Try:
    filters = {} if asked.filters() else dict.fromkeys(("year", "month", "term", "columnist"))
    found = count(parse(text, current_vocabulary()), asked)
    return Try(text, found, url_with(parameters, q=text, explain=None, **filters), change)


def _asks(text: str) -> bool:
    """Whether `text` asks for anything: an exclusion alone does not."""
    query = parse(text, current_vocabulary())
    return query.tree is not None and not query.is_literal
