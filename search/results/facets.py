"""Facets: which values of the counts are worth showing, and what a search is narrowed by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from glossary.vocabulary import KIND_LABELS, current_vocabulary
from search.engines.base import Counts
from search.results.request import SearchRequest

MOST_VALUES = 6
"""Values that one facet shows; terms show so many of each kind."""
LEAST_COUNT = 2
"""Results that must mention a term for it to be offered: a list of single results is no facet."""
MOST_IN_API = 100


@dataclass(frozen=True)
class Value:
    """A value to narrow by: its label, how many of the results have it, and the parameter of the search."""

    label: str
    count: int
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Facet:
    """A group of values: `年份`, `公司` …"""

    label: str
    values: list[Value]


def facets_of(counts: Mapping[str, Counts], total: int, asked: SearchRequest) -> list[Facet]:
    """Returns the groups worth showing: those in which there is something to choose.

    `total` is how many results there are: a term that all of them mention narrows nothing.
    """
    groups = [*_dates(counts, asked), *_terms(counts, total)]
    if not asked.columnist:
        columnists = counts.get("columnist", [])[:MOST_VALUES]
        groups.append(
            Facet("栏目作者", [Value(name, number, {"columnist": name}) for name, number in columnists])
        )
    return [
        group
        for group in groups
        if len(group.values) > 1 or (group.values and group.label in KIND_LABELS.values())
    ]


def facet_names(counts: Mapping[str, Counts]) -> dict[str, list[dict[str, str | int]]]:
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


def _dates(counts: Mapping[str, Counts], asked: SearchRequest) -> Iterator[Facet]:
    """Years, and once a year is chosen its months: a list of all months of all years helps nobody."""
    if not asked.year:
        years = counts.get("year", [])
        yield Facet("年份", [Value(f"{year} 年", number, {"year": year}) for year, number in years])
    elif not asked.month:
        months = [(int(month[5:]), number) for month, number in counts.get("month", [])]
        yield Facet("月份", [Value(f"{month} 月", number, {"month": str(month)}) for month, number in months])


def _terms(counts: Mapping[str, Counts], total: int) -> Iterator[Facet]:
    vocabulary = current_vocabulary()
    by_kind: dict[str, list[Value]] = {kind: [] for kind in KIND_LABELS}
    for pk, number in counts.get("term", []):
        term = vocabulary.terms.get(int(pk))
        if term and LEAST_COUNT <= number < total and len(by_kind[term.kind]) < MOST_VALUES:
            by_kind[term.kind].append(Value(term.name, number, {"term": term.name}))
    for kind, label in KIND_LABELS.items():
        yield Facet(label, by_kind[kind])
