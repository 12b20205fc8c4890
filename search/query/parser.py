"""What was typed → a query tree. Pure, and it never fails: what is malformed is taken literally.

昇腾 带宽            both                     space = AND
HBM3E OR HBM4 产能   (HBM3E or HBM4) and 产能   OR binds its two neighbours
"先进封装"           exactly this run of characters
英伟达 -H20          without H20               also: NOT H20
title:量产           in the title
term:台积电          mentions the term, in any of its writings
columnist:某某       by this columnist
issue:2025-03-21     in this issue;   year:2025   issues that end in this year
after:2025年3月      reported on since then;   before:2025Q1
上周 HBM4            reported on last week, or saying `上周`
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from glossary.folding import fold
from search.query.periods import read_period
from search.query.tree import About, And, During, Leaf, Node, Not, Or, Where
from search.text import analysis
from search.text.analysis import NO_TERMS, TermFinder
from search.text.quantities import find_quantities

MAX_LENGTH = 1000
"""Characters of a query that are read: more than the longest paragraph that anyone pastes to find it again."""
MAX_LEAVES = 40
"""Parts of a query that are looked up one by one; what follows is looked up as one run."""


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
    def effective_tree(self) -> Node | None:
        """The tree to look up: the query as read, or the very characters that were typed.

        The second half keeps the promise that whatever is visible in an article finds it, even where the
        article itself holds a quotation mark, the word OR, or a hyphen after a space.
        """
        if self.tree is None or self.tree == Leaf(self.text):
            return self.tree
        return Or((self.tree, Leaf(self.text, is_exact=True)))


def parse(text: str, terms: TermFinder = NO_TERMS, today: dt.date | None = None) -> Query:
    """Reads what was typed.

    A term of several words (`Lip-Bu Tan`) is one part of the query, as if there were no space in it. `today`
    (the server's, when None) is what `上周` is counted from.

    >>> parse('昇腾910C 带宽').tree == And((Leaf('昇腾910C'), Leaf('带宽')))
    True
    >>> parse('“先进封装”').tree == Leaf('先进封装', is_exact=True)
    True
    >>> parse('   ').tree is None
    True
    """
    visible = analysis.without_invisible(text).strip()
    return _parsed(visible[:MAX_LENGTH], len(visible) > MAX_LENGTH, terms, today or dt.date.today())


@lru_cache(maxsize=512)  # a page reads its query several times, and members ask the same
def _parsed(text: str, is_cut: bool, terms: TermFinder, today: dt.date) -> Query:
    pieces = _with_whole_terms(text, _pieces(text, today, terms), terms)
    if len(pieces) > MAX_LEAVES:
        rest = " ".join(piece.typed for piece in pieces[MAX_LEAVES - 1 :])
        pieces = [*pieces[: MAX_LEAVES - 1], _Piece(rest, Leaf(rest))]
    return Query(
        text,
        _tree(pieces),
        is_cut=is_cut,
        is_literal=bool(pieces) and all(piece.is_negative for piece in pieces),
    )


def parts(text: str, terms: TermFinder = NO_TERMS, today: dt.date | None = None) -> list[str]:
    """Returns what was typed in the parts that can be left out one by one; what OR joins is one part.

    >>> parts('英伟达 HBM3E OR HBM4 -H20 "先进封装"')
    ['英伟达', 'HBM3E OR HBM4', '-H20', '"先进封装"']
    """
    pieces = _with_whole_terms(text, _pieces(text, today or dt.date.today(), terms), terms)
    return [" OR ".join(piece.typed for piece in group) for group in _groups(pieces)]


# --- Pieces: what stands between spaces and quotation marks --------------------------------------------

_CLOSING = dict.fromkeys('"“”„＂', '"“”„＂') | {"「": "」", "『": "』"}
_MINUS = "-－−"
_FIELD = re.compile(
    r"(title|标题|term|词条|columnist|作者|issue|期|year|年份|after|before)[:：](?=\S)", re.IGNORECASE
)
_FIELD_NAMES = {"标题": "title", "词条": "term", "作者": "columnist", "期": "issue", "年份": "year"}
_ISSUE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(-[0-9]{1,3})?")


@dataclass(frozen=True)
class _Piece:
    """A stretch of the typed text, and what it asks for."""

    typed: str
    node: Node
    is_negative: bool = False
    start: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether it is a word like any other: not quoted, not excluded, no field, no date."""
        return self.node == Leaf(self.typed) and self.typed not in ("OR", "NOT")

    @property
    def is_substantial(self) -> bool:
        """Whether it asks for anything: a piece of mere punctuation beside words is dropped."""
        return not isinstance(self.node, Leaf) or analysis.has_word(self.node.text)


def _pieces(text: str, today: dt.date, terms: TermFinder) -> list[_Piece]:
    pieces = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        start = position
        is_negative = _is_minus(text, position)
        position += is_negative
        field = _FIELD.match(text, position)
        value, is_exact, end = _value(text, field.end() if field else position)
        if field and not is_exact and _field_name(field[1]) == "term":
            value, end = _whole_term(text, field.end(), end, terms)
        node = _field_node(field[1], value, is_exact, today) if field else None
        if node is None:
            value, is_exact, end = _value(text, position)
            node = Leaf(value, is_exact) if is_exact or is_negative else _leaf_or_days(value, today)
        position = end
        pieces.append(_Piece(text[start:position], node, is_negative, start))
    return pieces


def _with_whole_terms(text: str, pieces: list[_Piece], terms: TermFinder) -> list[_Piece]:
    """Joins plain words that together are one term (`Lip-Bu Tan`) or one quantity (`3 nm`)."""
    ends = {piece.start + len(piece.typed) for piece in pieces}
    places = [(match.start, match.end) for match in terms.find(text)]
    # `RTX 5090 万卡` is no 5090万: a quantity ends where a word ends.
    places += [(found.start, found.end) for found in find_quantities(fold(text)) if found.end in ends]
    for start, end in sorted(places, reverse=True):
        inside = [place for place, piece in enumerate(pieces) if start <= piece.start < end]
        words = [pieces[place] for place in inside]
        if len(words) > 1 and all(word.is_plain for word in words) and words[0].start == start:
            typed = text[start : words[-1].start + len(words[-1].typed)]
            pieces = [
                *pieces[: inside[0]],
                _Piece(typed, Leaf(typed), start=start),
                *pieces[inside[-1] + 1 :],
            ]
    return pieces


def _value(text: str, position: int) -> tuple[str, bool, int]:
    """Returns the quotation or the word at `position`, whether it was quoted, and where it ends."""
    closing = _closing_quote(text, position)
    if closing is not None:
        return text[position + 1 : closing].strip(), True, closing + 1
    end = position + 1
    while end < len(text) and not text[end].isspace() and _closing_quote(text, end) is None:
        end += 1
    return text[position:end], False, end


def _whole_term(text: str, start: int, end: int, terms: TermFinder) -> tuple[str, int]:
    """Returns the value of `term:` at `start`, and its end: of a term of several words all of them, without quotes.

    So `term:Lip-Bu Tan 英特尔` asks for Lip-Bu Tan and 英特尔, not for a term `Lip-Bu`.
    """
    known = next((match.end for match in terms.find(text[start:]) if match.start == 0), 0) + start
    if known > end and (known == len(text) or text[known].isspace()):
        end = known
    return text[start:end], end


def _field_name(typed: str) -> str:
    return _FIELD_NAMES.get(typed, typed.lower())


def _field_node(name: str, value: str, is_exact: bool, today: dt.date) -> Node | None:
    """What `name:value` asks for; None when the value makes no sense, and then it is all text."""
    period = read_period(value, today)
    number = fold(value)
    match _field_name(name):
        case "title":
            return Leaf(value, is_exact, "title")
        case "term":
            return About(value)
        case "columnist":
            return Where("columnist", "exact", value)
        case "issue" if _ISSUE.fullmatch(number):
            return Where("issue", "exact", number)
        case "year" if re.fullmatch(r"[0-9]{4}", number):
            return Where("end_date", "range", (int(number) * 10_000, int(number) * 10_000 + 1231))
        case "after" if period := period or read_period(f"{value}年", today):
            return During(period[0], dt.date.max)
        case "before" if period := period or read_period(f"{value}年", today):
            return During(dt.date.min, period[1])
    return None


def _leaf_or_days(word: str, today: dt.date) -> Node:
    """`上周` is the days and also two characters that an article may hold: either will do."""
    period = read_period(word, today)
    return Or((During(*period), Leaf(word))) if period else Leaf(word)


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


# --- The tree ------------------------------------------------------------------------------------------


def _tree(pieces: list[_Piece]) -> Node | None:
    groups = _groups(pieces)
    if not any(piece.is_substantial and not piece.is_negative for group in groups for piece in group):
        # Nothing but exclusions or punctuation: there is nothing to exclude from, so it is text.
        groups = [[_Piece(piece.typed, Leaf(piece.typed)) for piece in group] for group in groups]
    else:
        groups = [group for group in groups if any(piece.is_substantial for piece in group)]
    nodes = [_any_of([Not(p.node) if p.is_negative else p.node for p in group]) for group in groups]
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else And(tuple(nodes))


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
            piece = _Piece(f"NOT {pieces[index].typed}", pieces[index].node, is_negative=True)
        if joins:
            groups[-1].append(piece)
        else:
            groups.append([piece])
        joins = False
        index += 1
    return groups


def _any_of(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))
