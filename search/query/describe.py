"""A query tree in words: the page says how it read what was typed. Pure."""

from __future__ import annotations

import datetime as dt

from search.query.query import Query
from search.query.tree import About, And, During, Leaf, Node, Not, Or, Where


def reading_of(query: Query) -> str:
    """Returns how a query was read, without its dates, which are shown apart; empty when that says nothing new.

    >>> from search.query.parser import parse
    >>> reading_of(parse("HBM3E OR HBM4 产能")), reading_of(parse("HBM4")), reading_of(parse("2025年3月 HBM4"))
    ('（HBM3E 或 HBM4）并且 产能', '', '')
    """
    typed = query.text
    for date in reversed(query.dates):
        typed = f"{typed[: date.start]} {typed[date.end :]}"
    said = describe(query.words)
    return "" if said == " ".join(typed.split()) else said


_PAUSES = ",，;；、。"
"""At the ends of a word nobody asks for them."""


def describe(node: Node | None) -> str:
    """Returns a tree in words, as members read it.

    >>> from search.query.parser import parse
    >>> describe(parse('昇腾 "先进封装" -出口').tree)
    '昇腾 并且 一字不差的“先进封装” 并且 不含 出口'
    """
    return _said(node).replace(" （", "（").replace("） ", "）")


def _said(node: Node | None) -> str:
    match node:
        case Leaf(text=text, is_exact=is_exact, field=field):
            words = f"一字不差的“{text}”" if is_exact else text.strip(_PAUSES) or text
            return f"标题有 {words}" if field == "title" else words
        case And(children=children):
            return " 并且 ".join(map(_inner, children))
        case Or(children=children):
            return " 或 ".join(map(_inner, children))
        case Not(child=child):
            return _denied(child)
        case During(first=first, last=last):
            return _days(first, last)
        case About(term=term):
            return f"提到“{term}”（各种写法）"
        case Where(field="columnist", value=value):
            return f"栏目作者是 {value}"
        case Where(field="section", value=value):
            return f"分栏是 {value}"
        case Where(field="issue", value=value):
            return f"{value} 这一期"
        case Where(field="end_date", value=(first, last)):
            return _days(_date(first), _date(last))
        case _:
            return ""


def _denied(node: Node) -> str:
    said = _inner(node)
    match node:
        case Leaf(field="title"):
            return said.replace("有", "没有", 1)
        case Where(field="columnist" | "section"):
            return said.replace("是", "不是", 1)
        case Where(field="issue"):
            return f"不在 {said}"
        case Where() | During():
            return f"不是 {said}"
        case About():
            return f"没有{said}"
    return f"不含 {said}"


def _inner(node: Node) -> str:
    said = _said(node)
    return f"（{said}）" if isinstance(node, And | Or) else said


def _date(number: int) -> dt.date:
    return dt.date(number // 10_000, number // 100 % 100, number % 100)


def _days(first: dt.date, last: dt.date) -> str:
    def day(date: dt.date) -> str:
        return f"{date.year}年{date.month}月{date.day}日"

    if last == dt.date.max:
        return f"{day(first)}以后的各期"
    if first == dt.date.min:
        return f"{day(last)}以前的各期"
    if (first.year, first.month, first.day, last.month, last.day) == (last.year, 1, 1, 12, 31):
        return f"{first.year}年的各期"
    return f"{day(first)}的各期" if first == last else f"{day(first)}至{day(last)}的各期"
