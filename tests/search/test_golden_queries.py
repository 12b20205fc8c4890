"""The golden queries: what a member types, and the article that must come first."""

from __future__ import annotations

import pytest

from archive.models import Article
from search.results.request import SearchRequest
from search.results.service import find
from tests.conftest import ROOT


def golden_queries() -> list[tuple[str, str, int]]:
    """`(query, slug of the issue, position of the article)` from fixtures/queries.tsv."""
    lines = (ROOT / "fixtures" / "queries.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    return [(query, slug, int(position)) for query, slug, position, _note in rows]


@pytest.mark.usefixtures("demo_archive")
def test_every_golden_query_finds_its_article_first() -> None:
    misses = {}
    for query, slug, position in golden_queries():
        found = find(SearchRequest(query))
        assert found is not None
        first = found.results[0].article if found.results else None
        expected = Article.objects.get(issue__slug=slug, position=position)
        if first is None or first.pk != expected.pk:
            misses[query] = f"{expected} expected, {first and first.title} came"
    assert misses == {}


def test_there_are_at_least_sixty_golden_queries() -> None:
    assert len(golden_queries()) >= 60
