"""A query tree on a snapshot: which documents match, and how well.

A leaf matches by its words or by its run of characters. The words give the ranking (BM25 of each, over three
fields), the run gives the guarantee, and a run that stands there letter for letter outranks scattered words.
"""

from __future__ import annotations

import operator
from collections.abc import Callable

import numpy as np

from search.engines.fields import NUMBER_FIELDS, date_number, refuse_unknown
from search.engines.ranking import (
    FIELD_WEIGHTS,
    LEAST_SHARE,
    NEAR_BEST,
    RECENCY_WEIGHT,
    RUN_IN_TITLE_WEIGHT,
    RUN_WEIGHT,
)
from search.engines.whoosh.matches import (
    NO_MATCHES,
    Bools,
    Ints,
    Matches,
    are_in,
    best_in_any,
    documents_in_all,
    documents_in_any,
    in_all,
    in_any,
    sum_at,
    unscored,
)
from search.engines.whoosh.scoring import bm25
from search.engines.whoosh.snapshot import Snapshot
from search.query.tree import About, And, During, Everything, Leaf, Most, Node, Not, Or, Where
from search.text import analysis
from search.text.analysis import TermFinder, Unit

_COMPARISONS: dict[str, Callable[[Ints, int], Bools]] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def evaluate(node: Node, snapshot: Snapshot, terms: TermFinder) -> Matches:
    """Returns the matches of a query tree among the live documents."""
    matches = _Evaluator(snapshot, terms).evaluate(node)
    if not snapshot.are_all_live:
        matches = matches.only(snapshot.live[matches.documents])
    return Matches(
        matches.documents,
        matches.scores * (1 + np.float32(RECENCY_WEIGHT) * snapshot.newness[matches.documents]),
    )


class _Evaluator:
    """Evaluates the nodes of one query, deleted documents included."""

    def __init__(self, snapshot: Snapshot, terms: TermFinder) -> None:
        self._snapshot = snapshot
        self._size = snapshot.size
        self._terms = terms

    def evaluate(self, node: Node) -> Matches:
        snapshot = self._snapshot
        match node:
            case Leaf():
                return self._leaf(node)
            case And(children=children):
                return self._all(children)
            case Or(children=children):
                return in_any([self.evaluate(child) for child in children], self._size)
            case Not():
                return self._all((node,))
            case During(first=first, last=last):
                starts_in_time = snapshot.numbers["start_date"] <= date_number(last)
                ends_in_time = snapshot.numbers["end_date"] >= date_number(first)
                return unscored(np.flatnonzero(starts_in_time & ends_in_time))
            case About(term=term):
                return self._about(term)
            case Most():
                return self._most(node)
            case Where():
                return unscored(np.flatnonzero(_where(node, snapshot)))
            case Everything():
                return unscored(np.arange(self._size))

    def _all(self, children: tuple[Node, ...]) -> Matches:
        unwanted = [child.child for child in children if isinstance(child, Not)]
        wanted = [child for child in children if not isinstance(child, Not)]
        parts = []
        documents = np.arange(self._size)
        for child in wanted:
            parts.append(self.evaluate(child))
            of_part = parts[-1].documents
            documents = of_part if len(parts) == 1 else documents_in_all([documents, of_part], self._size)
            if not len(
                documents
            ):  # a query of forty parts that nothing holds is looked up many times, corrected
                return NO_MATCHES
        for node in unwanted:
            documents = documents[~are_in(documents, self.evaluate(node).documents, self._size)]
        return Matches(documents, sum_at(parts, documents, self._size)) if parts else unscored(documents)

    def _leaf(self, leaf: Leaf) -> Matches:
        is_title = bool(leaf.field)
        run = self._run(leaf.run, is_title) if leaf.run else NO_MATCHES
        named = (
            NO_MATCHES.documents if is_title else self._snapshot.texts["columnist"].documents_with(leaf.text)
        )
        if leaf.is_exact and not len(run) and not len(named):
            return NO_MATCHES
        # Where the run stands, its words stand, too: what they add is told by the titles, whose postings are short.
        in_title_alone = is_title or leaf.is_exact
        parts = [self._unit(unit, in_title_alone) for unit in leaf.units(self._terms)]
        if leaf.is_exact:
            documents = documents_in_any([run.documents, named], self._size)
            return Matches(documents, sum_at([run, *parts], documents, self._size))
        if len(parts) == 1:
            return in_any([*parts, run, unscored(named)], self._size)
        holders = [documents_in_all([p.documents for p in parts], self._size)] if parts else []
        documents = documents_in_any([*holders, run.documents, named], self._size)
        return Matches(documents, sum_at([run, *parts], documents, self._size))

    def _most(self, node: Most) -> Matches:
        """Documents that hold the greater part of the units, weighed by rarity.

        The weight of a unit is its inverse document frequency; one that no document holds weighs most, so that
        a question about something the archive does not know finds nothing instead of anything.
        """
        held = np.zeros(self._size, np.float32)
        scores = np.zeros(self._size, np.float32)
        total = 0.0
        for unit in node.units(self._terms):
            part = self._unit(unit, is_title=False)
            weight = self._snapshot.inverse_frequency(
                int(np.count_nonzero(self._snapshot.live[part.documents]))
            )
            total += weight
            held[part.documents] += np.float32(weight)
            scores[part.documents] += part.scores
        share = held / np.float32(total or 1)
        documents = np.flatnonzero(share >= max(LEAST_SHARE, NEAR_BEST * float(share.max(initial=0))))
        return Matches(documents, scores[documents] * share[documents])

    def _unit(self, unit: Unit, is_title: bool) -> Matches:
        """A document holds a unit in one of its forms; the form that scores best counts."""
        forms = [
            in_all([self._word(word, is_title) for word in form], self._size)
            if len(form) > 1
            else self._word(form[0], is_title)
            for form in unit.forms
        ]
        return best_in_any(forms, self._size)

    def _about(self, name: str) -> Matches:
        term = analysis.term_named(name, self._terms)
        if term is None:
            return NO_MATCHES
        return self._word(analysis.term_token(term), is_title=False)

    def _word(self, word: str, is_title: bool) -> Matches:
        return self._snapshot.scored.get(
            ("word", word, is_title), lambda: _scored_word(word, is_title, self._snapshot)
        )

    def _run(self, run: str, is_title: bool) -> Matches:
        return self._snapshot.scored.get(
            ("run", run, is_title), lambda: _scored_run(run, is_title, self._snapshot)
        )


def _scored_word(word: str, is_title: bool, snapshot: Snapshot) -> Matches:
    """The documents whose text (or title) holds a word, scored over all fields (or the title alone)."""
    if is_title:
        return _scored_in("title", word, snapshot)
    found = _scored_in("text", word, snapshot)
    if not len(found):
        return found
    parts = [found, *(_scored_in(field, word, snapshot) for field in FIELD_WEIGHTS if field != "text")]
    return Matches(found.documents, sum_at(parts, found.documents, snapshot.size))


def _scored_in(field: str, word: str, snapshot: Snapshot) -> Matches:
    postings = snapshot.postings(field, word)
    if not len(postings.documents):
        return NO_MATCHES
    idf = snapshot.inverse_frequency(len(postings.documents))
    norms = snapshot.norms[field][postings.documents]
    return Matches(
        postings.documents, np.float32(FIELD_WEIGHTS[field]) * bm25(postings.frequencies, norms, idf)
    )


def _scored_run(run: str, is_title: bool, snapshot: Snapshot) -> Matches:
    """The documents whose text (or title) holds a run of characters; it adds to a score only where it is whole."""
    found = snapshot.occurrences(run)
    if is_title:
        found = found.in_titles()
    if not len(found.documents):
        return NO_MATCHES
    # `SiC` is looked up in `ASIC` too, since it stands there; but that says nothing of silicon carbide.
    idf = snapshot.inverse_frequency(int(np.count_nonzero(found.whole_counts)))
    scores = np.float32(RUN_WEIGHT) * bm25(found.whole_counts, snapshot.norms["text"][found.documents], idf)
    scores[found.whole_in_title] += np.float32(RUN_IN_TITLE_WEIGHT * idf)
    return Matches(found.documents, scores)


def _where(condition: Where, snapshot: Snapshot) -> Bools:
    refuse_unknown(filters=((condition.field, condition.operator),))
    if condition.field not in NUMBER_FIELDS:
        wanted = [condition.value] if condition.operator != "in" else [*condition.value]
        held = [snapshot.texts[condition.field].documents_with(str(value)) for value in wanted]
        return np.isin(np.arange(snapshot.size), documents_in_any(held, snapshot.size))
    column = snapshot.numbers[condition.field]
    if condition.operator == "in":
        return np.isin(column, np.array([*condition.value], np.int64))
    if condition.operator == "range":
        low, high = condition.value
        inside: Bools = (column >= low) & (column <= high)
        return inside
    return _COMPARISONS[condition.operator](column, condition.value)
