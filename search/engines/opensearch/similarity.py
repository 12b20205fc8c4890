"""Which documents are about the same matter as one: those that share its rare terms. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from search.engines.base import TermCounts
from search.engines.opensearch.translation import NOTHING, Query, constant

MIN_SHARED = 2
"""Terms that two documents must share: one company in common is no common matter."""


def own_terms(answer: Any) -> list[str]:
    """Reads the terms of a document from the answer of who looked it up; none when it is not there."""
    return [term for hit in answer["hits"]["hits"] for term in hit.get("fields", {}).get("terms", ())]


def rarity_of(holders: int, documents: int) -> float:
    """Returns what it says of a document to be one of `holders`: log(N / (n + 1)) + 1.

    >>> rarity_of(99, 100), round(rarity_of(0, 100), 2)
    (1.0, 5.61)
    """
    return math.log(max(documents, 1) / (holders + 1)) + 1


def rarity(terms: Collection[str], counted: TermCounts) -> dict[str, float]:
    """Returns what each of some terms weighs: its inverse document frequency."""
    return {term: max(rarity_of(counted.counts.get(int(term), 0), counted.documents), 0.0) for term in terms}


def similar_to(weights: Mapping[str, float], within: Sequence[Query]) -> Query:
    """Returns what matches the documents within some queries that share at least MIN_SHARED of these terms.

    A document's score is what the shared terms weigh, taken square, over the root of how many terms it has: nearly
    the cosine between both, so that a round-up of everything is like nothing.

    Source: the vector space model (Manning, Raghavan & Schütze, Introduction to Information Retrieval, 2008, §6.3).
    """
    shared = [constant({"term": {"terms": term}}, weight**2) for term, weight in weights.items() if weight]
    if len(shared) < MIN_SHARED:
        return NOTHING
    return {
        "function_score": {
            "query": {
                "bool": {"should": shared, "minimum_should_match": MIN_SHARED, "filter": [*within]},
            },
            "functions": [{"field_value_factor": {"field": "terms_norm", "missing": 1}}],
            "boost_mode": "multiply",
        }
    }
