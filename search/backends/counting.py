"""Facets: how many of the matching articles have each value, counted on arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from search.backends.snapshot import Bools, Snapshot

Counts = list[tuple[str, int]]
"""Values as text with their counts, the most frequent first; equal counts in the order of the values."""


def count(facet: str, mask: Bools, snapshot: Snapshot) -> Counts:
    """Returns the counts of `facet` over the documents in `mask`.

    `year` and `month` (`2025-03`) come newest first, `columnist`, `issue` and `term` (ids) by count. Raises
    ValueError for a facet that there is not.
    """
    if facet not in FACETS:
        raise ValueError(f"there is no facet {facet!r}: use one of {', '.join(FACETS)}")
    return FACETS[facet](mask, snapshot)


def _years(mask: Bools, snapshot: Snapshot) -> Counts:
    years, counts = np.unique(snapshot.numbers["end_date"][mask] // 10_000, return_counts=True)
    return [(str(year), int(number)) for year, number in zip(years[::-1], counts[::-1], strict=True)]


def _months(mask: Bools, snapshot: Snapshot) -> Counts:
    months, counts = np.unique(snapshot.numbers["end_date"][mask] // 100, return_counts=True)
    return [
        (f"{month // 100}-{month % 100:02}", int(number))
        for month, number in zip(months[::-1].tolist(), counts[::-1], strict=True)
    ]


def _columnists(mask: Bools, snapshot: Snapshot) -> Counts:
    return _texts("columnist", mask, snapshot)


def _issues(mask: Bools, snapshot: Snapshot) -> Counts:
    return _texts("issue", mask, snapshot)


def _texts(column: str, mask: Bools, snapshot: Snapshot) -> Counts:
    values = snapshot.texts[column].values
    counts = np.bincount(snapshot.texts[column].codes[mask], minlength=len(values))
    return _by_count(
        (value, int(number)) for value, number in zip(values, counts, strict=True) if value and number
    )


def _terms(mask: Bools, snapshot: Snapshot) -> Counts:
    documents, terms = snapshot.mentions
    counts = np.bincount(terms[mask[documents]])
    return _by_count((str(term), int(counts[term])) for term in np.flatnonzero(counts))


def _by_count(counts: Iterable[tuple[str, int]]) -> Counts:
    return sorted(counts, key=lambda item: (-item[1], item[0]))


FACETS: dict[str, Callable[[Bools, Snapshot], Counts]] = {
    "year": _years,
    "month": _months,
    "columnist": _columnists,
    "issue": _issues,
    "term": _terms,
}
