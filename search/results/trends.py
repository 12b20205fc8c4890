"""How many articles answer a query, over time. Counted on arrays: a query costs what a search costs, no SQL.

queries ─► query trees ─► the index: which articles ─► the last days of their issues ─► counts by week, month …
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from archive.timeline import Timeline, Unit
from search.engines.base import IndexUnavailable
from search.engines.registry import current_engine, engine_for
from search.indexing import visible
from search.query.tree import Everything, Node
from search.results.reading import read

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
    nodes = [read(query).effective_tree for query in queries]
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
    asked = [node for node in nodes if node]
    try:
        with visible.pinned():
            counted = iter(current_engine().counts_by_day(asked))
    except IndexUnavailable:
        counted = iter(engine_for("database://").counts_by_day(asked))
    return [next(counted) if node else [] for node in nodes]
