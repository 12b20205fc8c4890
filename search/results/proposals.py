"""Other queries in place of one that nothing answers: each part of it corrected by what the archive knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import lru_cache

from glossary.vocabulary import Vocabulary, current_vocabulary
from search.engines.registry import current_engine
from search.query.dates import set_apart
from search.query.query import Query
from search.query.tree import positive_leaves
from search.results.correction import Corrector

MAX_PROPOSALS = 6
MAX_PARTS = 10
"""Parts of a query that are corrected; more of them are a text that was pasted."""


def with_dates(query: Query) -> list[str]:
    """Returns the query with a date set apart that was typed as a part of a word (`三月份的HBM`); [] without one."""
    apart = set_apart(query.text, dt.date.today())
    return [apart] if apart else []


def corrections(query: Query) -> list[str]:
    """Returns at most MAX_PROPOSALS texts to search for instead of `query`, the likeliest first."""
    return _first_of(query, _corrector(current_vocabulary()).corrections)


def alternatives(query: Query) -> list[str]:
    """As `corrections`, for names too that are right as they stand but that nothing which a member may read has yet."""
    leaves = [leaf for leaf in positive_leaves(query.tree) if leaf.text in query.text][:MAX_PARTS]
    held = current_engine().counts(leaves) if leaves else []
    empty = {leaf.text for leaf, count in zip(leaves, held, strict=True) if not count}
    corrector = _corrector(current_vocabulary())
    return _first_of(query, lambda text: corrector.alternatives(text) if text in empty else [])


def _first_of(query: Query, corrected: Callable[[str], list[str]]) -> list[str]:
    return list(dict.fromkeys(_corrected_in_one_part(query, corrected)))[:MAX_PROPOSALS]


def _corrected_in_one_part(query: Query, corrected: Callable[[str], list[str]]) -> Iterator[str]:
    """The query with one of its parts corrected, and first with all that can be."""
    leaves = [leaf for leaf in positive_leaves(query.tree) if leaf.text in query.text]
    options = [(leaf.text, corrected(leaf.text)) for leaf in leaves[:MAX_PARTS]]
    correctable = [(text, found) for text, found in options if found]
    if len(correctable) > 1:
        everything = query.text
        for text, found in correctable:
            everything = everything.replace(text, found[0])
        yield everything
    for text, found in correctable:
        for proposal in found:
            yield query.text.replace(text, proposal)


@lru_cache(maxsize=1)
def _corrector(vocabulary: Vocabulary) -> Corrector:
    """Built once for each state of the vocabulary."""
    return Corrector(vocabulary.writings())
