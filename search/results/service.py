"""A search from beginning to end: what was asked → the articles that answer it, as page and API show them.

    parse ─► engine ─► nothing? corrected ─► relaxed ─► articles read through published() ─► marked

This is the one place where these meet: none of them calls another.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString
from haystack.query import SearchQuerySet

from archive import addresses
from archive.models import Article
from glossary.vocabulary import current_vocabulary
from search.engines.base import Counts, IndexQuery, IndexUnavailable, Unsupported
from search.engines.documents import DocumentId
from search.engines.registry import current_engine, engine_for
from search.indexing import visible
from search.query.describe import describe
from search.query.parser import MAX_LENGTH, Query, parse
from search.query.tree import MAX_UNITS, And, Leaf, Node, leaves_out, positive_leaves, relaxed
from search.results import proposals
from search.results.highlighting import Highlighter
from search.results.request import SearchRequest

logger = logging.getLogger(__name__)

ORDERS = {"relevance": [], "newest": ["-end_date"], "oldest": ["end_date"]}
FACETS = ("year", "month", "columnist", "term")
_TOO_LONG = f"检索词太长，只用了前 {MAX_LENGTH} 个字。"
_LITERAL = "只有要排除的词，没有要找的词，所以减号也当作文字来找。"
_LEAVES_OUT = f"检索词很多，放宽时只看了前面的 {MAX_UNITS} 个。"
_REBUILDING = "索引正在更新，这次是直接在文库里逐篇查找的，结果没有按相关度排序。"
_NO_INDEX = "这里没有索引，是直接在文库里逐篇查找的，结果没有按相关度排序。"

Facets = dict[str, Counts]
"""Facet → its values with their counts."""


@dataclass(frozen=True)
class Hit:
    """An article that answers, with its title and best passage marked."""

    article: Article
    title: SafeString
    snippet: SafeString
    url: str
    """Leads to the passage, where it stands in a paragraph of its own."""
    score: float
    reasons: Sequence[tuple[str, float]] = ()
    """What each part of the query adds to the score, when an explanation was asked for."""


@dataclass(frozen=True)
class Correction:
    """What is shown in place of a query that nothing answers, and how many articles answer it."""

    query: str
    total: int


@dataclass(frozen=True)
class SearchResults:
    """The answer to a search: one page of it."""

    results: Sequence[Hit]
    total: int
    page: int
    took_ms: float
    facets: Facets
    reading: str
    """How the query was read, in words; empty when it is the one thing that was typed."""
    is_relaxed: bool = False
    """Nothing holds all that was asked for; these hold most of it."""
    corrected: Correction | None = None
    """Nothing answers the query as typed; these answer what was probably meant."""
    notice: str = ""
    """What else is out of the ordinary about this answer; usually empty."""


@dataclass(frozen=True)
class _Page:
    """Ids and scores of one page of matches."""

    total: int
    number: int = 1
    scores: dict[int, float] = field(default_factory=dict)
    facets: Facets = field(default_factory=dict)


@dataclass(frozen=True)
class _Answer:
    """A page of what answers a query, or another that took its place."""

    page: _Page
    query: Query
    is_relaxed: bool = False
    notice: str = ""


def find(asked: SearchRequest) -> SearchResults | None:
    """Answers a search; None when nothing was asked. A page past the last one is the last one.

    What nothing answers is looked up as what it probably was meant to be, then with most of its words in place
    of all of them; the answer says so. Takes two SQL queries however much there is: one for what was withdrawn
    a moment ago, one for the page's articles, through `published()`; and one now and then that asks whether
    the glossary has changed.
    """
    started = time.perf_counter()
    query = parse(asked.q, current_vocabulary())
    if query.effective_tree is None:
        return None
    try:
        with visible.pinned():
            answer = _answer(query, query.effective_tree, asked)
            reasons = _reasons(answer, asked)
    except IndexUnavailable as reason:
        logger.warning("answered from the database: %s", reason)
        answer = _read_through(query, query.effective_tree, asked, reason)
        reasons = {}
    page, shown = answer.page, answer.query
    said = [_TOO_LONG if query.is_cut else "", _LITERAL if query.is_literal else "", answer.notice]
    return SearchResults(
        results=_hits(page, shown, asked, reasons),
        total=page.total,
        page=page.number,
        took_ms=round((time.perf_counter() - started) * 1000, 1),
        facets=page.facets,
        reading=describe(shown.tree) if shown.tree != Leaf(shown.text) else "",
        is_relaxed=answer.is_relaxed,
        corrected=Correction(shown.text, page.total) if shown is not query else None,
        notice="".join(said),
    )


def count(query: Query, asked: SearchRequest) -> int:
    """Returns how many articles answer `query` under the filters of `asked`."""
    if query.effective_tree is None:
        return 0
    node = _filtered(query.effective_tree, asked)
    try:
        with visible.pinned():
            return current_engine().counts([node])[0]
    except IndexUnavailable:
        return engine_for("database://").counts([node])[0]


def _answer(query: Query, tree: Node, asked: SearchRequest) -> _Answer:
    """Looks a query up; where nothing answers, the first proposal that anything does, then a looser version of it."""
    page = _look_up(tree, asked)
    if page.total:
        return _Answer(page, query)
    for text in proposals.corrections(query):
        proposal = parse(text, current_vocabulary())
        if (
            proposal.effective_tree is not None
            and (corrected := _look_up(proposal.effective_tree, asked)).total
        ):
            return _Answer(corrected, proposal)
    loose = relaxed(query.tree) if query.tree else None
    if loose is None:
        return _Answer(_Page(0), query)
    page = _look_up(loose, asked)
    is_cut = page.total > 0 and leaves_out(loose, current_vocabulary())
    return _Answer(page, query, is_relaxed=page.total > 0, notice=_LEAVES_OUT if is_cut else "")


def _look_up(node: Node, asked: SearchRequest) -> _Page:
    found = SearchQuerySet().filter(content=_filtered(node, asked)).order_by(*ORDERS[asked.sort])
    for facet in FACETS:
        found = found.facet(facet)
    number, size = asked.page, asked.page_size
    rows = found[(number - 1) * size : number * size]
    total = len(found)
    if not rows:
        number = max(1, -(-total // size))
    if not rows and total:
        rows = found[(number - 1) * size : number * size]
    counted = found.facet_counts()["fields"]
    return _Page(total, number, {int(row.pk): row.score for row in rows}, counted)


def _filtered(node: Node, asked: SearchRequest) -> Node:
    conditions = asked.filters()
    return And((node, *conditions)) if conditions else node


def _read_through(query: Query, tree: Node, asked: SearchRequest, reason: IndexUnavailable) -> _Answer:
    """Answers from the database, by date: the last resort."""
    sort_by = ORDERS[asked.sort] or ORDERS["newest"]
    found = engine_for("database://").search(IndexQuery(_filtered(tree, asked), tuple(sort_by)))
    number = max(1, min(asked.page, -(-found.total // asked.page_size)))
    shown = found.documents[(number - 1) * asked.page_size : number * asked.page_size]
    page = _Page(found.total, number, {document.pk: document.score for document in shown})
    return _Answer(page, query, notice=_NO_INDEX if isinstance(reason, Unsupported) else _REBUILDING)


def _reasons(answer: _Answer, asked: SearchRequest) -> dict[int, list[tuple[str, float]]]:
    """What each part of the query adds to the score of each article, the most first, when that was asked for."""
    if not asked.explain:
        return {}
    leaves = [leaf for leaf in dict.fromkeys(positive_leaves(answer.query.effective_tree)) if leaf.run]
    reasons = {}
    for pk, score in answer.page.scores.items():
        if score:
            scores = current_engine().scores(leaves, DocumentId("article", pk))
            parts = [(leaf.text, part) for leaf, part in zip(leaves, scores, strict=True) if part]
            reasons[pk] = sorted(parts, key=lambda item: -item[1])
    return reasons


def _hits(
    page: _Page, query: Query, asked: SearchRequest, reasons: dict[int, list[tuple[str, float]]]
) -> Sequence[Hit]:
    """Reads the articles of a page again: the index proposes, the database decides."""
    articles = Article.objects.published().select_related("issue").in_bulk(list(page.scores))
    highlighter = Highlighter(query.tree, current_vocabulary())
    asked_for = f"?{addresses.parameters([('q', query.text)])}" if asked.is_short_enough_for(20) else ""
    hits = []
    for pk, score in page.scores.items():
        if article := articles.get(pk):
            passage = highlighter.best_passage((block.anchor, block.text) for block in article.blocks)
            anchor = f"#{passage.anchor}" if passage.anchor else ""
            hits.append(
                Hit(
                    article=article,
                    title=highlighter.highlight(article.title),
                    snippet=passage.html,
                    url=f"{article.get_absolute_url()}{asked_for}{anchor}",
                    score=score,
                    reasons=reasons.get(pk, ()),
                )
            )
    return hits
