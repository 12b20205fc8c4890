"""The query tree: what a query asks for, in plain immutable nodes. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any, Literal, Self

from search.query.parting import QUESTION_WORDS
from search.text import analysis
from search.text.runs import run_to_find, runs_of_query

MAX_UNITS = 64
"""Units of one leaf that are looked up. A longer leaf is found by them just as well."""


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

    @property
    def run(self) -> str:
        """The characters as they are looked up, in the first of their writings."""
        return self.runs[0] if self.runs else ""

    @cached_property
    def runs(self) -> tuple[str, ...]:
        """The characters as they are looked up in a text (search.text.runs): a code is written in several ways.

        What was quoted is looked up as it was typed, but for what joins the parts of a code.
        """
        if self.is_exact:
            return tuple(filter(None, [run_to_find(self.text)]))
        return runs_of_query(self.text)

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
class First(_Immutable):
    """Matches what its child matches, and ranks it before all others."""

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
    """Matches articles that hold most of the words, weighed by rarity: a looser And, for a sentence."""

    words: tuple[Leaf, ...]
    terms: analysis.TermFinder | None = None
    """What the words are cut by in place of all terms: those that nothing holds would keep their words together."""

    def units(self, terms: analysis.TermFinder) -> list[analysis.Unit]:
        """Returns what the words ask about, the first MAX_UNITS units of all of them together."""
        units = (unit for word in self.words for unit in word.units(self.terms or terms))
        return [*islice((unit for unit in units if unit.text not in QUESTION_WORDS), MAX_UNITS)]


@dataclass(frozen=True)
class Some(_Immutable):
    """Matches articles that hold so many of the words, from `least` to `most`: a looser And, for words one by one."""

    words: tuple[Leaf, ...]
    least: int
    most: int


Node = Leaf | And | Or | Not | First | Everything | Where | During | About | Most | Some


def positive_leaves(node: Node | None) -> Iterator[Leaf]:
    """Yields the leaves that a match holds (not those it must not hold): what is marked in the text."""
    match node:
        case Leaf():
            yield node
        case First(child=first):
            yield from positive_leaves(first)
        case And(children=children) | Or(children=children) | Most(words=children) | Some(words=children):
            for child in children:
                yield from positive_leaves(child)
