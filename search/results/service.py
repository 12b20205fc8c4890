"""A search from beginning to end: what was asked → the articles that answer it, as page and API show them.

    parse ─► engine ─► nothing? corrected ─► relaxed ─► articles read through published() ─► marked
             └► issues that answer by their own words ─► read through published() ─► marked

This is the one place where these meet: none of them calls another.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.safestring import SafeString

from archive import addresses
from archive.body import blocks_of
from archive.published import PublishedArticle, published_articles
from glossary.vocabulary import current_vocabulary
from search.engines.base import Counts, Hits, IndexQuery, IndexUnavailable, Unsupported
from search.engines.documents import DocumentId
from search.engines.registry import current_engine, engine_for
from search.indexing import visible
from search.query.describe import reading_of
from search.query.parser import MAX_LENGTH, parse
from search.query.query import Query
from search.query.tree import And, Node, positive_leaves
from search.results import proposals
from search.results.facets import Counted
from search.results.highlighting import Highlighter
from search.results.issues import MOST_SHOWN, NO_ISSUES, FoundIssues, IssueHit, find_issues, read_issues
from search.results.reading import read
from search.results.relaxing import MOST_WORDS, Group, Relaxed, missing, relax
from search.results.request import ANY_OF, SearchRequest

logger = logging.getLogger(__name__)

ORDERS = {"relevance": (), "newest": ("-end_date",), "oldest": ("end_date",)}
FACETS = (*ANY_OF, "term")
MOST_VERBATIM = 3
_TOO_LONG = f"搜索内容太长，只用了前 {MAX_LENGTH} 个字。"
_LITERAL = "只写了要排除的词，所以按原样搜索。请再加一个要找的词。"
_LEAVES_OUT = f"关键词很多，只看了前面的 {MOST_WORDS} 个。"
_REBUILDING = "搜索正在更新，结果暂时不按相关度排列。"
_NO_INDEX = "这里的结果不按相关度排列，按日期从新到旧。"

Facets = Mapping[str, Counts]
"""Facet → its values with their counts. The engine may keep them: nobody changes them."""


@dataclass(frozen=True)
class Hit:
    """An article that answers, with its title and best passage marked."""

    article: PublishedArticle
    title: SafeString
    snippet: SafeString
    url: str
    """Leads to the passage, where it stands in a paragraph of its own."""
    score: float
    reasons: Sequence[tuple[str, float]] = ()
    """What each part of the query adds to the score, when an explanation was asked for."""
    missing: Sequence[str] = ()
    """The words of a relaxed query that it does not hold."""
    group: Group | None = None
    """The group that begins with it on this page."""


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
    """Counts over the results."""
    reading: str
    """How the query was read, in words; empty when that says nothing new, or is not what is shown."""
    typed: Query
    query: Query
    """What is shown: the query as typed, or another in its place."""
    relaxed: Relaxed | None = None
    """Nothing holds all that was asked for; these hold some of it."""
    corrected: Correction | None = None
    """Nothing answers the query as typed; these answer what was probably meant."""
    notice: str = ""
    """What else is out of the ordinary about this answer; usually empty."""
    literal_count: int | None = None
    """How many articles answer the query with its dates taken as text; None without dates, or where nothing counts."""
    verbatim: Sequence[Hit] = ()
    """Articles of other days than those of the query that hold it letter for letter: the best, on the first page."""
    verbatim_total: int = 0
    wider: Facets = field(default_factory=dict)
    """Of each group of ANY_OF in which something is set: counts over what would be found without that."""
    issues: Sequence[IssueHit] = ()
    """Issues that answer the query as typed by their own words: the first of them, on the first page."""
    issues_total: int = 0

    @property
    def is_answered(self) -> bool:
        """Whether anything answers, be it issues alone."""
        return bool(self.total or self.issues_total)

    @property
    def shown_issues(self) -> Sequence[IssueHit]:
        """The issues above the articles; of words that many issues say (`投资建议`), the newest alone."""
        is_common = len(self.issues) == MOST_SHOWN < self.issues_total and self.total and not self.typed.dates
        return self.issues[:1] if is_common else self.issues

    @property
    def more_issues(self) -> int:
        return self.issues_total - len(self.shown_issues)

    @property
    def is_relaxed(self) -> bool:
        return self.relaxed is not None

    @property
    def has_reasons(self) -> bool:
        """Whether hits say why they stand where they do: in a relaxed answer, their groups say it."""
        return self.relaxed is None

    @property
    def more_verbatim(self) -> int:
        return self.verbatim_total - len(self.verbatim)

    @property
    def counted(self) -> Counted:
        return Counted(self.total, self.facets, self.wider)


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
    relaxed: Relaxed | None = None
    notice: str = ""
    missing: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    verbatim: _Page = field(default_factory=lambda: _Page(0))
    literal_count: int | None = None
    issues: FoundIssues = NO_ISSUES


def find(asked: SearchRequest) -> SearchResults | None:
    """Answers a search; None when nothing was asked. A page past the last one is the last one.

    What nothing answers is looked up as what it probably was meant to be, then with most of its words in place
    of all of them; the answer says so. Takes two SQL queries however much there is: one for what was withdrawn
    a moment ago, one for the page's articles, through `published()`; one for issues where there are any; and one
    now and then that asks whether the glossary has changed.
    """
    started = time.perf_counter()
    query = read(asked.q)
    if query.effective_tree is None:
        return None
    try:
        with visible.pinned():
            answer = _on_its_days(_answer(query, query.effective_tree, asked), query, asked)
            reasons = _reasons(answer, asked)
            is_direct = answer.query is query and not answer.relaxed
            wider = _wider(query.effective_tree, asked) if is_direct else {}
    except IndexUnavailable as reason:
        logger.warning("answered from the database: %s", reason)
        answer = _read_through(query, query.effective_tree, asked, reason)
        reasons, wider = {}, {}
    page, shown = answer.page, answer.query
    said = [_TOO_LONG if query.is_cut else "", _LITERAL if query.is_literal else "", answer.notice]
    verbatim, hits = _hits(answer, asked, reasons)
    return SearchResults(
        results=hits,
        total=page.total,
        page=page.number,
        took_ms=round((time.perf_counter() - started) * 1000, 1),
        facets=page.facets,
        wider=wider,
        reading="" if answer.relaxed else reading_of(shown),
        typed=query,
        query=shown,
        relaxed=answer.relaxed,
        corrected=Correction(shown.text, page.total) if shown is not query else None,
        notice="".join(said),
        literal_count=answer.literal_count,
        verbatim=verbatim,
        verbatim_total=answer.verbatim.total,
        issues=read_issues(answer.issues, query),
        issues_total=answer.issues.total,
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
    """Looks a query up; where nothing answers, the first proposal that anything does, then a looser version of it.

    An issue that answers by its own words is an answer: nothing else takes its place.
    """
    page = _look_up(tree, asked)
    if not page.total and (dated := _first_answered(proposals.with_dates(query), asked)):
        return dated
    issues = find_issues(query, asked, page.number, ORDERS[asked.sort], current_engine())
    if page.total or issues.total:
        return _Answer(page, query, issues=issues)
    if corrected := _first_answered(proposals.corrections(query), asked):
        return corrected
    loose = relax(query, asked.filters())
    if loose is None:
        return _first_answered(proposals.alternatives(query), asked) or _Answer(page, query)
    page = _page_of_groups(loose, asked)
    notice = _LEAVES_OUT if loose.is_cut else ""
    return _Answer(page, query, loose, notice, missing(loose.words, [*page.scores]))


def _first_answered(texts: Iterable[str], asked: SearchRequest) -> _Answer | None:
    """The answer to the first of these queries that anything answers."""
    for text in texts:
        proposal = read(text)
        if proposal.effective_tree is not None and (page := _look_up(proposal.effective_tree, asked)).total:
            return _Answer(page, proposal)
    return None


def _on_its_days(answer: _Answer, query: Query, asked: SearchRequest) -> _Answer:
    """Adds what holds a query with dates letter for letter on other days, and how many take its dates as text."""
    if query.verbatim is None:
        return answer
    found = current_engine().search(IndexQuery(_filtered(query.verbatim, asked), end=MOST_VERBATIM))
    verbatim = _Page(found.total, scores=_scores(found) if asked.page == 1 else {})
    return replace(
        answer, verbatim=verbatim, literal_count=count(parse(query.literally, current_vocabulary()), asked)
    )


def _page_of_groups(relaxed: Relaxed, asked: SearchRequest) -> _Page:
    """One page of the groups, one after the other; without groups, the best of all."""
    if not relaxed.groups:
        return _look_up(relaxed.node, asked)
    everything = _look_up(relaxed.node, replace(asked, page=1, page_size=1))
    total = sum(group.count for group in relaxed.groups)
    number = max(1, min(asked.page, -(-total // asked.page_size)))
    scores: dict[int, float] = {}
    start, end = (number - 1) * asked.page_size, number * asked.page_size
    for group in relaxed.groups:
        if start < group.count and end > 0:
            node = _filtered(group.node, asked)
            shown = IndexQuery(node, ORDERS[asked.sort], max(start, 0), min(end, group.count))
            scores |= _scores(current_engine().search(shown))
        start, end = start - group.count, end - group.count
    return _Page(total, number, scores, everything.facets)


def _look_up(node: Node, asked: SearchRequest) -> _Page:
    number, size = asked.page, asked.page_size
    page = IndexQuery(
        _filtered(node, asked), ORDERS[asked.sort], (number - 1) * size, number * size, facets=FACETS
    )
    found = current_engine().search(page)
    if not found.documents:
        number = max(1, -(-found.total // size))
    if not found.documents and found.total:
        found = current_engine().search(replace(page, start=(number - 1) * size, end=number * size))
    return _Page(found.total, number, _scores(found), found.facets)


def _scores(found: Hits) -> dict[int, float]:
    return {document.pk: document.score for document in found.documents}


def _wider(node: Node, asked: SearchRequest) -> Facets:
    """Counts each group in which something is set as it would be without: what another value of it would add."""
    return {
        facet: current_engine()
        .search(IndexQuery(_filtered(node, asked.without(facet)), ("-end_date",), end=0, facets=(facet,)))
        .facets[facet]
        for facet in ANY_OF
        if getattr(asked, facet)
    }


def _filtered(node: Node, asked: SearchRequest) -> Node:
    conditions = asked.filters()
    return And((node, *conditions)) if conditions else node


def _read_through(query: Query, tree: Node, asked: SearchRequest, reason: IndexUnavailable) -> _Answer:
    """Answers from the database, by date: the last resort."""
    sort_by = ORDERS[asked.sort] or ORDERS["newest"]
    found = engine_for("database://").search(IndexQuery(_filtered(tree, asked), sort_by))
    number = max(1, min(asked.page, -(-found.total // asked.page_size)))
    shown = found.documents[(number - 1) * asked.page_size : number * asked.page_size]
    page = _Page(found.total, number, {document.pk: document.score for document in shown})
    return _Answer(
        page,
        query,
        notice=_NO_INDEX if isinstance(reason, Unsupported) else _REBUILDING,
        verbatim=_read_verbatim(query, asked, sort_by),
        issues=find_issues(query, asked, number, sort_by, engine_for("database://")),
    )


def _read_verbatim(query: Query, asked: SearchRequest, sort_by: tuple[str, ...]) -> _Page:
    if query.verbatim is None:
        return _Page(0)
    found = engine_for("database://").search(IndexQuery(_filtered(query.verbatim, asked), sort_by))
    shown = found.documents[:MOST_VERBATIM] if asked.page == 1 else []
    return _Page(found.total, scores={document.pk: document.score for document in shown})


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
    answer: _Answer, asked: SearchRequest, reasons: Mapping[int, list[tuple[str, float]]]
) -> tuple[list[Hit], list[Hit]]:
    """Reads the articles of a page again, the verbatim ones too: the index proposes, the database decides."""
    page, query = answer.page, answer.query
    scores = answer.verbatim.scores | page.scores
    articles = published_articles([*scores])
    highlighter = Highlighter(query.marked, answer.relaxed.terms if answer.relaxed else current_vocabulary())
    asked_for = f"?{addresses.parameters([('q', query.text)])}" if asked.is_short_enough_for(20) else ""
    hits = {}
    for pk, score in scores.items():
        if article := articles.get(pk):
            passage = highlighter.best_passage(
                (block.anchor, block.text) for block in blocks_of(article.body)
            )
            anchor = f"#{passage.anchor}" if passage.anchor else ""
            hits[pk] = Hit(
                article=article,
                title=highlighter.highlight(article.title),
                snippet=passage.html,
                url=f"{article.get_absolute_url()}{asked_for}{anchor}",
                score=score,
                reasons=reasons.get(pk, ()),
                missing=answer.missing.get(pk, ()),
            )
    shown = [hits[pk] for pk in page.scores if pk in hits]
    return [hits[pk] for pk in answer.verbatim.scores if pk in hits], _with_groups(shown, answer.relaxed)


def _with_groups(hits: list[Hit], relaxed: Relaxed | None) -> list[Hit]:
    """The hits of a relaxed answer, the first of each group with the group that it begins."""
    if relaxed is None:
        return hits
    groups = {group.held: group for group in relaxed.groups}
    grouped: list[Hit] = []
    last = -1
    for hit in hits:
        held = len(relaxed.words) - len(hit.missing)
        grouped.append(hit if held == last else replace(hit, group=groups.get(held)))
        last = held
    return grouped
