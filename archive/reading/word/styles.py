"""What the styles of a Word file say of a paragraph or a run, themselves or by those that they are based on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.reading.word.xml import Element, switch, value, w

_MOST_BASES = 20
_NUMBERED = re.compile(r"(?:heading|标题|標題)\s?([1-9])", re.IGNORECASE)
_RANKED = re.compile(r"([一二三四])级(?:标题|目录标题)")
_NAMES = (
    # How editors name styles of their own, which carry no level: the first that fits.
    (
        re.compile(
            r"副标题|subtitle|char$|字符|toc|目录|题注|caption|作者|正文|日期|来源|导语|摘要|页眉|页脚",
            re.IGNORECASE,
        ),
        0,
    ),
    (re.compile(r"小标题|子标题|subhead", re.IGNORECASE), 3),
    (re.compile(r"栏目|分栏|板块|版块|分类|section", re.IGNORECASE), 1),
    (re.compile(r"标题|標題|题目|heading|headline", re.IGNORECASE), 2),
)
_TITLE = re.compile(r"title|标题|刊名|主标题|大标题", re.IGNORECASE)
_CAPTION = re.compile(r"caption|题注|图注|图题|表题|图片说明", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says; None where it says nothing."""

    kind: str = ""
    """`Title`, `caption`, or nothing."""
    level: int = 0
    """1–6 for a heading."""
    is_bold: bool | None = None
    is_italic: bool | None = None
    is_hidden: bool | None = None
    list_id: str = ""
    """The `numId` of its automatic numbers."""
    list_level: int = 0


PLAIN = Style()


class Styles:
    """The styles of a file, by their ids."""

    def __init__(self, root: Element | None) -> None:
        elements = [] if root is None else root.iterchildren(w("style"))
        self._elements: dict[str, Element] = {}
        for element in elements:
            self._elements.setdefault(element.get(w("styleId"), ""), element)
        self._known: dict[str, Style] = {"": PLAIN}

    def find(self, style_id: str) -> Style:
        """Returns the style of this id, one that says nothing when there is none."""
        style = self._known.get(style_id)
        if style is None:
            style = self._known[style_id] = _resolved(self._chain(style_id))
        return style

    def numbering_of(self, style_id: str) -> str:
        """The `numId` that a style of lists names."""
        return value(self._elements.get(style_id), "pPr", "numPr", "numId")

    def _chain(self, style_id: str) -> list[Element]:
        chain: list[Element] = []
        while style_id in self._elements and len(chain) < _MOST_BASES:
            chain.append(self._elements[style_id])
            style_id = value(chain[-1], "basedOn")
        return chain


def _resolved(chain: list[Element]) -> Style:
    if not chain:
        return PLAIN
    names = [value(style, "name").strip() for style in chain]
    kind = "Title" if _TITLE.fullmatch(names[0]) else "caption" if any(map(_CAPTION.match, names)) else ""
    numbering = [style.find(f"{w('pPr')}/{w('numPr')}") for style in chain]
    numbered = next((found for found in numbering if found is not None and value(found, "numId")), None)
    return Style(
        kind=kind,
        level=0 if kind else _level(chain, names),
        is_bold=_first(chain, "b"),
        is_italic=_first(chain, "i"),
        is_hidden=_first(chain, "vanish"),
        list_id=value(numbered, "numId"),
        list_level=read_int(value(next((one for one in numbering if one is not None), None), "ilvl")),
    )


def _level(chain: list[Element], names: list[str]) -> int:
    for style, name in zip(chain, names, strict=True):
        outline = value(style, "pPr", "outlineLvl")
        if outline:
            return outline_level(outline)
        if found := _NUMBERED.fullmatch(name):
            return min(6, int(found[1]))
        if ranked := _RANKED.search(name):
            return "一二三四".index(ranked[1]) + 1
    return next((level for pattern, level in _NAMES if pattern.search(names[0])), 0)


def outline_level(outline: str) -> int:
    """The level of a heading by its outline level: `0` is 1, `9` is body text."""
    number = read_int(outline, 9)
    return min(6, number + 1) if 0 <= number < 9 else 0


def _first(chain: list[Element], name: str) -> bool | None:
    found = (switch(style.find(w("rPr")), name) for style in chain)
    return next((one for one in found if one is not None), None)


def read_int(text: str, otherwise: int = 0) -> int:
    """The number that an attribute gives, another when it gives none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else otherwise
