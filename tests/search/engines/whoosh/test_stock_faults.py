"""Faults of Haystack's own Whoosh backend: each is shown on the stock stack, and absent in ours.

A stock fault that a newer Haystack mends fails here, and its workaround may go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.db.models.signals import post_save
from haystack import connections
from whoosh.index import open_dir

from archive.models import Article, Issue
from benchmarks.stock.connection import ALIAS
from search.engines.registry import current_engine
from search.indexing import sync
from search.results.request import SearchRequest
from search.results.service import find
from search.search_indexes import ArticleIndex
from tests.search.stock import stock_path, stock_total, total
from tests.writing import create, delete, save

pytestmark = pytest.mark.django_db(transaction=True)


def test_h1_a_deletion_during_another_write_is_lost(issue_of_seven: Issue, stock: Any) -> None:
    article = issue_of_seven.articles.get(position=1)
    writer = open_dir(str(stock_path())).writer()
    stock.remove(article)  # says nothing
    writer.cancel()
    assert stock_total(stock) == 7

    with current_engine().lock("write", 0):
        delete(article)
        assert total() == 6
    sync.drain()
    assert connections["default"].get_backend().search("common")["hits"] == 6


def test_h3_an_error_in_one_article_leaves_the_index_unlocked(issue_of_seven: Issue) -> None:
    """The stock backend keeps its lock then; to show it would hang this process as it hangs `update_index`."""

    class Torn:
        def __getattr__(self, name: str) -> object:
            raise OSError("the database went away")

    articles: list[Any] = [issue_of_seven.articles.get(position=1), Torn()]
    with pytest.raises(OSError, match="went away") as kept:
        connections["default"].get_backend().update(ArticleIndex(), articles)
    assert kept  # as the command keeps it, with all that its frames hold
    delete(issue_of_seven.articles.get(position=2))
    assert (total(), bool(sync.waiting())) == (6, False)


def test_h4_a_rebuild_begins_with_an_empty_index(issue_of_seven: Issue, stock: Any) -> None:
    totals: list[int] = []

    def watched(articles: Any, number: int, ask: Any) -> Iterator[Article]:
        for article in articles:
            totals.append(ask())
            yield article

    stock.clear()
    index = connections[ALIAS].get_unified_index().get_index(Article)
    stock.update(index, list(watched(index.index_queryset(), 7, lambda: stock_total(stock))))
    assert set(totals) == {0}

    totals.clear()
    sync.rebuild(lambda articles, number: watched(articles, number, total))
    assert set(totals) == {7}


def test_h9_text_that_was_rolled_back_is_found(issue_of_seven: Issue, stock: Any) -> None:
    def index_at_once(sender: type[Article], instance: Article, **kwargs: Any) -> None:
        """As Haystack's RealtimeSignalProcessor.handle_save does, for this connection only."""
        connections[ALIAS].get_unified_index().get_index(Article).update_object(instance, using=ALIAS)

    post_save.connect(index_at_once, sender=Article)
    try:
        with transaction.atomic():
            create(Article, issue=issue_of_seven, position=8, title="secret", body="<p>secret</p>")
            transaction.set_rollback(True)
    finally:
        post_save.disconnect(index_at_once, sender=Article)
    assert stock_total(stock, "secret") == 1
    assert total("secret") == 0


def test_h10_the_last_page_repeats_rows_and_leaves_others_out(issue_of_seven: Issue, stock: Any) -> None:
    first = stock.search("common", start_offset=0, end_offset=5)["results"]
    last = stock.search("common", start_offset=5, end_offset=7)["results"]
    seen = [row.pk for row in [*first, *last]]
    assert len(set(seen)) < 7

    pages = [find(SearchRequest("common", page=page, page_size=5)) for page in (1, 2)]
    assert len({hit.article.pk for found in pages if found for hit in found.results}) == 7


def test_h20_h21_chinese_phrases_and_everything_find_nothing(issue_of_seven: Issue, stock: Any) -> None:
    article = issue_of_seven.articles.get(position=1)
    article.body = "<p>先进封装与出口管制。</p>"
    save(article)
    connections[ALIAS].get_unified_index().get_index(Article).update_object(article, using=ALIAS)
    assert stock_total(stock, '"先进封装"') == 0
    assert stock_total(stock, "*") == 0
    assert total('"先进封装"') == 1
    assert connections["default"].get_backend().search("")["hits"] == 7
