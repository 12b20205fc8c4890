"""A search from beginning to end: what was asked → the articles that answer it, as page and API show them."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from haystack.query import SearchQuerySet

from archive.models import Article
from search import scanning, sync
from search.backends.generations import IndexUnavailable
from search.highlighting import Highlighter
from search.query import MAX_LENGTH, And, Leaf, Node, Where, describe, parse

logger = logging.getLogger(__name__)

ORDERS = {"relevance": [], "newest": ["-end_date"], "oldest": ["end_date"]}


@dataclass(frozen=True)
class Hit:
    """An article that answers, with its title and best passage marked."""

    article: Article
    title: SafeString
    snippet: SafeString
    url: str
    """Leads to the passage, where it stands in a paragraph of its own."""
    score: float


@dataclass(frozen=True)
class Found:
    """The answer to a search: one page of it."""

    results: Sequence[Hit]
    total: int
    page: int
    took_ms: float
    reading: str
    """How the query was read, in words; empty when it is the one thing that was typed."""
    notice: str
    """What is out of the ordinary about this answer; usually empty."""


def find(
    q: str,
    *,
    sort: str = "relevance",
    year: int | None = None,
    month: int | None = None,
    columnist: str | None = None,
    page: int = 1,
    page_size: int = 20,
) -> Found | None:
    """Answers a search; None when nothing was asked. A page past the last one is the last one.

    Takes two SQL queries however much there is: one for what was withdrawn a moment ago, one for the page's
    articles, through `published()`.
    """
    started = time.perf_counter()
    query = parse(q)
    if query.asked is None:
        return None
    node = And((query.asked, *_filters(year, month, columnist)))
    notice = f"检索词太长，只用了前 {MAX_LENGTH} 个字。" if query.is_cut else ""
    if query.is_literal:
        notice += "只有要排除的词，没有要找的词，所以减号也当作文字来找。"
    try:
        total, page, scores = _from_index(node, sort, page, page_size)
    except IndexUnavailable as reason:
        logger.warning("answered from the database: %s", reason)
        total, page, scores = scanning.find(node, sort, page, page_size)
        notice += "索引正在更新，这次是直接在文库里逐篇查找的，结果没有按相关度排序。"
    articles = Article.objects.published().select_related("issue").in_bulk(list(scores))
    highlighter = Highlighter(query.tree)
    return Found(
        results=[_hit(articles[pk], score, highlighter) for pk, score in scores.items() if pk in articles],
        total=total,
        page=page,
        took_ms=round((time.perf_counter() - started) * 1000, 1),
        reading=describe(query.tree) if query.tree != Leaf(query.text) else "",
        notice=notice,
    )


def _from_index(node: Node, sort: str, page: int, page_size: int) -> tuple[int, int, dict[int, float]]:
    withdrawn = sync.withdrawn_articles()
    found = SearchQuerySet().filter(content=node).order_by(*ORDERS[sort])
    if withdrawn:
        found = found.exclude(django_id__in=withdrawn)
    rows = found[(page - 1) * page_size : page * page_size]
    total = len(found)
    if not rows and total:
        page = -(-total // page_size)
        rows = found[(page - 1) * page_size : page * page_size]
    return total, page, {int(row.pk): row.score for row in rows}


def _filters(year: int | None, month: int | None, columnist: str | None) -> list[Node]:
    filters: list[Node] = []
    if year:  # a month without its year is no filter
        first, last = year * 10_000 + (month or 1) * 100 + 1, year * 10_000 + (month or 12) * 100 + 31
        filters.append(Where("end_date", "range", (first, last)))
    if columnist:
        filters.append(Where("columnist", "exact", columnist))
    return filters


def _hit(article: Article, score: float, highlighter: Highlighter) -> Hit:
    passage = highlighter.best_passage((block.anchor, block.text) for block in article.blocks)
    url = article.get_absolute_url()
    return Hit(
        article=article,
        title=highlighter.highlight(article.title),
        snippet=passage.html,
        url=f"{url}#{passage.anchor}" if passage.anchor else url,
        score=score,
    )
