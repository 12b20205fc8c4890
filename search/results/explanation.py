"""Why these results, and why not others: how a query was cut, and how many articles each part of it matches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

import numpy as np
from django.urls import reverse

from glossary.vocabulary import Vocabulary, current_vocabulary
from search.engines.whoosh.evaluation import evaluate
from search.engines.whoosh.generations import IndexUnavailable
from search.engines.whoosh.snapshot import Snapshot
from search.indexing import visible
from search.query.parser import Query
from search.query.tree import Leaf, Node, positive_leaves
from search.text.analysis import Unit


@dataclass(frozen=True)
class Part:
    """A unit of the query: a term, a quantity, or a word."""

    text: str
    count: int
    """Articles that hold it, in any of its writings."""
    term: str = ""
    """The glossary term that it is a writing of."""
    term_id: int | None = None
    writings: tuple[str, ...] = ()
    """The other writings that it found."""


@dataclass(frozen=True)
class Explanation:
    """One leaf of the query."""

    text: str
    count: int
    """Articles that match the leaf alone."""
    run_count: int
    """Articles in which it stands letter for letter."""
    parts: list[Part]
    url: str
    """A search for the leaf alone."""

    @property
    def is_term(self) -> bool:
        """Whether the leaf is a writing of a term, and nothing besides."""
        return len(self.parts) == 1 and bool(self.parts[0].term)

    @property
    def nearest_term(self) -> str:
        """The first term in it: likely the one that it is another name of."""
        return next((part.term for part in self.parts if part.term), "")


def explain(query: Query) -> list[Explanation]:
    """Returns, for each leaf that must match, how it was cut and how many published articles it matches.

    Nothing when no index can answer: then the results were not ranked by any of this.
    """
    vocabulary = current_vocabulary()
    try:
        snapshot = visible.snapshot()
    except IndexUnavailable:
        return []
    leaves = dict.fromkeys(leaf for leaf in positive_leaves(query.tree) if leaf.run)
    return [_explain(leaf, snapshot, vocabulary) for leaf in leaves]


def scores(query: Query, article: int) -> list[tuple[str, float]]:
    """Returns what each leaf of the query adds to the score of an article, the most first.

    Nothing when no index can answer any more.
    """
    try:
        snapshot = visible.snapshot()
    except IndexUnavailable:
        return []
    documents = np.flatnonzero((snapshot.numbers["article"] == article) & snapshot.live)
    leaves = dict.fromkeys(leaf for leaf in positive_leaves(query.asked) if leaf.run)
    found = [
        (leaf.text, float(matches.scores_at(documents, snapshot.size).sum()))
        for leaf in leaves
        for matches in [evaluate(leaf, snapshot, current_vocabulary())]
    ]
    return sorted(((text, score) for text, score in found if score), key=lambda item: -item[1])


def _explain(leaf: Leaf, snapshot: Snapshot, vocabulary: Vocabulary) -> Explanation:
    return Explanation(
        text=leaf.text,
        count=_count(leaf, snapshot, vocabulary),
        run_count=_count(replace(leaf, is_exact=True), snapshot, vocabulary),
        parts=[_part(unit, leaf, snapshot, vocabulary) for unit in leaf.units(vocabulary)],
        url=f"{reverse('search:results')}?{urlencode({'q': _typed(leaf)})}",
    )


def _typed(leaf: Leaf) -> str:
    """What to type to ask for the leaf alone."""
    opening, closing = ('"', '"') if '"' not in leaf.text else ("「", "」")
    text = f"{opening}{leaf.text}{closing}" if leaf.is_exact else leaf.text
    return f"{leaf.field}:{text}" if leaf.field else text


def _part(unit: Unit, leaf: Leaf, snapshot: Snapshot, vocabulary: Vocabulary) -> Part:
    term = vocabulary.terms.get(unit.term) if unit.term is not None else None
    return Part(
        text=unit.text,
        count=_count(Leaf(unit.text, field=leaf.field), snapshot, vocabulary),
        term=term.name if term else "",
        term_id=unit.term if term else None,
        writings=tuple(writing for writing in term.writings if writing != unit.text) if term else (),
    )


def _count(node: Node, snapshot: Snapshot, vocabulary: Vocabulary) -> int:
    return len(evaluate(node, snapshot, vocabulary))
