"""How many articles answer a query, over time. Counted on arrays: a query costs what a search costs, no SQL.

queries ─► query trees ─► the index: which articles ─► the last days of their issues ─► counts by week, month …
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from archive.models import Article
from archive.timeline import Timeline, Unit
from glossary.vocabulary import current_vocabulary
from search.engines import database as scanning
from search.engines.whoosh.evaluation import evaluate
from search.engines.whoosh.generations import IndexUnavailable
from search.engines.whoosh.matches import NO_MATCHES
from search.indexing import visible
from search.query.parser import parse
from search.query.tree import Everything, Node

MAX_QUERIES = 5
"""Lines that can still be told apart on one chart."""
MAX_QUERY_LENGTH = 200
"""Characters of a query: it stands in a link for each period."""

_Days = list[tuple[dt.date, int]]


@dataclass(frozen=True)
class Trend:
    """One query, and how many articles answer it in each period."""

    query: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Trends:
    """Queries over the same time."""

    timeline: Timeline
    articles: tuple[int, ...]
    """All published articles of each period. A period without any tells nothing: nobody reported."""
    trends: tuple[Trend, ...]


def weekly(queries: Sequence[str], years: int | None = None) -> Trends | None:
    """Returns how many published articles of each week answer each of `queries`, in the language of the search.

    A week begins on a Monday; an article belongs to the week in which its issue ends. `years` leaves out what is
    longer ago, counted from the newest issue. None in an archive without articles. Queries are read as they are:
    MAX_QUERIES and MAX_QUERY_LENGTH are what a caller holds to. Falls back to reading every article while no index
    answers.

        >>> trends = weekly(["HBM3E", "HBM4"])                                    # doctest: +SKIP
        >>> [(trend.query, trend.total) for trend in trends.trends]               # doctest: +SKIP
        [('HBM3E', 12), ('HBM4', 20)]
    """
    return count(queries, years, "week")


def count(queries: Sequence[str], years: int | None = None, unit: Unit | None = None) -> Trends | None:
    """As `weekly`, by any unit; without one, by the shortest that gives few enough periods for a chart."""
    nodes = [parse(query, current_vocabulary()).asked for query in queries]
    everything, *found = _days([Everything(), *nodes])
    if not everything:
        return None
    first, last = everything[0][0], everything[-1][0]
    if years is not None:
        first = max(first, last - dt.timedelta(days=365 * years))
    timeline = Timeline.over(first, last, unit)
    return Trends(
        timeline,
        tuple(timeline.counts(everything)),
        tuple(Trend(query, tuple(timeline.counts(days))) for query, days in zip(queries, found, strict=True)),
    )


def _days(nodes: Sequence[Node | None]) -> list[_Days]:
    """The last days of the issues whose articles match each node, ascending, with the number of these articles."""
    try:
        return _days_from_index(nodes)
    except IndexUnavailable:
        return _days_from_database(nodes)


def _days_from_index(nodes: Sequence[Node | None]) -> list[_Days]:
    snapshot, terms = visible.snapshot(), current_vocabulary()
    found = []
    for node in nodes:
        documents = (evaluate(node, snapshot, terms) if node else NO_MATCHES).documents
        days, numbers = np.unique(snapshot.numbers["end_date"][documents], return_counts=True)
        found.append([*zip(map(_date, days.tolist()), numbers.tolist(), strict=True)])
    return found


def _days_from_database(nodes: Sequence[Node | None]) -> list[_Days]:
    day_of = dict(Article.objects.published().values_list("pk", "issue__end_date"))
    terms = current_vocabulary()
    found = []
    for node in nodes:
        ids = scanning.find(node, terms, "oldest") if node else []
        found.append(sorted(Counter(day_of[pk] for pk in ids if pk in day_of).items()))
    return found


def _date(number: int) -> dt.date:
    return dt.date(number // 10_000, number // 100 % 100, number % 100)
