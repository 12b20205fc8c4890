"""Facets as OpenSearch counts them: what is asked for, and its answer in the port's order. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from search.engines.base import Counts
from search.engines.fields import FACETS, FIELDS
from search.engines.opensearch.mapping import PERIOD

MOST_VALUES = 60_000
"""Of one facet: the server refuses to count many more."""


def asked(facets: Sequence[str]) -> dict[str, Any]:
    """Returns what counts the values of facets."""
    return {facet: {"terms": {"field": _column(facet), "size": MOST_VALUES}} for facet in facets}


def counted(facet: str, answer: Any) -> Counts:
    """Returns the counts of a facet: days the newest first, others the most frequent first, then by value."""
    values = [(bucket["key"], bucket["doc_count"]) for bucket in answer["buckets"] if bucket["key"]]
    if _is_period(facet):
        return sorted(values, reverse=True)
    return sorted(values, key=lambda value: (-value[1], value[0]))


def _column(facet: str) -> str:
    return PERIOD.format(FACETS[facet], facet) if _is_period(facet) else FACETS[facet]


def _is_period(facet: str) -> bool:
    return FACETS[facet] in FIELDS and FIELDS[FACETS[facet]].type == "day"
