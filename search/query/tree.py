"""The query tree: what a query asks for, in plain immutable nodes. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any, Literal, Self

from search.text import analysis

MAX_UNITS = 64
"""Units of one leaf, and of a relaxed query, that are looked up. A longer leaf is found by them just as well."""
QUESTION_WORDS = frozenset(
    "哪些 哪 哪个 哪家 哪里 什么 什么样 什么时候 时候 何时 怎么 怎么样 怎样 如何 为什么 为何 多少 几 吗 呢 吧 啊 "
    "的 了 是 是否 有 有没有 在 和 与 及 跟 对 把 被 会 能 要 都 就 还 也 谁 请问 告诉 我 我们 情况 一下".split()
)
"""Words of a question that say nothing of what is asked about. Only a relaxed query leaves them out."""


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

    def units(self, terms: analysis.TermFinder) -> list[analysis.Unit]:
        """Returns what the leaves ask about, the first MAX_UNITS units of all of them together."""
        return [*islice(self._asked_about(terms), MAX_UNITS)]

    def leaves_out(self, terms: analysis.TermFinder) -> bool:
        """Returns whether there are more units than are looked up."""
        return next(islice(self._asked_about(terms), MAX_UNITS, None), None) is not None

    def _asked_about(self, terms: analysis.TermFinder) -> Iterator[analysis.Unit]:
        return (unit for leaf in self.leaves for unit in leaf.units(terms) if unit.text not in QUESTION_WORDS)


def leaves_out(node: Node, terms: analysis.TermFinder) -> bool:
    """Returns whether a relaxed query asks for more than MAX_UNITS units: what comes behind them is not looked up."""
    match node:
        case And(children=children):
            return any(leaves_out(child, terms) for child in children)
        case Most():
            return node.leaves_out(terms)
    return False


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
