"""A search as it was asked: the query, its filters, its order, and which page of the answer. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from search.engines.fields import date_number
from search.query.tree import About, Node, Or, Where

MAX_LINK_BYTES = 12_000
"""Of a page of 80,000 with its style sheets, what its links may take to repeat the query."""
ANY_OF = ("year", "month", "section", "columnist")
"""Filters of which any value will do; of the terms, all have to be mentioned. Each is a facet and a parameter."""
FILTERS = (*ANY_OF, "term", "since", "until")
PAGE_SIZE = 20


@dataclass(frozen=True)
class SearchRequest:
    """A search as it was asked: the query, its filters, its order, and which page of the answer.

    Its fields are called as the parameters of the page.
    """

    q: str
    sort: str = "relevance"
    year: tuple[int, ...] = ()
    month: tuple[str, ...] = ()
    """`2025-03`, or `3` for the March of any year."""
    since: dt.date | None = None
    until: dt.date | None = None
    """The first and the last day on which an issue may end: a week of a chart leads to its articles by them."""
    term: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    columnist: tuple[str, ...] = ()
    explain: bool = False
    all_issues: bool = False
    """Whether all the issues that answer are to be shown, and not the first of them."""
    page: int = 1
    page_size: int = PAGE_SIZE

    def filters(self) -> list[Node]:
        """The filters as conditions, all of which hold."""
        conditions: list[Node] = [
            _any_of([_between(year * 10_000 + 101, year * 10_000 + 1231) for year in self.year]),
            _any_of([_in_month(month) for month in self.month]),
            *(
                Where(name, "in", values)
                for name, values in (("section", self.section), ("columnist", self.columnist))
                if values
            ),
            *map(About, self.term),
        ]
        if self.since or self.until:
            first_day, last_day = self.since or dt.date.min, self.until or dt.date.max
            conditions.append(_between(date_number(first_day), date_number(last_day)))
        return [condition for condition in conditions if condition != Or(())]

    def adding(self, name: str, value: Any) -> SearchRequest:
        """Returns the same search, narrowed by a value of a filter (or widened, where another value is set)."""
        changed: dict[str, Any] = {name: (*getattr(self, name), value)}
        return replace(self, page=1, **changed)

    def without(self, name: str, value: Any = None) -> SearchRequest:
        """Returns the same search without a value of a filter; without any of its values, when none is given."""
        kept = (one for one in getattr(self, name) if value is not None and one != value)
        changed: dict[str, Any] = {name: tuple(kept)}
        return replace(self, page=1, **changed)

    def unfiltered(self) -> SearchRequest:
        """Returns the same search without filters."""
        return replace(self, page=1, **{name: getattr(SearchRequest, name) for name in FILTERS})

    def parameters(self) -> Iterator[tuple[str, str]]:
        """Yields the parameters that ask for it, in one order, without those that change nothing."""
        yield "q", self.q
        if self.sort != SearchRequest.sort:
            yield "sort", self.sort
        yield from self.filter_parameters()
        if self.explain:
            yield "explain", "1"
        for name in ("page", "page_size"):
            if getattr(self, name) != getattr(SearchRequest, name):
                yield name, str(getattr(self, name))

    def filter_parameters(self) -> Iterator[tuple[str, str]]:
        """Yields those of the filters: `("year", "2025"), ("term", "台积电"), ("term", "三星")`."""
        for name in FILTERS:
            value = getattr(self, name)
            for one in value if isinstance(value, tuple) else [value] if value else []:
                yield name, str(one)

    def is_short_enough_for(self, links: int) -> bool:
        """Whether a page can repeat the search in so many links and stay light."""
        return links * self.bytes_repeated() <= MAX_LINK_BYTES

    def bytes_repeated(self) -> int:
        """Returns how long the parameters of the search are, which each of its links repeats."""
        repeated = "".join(f"&{name}={value}" for name, value in self.parameters())
        return len(repeated.encode(errors="replace"))


def _any_of(conditions: list[Node]) -> Node:
    return conditions[0] if len(conditions) == 1 else Or(tuple(conditions))


def _in_month(month: str) -> Node:
    year, _, number = month.rpartition("-")
    if not year:
        return Where("end_month", "exact", int(number))
    first = int(year) * 10_000 + int(number) * 100
    return _between(first + 1, first + 31)


def _between(first: int, last: int) -> Where:
    return Where("end_date", "range", (first, last))
