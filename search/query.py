"""What was typed → a query tree. Pure, and it never fails: what is malformed is taken literally.

昇腾 带宽            both                     space = AND
HBM3E OR HBM4 产能   (HBM3E or HBM4) and 产能   OR binds its two neighbours
"先进封装"           exactly this run of characters
英伟达 -H20          without H20               also: NOT H20
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from search import analysis

MAX_LENGTH = 1000
"""Characters of a query that are read: more than the longest paragraph that anyone pastes to find it again."""
MAX_LEAVES = 40
"""Parts of a query that are looked up one by one; what follows is looked up as one run."""
MAX_WORDS = 64
"""Words of one part that are looked up. A longer part is found by them just as well."""


@dataclass(frozen=True)
class Leaf:
    """One part of a query. It matches a text that holds all its words, or the run of its characters.

    An exact leaf (quoted) matches by the run alone.
    """

    text: str
    is_exact: bool = False

    @cached_property
    def run(self) -> str:
        """The characters as they are looked up in a squeezed text."""
        return analysis.squeeze(self.text).strip()

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The different words that a matching text must hold; empty when only the run counts."""
        if self.is_exact:
            return ()
        return tuple(dict.fromkeys(analysis.leading_words(self.text)))[:MAX_WORDS]


@dataclass(frozen=True)
class And:
    """Matches what all its children match."""

    children: tuple[Node, ...]


@dataclass(frozen=True)
class Or:
    """Matches what any of its children matches."""

    children: tuple[Node, ...]


@dataclass(frozen=True)
class Not:
    """Matches what its child does not match."""

    child: Node


@dataclass(frozen=True)
class Everything:
    """Matches every article."""


@dataclass(frozen=True)
class Where:
    """Matches articles by a value, not by text: `Where("end_date", "gte", 20250101)`."""

    field: str
    operator: str
    value: Any


Node = Leaf | And | Or | Not | Everything | Where


@dataclass(frozen=True)
class Query:
    """A query as it was understood.

    `tree` is None when nothing was asked for. `is_cut` says that the text was longer than is read, `is_literal`
    that it holds nothing but exclusions, which were taken as text.
    """

    text: str
    tree: Node | None
    is_cut: bool = False
    is_literal: bool = False

    @property
    def asked(self) -> Node | None:
        """The tree to look up: the query as read, or the very characters that were typed.

        The second half keeps the promise that whatever is visible in an article finds it, even where the
        article itself holds a quotation mark, the word OR, or a hyphen after a space.
        """
        if self.tree is None or self.tree == Leaf(self.text):
            return self.tree
        return Or((self.tree, Leaf(self.text, is_exact=True)))


def parse(text: str) -> Query:
    """Reads what was typed.

    >>> parse('昇腾910C 带宽').tree
    And(children=(Leaf(text='昇腾910C', is_exact=False), Leaf(text='带宽', is_exact=False)))
    >>> parse('“先进封装”').tree
    Leaf(text='先进封装', is_exact=True)
    >>> parse('   ').tree is None
    True
    """
    visible = analysis.without_invisible(text).strip()
    text = visible[:MAX_LENGTH]
    pieces = _pieces(text)
    if len(pieces) > MAX_LEAVES:
        rest = " ".join(piece.typed for piece in pieces[MAX_LEAVES - 1 :])
        pieces = [*pieces[: MAX_LEAVES - 1], _Piece(rest, Leaf(rest))]
    return Query(
        text,
        _tree(pieces),
        is_cut=len(visible) > MAX_LENGTH,
        is_literal=bool(pieces) and all(piece.is_negative for piece in pieces),
    )


def describe(node: Node | None) -> str:
    """Returns the query in words, as members read it.

    >>> describe(parse('昇腾 "先进封装" -出口').tree)
    '含“昇腾”，并且含原文“先进封装”，并且不含“出口”'
    """
    match node:
        case Leaf(text=text, is_exact=True):
            return f"含原文“{text}”"
        case Leaf(text=text):
            return f"含“{text}”"
        case And(children=children):
            return "，并且".join(describe(child) for child in children)
        case Or(children=children):
            return "或".join(describe(child) for child in children)
        case Not(child=child):
            return f"不{describe(child)}"
        case _:
            return ""


def positive_leaves(node: Node | None) -> Iterator[Leaf]:
    """Yields the leaves that a match holds (not those it must not hold): what is marked in the text."""
    match node:
        case Leaf():
            yield node
        case And(children=children) | Or(children=children):
            for child in children:
                yield from positive_leaves(child)


# --- Reading -------------------------------------------------------------------------------------------

_CLOSING = dict.fromkeys('"“”„＂', '"“”„＂') | {"「": "」", "『": "』"}
_MINUS = "-－−"


@dataclass(frozen=True)
class _Piece:
    """A stretch of the typed text between spaces or quotation marks."""

    typed: str
    leaf: Leaf
    is_negative: bool = False

    @property
    def literal(self) -> Leaf:
        return Leaf(self.typed)


def _pieces(text: str) -> list[_Piece]:
    pieces = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        start = position
        is_negative = _is_minus(text, position)
        position += is_negative
        closing = _closing_quote(text, position)
        if closing is not None:
            leaf = Leaf(text[position + 1 : closing].strip(), is_exact=True)
            position = closing + 1
        else:
            end = position + 1
            while end < len(text) and not text[end].isspace() and _closing_quote(text, end) is None:
                end += 1
            leaf = Leaf(text[position:end])
            position = end
        pieces.append(_Piece(text[start:position], leaf, is_negative))
    return pieces


def _is_minus(text: str, position: int) -> bool:
    """A minus excludes only before a word and after a space: `CoWoS-L` and `10 - 20` hold plain hyphens."""
    return (
        text[position] in _MINUS
        and (position == 0 or text[position - 1].isspace())
        and not text[position + 1 : position + 2].isspace()
        and analysis.has_word(text[position + 1 : position + 3])
    )


def _closing_quote(text: str, position: int) -> int | None:
    """Where the quotation that opens at `position` closes; None when none opens, or it holds no word."""
    if position >= len(text) or text[position] not in _CLOSING:
        return None
    for end in range(position + 1, len(text)):
        if text[end] in _CLOSING[text[position]]:
            return end if analysis.has_word(text[position + 1 : end]) else None
    return None


def _groups(pieces: list[_Piece]) -> list[list[_Piece]]:
    """Pieces to be ANDed, each a list of pieces to be ORed. OR and NOT without a neighbour are words."""
    groups: list[list[_Piece]] = []
    index = 0
    joins = False
    while index < len(pieces):
        piece = pieces[index]
        has_next = index + 1 < len(pieces)
        if piece.typed == "OR" and groups and has_next and not joins:
            joins = True
            index += 1
            continue
        if piece.typed == "NOT" and has_next and not pieces[index + 1].is_negative:
            index += 1
            piece = _Piece(f"NOT {pieces[index].typed}", pieces[index].leaf, is_negative=True)
        if joins:
            groups[-1].append(piece)
        else:
            groups.append([piece])
        joins = False
        index += 1
    return groups


def _tree(pieces: list[_Piece]) -> Node | None:
    groups = _groups(pieces)
    if not any(_is_substantial(group) for group in groups):
        # Nothing but exclusions or punctuation: there is nothing to exclude from, so it is text.
        groups = [[_Piece(piece.typed, piece.literal) for piece in group] for group in groups]
    else:
        groups = [group for group in groups if any(analysis.has_word(piece.leaf.text) for piece in group)]
    nodes = [_any_of([Not(p.leaf) if p.is_negative else p.leaf for p in group]) for group in groups]
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else And(tuple(nodes))


def _is_substantial(group: list[_Piece]) -> bool:
    return any(not piece.is_negative and analysis.has_word(piece.leaf.text) for piece in group)


def _any_of(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))
