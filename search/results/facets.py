"""Facets and chips: the filters that a result can be narrowed by, and those in force, as plain links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.http import QueryDict

from archive import addresses
from glossary.vocabulary import KIND_LABELS, current_vocabulary
from search.results.service import Asked, Facets

MOST_VALUES = 6
"""Values that one facet shows; terms show so many of each kind."""
LEAST_COUNT = 2
"""Results that must mention a term for it to be offered: a list of single results is no facet."""


MOST_IN_API = 100


@dataclass(frozen=True)
class Value:
    """A value to narrow by: its label, how many of the results have it, and where the link leads."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Facet:
    """A group of values: `年份`, `公司` …"""

    label: str
    values: list[Value]


@dataclass(frozen=True)
class Chip:
    """A filter in force, and the address of the same search without it."""

    label: str
    url: str


def facets_of(counts: Facets, total: int, asked: Asked, parameters: QueryDict) -> list[Facet]:
    """Returns the groups worth showing: those in which there is something to choose.

    `total` is how many results there are: a term that all of them mention narrows nothing.
    """
    groups = [*_dates(counts, asked, parameters), *_terms(counts, total, asked, parameters)]
    if not asked.columnist:
        columnists = counts.get("columnist", [])[:MOST_VALUES]
        values = [Value(name, number, url_with(parameters, columnist=name)) for name, number in columnists]
        groups.append(Facet("栏目作者", values))
    return [
        group
        for group in groups
        if len(group.values) > 1 or (group.values and group.label in KIND_LABELS.values())
    ]


def chips_of(asked: Asked, parameters: QueryDict) -> list[Chip]:
    """Returns the filters in force. Taking off the year takes off the month."""
    chips = []
    if asked.year:
        chips.append(Chip(f"{asked.year} 年", url_with(parameters, year=None, month=None)))
        if asked.month:
            chips.append(Chip(f"{asked.month} 月", url_with(parameters, month=None)))
    if asked.since or asked.until:
        days = f"{asked.since or '最早'} 至 {asked.until or '最新'}"
        chips.append(Chip(days, url_with(parameters, since=None, until=None)))
    if asked.term:
        chips.append(Chip(asked.term, url_with(parameters, term=None)))
    if asked.columnist:
        chips.append(Chip(asked.columnist, url_with(parameters, columnist=None)))
    return chips


def facet_names(counts: Facets) -> dict[str, list[dict[str, str | int]]]:
    """Returns the counts with terms by name in place of their ids: `{"year": [{"value": "2025", "count": 3}]}`."""
    terms = current_vocabulary().terms
    named = {
        **counts,
        "term": [(terms[int(pk)].name, number) for pk, number in counts.get("term", []) if int(pk) in terms],
    }
    return {
        facet: [{"value": value, "count": number} for value, number in values[:MOST_IN_API]]
        for facet, values in named.items()
    }


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


def _dates(counts: Facets, asked: Asked, parameters: QueryDict) -> Iterator[Facet]:
    """Years, and once a year is chosen its months: a list of all months of all years helps nobody."""
    if not asked.year:
        years = counts.get("year", [])
        yield Facet(
            "年份", [Value(f"{year} 年", number, url_with(parameters, year=year)) for year, number in years]
        )
    elif not asked.month:
        months = [(int(month[5:]), number) for month, number in counts.get("month", [])]
        yield Facet(
            "月份",
            [
                Value(f"{month} 月", number, url_with(parameters, month=str(month)))
                for month, number in months
            ],
        )


def _terms(counts: Facets, total: int, asked: Asked, parameters: QueryDict) -> Iterator[Facet]:
    vocabulary = current_vocabulary()
    by_kind: dict[str, list[Value]] = {kind: [] for kind in KIND_LABELS}
    for pk, number in counts.get("term", []):
        term = vocabulary.terms.get(int(pk))
        if term and LEAST_COUNT <= number < total and len(by_kind[term.kind]) < MOST_VALUES:
            by_kind[term.kind].append(Value(term.name, number, url_with(parameters, term=term.name)))
    for kind, label in KIND_LABELS.items():
        yield Facet(label, by_kind[kind])
