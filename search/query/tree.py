"""The query tree: what a query asks for, in plain immutable nodes. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal, Self

from search.text import analysis

MAX_UNITS = 64
"""Units of one leaf, and of a relaxed query, that are looked up. A longer leaf is found by them just as well."""


class _Immutable:
    """Nodes never change, so Haystack's copies of a query may share them."""

    def __deepcopy__(self, memo: object) -> Self:
        return self


@dataclass(frozen=True)
class Leaf(_Immutable):
    """One part of a query. It matches a text that holds all its units, or the run of its characters.

    An exact leaf (quoted) matches by the run alone. With `field` "title" only titles are looked at.
    """

    text: str
    is_exact: bool = False
    field: Literal["", "title"] = ""

    @cached_property
    def run(self) -> str:
        """The characters as they are looked up in a squeezed text."""
        return analysis.squeeze(self.text).strip()

    def units(self, terms: analysis.TermFinder) -> tuple[analysis.Unit, ...]:
        """What a matching text must hold (an exact leaf: what it is ranked by)."""
        return _units(self.text, terms)


@lru_cache(maxsize=512)  # the engine, the marks and the explanation of one page all ask for them
def _units(text: str, terms: analysis.TermFinder) -> tuple[analysis.Unit, ...]:
    return tuple(analysis.units(text, terms)[:MAX_UNITS])


@dataclass(frozen=True)
class And(_Immutable):
    """Matches what all its children match."""

    children: tuple[Node, ...]


@dataclass(frozen=True)
class Or(_Immutable):
    """Matches what any of its children matches."""

    children: tuple[Node, ...]


@dataclass(frozen=True)
class Not(_Immutable):
    """Matches what its child does not match."""

    child: Node


@dataclass(frozen=True)
class Everything(_Immutable):
    """Matches every article."""


@dataclass(frozen=True)
class Where(_Immutable):
    """Matches articles by a value, not by text: `Where("end_date", "gte", 20250101)`."""

    field: str
    operator: str
    value: Any


@dataclass(frozen=True)
class During(_Immutable):
    """Matches articles of the issues that report on these days, both included.

    A digest of 3月10日—14日 reports on any of those days, so a single day finds it.
    """

    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class About(_Immutable):
    """Matches articles that mention a glossary term: `term:台积电`."""

    term: str


@dataclass(frozen=True)
class Most(_Immutable):
    """Matches articles that hold most of what the leaves ask for, weighed by rarity: a looser And."""

    leaves: tuple[Leaf, ...]


def relaxed(node: Node) -> Node | None:
    """Returns `node` with most of its words asked for instead of all; None when there is nothing to relax.

    Exclusions, fields and quotations hold as before: only what was asked for as words is let go.

    >>> relaxed(And((Leaf("昇腾"), Not(Leaf("出口"))))) == And((Most((Leaf("昇腾"),)), Not(Leaf("出口"))))
    True
    """
    children = node.children if isinstance(node, And) else (node,)
    leaves = tuple(
        child for child in children if isinstance(child, Leaf) and not child.is_exact and not child.field
    )
    rest = tuple(child for child in children if child not in leaves)
    if not leaves or not any(analysis.has_word(leaf.text) for leaf in leaves):
        return None
    return And((Most(leaves), *rest)) if rest else Most(leaves)


Node = Leaf | And | Or | Not | Everything | Where | During | About | Most


def positive_leaves(node: Node | None) -> Iterator[Leaf]:
    """Yields the leaves that a match holds (not those it must not hold): what is marked in the text."""
    match node:
        case Leaf():
            yield node
        case And(children=children) | Or(children=children) | Most(leaves=children):
            for child in children:
                yield from positive_leaves(child)
