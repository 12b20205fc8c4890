"""A query tree on a snapshot: which documents match, and how well.

A leaf matches by its words or by its run of characters. The words give the ranking (BM25 of each, over three
fields), the run gives the guarantee, and a run that stands there letter for letter outranks scattered words.

Issues are not ranked by how often a word stands in them: a run outranks words, and the newest is the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from search.engines.documents import ISSUE_FIELDS, Kind
from search.engines.fields import COMPARISONS, NUMBER_FIELDS, date_number, refuse_unknown
from search.engines.ranking import (
    FIELD_WEIGHTS,
    FIRST_SCORE,
    LEAST_SHARE,
    NEAR_BEST,
    RUN_IN_TITLE_WEIGHT,
    RUN_WEIGHT,
)
from search.engines.whoosh.matches import (
    NO_MATCHES,
    Bools,
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
from search.engines.whoosh.postings import NO_POSTINGS, Postings
from search.engines.whoosh.scoring import bm25
from search.engines.whoosh.snapshot import Snapshot
from search.engines.whoosh.substrings import Occurrences
from search.query.tree import About, And, During, Everything, First, Leaf, Most, Node, Not, Or, Some, Where
from search.text import analysis
from search.text.analysis import NO_TERMS, TermFinder, Unit


def evaluate(node: Node, snapshot: Snapshot, terms: TermFinder, kind: Kind = "article") -> Matches:
    """Returns the matches of a query tree among the live documents of a kind."""
    matches = _Evaluator(snapshot, terms if kind == "article" else NO_TERMS, kind).evaluate(node)
    if not len(matches):
        return NO_MATCHES
    matches = matches.only(snapshot.shown[kind][matches.documents])
    return Matches(matches.documents, matches.scores * snapshot.recency[matches.documents])


_Sought = TypeVar("_Sought", str, tuple[str, ...])


class _Evaluator:
    """Evaluates the nodes of one query, deleted documents included.

    By its words and runs a node matches documents of its kind alone; by its columns, of every kind.
    """

    def __init__(self, snapshot: Snapshot, terms: TermFinder, kind: Kind) -> None:
        self._snapshot = snapshot
        self._size = snapshot.size
        self._terms = terms
        self._kind = kind
        self._word, self._run = (_word, _run) if kind == "article" else (_word_of_issues, _run_of_issues)

    def evaluate(self, node: Node) -> Matches:
        snapshot = self._snapshot
        match node:
            case Leaf():
                return self._leaf(node)
            case And(children=children):
                return self._all(children)
            case Or(children=children):
                return in_any([self.evaluate(child) for child in children], self._size)
            case First(child=child):
                found = self.evaluate(child)
                return Matches(found.documents, found.scores + np.float32(FIRST_SCORE))
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
            case Some():
                return self._some(node)
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
        runs = [self._scored(self._run, run, is_title) for run in leaf.runs]
        named = (
            NO_MATCHES.documents if is_title else self._snapshot.texts["columnist"].documents_with(leaf.text)
        )
        if leaf.is_exact and not len(named) and not any(map(len, runs)):
            return NO_MATCHES
        units = leaf.units(self._terms)
        run = self._whole(runs, units, is_title)
        # Where a run of several words stands, they stand, too: what they add is told by the titles, whose postings are
        # short.
        in_title_alone = is_title or (leaf.is_exact and len(units) > 1)
        parts = [self._unit(unit, in_title_alone) for unit in units]
        if leaf.is_exact:
            documents = documents_in_any([run.documents, named], self._size)
            return Matches(documents, sum_at([run, *parts], documents, self._size))
        if len(parts) == 1:
            return in_any([*parts, run, *([unscored(named)] if len(named) else [])], self._size)
        holders = [documents_in_all([p.documents for p in parts], self._size)] if parts else []
        documents = documents_in_any([*holders, run.documents, named], self._size)
        return Matches(documents, sum_at([run, *parts], documents, self._size))

    def _whole(self, runs: list[Matches], units: Sequence[Unit], is_title: bool) -> Matches:
        """Where a leaf stands as a run, in any of its writings. A code is whole where its one writing is."""
        word = units[0].word if len(units) == 1 and self._kind == "article" else ""
        if len(runs) < 2 and not word:
            return runs[0] if runs else NO_MATCHES
        # However a code is joined it is the same answer, so its runs add to a score by their one writing alone.
        documents = documents_in_any([matches.documents for matches in runs], self._size)
        scored = self._scored(_code, word, is_title) if word and runs else (runs or [NO_MATCHES])[0]
        return Matches(documents, sum_at([scored], documents, self._size))

    def _most(self, node: Most) -> Matches:
        """Documents that hold the greater part of the words, weighed by rarity.

        The weight of a word is its inverse document frequency; one that no document holds weighs most, so that
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

    def _some(self, node: Some) -> Matches:
        """Documents that hold so many of the words. All numbers of one query are asked for, one after another."""
        key = (self._word, node.words, self._terms)
        held = self._snapshot.scored.get(("held", *key), lambda: self._added(node.words, of_scores=False))
        scored = self._snapshot.scored.get(("some", *key), lambda: self._added(node.words, of_scores=True))
        return scored.only((held.scores >= node.least) & (held.scores <= node.most))

    def _added(self, words: tuple[Leaf, ...], *, of_scores: bool) -> Matches:
        """What holds any of the words: how many of them, or what they score together."""
        parts = [self._leaf(word) for word in words]
        if not of_scores:
            parts = [Matches(part.documents, np.ones(len(part), np.float32)) for part in parts]
        return in_any(parts, self._size)

    def _unit(self, unit: Unit, is_title: bool) -> Matches:
        """A document holds a unit in one of its forms; the form that scores best counts. Single words are synonyms."""
        forms = [
            in_all([self._scored(self._word, (word,), is_title) for word in form], self._size)
            for form in unit.forms
            if len(form) > 1
        ]
        synonyms = tuple(form[0] for form in unit.forms if len(form) == 1)
        return best_in_any([self._scored(self._word, synonyms, is_title), *forms], self._size)

    def _about(self, name: str) -> Matches:
        term = analysis.term_named(name, self._terms)
        if term is None:
            return NO_MATCHES
        return self._scored(self._word, (analysis.term_token(term),), is_title=False)

    def _scored(
        self, score: Callable[[_Sought, bool, Snapshot], Matches], sought: _Sought, is_title: bool
    ) -> Matches:
        """What `_word`, `_code` or `_run` finds, kept with the snapshot."""
        key = (score, sought, is_title)
        return self._snapshot.scored.get(key, lambda: score(sought, is_title, self._snapshot))


def _word(synonyms: Sequence[str], is_title: bool, snapshot: Snapshot) -> Matches:
    """The documents whose text (or title) holds a word, scored over all fields (or the title alone)."""
    held = [snapshot.postings(word, "title" if is_title else "") for word in synonyms]
    found = _scored_in("title" if is_title else "text", held, snapshot)
    if is_title or not len(found):
        return found
    others = (_scored_in(field, held, snapshot) for field in FIELD_WEIGHTS if field != "text")
    return Matches(found.documents, sum_at([found, *others], found.documents, snapshot.size))


def _scored_in(field: str, held: Sequence[Mapping[str, Postings]], snapshot: Snapshot) -> Matches:
    """Scores words that mean the same as one word, which stands as often as the most frequent of them."""
    found = [postings[field] for postings in held if field in postings]
    if not found:
        return NO_MATCHES
    documents, frequencies = found[0]
    if len(found) > 1:
        documents = documents_in_any([postings.documents for postings in found], snapshot.size)
        frequencies = np.maximum.reduce(
            [Matches(*postings).scores_at(documents, snapshot.size) for postings in found]
        )
    idf = snapshot.inverse_frequency(len(documents))
    return Matches(documents, bm25(frequencies, snapshot.norms[field][documents], FIELD_WEIGHTS[field] * idf))


def _run(run: str, is_title: bool, snapshot: Snapshot) -> Matches:
    """The documents whose text (or title) holds a run of characters; it adds to a score only where it is whole."""
    found = _occurrences(run, is_title, "article", snapshot)
    if not len(found.documents):
        return NO_MATCHES
    # `SiC` is looked up in `ASIC` too, since it stands there; but that says nothing of silicon carbide.
    idf = snapshot.inverse_frequency(int(np.count_nonzero(found.whole_counts)))
    scores = np.float32(RUN_WEIGHT) * bm25(found.whole_counts, snapshot.norms["text"][found.documents], idf)
    scores[found.whole_in_title] += np.float32(RUN_IN_TITLE_WEIGHT * idf)
    return Matches(found.documents, scores)


def _occurrences(run: str, is_title: bool, kind: Kind, snapshot: Snapshot) -> Occurrences:
    """Where a run stands in the documents of a kind (or in their titles)."""
    found = snapshot.occurrences(run)
    found = found.only(snapshot.of_kind[kind][found.documents])
    return found.in_titles() if is_title else found


def _word_of_issues(synonyms: tuple[str, ...], is_title: bool, snapshot: Snapshot) -> Matches:
    """The issues whose own words (or title) hold any of these words."""
    field = ISSUE_FIELDS["title" if is_title else "text"]
    found = [snapshot.postings(word, field).get(field, NO_POSTINGS).documents for word in synonyms]
    return unscored(documents_in_any(found, snapshot.size))


def _run_of_issues(run: str, is_title: bool, snapshot: Snapshot) -> Matches:
    """The issues whose own words (or title) hold a run of characters; it scores where it is whole."""
    found = _occurrences(run, is_title, "issue", snapshot)
    return Matches(found.documents, (found.whole_counts > 0).astype(np.float32))


def _code(word: str, is_title: bool, snapshot: Snapshot) -> Matches:
    """The documents whose text (or title) holds a code, scored as a run is where it is whole."""
    held = snapshot.postings(word)
    if "text" not in held:
        return NO_MATCHES
    found, titles = held["text"], held.get("title", NO_POSTINGS)
    idf = snapshot.inverse_frequency(len(found.documents))
    norms = snapshot.norms["text"][found.documents]
    scores = np.float32(RUN_WEIGHT) * bm25(found.frequencies, norms, idf)
    in_title = are_in(found.documents, titles.documents, snapshot.size)
    scores[in_title] += np.float32(RUN_IN_TITLE_WEIGHT * idf)
    matches = Matches(found.documents, scores)
    return matches.only(in_title) if is_title else matches


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
    compared: Bools = COMPARISONS[condition.operator](column, condition.value)
    return compared
