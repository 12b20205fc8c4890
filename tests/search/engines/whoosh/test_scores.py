"""The scores are Whoosh's own BM25F: the same words in the same documents, scored by Whoosh and by our arrays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query, scoring
from whoosh.index import FileIndex, create_in

from search.engines.documents import WORD_FIELDS, document_of
from search.engines.position import Position
from search.engines.ranking import FIELD_WEIGHTS
from search.engines.whoosh.committing import commit, create
from search.engines.whoosh.evaluation import evaluate
from search.engines.whoosh.generations import VERSION, Generations
from search.engines.whoosh.postings import NO_POSTINGS
from search.engines.whoosh.reading import SnapshotReader
from search.engines.whoosh.schema import build_schema, fields_of
from search.engines.whoosh.scoring import bm25
from search.engines.whoosh.snapshot import Snapshot
from search.query.tree import Leaf
from search.text.analysis import NO_TERMS, words
from tests.search.engines.whoosh.own_writer import write_by_whoosh

VOCABULARY = ["芯片", "晶圆", "封装", "hbm4", "cowos-l", "台积电", "us", "量产", "3nm", "良率"]
Scores = dict[int, float]
"""Id of an article → its score."""
Article = tuple[list[str], list[str], list[str]]
"""Words of its title, of its first paragraph, of the others."""

WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=12)
LONG = st.builds(lambda words, times: words * times, WORDS, st.sampled_from([1, 1, 1, 30, 300]))
ARTICLES = st.lists(st.tuples(WORDS, WORDS, LONG), min_size=1, max_size=8)
SEGMENTS = st.lists(ARTICLES, min_size=1, max_size=3)


def joined(article_words: list[str]) -> str:
    """Joins words with a separator, so that no run of two words occurs."""
    return "。".join(article_words)


def prepared(pk: int, article: Article) -> dict[str, object]:
    """An article as Haystack prepares it."""
    title, lead, rest = map(joined, article)
    return {
        "id": f"archive.article.{pk}",
        "django_id": str(pk),
        "title": title,
        "lead": lead,
        "text": f"{title}\n{lead}\n{rest}",
        "section": "",
        "columnist": "",
        "issue": "2025-03-21",
        "start_date": dt.date(2025, 3, 17),
        "end_date": dt.date(2025, 3, 21),
        "end_month": 3,
        "position": pk,
    }


@contextmanager
def index_of(
    segments: list[list[Article]], deleted: Collection[int] = ()
) -> Iterator[tuple[Snapshot, FileIndex]]:
    """Builds an index with a segment for each list, then deletes some articles without merging: ours and Whoosh's."""
    with TemporaryDirectory() as folder, TemporaryDirectory() as of_whoosh:
        by_itself = create_in(of_whoosh, build_schema())
        generations = Generations(Path(folder))
        generation = generations.new()
        start = Position(0, "").to_json()
        manifest = create(generation, VERSION, "", start)
        pk = 0
        for articles in segments:
            documents = [
                fields_of(document_of(prepared(number, article), NO_TERMS))
                for number, article in enumerate(articles, start=pk)
            ]
            manifest = commit(generation, manifest, documents, [], start)
            write_by_whoosh(by_itself, documents, [], merge=False)
            pk += len(articles)
        if gone := [f"archive.article.{number}" for number in deleted]:
            commit(generation, manifest, [], gone, start)
            write_by_whoosh(by_itself, [], gone, merge=False)
        generations.activate(generation.name)
        yield SnapshotReader(generations).newest(), by_itself


def by_whoosh(index: FileIndex, asked: query.Query) -> Scores:
    with index.searcher(weighting=scoring.BM25F()) as searcher:
        results = searcher.search(asked, limit=None)
        return {int(hit["id"].rsplit(".", 1)[-1]): hit.score for hit in results}


def by_arrays(snapshot: Snapshot, field: str, word: str) -> Scores:
    """Scores one word in one field as `evaluation` does."""
    postings = snapshot.postings(word).get(field, NO_POSTINGS)
    scores = bm25(
        postings.frequencies,
        snapshot.norms[field][postings.documents],
        snapshot.inverse_frequency(len(postings.documents)),
    )
    return {
        int(snapshot.numbers["pk"][document]): float(score)
        for document, score in zip(postings.documents, scores, strict=True)
        if snapshot.live[document]
    }


def by_evaluation(snapshot: Snapshot, leaf: Leaf) -> Scores:
    """All fields together. All articles are of one day here, and so none newer than another."""
    matches = evaluate(leaf, snapshot, NO_TERMS)
    return {
        int(snapshot.numbers["pk"][document]): float(score)
        for document, score in zip(matches.documents, matches.scores, strict=True)
    }


def words_in(segments: list[list[Article]]) -> set[str]:
    return {word for articles in segments for article in articles for words_ in article for word in words_}


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(segments=SEGMENTS, data=st.data())
def test_a_word_scores_in_each_field_as_whoosh_scores_it(
    segments: list[list[Article]], data: st.DataObject
) -> None:
    number = sum(map(len, segments))
    deleted = data.draw(st.sets(st.integers(0, number - 1), max_size=number - 1))
    with index_of(segments, deleted) as (snapshot, index):
        for word in words(joined([*words_in(segments)])):
            for field in WORD_FIELDS:
                expected = by_whoosh(index, query.Term(field, word))
                assert by_arrays(snapshot, field, word) == pytest.approx(expected, rel=1e-4)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    segments=SEGMENTS,
    # Not `cowos-l`, which has two forms: that the better one counts is ours, and not Whoosh's.
    asked=st.lists(
        st.sampled_from([word for word in VOCABULARY if "-" not in word]), min_size=2, max_size=3, unique=True
    ),
)
def test_words_that_stand_apart_score_over_all_fields_as_whooshs_bm25f(
    segments: list[list[Article]], asked: list[str]
) -> None:
    leaf = Leaf(" ".join(asked))
    of_each_word = [
        query.Or([query.Term(field, word, boost=weight) for field, weight in FIELD_WEIGHTS.items()])
        for unit in leaf.units(NO_TERMS)
        for (word,) in unit.forms
    ]
    with index_of(segments) as (snapshot, index):
        expected = by_whoosh(index, query.And(of_each_word))
        assert by_evaluation(snapshot, leaf) == pytest.approx(expected, rel=1e-4)


def test_whoosh_rounds_long_lengths_and_so_do_we() -> None:
    """Whoosh keeps the length of a field in one byte. Both read the same byte."""
    articles: list[Article] = [([], [], ["芯片"] * length) for length in (1, 10, 100, 1000, 5000)]
    with index_of([articles]) as (snapshot, index):
        assert by_arrays(snapshot, "text", "芯片") == pytest.approx(
            by_whoosh(index, query.Term("text", "芯片")), rel=1e-4
        )
        assert snapshot.lengths["text"].tolist() != [1, 10, 100, 1000, 5000]
