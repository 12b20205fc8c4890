"""The questions in other words are what docs and the target say they are, and guesses answer most of them."""

from __future__ import annotations

import shutil
from collections import Counter

import pytest

from archive.models import Article
from benchmarks.judgments import read_judgments
from benchmarks.meaning import QUESTIONS, measure, run
from benchmarks.metrics import RELEVANT
from benchmarks.relevance import ask_ours
from glossary.exchange import import_glossary
from search.meaning import store

QUERIES = read_judgments(QUESTIONS)


def test_there_are_sixty_half_of_them_held_back() -> None:
    assert Counter(query.half for query in QUERIES) == {"tune": 30, "hold": 30}
    assert len({query.text for query in QUERIES}) == 60
    for query in QUERIES:
        assert max(query.grades.values()) >= RELEVANT, query
        assert set(query.grades.values()) <= {1, 2, 3}, query


def test_a_perfect_answer_is_1_and_none_is_0() -> None:
    perfect = {query.text: sorted(query.grades, key=lambda key: -query.grades[key]) for query in QUERIES}
    assert measure(perfect.__getitem__, QUERIES) == {"ndcg": 1, "empty": 0}
    assert measure(lambda q: [], QUERIES) == {"ndcg": 0, "empty": 60}


@pytest.fixture
def glossary(db: None) -> None:
    import_glossary()


@pytest.mark.slow
def test_guesses_answer_more_of_them_than_words(glossary: None, demo_archive: None) -> None:
    articles = {
        f"{slug}:{position}" for slug, position in Article.objects.values_list("issue__slug", "position")
    }
    assert {article for query in QUERIES for article in query.grades} <= articles
    try:
        measured = run(lambda q: ask_ours(q).articles)
    finally:
        shutil.rmtree(store.folder(), ignore_errors=True)
    for group in measured.values():
        assert group["guess"]["ndcg"] > group["today"]["ndcg"] + 0.1
    assert measured["half: tune"]["guess"]["ndcg"] >= 0.67
