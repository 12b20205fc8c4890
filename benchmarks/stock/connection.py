"""Runs the stock stack beside ours in one process, on a Haystack connection of its own.

    text field with document=True ─ build_schema with ChineseAnalyzer ─ SearchQuerySet().auto_query(q)

Nothing is tuned and nothing is repaired. Needs Django to be set up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jieba
from haystack import connections
from haystack.query import SearchQuerySet

from archive.models import Article
from benchmarks.stock.search_indexes import ArticleIndex

ALIAS = "stock"


@contextmanager
def indexed(folder: Path) -> Iterator[None]:
    """Indexes the archive with the stock engine in `folder`, for the duration of the block."""
    jieba.setLogLevel("WARNING")
    jieba.dt.tmp_dir = str(folder)  # else its dictionary comes from a cache in /tmp that anyone may write
    connections.connections_info[ALIAS] = {
        "ENGINE": "benchmarks.stock.engine.ChineseWhooshEngine",
        "PATH": str(folder / "stock"),
    }
    unified = connections[ALIAS].get_unified_index()
    unified.build(indexes=[ArticleIndex()])
    backend = connections[ALIAS].get_backend()
    index = unified.get_index(Article)
    try:
        backend.update(index, index.index_queryset())
        yield
    finally:
        del connections.connections_info[ALIAS]
        # Haystack keeps the connection for this thread, so a later one would answer from this index.
        del connections.thread_local.connections[ALIAS]


def ask(q: str, page_size: int) -> list[int]:
    """Returns the keys of the articles on the first page."""
    found = SearchQuerySet().using(ALIAS).auto_query(q)[:page_size]
    return [int(result.pk) for result in found]
