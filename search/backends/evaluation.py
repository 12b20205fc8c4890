"""A query tree on a snapshot: which documents match, and how well.

A leaf matches by its words or by its run of characters. The words give the ranking (BM25 of each, over three
fields), the run gives the guarantee, and a run that stands there letter for letter outranks scattered words.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from glossary.folding import fold
from search.backends.schema import NUMBER_COLUMNS, TEXT_COLUMNS, WORD_FIELDS
from search.backends.snapshot import Bools, Floats, Ints, Snapshot
from search.query import And, Everything, Leaf, Node, Not, Or, Where

B = 0.75
K1 = 1.2
"""BM25's parameters as in Whoosh (Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009, §3.3)."""

FIELD_WEIGHTS = {"text": 1.0, "title": 2.0, "lead": 0.5}
RUN_WEIGHT = 1.0
RUN_IN_TITLE_WEIGHT = 2.5
"""What a field or a run adds to the score. Chosen on the golden queries (fixtures/queries.tsv)."""
RECENCY_WEIGHT = 0.02
"""The newest article scores this share more than the oldest: it decides between equals and nothing else."""

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


def evaluate(node: Node, snapshot: Snapshot) -> Matches:
    """Returns the matches of a query tree among the live documents."""
    matches = _evaluate(node, snapshot)
    mask = matches.mask & snapshot.live
    recency = 1 + np.float32(RECENCY_WEIGHT) * snapshot.newness
    return Matches(mask, np.where(mask, matches.scores * recency, np.float32(0)))


def bm25(frequencies: Floats, lengths: Floats, average_length: float, idf: float) -> Floats:
    """Returns Whoosh's BM25 score of one word in each document (whoosh.scoring.bm25).

    `frequencies` and `lengths` (in words) run over the same documents.
    """
    norm = (1 - B) + B * lengths / np.float32(average_length)
    return (np.float32(idf) * frequencies * (K1 + 1) / (frequencies + K1 * norm)).astype(np.float32)


def _evaluate(node: Node, snapshot: Snapshot) -> Matches:
    match node:
        case Leaf():
            return _leaf(node, snapshot)
        case And(children=children):
            parts = [_evaluate(child, snapshot) for child in children]
            mask = np.logical_and.reduce([part.mask for part in parts])
            return Matches(mask, np.where(mask, sum(part.scores for part in parts), np.float32(0)))
        case Or(children=children):
            parts = [_evaluate(child, snapshot) for child in children]
            mask = np.logical_or.reduce([part.mask for part in parts])
            return Matches(mask, np.sum([part.scores for part in parts], axis=0, dtype=np.float32))
        case Not(child=child):
            return Matches(~_evaluate(child, snapshot).mask, np.zeros(snapshot.size, np.float32))
        case Where():
            return Matches(_where(node, snapshot), np.zeros(snapshot.size, np.float32))
        case Everything():
            return Matches(np.ones(snapshot.size, np.bool_), np.zeros(snapshot.size, np.float32))


def _leaf(leaf: Leaf, snapshot: Snapshot) -> Matches:
    mask = np.zeros(snapshot.size, np.bool_)
    scores = np.zeros(snapshot.size, np.float32)
    if leaf.words:
        held = np.zeros(snapshot.size, np.int32)
        for word in leaf.words:
            held[snapshot.postings("text", word).documents] += 1
            for field in WORD_FIELDS:
                _add_word(scores, field, word, snapshot)
        mask |= held == len(leaf.words)
    if leaf.run:
        _add_run(mask, scores, leaf.run, snapshot)
    mask |= _equals(snapshot, "columnist", leaf.text)
    return Matches(mask, np.where(mask, scores, np.float32(0)))


def _add_word(scores: Floats, field: str, word: str, snapshot: Snapshot) -> None:
    postings = snapshot.postings(field, word)
    if len(postings.documents):
        scores[postings.documents] += np.float32(FIELD_WEIGHTS[field]) * bm25(
            postings.frequencies,
            snapshot.lengths[field][postings.documents],
            snapshot.average_lengths[field],
            snapshot.inverse_document_frequency(field, word),
        )


def _add_run(mask: Bools, scores: Floats, run: str, snapshot: Snapshot) -> None:
    found = snapshot.occurrences(run)
    if len(found.documents):
        mask[found.documents] = True
        idf = snapshot.inverse_frequency(len(found.documents))
        scores[found.documents] += np.float32(RUN_WEIGHT) * bm25(
            found.counts,
            snapshot.lengths["text"][found.documents],
            snapshot.average_lengths["text"],
            idf,
        )
        scores[found.documents[found.in_title]] += np.float32(RUN_IN_TITLE_WEIGHT * idf)


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
        return _equals(snapshot, condition.field, str(condition.value))
    raise ValueError(
        f"the index can not filter {condition.field!r} by {condition.operator!r}: "
        f"use exact, in, range, gt, gte, lt, lte on {', '.join(NUMBER_COLUMNS)}, "
        f"or exact on {', '.join(TEXT_COLUMNS)}"
    )


def _equals(snapshot: Snapshot, column: str, text: str) -> Bools:
    return snapshot.texts[column].equal(fold(text).encode())
