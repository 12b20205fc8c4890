"""A query tree on a snapshot: which documents match, and how well.

A leaf matches by its words or by its run of characters. The words give the ranking (BM25 of each, over three
fields), the run gives the guarantee, and a run that stands there letter for letter outranks scattered words.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from search import analysis
from search.analysis import TermFinder, Unit
from search.backends.schema import NUMBER_COLUMNS, TEXT_COLUMNS, date_number
from search.backends.snapshot import Bools, Floats, Ints, Snapshot
from search.tree import About, And, During, Everything, Leaf, Most, Node, Not, Or, Where

B = 0.75
K1 = 1.2
"""BM25's parameters as in Whoosh (Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009, §3.3)."""

FIELD_WEIGHTS = {"text": 1.0, "title": 2.0, "lead": 0.5}
RUN_WEIGHT = 1.0
RUN_IN_TITLE_WEIGHT = 2.5
"""What a field or a run adds to the score. Chosen on the golden queries (fixtures/queries.tsv)."""
RECENCY_WEIGHT = 0.02
"""The newest article scores this share more than the oldest: it decides between equals and nothing else."""

LEAST_SHARE = 0.2
NEAR_BEST = 0.25
"""Of a relaxed query's weight, what an article must hold at least, and compared with the best article."""
QUESTION_WORDS = frozenset(
    "哪些 哪 哪个 哪家 哪里 什么 什么样 什么时候 时候 何时 怎么 怎么样 怎样 如何 为什么 为何 多少 几 吗 呢 吧 啊 "
    "的 了 是 是否 有 有没有 在 和 与 及 跟 对 把 被 会 能 要 都 就 还 也 谁 请问 告诉 我 我们 情况 一下".split()
)
"""Words of a question that say nothing of what is asked about. Only a relaxed query leaves them out."""

_COMPARISONS: dict[str, Callable[[Ints, int], Bools]] = {
    "exact": operator.eq,
    "content": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


@dataclass(frozen=True)
class Matches:
    """For every document of a snapshot: whether it matches, and its score (0 where it does not)."""

    mask: Bools
    scores: Floats


def evaluate(node: Node, snapshot: Snapshot, terms: TermFinder) -> Matches:
    """Returns the matches of a query tree among the live documents."""
    matches = _Evaluator(snapshot, terms).evaluate(node)
    mask = matches.mask & snapshot.live
    recency = 1 + np.float32(RECENCY_WEIGHT) * snapshot.newness
    return Matches(mask, np.where(mask, matches.scores * recency, np.float32(0)))


def bm25(frequencies: Floats, lengths: Floats, average_length: float, idf: float) -> Floats:
    """Returns Whoosh's BM25 score of one word in each document (whoosh.scoring.bm25).

    `frequencies` and `lengths` (in words) run over the same documents.
    """
    norm = (1 - B) + B * lengths / np.float32(average_length)
    return (np.float32(idf) * frequencies * (K1 + 1) / (frequencies + K1 * norm)).astype(np.float32)


class _Evaluator:
    """Evaluates the nodes of one query; a mask and a score array for each."""

    def __init__(self, snapshot: Snapshot, terms: TermFinder) -> None:
        self._snapshot = snapshot
        self._terms = terms

    def evaluate(self, node: Node) -> Matches:
        snapshot = self._snapshot
        match node:
            case Leaf():
                return self._leaf(node)
            case And(children=children):
                return self._all(children)
            case Or(children=children):
                parts = [self.evaluate(child) for child in children]
                mask = np.logical_or.reduce([part.mask for part in parts])
                return Matches(mask, np.sum([part.scores for part in parts], axis=0, dtype=np.float32))
            case Not(child=child):
                return self._unscored(~self.evaluate(child).mask)
            case During(first=first, last=last):
                starts_in_time = snapshot.numbers["start_date"] <= date_number(last)
                return self._unscored(starts_in_time & (snapshot.numbers["end_date"] >= date_number(first)))
            case About(term=term):
                return self._about(term)
            case Most(leaves=leaves):
                return self._most(leaves)
            case Where():
                return self._unscored(_where(node, snapshot))
            case Everything():
                return self._unscored(np.ones(snapshot.size, np.bool_))

    def _all(self, children: tuple[Node, ...]) -> Matches:
        mask = np.ones(self._snapshot.size, np.bool_)
        scores = np.zeros(self._snapshot.size, np.float32)
        for child in children:
            part = self.evaluate(child)
            mask &= part.mask
            scores += part.scores
            if not mask.any():  # a query of forty parts that nothing holds is looked up many times, corrected
                break
        return Matches(mask, np.where(mask, scores, np.float32(0)))

    def _unscored(self, mask: Bools) -> Matches:
        return Matches(mask, np.zeros(self._snapshot.size, np.float32))

    def _leaf(self, leaf: Leaf) -> Matches:
        fields = {"title": FIELD_WEIGHTS["title"]} if leaf.field else FIELD_WEIGHTS
        size = self._snapshot.size
        mask = np.zeros(size, np.bool_)
        scores = np.zeros(size, np.float32)
        units = leaf.units(self._terms)
        if units:
            parts = [self._unit(unit, fields) for unit in units]
            if not leaf.is_exact:
                mask |= np.logical_and.reduce([part.mask for part in parts])
            scores += np.sum([part.scores for part in parts], axis=0, dtype=np.float32)
        if leaf.run:
            self._add_run(mask, scores, leaf)
        if not leaf.field:
            mask |= self._snapshot.texts["columnist"].equal(leaf.text)
        return Matches(mask, np.where(mask, scores, np.float32(0)))

    def _most(self, leaves: tuple[Leaf, ...]) -> Matches:
        """Documents that hold the greater part of the units, weighed by rarity.

        The weight of a unit is its inverse document frequency; one that no document holds weighs most, so that
        a question about something the archive does not know finds nothing instead of anything.
        """
        size = self._snapshot.size
        held = np.zeros(size, np.float32)
        scores = np.zeros(size, np.float32)
        total = 0.0
        for unit in (unit for leaf in leaves for unit in leaf.units(self._terms)):
            if unit.text in QUESTION_WORDS:
                continue
            part = self._unit(unit, FIELD_WEIGHTS)
            weight = self._snapshot.inverse_frequency(int(np.count_nonzero(part.mask & self._snapshot.live)))
            total += weight
            held[part.mask] += np.float32(weight)
            scores += part.scores
        share = held / np.float32(total or 1)
        mask = share >= max(LEAST_SHARE, NEAR_BEST * float(share.max(initial=0)))
        return Matches(mask, scores * share)

    def _unit(self, unit: Unit, fields: Mapping[str, float]) -> Matches:
        """A document holds a unit in one of its forms; the form that scores best counts."""
        snapshot = self._snapshot
        mask = np.zeros(snapshot.size, np.bool_)
        best = np.zeros(snapshot.size, np.float32)
        for form in unit.forms:
            held = np.zeros(snapshot.size, np.int32)
            scores = np.zeros(snapshot.size, np.float32)
            for word in form:
                held[snapshot.postings("title" if "text" not in fields else "text", word).documents] += 1
                for field, weight in fields.items():
                    _add_word(scores, field, weight, word, snapshot)
            mask |= held == len(form)
            np.maximum(best, scores, out=best)
        return Matches(mask, best)

    def _about(self, name: str) -> Matches:
        term = analysis.term_named(name, self._terms)
        if term is None:
            return self._unscored(np.zeros(self._snapshot.size, np.bool_))
        return self._unit(Unit(name, ((analysis.term_token(term),),), (), term), FIELD_WEIGHTS)

    def _add_run(self, mask: Bools, scores: Floats, leaf: Leaf) -> None:
        snapshot = self._snapshot
        found = snapshot.occurrences(leaf.run)
        if leaf.field:
            found = found.in_titles()
        if len(found.documents):
            mask[found.documents] = True
            # `SiC` is looked up in `ASIC` too, since it stands there; but that says nothing of silicon carbide.
            found = found.whole()
            idf = snapshot.inverse_frequency(len(found.documents))
            scores[found.documents] += np.float32(RUN_WEIGHT) * bm25(
                found.counts,
                snapshot.lengths["text"][found.documents],
                snapshot.average_lengths["text"],
                idf,
            )
            scores[found.documents[found.in_title]] += np.float32(RUN_IN_TITLE_WEIGHT * idf)


def _add_word(scores: Floats, field: str, weight: float, word: str, snapshot: Snapshot) -> None:
    postings = snapshot.postings(field, word)
    if len(postings.documents):
        scores[postings.documents] += np.float32(weight) * bm25(
            postings.frequencies,
            snapshot.lengths[field][postings.documents],
            snapshot.average_lengths[field],
            snapshot.inverse_document_frequency(field, word),
        )


def _where(condition: Where, snapshot: Snapshot) -> Bools:
    if condition.field in NUMBER_COLUMNS:
        column = snapshot.numbers[condition.field]
        if condition.operator == "in":
            return np.isin(column, np.array([*condition.value], np.int64))
        if condition.operator == "range":
            low, high = condition.value
            inside: Bools = (column >= low) & (column <= high)
            return inside
        if condition.operator in _COMPARISONS:
            return _COMPARISONS[condition.operator](column, condition.value)
    elif condition.field in TEXT_COLUMNS and condition.operator in ("exact", "content"):
        return snapshot.texts[condition.field].equal(str(condition.value))
    raise ValueError(
        f"the index can not filter {condition.field!r} by {condition.operator!r}: "
        f"use exact, in, range, gt, gte, lt, lte on {', '.join(NUMBER_COLUMNS)}, "
        f"or exact on {', '.join(TEXT_COLUMNS)}"
    )
