"""The links of a search page: filters to set and to take off, and looser searches, each to the same search changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archive import addresses
from search.query.dates import DateFilter
from search.results.exclusion import excluding, exclusions_in
from search.results.facets import Facet, Value, label_of
from search.results.request import ANY_OF, FILTERS, SearchRequest
from search.results.zero_results import Suggestion


@dataclass(frozen=True)
class Link:
    """What a link says, how many articles are behind it, and where it leads."""

    label: str
    url: str
    count: int = 0
    change: str = ""
    """What it does with the query that finds nothing, in words."""


@dataclass(frozen=True)
class LinkedValue:
    """A value of a group of filters: a click on it sets it, or takes it off; another leaves out what has it."""

    label: str
    url: str
    count: int | None
    is_set: bool
    exclude_url: str


@dataclass(frozen=True)
class LinkedFacet:
    """A group of filters: `年份`, `公司` …"""

    name: str
    label: str
    shown: list[LinkedValue]
    folded: list[LinkedValue]
    widens: bool

    @property
    def values(self) -> list[LinkedValue]:
        return [*self.shown, *self.folded]


def facet_links(
    facets: Sequence[Facet], asked: SearchRequest, shown: SearchRequest | None = None
) -> list[LinkedFacet]:
    """Returns the values of facets as links.

    `shown` is what was answered in place of `asked`, if that is another query: values are left out of it.
    """
    narrowed, excluded = _Changed(asked), _Changed(shown or asked)

    def linked(facet: Facet, value: Value) -> LinkedValue:
        url = (
            narrowed.without(facet.name, value.value)
            if value.is_set
            else narrowed.adding(facet.name, value.value)
        )
        out = excluded.excluding(facet.name, str(value.value)) if value.is_excludable else ""
        return LinkedValue(value.label, url, value.count, value.is_set, out)

    return [
        LinkedFacet(
            facet.name,
            facet.label,
            [linked(facet, value) for value in facet.shown],
            [linked(facet, value) for value in facet.folded],
            facet.widens,
        )
        for facet in facets
    ]


def suggestion_links(suggestions: Sequence[Suggestion], asked: SearchRequest) -> list[Link]:
    """Returns searches to try instead as links."""
    links = []
    for suggestion in suggestions:
        base = asked if suggestion.keeps_filters else asked.unfiltered()
        url = url_of(replace(base, q=suggestion.query, explain=False, page=1))
        links.append(Link(suggestion.query, url, suggestion.count, suggestion.change))
    return links


def chips_of(asked: SearchRequest, dates: Sequence[DateFilter] = ()) -> list[Link]:
    """Returns the filters in force, each with the same search without it and with all others.

    `dates` are those that the query holds. Where the page would become heavy by that, all of them are one.
    """
    chips = [
        *(Link(date.label, url_of(replace(asked, q=date.without, page=1))) for date in dates),
        *(
            Link(label_of(facet, value), url_of(asked.without(facet, value)))
            for facet in ("year", "month")
            for value in getattr(asked, facet)
        ),
        *_days(asked),
        *(
            Link(value, url_of(asked.without(facet, value)))
            for facet in ("term", "section", "columnist")
            for value in getattr(asked, facet)
        ),
        *(Link(f"不含 {label}", url_of(other)) for label, other in exclusions_in(asked)),
    ]
    if len(chips) > 1 and not asked.is_short_enough_for(len(chips)):
        return [Link(f"全部 {len(chips)} 个条件", url_of(asked.unfiltered()))]
    return chips


def url_of(asked: SearchRequest) -> str:
    """Returns the address of a search, relative to the search page."""
    return f"?{addresses.parameters(asked.parameters())}"


class _Changed:
    """The addresses of one search with one thing changed, each on its first page: a page has some hundred of them.

    What stands before and behind a parameter is written once.
    """

    def __init__(self, asked: SearchRequest) -> None:
        self._asked = replace(asked, page=1)
        given = [*self._asked.parameters()]
        self._behind_query = _written(given[1:])
        self._around: dict[str, tuple[str, str]] = {}
        for name in FILTERS:
            upto = FILTERS[: FILTERS.index(name) + 1]
            stand_before = [one for one in given if one[0] in ("q", "sort", *upto)]
            self._around[name] = _written(stand_before), _written(given[len(stand_before) :])

    def adding(self, name: str, value: object) -> str:
        """As `url_of(asked.adding(name, value))`."""
        before, behind = self._around[name]
        return f"?{before[1:]}{_written([(name, value)])}{behind}"

    def without(self, name: str, value: object) -> str:
        return url_of(self._asked.without(name, value))

    def excluding(self, field: str, value: str) -> str:
        """As `url_of` of the search without what has this value; empty where the query language can not say so."""
        q = excluding(self._asked.q, field, value)
        return "" if q is None else f"?{_written([('q', q)])[1:]}{self._behind_query}"


def _written(given: Sequence[tuple[str, object]]) -> str:
    return f"&{addresses.parameters(given)}" if given else ""


def _days(asked: SearchRequest) -> Iterator[Link]:
    if asked.since or asked.until:
        yield Link(
            days_text(asked.since, asked.until), url_of(replace(asked, since=None, until=None, page=1))
        )


def days_text(since: dt.date | None, until: dt.date | None) -> str:
    """Returns a range of days in words, open at one end or at none.

    >>> days_text(None, dt.date(2025, 3, 31)), days_text(dt.date(2025, 3, 1), dt.date(2025, 3, 31))
    ('2025年3月31日以前', '2025年3月1日—2025年3月31日')
    """
    first, last = (f"{day.year}年{day.month}月{day.day}日" if day else "" for day in (since, until))
    if first and last:
        return first if first == last else f"{first}—{last}"
    return f"{first}以后" if first else f"{last}以前"


def by_columnist(name: str) -> str:
    """Returns the query for what a columnist wrote.

    >>> by_columnist("周一鸣"), by_columnist("Ann Lee")
    ('columnist:周一鸣', 'columnist:"Ann Lee"')
    """
    return f"columnist:{name}" if name.isalnum() else f'columnist:"{name}"'


def filters_set(asked: SearchRequest) -> int:
    """Returns how many filters are in force: what the button says that opens them."""
    return sum(len(getattr(asked, name)) for name in (*ANY_OF, "term")) + bool(asked.since or asked.until)
