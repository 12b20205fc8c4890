"""The benchmarks measure the same thing for every engine, and the same thing every time. Nothing is timed here."""

from __future__ import annotations

import json
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import pytest

from benchmarks import archive, corpus, report
from benchmarks.engines import Engine, Fts5, Ours, Tantivy
from glossary.joining import Joined
from search.text import analysis

has_tantivy = pytest.mark.skipif(find_spec("tantivy") is None, reason="make bench installs tantivy")
WEEKS = 3
ARTICLES = WEEKS * corpus.ARTICLES_A_WEEK


@pytest.fixture
def made(db: None) -> archive.Made:
    return archive.make(ARTICLES, queries_per_class=6)


def test_the_same_seed_makes_the_same_weeks_and_another_seed_others() -> None:
    first, second = [list(corpus.weeks(2)) for _ in range(2)]
    assert first == second
    assert list(corpus.weeks(2, seed=1)) != first


def test_a_week_is_the_same_however_many_are_made() -> None:
    assert list(islice(corpus.weeks(1000), 2)) == list(corpus.weeks(2))


def test_sizes_are_as_announced() -> None:
    weeks = list(corpus.weeks(20))
    articles = [article for week in weeks for article in week.articles]
    lengths = [len(article.title) + sum(map(len, article.paragraphs)) for article in articles]
    assert len(articles) == 200
    assert 950 <= sum(lengths) / len(lengths) <= 1100
    assert min(lengths) >= 450
    assert all(len(article.title) <= 300 and article.paragraphs for article in articles)
    assert len({week.end_date for week in weeks}) == 20


def test_words_are_spread_as_in_text() -> None:
    texts = ["\n".join([a.title, *a.paragraphs]) for week in corpus.weeks(20) for a in week.articles]
    frequencies = corpus.statistics(texts).frequencies
    counts = sorted(frequencies.values(), reverse=True)
    assert counts[0] > 190
    assert sum(count == 1 for count in counts) > len(counts) / 3
    assert 100 < sum(20 <= count <= 100 for count in counts) < 1500


def test_no_two_queries_read_the_same_word(made: archive.Made) -> None:
    assert {query.kind for query in made.queries} == set(corpus.CLASSES)
    words = [
        word
        for query in made.queries
        for unit in analysis.units(query.text)
        for word in unit.forms[0]
        if query.kind != "phrase"
    ]
    assert len(words) == len(set(words))


def test_queries_stand_in_the_articles_and_misses_do_not(made: archive.Made) -> None:
    from archive.models import Article

    texts = [Joined(article.text).text for article in Article.objects.all()]
    for query in made.queries:
        for piece in query.text.strip('"').split():
            assert any(Joined(piece).text in text for text in texts) == (query.kind != "miss"), query


@has_tantivy
def test_all_engines_find_the_same(made: archive.Made, tmp_path: Path) -> None:
    """Native engines find the articles that hold the words; ours those, and where the characters stand so."""
    from archive.models import Article

    engines: list[Engine] = [Ours(tmp_path), Fts5(tmp_path), Tantivy(tmp_path)]
    for engine in engines:
        engine.build()
        engine.open()
    cut = {article.pk: set(analysis.words(article.text)) for article in Article.objects.all()}
    texts = {article.pk: article.text for article in Article.objects.all()}
    asked = [query for query in made.queries if query.kind in corpus.WORD_CLASSES]
    for query in asked:
        words = query.text.split()
        by_words = {pk for pk, held in cut.items() if held.issuperset(words)}
        by_words_or_runs = {pk for pk, text in texts.items() if all(w in cut[pk] or w in text for w in words)}
        ours, *natives = [engine.search(query.text) for engine in engines]
        assert ours.total == len(by_words_or_runs), query
        assert [native.total for native in natives] == [len(by_words)] * 2, query
        if ours.total <= 20:
            assert set(ours.ids) == by_words_or_runs
            assert [set(native.ids) for native in natives] == [by_words] * 2
    assert len(asked) > 20


def test_what_building_takes_is_compared_by_the_work_of_the_processor() -> None:
    ours = {"build_s": 9.0, "processor_s": 2.0, "peak_mb": 300.0, "bytes": 5_000_000}
    stock = {"build_s": 60.0, "processor_s": 50.0, "peak_mb": 400.0, "bytes": 9_000_000}
    table = report.builds({"ours": ours, "stock": stock})
    assert table.splitlines()[2:] == [
        "| ours | 9.0 | 2.0 | 1.00 | 300 | 5.0 |",
        "| stock | 60.0 | 50.0 | 25.00 | 400 | 9.0 |",
    ]


def test_the_report_says_which_targets_are_missed() -> None:
    times = {"first": {"all": [9.0]}, "cold": {"rare": [1.0, 3.0]}, "warm": {"rare": [0.5, 0.5]}}
    page = {f"{state}, {clients}": [10.0] for state in ("cold", "warm", "kept") for clients in (1, 8)}
    slow = {case: [1000.0] for case in page if not case.startswith("kept")}
    memory = [{"rss": 200.0, "pss": 100.0, "private": 60.0, "shared": 140.0}]
    run = {
        "articles": 30,
        "corpus": [("articles", "30")],
        "index": {
            name: {"build_s": 2.0, "processor_s": 1.0, "bytes": 10}
            for name in ("ours", "FTS5", "tantivy", "stock")
        },
        "engine": {
            "times_ms": dict.fromkeys(("ours", "ours, find()", "FTS5", "tantivy", "stock"), times),
            "hits": {"rare": dict.fromkeys(("ours", "FTS5", "tantivy", "stock"), 7)},
        },
        "pages": {
            "ours": {"times_ms": page, "memory_mb": memory, "worker_starts_s": 0.5},
            "stock": {"times_ms": slow, "memory_mb": memory, "worker_starts_s": 0.5},
        },
        "change_s": {name: [0.1] for name in ("ours", "FTS5", "tantivy", "stock")},
        "first_after_change_ms": [5.0],
    }
    machine = {
        "date": "2025-03-21",
        "processor": "Z80",
        "cores": 1,
        "memory_gb": 1,
        "system": "CP/M",
        "python": "3",
    }
    results = {"machine": {**machine, "load_at_start": 0.0}, "runs": [run, run]}
    text = report.markdown(json.loads(json.dumps(results)))
    assert "Z80, 1 cores" in text
    assert "| engine cold ≤ 2 × FTS5 | 1.00 | yes |" in text
    assert "| first query of a process ≤ 3 × cold | 4.50 | **no** |" in text
    assert "| ≤ 80 MB of a worker's own | 60.00 | yes |" in text
    assert "| build ≥ 5 times as fast as stock | 1.00 | **no** |" in text
    assert "| page cold ≥ 30 times as fast as stock | 100.00 | yes |" in text
    assert "| page kept ≥ 100 times as fast as stock | 100.00 | yes |" in text
