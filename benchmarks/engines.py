"""The measured engines behind one interface. All of them index the same database.

Ours and the native engines get the same words (`search.text.analysis`), in the same three fields.
"""

from __future__ import annotations

import os
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

LIMIT = 20
"""Hits that are requested, as many as a page shows. All matches are counted."""
WEIGHTS = {"text": 1.0, "title": 2.0, "lead": 0.5}
"""Weights of the fields in the native engines, the same as in search.engines.ranking."""


@dataclass(frozen=True)
class Answer:
    total: int
    ids: list[int]
    """Primary keys of the best articles."""


class Engine(ABC):
    """One engine with one archive. A process holds one of them and has Django set up with `settings`."""

    name: ClassVar[str]
    settings: ClassVar[str] = "config.settings"

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / self.folder

    @property
    def folder(self) -> str:
        return type(self).__name__.lower()

    @abstractmethod
    def build(self) -> None:
        """Indexes the whole archive anew."""

    @abstractmethod
    def open(self) -> None:
        """Warms up as a web worker does when it starts."""

    @classmethod
    def environment(cls) -> dict[str, str]:
        """Returns what a site with it has set besides its folder."""
        return {}

    def elsewhere(self) -> float:
        """Returns the processor's seconds that a server has worked, where there is one."""
        return 0.0

    def before_search(self) -> None:  # noqa: B027 - most have nothing to do
        """Does what belongs to the measuring: it is not timed."""

    @abstractmethod
    def search(self, text: str) -> Answer:
        """Answers a query: words that must all occur, or one phrase in quotation marks."""

    @abstractmethod
    def change(self, pk: int, body: str) -> None:
        """Stores a new body of an article. When this returns, `search` finds the article by it."""

    def size(self) -> int:
        """Returns the bytes of the index on disk."""
        files = (Path(root) / name for root, _, names in os.walk(self.path) for name in names)
        return sum(file.stat().st_size for file in files)


class Ours(Engine):
    """This project's engine alone: takes a query, gives ranked ids and their count."""

    name = "ours"
    folder = "index"

    def build(self) -> None:
        from search.indexing import sync

        sync.rebuild()

    def open(self) -> None:
        from search.results.warming import warm_up

        warm_up()

    def search(self, text: str) -> Answer:
        from haystack import connections

        found = connections["default"].get_backend().search(text, end_offset=LIMIT)
        return Answer(found["hits"], [int(row.pk) for row in found["results"]])

    def change(self, pk: int, body: str) -> None:
        from archive.editing import save_article
        from archive.models import Article

        article = Article.objects.select_related("issue").get(pk=pk)
        article.body = body
        save_article(article)


class OursAnew(Ours):
    """The same without its cache of answers: every query is evaluated, on words that were read before."""

    name = "ours, anew"

    def before_search(self) -> None:
        from search.engines.registry import current_engine

        current_engine().snapshot().answers.clear()


class OursWithPage(Ours):
    """The same with all that the page shows: articles from the database, marked titles and snippets."""

    name = "ours, find()"

    def search(self, text: str) -> Answer:
        from search.results.request import SearchRequest
        from search.results.service import find

        found = find(SearchRequest(text))
        return Answer(found.total, [hit.article.pk for hit in found.results]) if found else Answer(0, [])


class OnOpenSearch(Ours):
    """Our engine on an OpenSearch of one node, which `serving_opensearch` runs."""

    name = "OpenSearch"

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        self.path = Path(os.environ[_NODE_DATA])

    @classmethod
    def environment(cls) -> dict[str, str]:
        return {"SEARCH_URL": os.environ[_NODE_URL]}

    def elsewhere(self) -> float:
        from tests.cluster.opensearch import processor_seconds

        return processor_seconds(int(os.environ[_NODE_PID]))


_NODE_URL, _NODE_PID, _NODE_DATA = "XWK_BENCH_NODE_URL", "XWK_BENCH_NODE_PID", "XWK_BENCH_NODE_DATA"


@contextmanager
def serving_opensearch() -> Iterator[None]:
    """Runs an OpenSearch of one node while inside, for the processes that are started meanwhile."""
    from tests.cluster.opensearch import cluster, search_url

    with cluster(1, quick=False) as [node]:
        os.environ[_NODE_URL] = search_url([node], timeout=60)
        os.environ[_NODE_PID] = str(node.pid)
        os.environ[_NODE_DATA] = str(node.home / "data")
        yield


class Stock(Engine):
    """Haystack's Whoosh engine with jieba's ChineseAnalyzer (benchmarks.stock)."""

    name = "stock"
    settings = "benchmarks.stock.settings"

    def build(self) -> None:
        from django.core.management import call_command

        call_command("rebuild_index", interactive=False, verbosity=0)

    def open(self) -> None:
        import jieba
        from haystack.query import SearchQuerySet

        jieba.initialize()
        SearchQuerySet().count()

    def search(self, text: str) -> Answer:
        from haystack.query import SearchQuerySet

        found = SearchQuerySet().auto_query(text)
        ids = [int(row.pk) for row in found[:LIMIT]]
        return Answer(found.count(), ids)

    def change(self, pk: int, body: str) -> None:
        from haystack import connections

        from archive.models import Article

        Article.objects.filter(pk=pk).update(body=body)
        index = connections["default"].get_unified_index().get_index(Article)
        index.update_object(Article.objects.select_related("issue").get(pk=pk))


class Native(Engine):
    """A native engine that indexes the words that our analysis gives."""

    @abstractmethod
    def add(self, documents: Iterator[tuple[int, dict[str, str]]]) -> None:
        """Indexes documents: ids, and the words of each field separated by spaces."""

    def build(self) -> None:
        from archive.models import Article

        self.path.mkdir(parents=True)
        articles = Article.objects.published().select_related("issue").iterator(chunk_size=500)
        self.add((article.pk, _fields(article)) for article in articles)


class Fts5(Native):
    """SQLite's full-text index, ranked by its bm25()."""

    name = "FTS5"

    def add(self, documents: Iterator[tuple[int, dict[str, str]]]) -> None:
        self._connect()
        self._connection.execute(
            # The words are cut already: punctuation inside a word is part of it.
            "CREATE VIRTUAL TABLE articles USING fts5(text, title, lead, tokenize=\"ascii tokenchars '.+-/&_'\")"
        )
        with self._connection:
            self._connection.executemany(
                "INSERT INTO articles (rowid, text, title, lead) VALUES (?, ?, ?, ?)",
                ((pk, *fields.values()) for pk, fields in documents),
            )
            self._connection.execute("INSERT INTO articles (articles) VALUES ('optimize')")

    def open(self) -> None:
        self._connect()
        self.search("预热")

    def search(self, text: str) -> Answer:
        question = _fts5_question(text)
        ids = self._connection.execute(
            f"SELECT rowid FROM articles WHERE articles MATCH ? ORDER BY bm25(articles, 1, 2, 0.5) LIMIT {LIMIT}",  # noqa: S608
            (question,),
        ).fetchall()
        total = len(ids)
        if total == LIMIT:
            (total,) = self._connection.execute(
                "SELECT count(*) FROM articles WHERE articles MATCH ?", (question,)
            ).fetchone()
        return Answer(total, [pk for (pk,) in ids])

    def change(self, pk: int, body: str) -> None:
        fields = _fields(_store(pk, body))
        with self._connection:
            self._connection.execute("DELETE FROM articles WHERE rowid = ?", (pk,))
            self._connection.execute(
                "INSERT INTO articles (rowid, text, title, lead) VALUES (?, ?, ?, ?)", (pk, *fields.values())
            )

    def _connect(self) -> None:
        self._connection = sqlite3.connect(self.path / "fts5.sqlite3")
        self._connection.execute("PRAGMA journal_mode=WAL")


class Tantivy(Native):
    """tantivy (Rust), with a tokenizer that splits at spaces."""

    name = "tantivy"

    def add(self, documents: Iterator[tuple[int, dict[str, str]]]) -> None:
        self._open()
        writer = self._index.writer(256_000_000)
        for pk, fields in documents:
            writer.add_document(self._document(pk, fields))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        self._open()
        self.search("预热")

    def search(self, text: str) -> Answer:
        found = self._searcher.search(self._question(text), LIMIT, count=True)
        return Answer(found.count, [self._searcher.doc(address)["id"][0] for _score, address in found.hits])

    def change(self, pk: int, body: str) -> None:
        fields = _fields(_store(pk, body))
        writer = self._index.writer(50_000_000, 1)
        writer.delete_documents("id", pk)
        writer.add_document(self._document(pk, fields))
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def _open(self) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("id", stored=True, indexed=True)
        for name in WEIGHTS:
            builder.add_text_field(name, tokenizer_name="words")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, str(self.path))
        self._index.register_tokenizer(
            "words", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )
        self._index.reload()
        self._searcher = self._index.searcher()

    def _document(self, pk: int, fields: dict[str, str]) -> Any:
        import tantivy

        document = tantivy.Document()
        document.add_integer("id", pk)
        for name, words in fields.items():
            document.add_text(name, words)
        return document

    def _question(self, text: str) -> Any:
        from tantivy import Occur, Query

        words, is_phrase = _words_of_query(text)
        if is_phrase and len(words) > 1:
            return Query.phrase_query(self._schema, "text", words)
        parts = []
        for word in words:
            parts.append((Occur.Must, Query.term_query(self._schema, "text", word)))
            parts += [
                (Occur.Should, Query.boost_query(Query.term_query(self._schema, name, word), weight))
                for name, weight in WEIGHTS.items()
                if name != "text"
            ]
        return Query.boolean_query(parts)


ENGINES: dict[str, type[Engine]] = {
    engine.name: engine for engine in (Ours, OursAnew, OursWithPage, Fts5, Tantivy, OnOpenSearch, Stock)
}


def _fields(article: Any) -> dict[str, str]:
    """Returns the words of each field of our index as text, separated by spaces."""
    from search.search_indexes import ArticleIndex
    from search.text.analysis import words

    lead = ArticleIndex().prepare_lead(article)
    return {
        "text": " ".join(words(article.text)),
        "title": " ".join(words(article.title)),
        "lead": " ".join(words(lead)),
    }


def _store(pk: int, body: str) -> Any:
    from archive.models import Article

    Article.objects.filter(pk=pk).update(body=body)
    return Article.objects.select_related("issue").get(pk=pk)


def _words_of_query(text: str) -> tuple[list[str], bool]:
    from search.text.analysis import units

    asked = [word for unit in units(text.strip('"')) for word in unit.forms[0]]
    return asked, text.startswith('"')


def _fts5_question(text: str) -> str:
    words, is_phrase = _words_of_query(text)
    quoted = [" ".join(words)] if is_phrase else words
    return " ".join('"' + word.replace('"', '""') + '"' for word in quoted)
