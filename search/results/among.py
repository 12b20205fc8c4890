"""Which of some articles answer each of many searches: what is news for those who follow them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from archive.models import Article
from glossary.vocabulary import current_vocabulary
from search.engines.base import Engine, IndexQuery, IndexUnavailable
from search.engines.registry import current_engine, engine_for
from search.indexing import visible
from search.query.tree import And, Everything, Node, Where
from search.results.highlighting import Highlighter, Passage
from search.results.reading import read
from search.results.request import SearchRequest


def node_of(asked: SearchRequest) -> Node | None:
    """Returns the conditions of a search, its filters too, as it was asked: what was corrected or relaxed is no news.

    None when nothing is asked for.
    """
    tree = read(asked.q).effective_tree
    if tree is None:
        return None
    conditions = asked.filters()
    return And((tree, *conditions)) if conditions else tree


def answers_among(nodes: Sequence[Node], articles: Collection[int]) -> tuple[set[int], list[set[int]]]:
    """Returns which of the articles the index knows by now, and for each node those of them that answer it.

    The index follows a publication within a second or so: what it does not know yet is no news yet.
    """
    if not articles:
        return set(), [set() for _ in nodes]
    among = Where("pk", "in", tuple(articles))
    try:
        with visible.pinned():
            return _ask(current_engine(), nodes, among)
    except IndexUnavailable:
        return _ask(engine_for("database://"), nodes, among)


def passage_in(article: Article, asked: SearchRequest) -> Passage:
    """Returns the passage of an article that answers a search best."""
    highlighter = Highlighter(read(asked.q).marked, current_vocabulary())
    return highlighter.best_passage((block.anchor, block.text) for block in article.blocks)


def _ask(engine: Engine, nodes: Sequence[Node], among: Where) -> tuple[set[int], list[set[int]]]:
    known, *answers = [
        {found.pk for found in engine.search(IndexQuery(And((among, node)), ("-end_date",))).documents}
        for node in (Everything(), *nodes)
    ]
    return known, answers
