"""What a filter leaves out is part of the query, where everybody sees it: `-term:台积电`.

    HBM, without 台积电 ─► HBM -term:台积电            without it again ─► HBM

So it needs no parameter of its own, and who knows it can type it (decision 34).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from glossary.vocabulary import current_vocabulary
from search.query.parser import parse, parts
from search.query.pieces import MINUS, QUOTATION_MARKS
from search.query.tree import About, And, Leaf, Node, Not, Where
from search.results.request import SearchRequest
from search.text.analysis import TermFinder

_QUOTES = (('"', '"'), ("「", "」"), ("『", "』"))
_SAY_NOT = (*MINUS, "NOT")
"""Without one of these, a query leaves nothing out."""
_ONE_WORD = range(4, 100)
"""So long is a word that is nothing else, whatever stands behind it: `OR`, `NOT`, `和` are shorter."""


def excluding(q: str, field: str, value: str) -> str | None:
    """Returns the query without what has `value` in `field` (`term`, `section`, `columnist`, `year`).

    None where it can not be said: the query is too long, or ends with what would take it up (`HBM OR`).

    >>> excluding("HBM", "section", "产业 动态")
    'HBM -section:"产业 动态"'
    """
    vocabulary = current_vocabulary()
    typed = _typed(field, value, vocabulary)
    return f"{q.strip()} {typed}" if typed is not None and _takes_an_exclusion(q, vocabulary) else None


def exclusions_in(asked: SearchRequest) -> Iterator[tuple[str, SearchRequest]]:
    """Yields what the query leaves out by its fields, in words, and the same search with it.

    >>> [(label, other.q) for label, other in exclusions_in(SearchRequest("HBM -section:政策 -出口"))]
    [('政策', 'HBM -出口')]
    """
    if not any(mark in asked.q for mark in _SAY_NOT):
        return
    if parse(asked.q, current_vocabulary()).is_literal:
        return
    typed = parts(asked.q, current_vocabulary())
    for place, part in enumerate(typed):
        match parse(f"x {part}", current_vocabulary()).tree:
            case And(children=(Leaf(text="x"), Not(child=About(term=label)))):
                pass
            case And(children=(Leaf(text="x"), Not(child=Where(field="end_date", value=(first, last))))):
                if last - first != 1130:  # `-after:2025` is no year
                    continue
                label = f"{int(first) // 10_000}年"
            case And(children=(Leaf(text="x"), Not(child=Where(value=str(label))))):
                pass
            case _:
                continue
        rest = " ".join(typed[:place] + typed[place + 1 :])
        yield label, replace(asked, q=rest, page=1)


@lru_cache(maxsize=4096)
def _typed(field: str, value: str, terms: TermFinder) -> str | None:
    """How to exclude a value; None when no way to write it is read so."""
    bare = [value] if not any(char.isspace() or char in QUOTATION_MARKS for char in value) else []
    for written in [*bare, *(f"{opening}{value}{closing}" for opening, closing in _QUOTES)]:
        typed = f"-{field}:{written}"
        if parse(f"x {typed}", terms).tree == And((Leaf("x"), Not(_condition(field, value)))):
            return typed
    return None


def _condition(field: str, value: str) -> Node:
    if field == "term":
        return About(value)
    if field == "year":
        return Where("end_date", "range", (int(value) * 10_000 + 101, int(value) * 10_000 + 1231))
    return Where(field, "exact", value)


@lru_cache(maxsize=512)
def _takes_an_exclusion(q: str, terms: TermFinder) -> bool:
    """Whether what is added to a query is read as an exclusion beside what it asks for now."""
    before = parse(q, terms)
    if q.isalnum() and len(q) in _ONE_WORD and before.words == Leaf(q):
        return True
    after = parse(f"{q.strip()} -year:1900", terms)
    excluded = Not(_condition("year", "1900"))
    return (
        not before.is_literal
        and (after.dates != ()) == (before.dates != ())
        and _parts(after.words) == (*_parts(before.words), excluded)
    )


def _parts(node: Node | None) -> tuple[Node, ...]:
    return node.children if isinstance(node, And) else (node,) if node else ()
