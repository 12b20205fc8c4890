"""What Haystack's query sets answer, as tests compare it."""

from __future__ import annotations

from haystack.query import SearchQuerySet

from search.engines.base import IndexQuery
from search.engines.registry import engine_for
from search.query.tree import Node

Counts = list[tuple[str, int]]


def read_through(node: Node) -> list[int]:
    """The ids of what reading every article finds, the newest first."""
    found = engine_for("database://").search(IndexQuery(node, ("-end_date",)))
    return [document.pk for document in found.documents]


def everything() -> SearchQuerySet:
    return SearchQuerySet()


def ids(found: SearchQuerySet) -> list[int]:
    return [int(row.pk) for row in found]


def titles(found: SearchQuerySet) -> list[str]:
    return [row.object.title for row in found]


def counted(found: SearchQuerySet, *facets: str) -> dict[str, Counts]:
    for facet in facets:
        found = found.facet(facet)
    return found.facet_counts()["fields"]
