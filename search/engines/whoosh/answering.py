"""One page of the answer to a query tree: the documents in their order, their number, the counts of their facets.

Answers are kept with the snapshot that they were made from, so the same question costs a look-up until the index, the
glossary or the day changes. Who may see what is not decided here: the database is asked for every hit, every time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search.engines.whoosh.answers import Answer
from search.engines.whoosh.counting import count
from search.engines.whoosh.evaluation import evaluate
from search.engines.whoosh.matches import Floats, Ints, Matches
from search.engines.whoosh.schema import NUMBER_COLUMNS
from search.engines.whoosh.snapshot import Snapshot
from search.query.tree import Node
from search.text.analysis import TermFinder


class Question(NamedTuple):
    """What is asked of a snapshot.

    `sort_by` holds names of columns, with `-` for descending; without it the best come first. `facets` are counted over
    all matches, whichever of them are shown.
    """

    node: Node
    terms: TermFinder
    sort_by: tuple[str, ...] = ()
    start: int = 0
    end: int | None = None
    facets: tuple[str, ...] = ()


def answer(question: Question, snapshot: Snapshot) -> Answer:
    """Answers a question, or remembers the answer. Nobody may change what it returns.

    Raises ValueError for a column or facet that there is not.
    """
    return snapshot.answers.get(question, lambda: _answer(question, snapshot))


def page_of(matches: Matches, question: Question, snapshot: Snapshot) -> Answer:
    """The part of `matches` that a question asks for."""
    end = len(matches) if question.end is None else question.end
    places = _order(matches, snapshot, question.sort_by, end)[question.start : end]
    documents = matches.documents[places]
    return Answer(
        len(matches),
        snapshot.numbers["article"][documents].tolist(),
        matches.scores[places].tolist(),
        {facet: count(facet, matches.documents, snapshot) for facet in question.facets},
    )


def _answer(question: Question, snapshot: Snapshot) -> Answer:
    return page_of(evaluate(question.node, snapshot, question.terms), question, snapshot)


def _order(matches: Matches, snapshot: Snapshot, sort_by: tuple[str, ...], limit: int) -> Ints:
    """Where the first of `matches` stand, in order. It is total: a page never repeats or loses a row of another."""
    for name in sort_by:
        if name.removeprefix("-") not in NUMBER_COLUMNS:
            raise ValueError(
                f"the index can not sort by {name.removeprefix('-')!r}: use {', '.join(NUMBER_COLUMNS)}"
            )
    places = np.arange(len(matches)) if sort_by else _best(matches.scores, limit)
    documents = matches.documents[places]
    keys: list[npt.NDArray[np.generic]] = [
        -snapshot.numbers[name[1:]][documents] if name.startswith("-") else snapshot.numbers[name][documents]
        for name in sort_by
    ]
    keys = keys or [-matches.scores[places]]
    return places[np.lexsort([snapshot.ranks[documents], *keys[::-1]])][:limit]


def _best(scores: Floats, limit: int) -> Ints:
    """The places of what scores as well as the one in place `limit`: sorting all takes longer than searching."""
    if not 0 < limit < len(scores):
        return np.arange(len(scores))
    return np.flatnonzero(scores >= np.partition(scores, -limit)[-limit])
