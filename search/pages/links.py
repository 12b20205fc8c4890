"""The links of a search page: filters to add and to take off, and looser searches, each to the same search changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.http import QueryDict

from archive import addresses
from search.results.facets import Facet
from search.results.request import SearchRequest
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
class LinkedFacet:
    """A group of filters to add: `年份`, `公司` …"""

    label: str
    values: list[Link]


def facet_links(facets: Sequence[Facet], parameters: QueryDict) -> list[LinkedFacet]:
    """Returns the values of facets as links that narrow the search by them."""
    return [
        LinkedFacet(
            facet.label,
            [
                Link(value.label, url_with(parameters, **value.parameters), value.count)
                for value in facet.values
            ],
        )
        for facet in facets
    ]


def suggestion_links(suggestions: Sequence[Suggestion], parameters: QueryDict) -> list[Link]:
    """Returns searches to try instead as links."""
    return [
        Link(
            suggestion.query,
            url_with(parameters, explain=None, **suggestion.parameters),
            suggestion.count,
            suggestion.change,
        )
        for suggestion in suggestions
    ]


def chips_of(asked: SearchRequest, parameters: QueryDict) -> list[Link]:
    """Returns the filters in force, each with the same search without it. Taking off the year takes off the month."""
    chips = []
    if asked.year:
        chips.append(Link(f"{asked.year} 年", url_with(parameters, year=None, month=None)))
        if asked.month:
            chips.append(Link(f"{asked.month} 月", url_with(parameters, month=None)))
    if asked.since or asked.until:
        days = f"{asked.since or '最早'} 至 {asked.until or '最新'}"
        chips.append(Link(days, url_with(parameters, since=None, until=None)))
    if asked.term:
        chips.append(Link(asked.term, url_with(parameters, term=None)))
    if asked.columnist:
        chips.append(Link(asked.columnist, url_with(parameters, columnist=None)))
    return chips


def url_with(parameters: QueryDict, **changes: str | None) -> str:
    """Returns the address of the same search with some parameters changed, from its first page."""
    changes = {"page": None, **changes}
    kept = tuple(
        (name, value) for name, values in parameters.lists() if name not in changes for value in values
    )
    added = addresses.parameters((name, value) for name, value in changes.items() if value is not None)
    return "?" + "&".join(filter(None, (_encoded(kept), added)))


@lru_cache(maxsize=64)  # the same for all the links of a page
def _encoded(parameters: tuple[tuple[str, str], ...]) -> str:
    return addresses.parameters(parameters)
