"""A search as it was asked: the query, its filters, its order, and which page of the answer. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from search.engines.fields import date_number
from search.query.tree import About, Node, Where

MAX_LINK_BYTES = 12_000
"""Of a page of 80,000 with its style sheets, what its links may take to repeat the query."""


@dataclass(frozen=True)
class SearchRequest:
    """A search as it was asked: the query, its filters, its order, and which page of the answer."""

    q: str
    sort: str = "relevance"
    year: int | None = None
    month: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    """The first and the last day on which an issue may end: a week of a chart leads to its articles by them."""
    term: str = ""
    columnist: str = ""
    explain: bool = False
    page: int = 1
    page_size: int = 20

    def filters(self) -> list[Node]:
        """The filters as conditions. A month without its year is none."""
        conditions: list[Node] = []
        if self.year:
            first = self.year * 10_000 + (self.month or 1) * 100 + 1
            last = self.year * 10_000 + (self.month or 12) * 100 + 31
            conditions.append(Where("end_date", "range", (first, last)))
        if self.since or self.until:
            first_day, last_day = self.since or dt.date.min, self.until or dt.date.max
            conditions.append(Where("end_date", "range", (date_number(first_day), date_number(last_day))))
        if self.columnist:
            conditions.append(Where("columnist", "exact", self.columnist))
        if self.term:
            conditions.append(About(self.term))
        return conditions

    def is_short_enough_for(self, links: int) -> bool:
        """Whether a page can repeat the query in so many links and stay light (MAX_LINK_BYTES)."""
        return links * len(self.q.encode(errors="replace")) <= MAX_LINK_BYTES
