"""Facets: how many of the matching documents have each value, counted on arrays."""

from __future__ import annotations

import numpy as np

from search.engines.base import Counts
from search.engines.fields import FACETS, FIELDS
from search.engines.whoosh.columns import Categories
from search.engines.whoosh.matches import Ints
from search.engines.whoosh.snapshot import Snapshot


def count(facet: str, documents: Ints, snapshot: Snapshot) -> Counts:
    """Returns the counts of one of FACETS over `documents`.

    Days (`year`, `month` as `2025-03`) come newest first, texts and `term` (ids) by count.
    """
    if not len(documents):
        return []
    if facet == "term":
        return _terms(documents, snapshot)
    column = FACETS[facet]
    if FIELDS[column].type == "day":
        return _newest_first(documents, snapshot.periods(column, facet))
    return _texts(documents, snapshot.texts[column])


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
