"""What was typed → a query tree. Pure, and it never fails: what is malformed is taken literally.

昇腾 带宽            both                     space = AND = AND written = 、 = 和 between two names
HBM3E OR HBM4 产能   (HBM3E or HBM4) and 产能   OR binds its two neighbours
"先进封装"           exactly this run of characters
英伟达 -H20          without H20               also: NOT H20
title:量产           in the title
term:台积电          mentions the term, in any of its writings
columnist:某某       by this columnist;    section:政策   under this heading of its issue
issue:2025-03-21     in this issue;   year:2025   issues that end in this year
after:2025年3月      reported on since then;   before:2025Q1
2025年3月 HBM4       in the issues of March 2025; a date in quotation marks is text
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from search.query.dates import DateFilter, joined
from search.query.pieces import Calendar, Piece, leaf_of, read_pieces
from search.query.query import Query
from search.query.tree import And, Leaf, Node, Not, Or
from search.text import analysis
from search.text.analysis import NO_TERMS, TermFinder

MAX_LENGTH = 1000
"""Characters of a query that are read: more than the longest paragraph that anyone pastes to find it again."""
MAX_LEAVES = 40
"""Parts of a query that are looked up one by one; what follows is looked up as one run."""


def parse(
    text: str,
    terms: TermFinder = NO_TERMS,
    today: dt.date | None = None,
    issue_days: tuple[dt.date, ...] = (),
) -> Query:
    """Reads what was typed.

    A term of several words (`Lip-Bu Tan`) is one part of the query, as if there were no space in it. `today`
    (the server's, when None) is what `上周` is counted from, `issue_days` (ascending) are the last days of the issues
    that there are: by them a date without its year gets one (search.query.periods).

    >>> parse('昇腾910C 带宽').tree == And((Leaf('昇腾910C'), Leaf('带宽')))
    True
    >>> parse('“先进封装”').tree == Leaf('先进封装', is_exact=True)
    True
    >>> parse('   ').tree is None
    True
    """
    visible = analysis.without_invisible(text).strip()
    cut = visible[:MAX_LENGTH]
    return _parsed(cut, len(visible) > MAX_LENGTH, terms, Calendar(today or dt.date.today(), issue_days))


@lru_cache(maxsize=512)  # a page reads its query several times, and members ask the same
def _parsed(text: str, is_cut: bool, terms: TermFinder, calendar: Calendar) -> Query:
    pieces = read_pieces(text, calendar, terms)
    if len(pieces) > MAX_LEAVES:
        rest = " ".join(piece.typed for piece in pieces[MAX_LEAVES - 1 :])
        pieces = [*pieces[: MAX_LEAVES - 1], Piece(rest, Leaf(rest))]
    are_names = "、" in text and all(piece.is_plain and piece.is_one_word(terms) for piece in pieces)
    whole = " ".join(text.replace("、", " ").split()) if are_names else text
    groups = _groups(pieces)
    said = [group for group in groups if group[0].period]
    when = joined([[piece.period for piece in group if piece.period] for group in said])
    words = _tree([group for group in groups if group not in said], is_alone=not said)
    return Query(
        text,
        _all_of([node for node in (words, when) if node]),
        is_cut=is_cut,
        is_literal=bool(pieces) and all(piece.is_negative for piece in pieces),
        whole=whole,
        is_parted=whole.split() != " ".join(piece.typed for piece in pieces).split(),
        words=words,
        dates=tuple(
            DateFilter(text, piece.start, piece.start + len(piece.typed), piece.period)
            for group in said
            for piece in group
            if piece.period
        ),
        when=when,
        plain=tuple(
            group[0].node
            for group in groups
            if len(group) == 1 and isinstance(group[0].node, Leaf) and group[0].is_word
        ),
    )


def parts(text: str, terms: TermFinder = NO_TERMS, today: dt.date | None = None) -> list[str]:
    """Returns what was typed in the parts that can be left out one by one; what OR joins is one part.

    >>> parts('英伟达 HBM3E OR HBM4 -H20 "先进封装"')
    ['英伟达', 'HBM3E OR HBM4', '-H20', '"先进封装"']
    """
    pieces = read_pieces(text, Calendar(today or dt.date.today(), ()), terms)
    return [" OR ".join(piece.typed for piece in group) for group in _groups(pieces)]


def _tree(groups: list[list[Piece]], *, is_alone: bool) -> Node | None:
    if is_alone and not any(p.is_substantial and not p.is_negative for group in groups for p in group):
        # Nothing but exclusions or punctuation: there is nothing to exclude from, so it is text.
        groups = [[Piece(piece.typed, Leaf(piece.typed)) for piece in group] for group in groups]
    else:
        groups = [group for group in groups if any(piece.is_substantial for piece in group)]
    return _all_of([_any_of([Not(p.node) if p.is_negative else p.node for p in group]) for group in groups])


def _all_of(nodes: Sequence[Node]) -> Node | None:
    flat = [child for node in nodes for child in (node.children if isinstance(node, And) else (node,))]
    return And(tuple(flat)) if len(flat) > 1 else flat[0] if flat else None


def _groups(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces to be ANDed, each a list of pieces to be ORed. AND, OR and NOT without a neighbour are words.

    A date that is excluded, or an alternative to words, is text: no result would be of its days for certain.
    """
    groups: list[list[Piece]] = []
    index = 0
    joins = False
    while index < len(pieces):
        piece = pieces[index]
        has_next = index + 1 < len(pieces)
        if piece.is_either and groups and has_next and not joins:
            joins = True
            index += 1
            continue
        if piece.typed == "AND" and groups and has_next and not joins:
            index += 1
            continue
        if piece.typed == "NOT" and has_next and not pieces[index + 1].is_negative:
            index += 1
            denied = _as_text(pieces[index])
            piece = replace(denied, typed=f"NOT {denied.typed}", is_negative=True)
        if joins:
            groups[-1].append(piece)
        else:
            groups.append([piece])
        joins = False
        index += 1
    return [
        group if all(piece.period for piece in group) else [_as_text(piece) for piece in group]
        for group in groups
    ]


def _as_text(piece: Piece) -> Piece:
    return replace(piece, node=leaf_of(piece.typed), period=None) if piece.period else piece


def _any_of(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))
