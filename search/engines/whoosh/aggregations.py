"""Facets: how many of the matching documents have each value, counted on arrays."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from search.engines.base import Counts
from search.engines.fields import FACETS, FIELDS
from search.engines.whoosh.matches import Ints
from search.engines.whoosh.snapshot import Snapshot


def count(facet: str, documents: Ints, snapshot: Snapshot) -> Counts:
    """Returns the counts of one of FACETS over `documents`.

    Days (`year`, `month` as `2025-03`) come newest first, texts and `term` (ids) by count.
    """
    if not len(documents):
        return []
    if facet == "term":
        return _numbers_most_first(snapshot.mentions.of(documents))
    column = FACETS[facet]
    if FIELDS[column].type == "day":
        periods = snapshot.periods(column, facet)
        counts = np.bincount(periods.codes[documents])
        held = np.flatnonzero(counts)[::-1]
        codes_and_counts = zip(held.tolist(), counts[held].tolist(), strict=True)
        return [(periods.values[code], number) for code, number in codes_and_counts]
    texts = snapshot.texts[column]
    return _most_first(texts.codes[documents], texts.values.__getitem__)


def _numbers_most_first(numbers: npt.NDArray[np.signedinteger]) -> Counts:
    """As `_most_first` of the numbers' texts: an archive mentions thousands of terms."""
    counts = np.bincount(numbers)
    held = np.flatnonzero(counts)
    held = held[np.lexsort((_order_as_texts(len(counts).bit_length())[held], -counts[held]))]
    return [(str(number), count) for number, count in zip(held.tolist(), counts[held].tolist(), strict=True)]


@lru_cache(maxsize=8)
def _order_as_texts(bits: int) -> Ints:
    """The place of each number of so many bits among all of them, ordered as texts: 10 stands before 9."""
    order = np.argsort(np.arange(1 << bits).astype(str))
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    return places


def _most_first(codes: npt.NDArray[np.signedinteger], text_of: Callable[[int], str]) -> Counts:
    """How often each code stands among `codes`; none that has no text."""
    counts = np.bincount(codes)
    held = np.flatnonzero(counts)
    by_count = sorted(zip((-counts[held]).tolist(), map(text_of, held.tolist()), strict=True))
    return [(text, -number) for number, text in by_count if text]
