"""A search from beginning to end: what was asked → the articles that answer it, as page and API show them."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils.safestring import SafeString
from haystack.query import SearchQuerySet

from archive import addresses
from archive.models import Article
from glossary.vocabulary import current_vocabulary
from search.engines import database as scanning
from search.engines.whoosh.evaluation import leaves_out
from search.engines.whoosh.generations import IndexUnavailable
from search.engines.whoosh.schema import date_number
from search.indexing import visible
from search.query.describe import describe
from search.query.parser import MAX_LENGTH, Query, parse
from search.query.tree import MAX_UNITS, About, And, Leaf, Node, Where, relaxed
from search.results import explanation as explaining
from search.results import proposals
from search.results.highlighting import Highlighter

logger = logging.getLogger(__name__)

ORDERS = {"relevance": [], "newest": ["-end_date"], "oldest": ["end_date"]}
_LEAVES_OUT = f"检索词很多，放宽时只看了前面的 {MAX_UNITS} 个。"
FACETS = ("year", "month", "columnist", "term")

Facets = dict[str, list[tuple[str, int]]]


MAX_LINK_BYTES = 12_000
"""Of a page of 80,000 with its style sheets, what its links may take to repeat the query."""


@dataclass(frozen=True)
class Asked:
    """A search as it was asked: the query, its filters, its order, and which page of the answer."""

    q: str
    sort: str = "relevance"
    year: int | None = None
    month: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    """The first and the last day on which an issue may end: a week of a chart leads to its articles by them."""
    term: str = ""
    columnist: str = ""
    explain: bool = False
    page: int = 1
    page_size: int = 20

    def filters(self) -> list[Node]:
        """The filters as conditions. A month without its year is none."""
        conditions: list[Node] = []
        if self.year:
            first = self.year * 10_000 + (self.month or 1) * 100 + 1
            last = self.year * 10_000 + (self.month or 12) * 100 + 31
            conditions.append(Where("end_date", "range", (first, last)))
        if self.since or self.until:
            first_day, last_day = self.since or dt.date.min, self.until or dt.date.max
            conditions.append(Where("end_date", "range", (date_number(first_day), date_number(last_day))))
        if self.columnist:
            conditions.append(Where("columnist", "exact", self.columnist))
        if self.term:
            conditions.append(About(self.term))
        return conditions

    def is_short_enough_for(self, links: int) -> bool:
        """Whether a page can repeat the query in so many links and stay light (MAX_LINK_BYTES)."""
        return links * len(self.q.encode(errors="replace")) <= MAX_LINK_BYTES


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
class Found:
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


def find(asked: Asked) -> Found | None:
    """Answers a search; None when nothing was asked. A page past the last one is the last one.

    What nothing answers is looked up as what it probably was meant to be, then with most of its words in place
    of all of them; the answer says so. Takes two SQL queries however much there is: one for what was withdrawn
    a moment ago, one for the page's articles, through `published()`; and one now and then that asks whether
    the glossary has changed.
    """
    started = time.perf_counter()
    query = parse(asked.q, current_vocabulary())
    if query.asked is None:
        return None
    notice = f"检索词太长，只用了前 {MAX_LENGTH} 个字。" if query.is_cut else ""
    if query.is_literal:
        notice += "只有要排除的词，没有要找的词，所以减号也当作文字来找。"
    shown, corrected, is_relaxed = query, None, False
    try:
        with visible.one_state() as withdrawn:
            page = _look_up(query.asked, asked, withdrawn)
            if not page.total:
                shown, page = _corrected(query, asked, withdrawn)
                corrected = Correction(shown.text, page.total) if page.total else None
            if not page.total:
                page = _relaxed(query, asked, withdrawn)
                is_relaxed = page.total > 0
                notice += _LEAVES_OUT if is_relaxed and _is_too_long_to_relax(query) else ""
    except IndexUnavailable as reason:
        logger.warning("answered from the database: %s", reason)
        shown, corrected, is_relaxed = query, None, False
        page = _scan(query.asked, asked)
        notice += "索引正在更新，这次是直接在文库里逐篇查找的，结果没有按相关度排序。"
    articles = Article.objects.published().select_related("issue").in_bulk(list(page.scores))
    highlighter = Highlighter(shown.tree, current_vocabulary())
    asked_for = f"?{addresses.parameters([('q', shown.text)])}" if asked.is_short_enough_for(20) else ""
    return Found(
        results=[
            _hit(articles[pk], score, highlighter, shown, asked, asked_for)
            for pk, score in page.scores.items()
            if pk in articles
        ],
        total=page.total,
        page=page.number,
        took_ms=round((time.perf_counter() - started) * 1000, 1),
        facets=page.facets,
        reading=describe(shown.tree) if shown.tree != Leaf(shown.text) else "",
        is_relaxed=is_relaxed,
        corrected=corrected,
        notice=notice,
    )


def count(query: Query, asked: Asked) -> int:
    """How many articles answer `query` under the filters of `asked`."""
    if query.asked is None:
        return 0
    try:
        with visible.one_state() as withdrawn:
            return _look_up(query.asked, replace(asked, page_size=1), withdrawn).total
    except IndexUnavailable:
        return _scan(query.asked, asked).total


def _look_up(node: Node, asked: Asked, withdrawn: list[int]) -> _Page:
    conditions = asked.filters()
    found = SearchQuerySet().filter(content=And((node, *conditions)) if conditions else node)
    found = found.order_by(*ORDERS[asked.sort])
    if withdrawn:
        found = found.exclude(django_id__in=withdrawn)
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


def _corrected(query: Query, asked: Asked, withdrawn: list[int]) -> tuple[Query, _Page]:
    """The first proposal that anything answers."""
    for text in proposals.corrections(query):
        proposal = parse(text, current_vocabulary())
        if proposal.asked is not None:
            page = _look_up(proposal.asked, asked, withdrawn)
            if page.total:
                return proposal, page
    return query, _Page(0)


def _relaxed(query: Query, asked: Asked, withdrawn: list[int]) -> _Page:
    tree = relaxed(query.tree) if query.tree else None
    return _look_up(tree, asked, withdrawn) if tree else _Page(0)


def _is_too_long_to_relax(query: Query) -> bool:
    tree = relaxed(query.tree) if query.tree else None
    return tree is not None and leaves_out(tree, current_vocabulary())


def _scan(node: Node, asked: Asked) -> _Page:
    ids = scanning.find(And((node, *asked.filters())), current_vocabulary(), asked.sort)
    number = max(1, min(asked.page, -(-len(ids) // asked.page_size)))
    return _Page(
        len(ids), number, dict.fromkeys(ids[(number - 1) * asked.page_size : number * asked.page_size], 0.0)
    )


def _hit(
    article: Article, score: float, highlighter: Highlighter, query: Query, asked: Asked, asked_for: str
) -> Hit:
    passage = highlighter.best_passage((block.anchor, block.text) for block in article.blocks)
    anchor = f"#{passage.anchor}" if passage.anchor else ""
    return Hit(
        article=article,
        title=highlighter.highlight(article.title),
        snippet=passage.html,
        url=f"{article.get_absolute_url()}{asked_for}{anchor}",
        score=score,
        reasons=explaining.scores(query, article.pk) if asked.explain and score else (),
    )
