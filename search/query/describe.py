"""A query tree in words: the page says how it read what was typed. Pure."""

from __future__ import annotations

import datetime as dt

from search.query.tree import About, And, During, Leaf, Node, Not, Or, Where


def describe(node: Node | None) -> str:
    """Returns the query in words, as members read it.

    >>> from search.query.parser import parse
    >>> describe(parse('昇腾 "先进封装" -出口').tree)
    '含“昇腾”，并且含原文“先进封装”，并且不含“出口”'
    """
    match node:
        case Leaf(text=text, is_exact=is_exact, field=field):
            where = "标题" if field == "title" else ""
            return f"{where}含{'原文' if is_exact else ''}“{text}”"
        case And(children=children):
            return "，并且".join(describe(child) for child in children)
        case Or(children=children):
            return "或".join(describe(child) for child in children)
        case Not(child=child):
            return _denied(describe(child))
        case During(first=first, last=last):
            return _days(first, last)
        case About(term=term):
            return f"说到“{term}”（各种写法）"
        case Where(field="columnist", value=value):
            return f"栏目作者是“{value}”"
        case Where(field="issue", value=value):
            return f"在 {value} 这一期"
        case Where(field="end_date", value=(first, _last)):
            return f"在 {int(first) // 10_000} 年"
        case _:
            return ""


_DENIALS = {"标题含": "标题不含", "栏目作者是": "栏目作者不是", "报道的是": "报道的不是"}


def _denied(said: str) -> str:
    for beginning, denial in _DENIALS.items():
        if said.startswith(beginning):
            return denial + said.removeprefix(beginning)
    return f"不{said}"


def _days(first: dt.date, last: dt.date) -> str:
    if last == dt.date.max:
        return f"报道的是 {first} 以后"
    if first == dt.date.min:
        return f"报道的是 {last} 以前"
    if first == last:
        return f"报道的是 {first}"
    return f"报道的是 {first} 至 {last}"
