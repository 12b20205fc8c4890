"""The judged queries are what docs and the target say they are."""

from __future__ import annotations

from collections import Counter

import pytest

from archive.models import Article
from benchmarks.judgments import FIXTURES, NO_ANSWER, read_judgments
from benchmarks.metrics import RELEVANT

QUERIES = read_judgments()


def test_there_are_enough_queries_in_fifteen_classes() -> None:
    sizes = Counter(query.kind for query in QUERIES)
    assert len(QUERIES) >= 165
    assert len(sizes) == 15
    assert all(9 <= size <= 14 for size in sizes.values()), sizes


def test_no_query_is_asked_twice() -> None:
    assert len({query.text for query in QUERIES}) == len(QUERIES)


@pytest.mark.parametrize("kind", sorted({query.kind for query in QUERIES}))
def test_halves_split_each_class_evenly(kind: str) -> None:
    halves = Counter(query.half for query in QUERIES if query.kind == kind)
    assert set(halves) == {"tune", "hold"}
    assert abs(halves["tune"] - halves["hold"]) <= 1


def test_every_query_has_a_relevant_article_unless_nothing_answers_it() -> None:
    for query in QUERIES:
        assert query.has_answer == (query.kind != NO_ANSWER), query
        assert set(query.grades.values()) <= {1, 2, 3}, query
        assert not query.grades or max(query.grades.values()) >= RELEVANT, query


def test_no_article_is_judged_twice_for_a_query() -> None:
    lines = (FIXTURES / "judgments.tsv").read_text(encoding="utf-8").splitlines()[1:]
    judged = sum(len(line.split("\t")[3].split()) for line in lines)
    assert judged == sum(len(query.grades) for query in QUERIES)


@pytest.mark.usefixtures("demo_archive")
def test_every_judged_article_is_in_the_demo_weeks() -> None:
    articles = {
        f"{slug}:{position}" for slug, position in Article.objects.values_list("issue__slug", "position")
    }
    assert {article for query in QUERIES for article in query.grades} <= articles
