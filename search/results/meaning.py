"""意思相近: articles that may be meant where words fail, guessed and said to be guesses.

    nothing holds all that was asked ─► the nearest in meaning ─► without the results, within the filters
        ─► read through published() ─► at most MOST

They stand beside the results and are never mixed into them: mixed in, each model that was tried made exact answers
worse (docs/decisions/0035).
"""

from __future__ import annotations

from archive.models import Article
from search.engines.base import IndexQuery, IndexUnavailable
from search.engines.registry import current_engine
from search.indexing import visible
from search.meaning.nearest import current_model
from search.query.query import Query
from search.query.tree import And, Node
from search.results.request import SearchRequest
from search.results.service import SearchResults

MOST = 5
CANDIDATES = 200
"""How many of the nearest are looked at: some are results, some not within the filters."""


def similar_in_meaning(asked: SearchRequest, found: SearchResults | None) -> list[Article]:
    """Returns articles near in meaning to a query that nothing answers in full, the nearest first.

    Nothing for who asks for exact characters, by a field or without a word: a guess is no answer to that.
    """
    if found is None or found.page > 1 or found.corrected or (found.is_answered and not found.is_relaxed):
        return []
    query = found.typed
    model = current_model()
    if model is None or not _is_plain(query):
        return []
    asked_for = " ".join(leaf.text for leaf in query.plain) if query.dates else query.text
    near = [article.pk for article in model.nearest(asked_for, CANDIDATES)]
    if near:
        try:
            near = _beside(near, asked, found)
        except IndexUnavailable:
            return []
    articles = Article.objects.published().headings().select_related("issue").in_bulk(near)
    return [articles[pk] for pk in near if pk in articles][:MOST]


def _is_plain(query: Query) -> bool:
    """Whether only words are asked for, all of them, and perhaps dates."""
    asked_for = query.words.children if isinstance(query.words, And) else (query.words,)
    return all(node in query.plain for node in asked_for)


def _beside(near: list[int], asked: SearchRequest, found: SearchResults) -> list[int]:
    """Those of `near` that are none of the results, on whichever page, and that dates and filters let through."""
    conditions = [*asked.filters(), *([found.typed.when] if found.typed.when else [])]
    if found.relaxed:
        results = _matching(found.relaxed.node, *conditions)
        near = [pk for pk in near if pk not in results]
    if conditions:
        allowed = _matching(*conditions)
        near = [pk for pk in near if pk in allowed]
    return near


def _matching(*nodes: Node) -> set[int]:
    with visible.pinned():
        return {document.pk for document in current_engine().search(IndexQuery(And(nodes))).documents}
