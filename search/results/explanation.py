"""Why these results, and why not others: how a query was cut, and how many articles each part of it matches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse

from glossary.vocabulary import Vocabulary, current_vocabulary
from search.engines.base import IndexUnavailable
from search.engines.registry import current_engine
from search.indexing import visible
from search.query.query import Query
from search.query.tree import Leaf, positive_leaves
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
    leaves = [leaf for leaf in dict.fromkeys(positive_leaves(query.tree)) if leaf.run]
    try:
        with visible.pinned():
            return [_explained(leaf, vocabulary) for leaf in leaves]
    except IndexUnavailable:
        return []


def _explained(leaf: Leaf, vocabulary: Vocabulary) -> Explanation:
    units = leaf.units(vocabulary)
    parts = [Leaf(unit.text, field=leaf.field) for unit in units]
    count, run_count, *counts = current_engine().counts([leaf, replace(leaf, is_exact=True), *parts])
    return Explanation(
        text=leaf.text,
        count=count,
        run_count=run_count,
        parts=[_part(unit, number, vocabulary) for unit, number in zip(units, counts, strict=True)],
        url=f"{reverse('search:results')}?{urlencode({'q': _typed(leaf)}, errors='replace')}",
    )


def _typed(leaf: Leaf) -> str:
    """What to type to ask for the leaf alone."""
    opening, closing = ('"', '"') if '"' not in leaf.text else ("「", "」")
    text = f"{opening}{leaf.text}{closing}" if leaf.is_exact else leaf.text
    return f"{leaf.field}:{text}" if leaf.field else text


def _part(unit: Unit, count: int, vocabulary: Vocabulary) -> Part:
    term = vocabulary.terms.get(unit.term) if unit.term is not None else None
    return Part(
        text=unit.text,
        count=count,
        term=term.name if term else "",
        term_id=unit.term if term else None,
        writings=tuple(writing for writing in term.writings if writing != unit.text) if term else (),
    )
