"""The judged queries are what docs and the target say they are."""

from __future__ import annotations

from collections import Counter

import pytest

from archive.models import Article
from benchmarks.judgments import FILES, NO_ANSWER, read_judgments
from benchmarks.metrics import RELEVANT

QUERIES = read_judgments()
WORDS = read_judgments(FILES[1])
ALL = [*QUERIES, *WORDS]


def test_there_are_enough_queries_in_fifteen_classes() -> None:
    sizes = Counter(query.kind for query in QUERIES)
    assert len(QUERIES) >= 165
    assert len(sizes) == 15
    assert all(9 <= size <= 14 for size in sizes.values()), sizes


def test_there_are_120_queries_in_six_more_classes() -> None:
    assert len(WORDS) == 120
    assert len({query.kind for query in WORDS}) == 6
    assert not {query.kind for query in WORDS} & {query.kind for query in QUERIES}


def test_no_query_is_asked_twice() -> None:
    assert len({query.text for query in ALL}) == len(ALL)


@pytest.mark.parametrize("kind", sorted({query.kind for query in ALL}))
def test_halves_split_each_class_evenly(kind: str) -> None:
    halves = Counter(query.half for query in ALL if query.kind == kind)
    assert set(halves) == {"tune", "hold"}
    assert abs(halves["tune"] - halves["hold"]) <= 1


def test_every_query_has_a_relevant_article_unless_nothing_answers_it() -> None:
    for query in ALL:
        assert query.has_answer == (query.kind != NO_ANSWER), query
        assert set(query.grades.values()) <= {1, 2, 3}, query
        assert not query.grades or max(query.grades.values()) >= RELEVANT, query


def test_no_article_is_judged_twice_for_a_query() -> None:
    lines = [line for file in FILES for line in file.read_text(encoding="utf-8").splitlines()[1:]]
    judged = sum(len(line.split("\t")[3].split()) for line in lines)
    assert judged == sum(len(query.grades) for query in ALL)


@pytest.mark.usefixtures("demo_archive")
def test_every_judged_article_is_in_the_demo_weeks() -> None:
    articles = {
        f"{slug}:{position}" for slug, position in Article.objects.values_list("issue__slug", "position")
    }
    issues = {slug.partition(":")[0] for slug in articles}
    assert {article for query in ALL for article in query.grades} <= articles | issues
