"""Facets: how many of the matching articles have each value, counted on arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from search.engines.whoosh.answers import Counts
from search.engines.whoosh.columns import Categories
from search.engines.whoosh.matches import Ints
from search.engines.whoosh.snapshot import Snapshot


def count(facet: str, documents: Ints, snapshot: Snapshot) -> Counts:
    """Returns the counts of `facet` over `documents`.

    `year` and `month` (`2025-03`) come newest first, `columnist`, `issue` and `term` (ids) by count. Raises
    ValueError for a facet that there is not.
    """
    if facet not in FACETS:
        raise ValueError(f"there is no facet {facet!r}: use one of {', '.join(FACETS)}")
    return FACETS[facet](documents, snapshot) if len(documents) else []


def _years(documents: Ints, snapshot: Snapshot) -> Counts:
    return _newest_first(documents, snapshot.years)


def _months(documents: Ints, snapshot: Snapshot) -> Counts:
    return _newest_first(documents, snapshot.months)


def _columnists(documents: Ints, snapshot: Snapshot) -> Counts:
    return _texts(documents, snapshot.texts["columnist"])


def _issues(documents: Ints, snapshot: Snapshot) -> Counts:
    return _texts(documents, snapshot.texts["issue"])


def _newest_first(documents: Ints, dates: Categories) -> Counts:
    counts = np.bincount(dates.codes[documents])
    held = np.flatnonzero(counts)[::-1]
    return _named(dates.values, held, counts[held])


def _texts(documents: Ints, texts: Categories) -> Counts:
    counts = np.bincount(texts.codes[documents])
    if texts.values[0] == "":
        counts[0] = 0  # an issue without a columnist
    held = np.flatnonzero(counts)
    by_count = held[np.argsort(-counts[held], kind="stable")]
    return _named(texts.values, by_count, counts[by_count])


def _terms(documents: Ints, snapshot: Snapshot) -> Counts:
    counts = np.bincount(snapshot.mentions.of(documents))
    held = np.flatnonzero(counts)
    by_count = sorted(zip((-counts[held]).tolist(), map(str, held.tolist()), strict=True))
    return [(term, -number) for number, term in by_count]


def _named(values: list[str], held: Ints, counts: Ints) -> Counts:
    return [(values[code], number) for code, number in zip(held.tolist(), counts.tolist(), strict=True)]


FACETS: dict[str, Callable[[Ints, Snapshot], Counts]] = {
    "year": _years,
    "month": _months,
    "columnist": _columnists,
    "issue": _issues,
    "term": _terms,
}
