"""The stock stack as its own documentation sets it up: Haystack's Whoosh engine with jieba's ChineseAnalyzer.

    text field with document=True ─ build_schema with ChineseAnalyzer ─ SearchQuerySet().auto_query(q)

Nothing is tuned and nothing is repaired. Needs Django to be set up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jieba
from django.db.models import QuerySet
from haystack import connections, indexes
from haystack.backends.whoosh_backend import WhooshEngine, WhooshSearchBackend
from haystack.query import SearchQuerySet
from jieba.analyse import ChineseAnalyzer
from whoosh.fields import TEXT, Schema

from archive.models import Article

ALIAS = "stock"


class StockBackend(WhooshSearchBackend):
    """Haystack's Whoosh backend; every text field is cut by jieba instead of by the English stemmer."""

    def build_schema(self, fields: dict[str, Any]) -> tuple[str, Schema]:
        content_field, schema = super().build_schema(fields)
        for name in schema.names():
            if isinstance(schema[name], TEXT):
                schema[name].analyzer = ChineseAnalyzer()
        return content_field, schema


class StockEngine(WhooshEngine):
    backend = StockBackend


class StockIndex(indexes.SearchIndex, indexes.Indexable):
    """One field that holds the title and the text."""

    text = indexes.CharField(document=True, model_attr="text")

    def get_model(self) -> type[Article]:
        return Article

    def index_queryset(self, using: str | None = None) -> QuerySet[Article]:
        return Article.objects.published()


@contextmanager
def indexed(folder: Path) -> Iterator[None]:
    """Holds the archive in a stock index in `folder`, on a Haystack connection of its own."""
    jieba.setLogLevel("WARNING")
    jieba.dt.tmp_dir = str(folder)  # else its dictionary comes from a cache in /tmp that anyone may write
    connections.connections_info[ALIAS] = {
        "ENGINE": "benchmarks.stock.StockEngine",
        "PATH": str(folder / "stock"),
    }
    unified = connections[ALIAS].get_unified_index()
    unified.build(indexes=[StockIndex()])
    backend = connections[ALIAS].get_backend()
    index = unified.get_index(Article)
    try:
        backend.update(index, index.index_queryset())
        yield
    finally:
        del connections.connections_info[ALIAS]


def ask(q: str, page_size: int) -> list[int]:
    """Returns the keys of the articles on the first page."""
    found = SearchQuerySet().using(ALIAS).auto_query(q)[:page_size]
    return [int(result.pk) for result in found]
