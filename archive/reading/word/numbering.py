"""Counts automatic lists as Word does, and gives each paragraph the number that Word shows before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from archive.reading.word.number_formats import format_number
from archive.reading.word.styles import Styles, read_int
from archive.reading.word.xml import Element, switch, value, w

_LEVELS = 9
_MOST_LINKS = 5
_PLACE = re.compile(r"%([1-9])")
_PLAIN = re.compile(r"%[1-9][.．、。)）]?")
_NEEDS_NO_SPACE = "、，。：；）】》」』〕．"


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a paragraph of a list."""

    list_id: str
    """Paragraphs of one id are counted together, on one level."""
    text: str
    """As it is shown, with the space behind it; empty for a bullet."""
    number: int
    is_bullet: bool = False
    level: int = 0
    is_plain: bool = False
    """Whether it is a decimal number and no more: what a list of HTML shows by itself."""


@dataclass(slots=True)
class _Level:
    number_format: str = "decimal"
    text: str = ""
    start: int = 1
    suffix: str = "tab"
    is_legal: bool = False
    restarts_after: int | None = None
    """Levels above this one (from 1) let it start again; 0 is never, None is any."""
    is_hidden: bool = False


@dataclass(slots=True)
class _List:
    """A `w:num`: the list of one `w:abstractNum`, and what it has of its own."""

    abstract: str
    levels: dict[int, _Level]
    starts: dict[int, int]
    """Where it starts again when it is first used."""
    is_used: bool = False


@dataclass(slots=True)
class _Count:
    """How far the paragraphs of one `w:abstractNum` are counted: Word goes on in another list of the same one."""

    numbers: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)
    restarts: int = 0


class Numbering:
    """The lists of a file. `label` is asked paragraph by paragraph, in order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, _Count] = {}
        self._levels_of_styles: dict[tuple[str, str], int] = {}
        if root is None:
            return
        abstracts = {one.get(w("abstractNumId"), ""): one for one in root.iterchildren(w("abstractNum"))}
        nums = {one.get(w("numId"), ""): one for one in root.iterchildren(w("num"))}
        for num_id, num in nums.items():
            abstract_id = _linked(value(num, "abstractNumId"), abstracts, nums, styles)
            if abstract_id in abstracts:
                self._lists[num_id] = _read_list(num, abstract_id, abstracts[abstract_id])
        self._levels_of_styles = {
            (num_id, value(one, "pStyle")): read_int(one.get(w("ilvl"), ""))
            for num_id, num in nums.items()
            if num_id in self._lists
            for one in abstracts[self._lists[num_id].abstract].iterchildren(w("lvl"))
            if value(one, "pStyle")
        }

    def level_of_style(self, num_id: str, style_id: str) -> int | None:
        """The level of a list that belongs to a style of paragraphs, None when none does."""
        return self._levels_of_styles.get((num_id, style_id))

    def label(self, num_id: str, level: int) -> Label | None:
        """Counts one more paragraph of this list, and returns what is shown before it; None for no list."""
        found = self._lists.get(num_id)
        if found is None or not 0 <= level < _LEVELS:
            return None
        here = found.levels.get(level, _Level())
        if here.number_format == "bullet":
            return Label(num_id, "", 0, is_bullet=True, level=level)
        count = self._counts.setdefault(found.abstract, _Count())
        self._start(found, count)
        number = self._counted(found, count, level)
        shown = "" if here.is_hidden else _shown(here, found.levels, count.numbers)
        is_plain = level == 0 and here.number_format == "decimal" and bool(_PLAIN.fullmatch(here.text))
        return Label(
            f"{found.abstract}.{count.restarts}.{level}", shown, number, level=level, is_plain=is_plain
        )

    @staticmethod
    def _start(found: _List, count: _Count) -> None:
        if found.is_used:
            return
        found.is_used = True
        for level, start in sorted(found.starts.items()):
            before = count.numbers[level]
            if before is not None and start != before + 1:
                count.restarts += 1  # a list that only goes on is no other list
            count.numbers[level] = start - 1
            count.numbers[level + 1 :] = [None] * (_LEVELS - level - 1)

    @staticmethod
    def _counted(found: _List, count: _Count, level: int) -> int:
        for higher in range(level):
            if count.numbers[higher] is None:
                count.numbers[higher] = found.levels.get(higher, _Level()).start
        before = count.numbers[level]
        number = found.levels.get(level, _Level()).start if before is None else before + 1
        count.numbers[level] = number
        for lower in range(level + 1, _LEVELS):
            after = found.levels.get(lower, _Level()).restarts_after
            if after is None or after > level:
                count.numbers[lower] = None
        return number


def _linked(abstract_id: str, abstracts: dict[str, Element], nums: dict[str, Element], styles: Styles) -> str:
    """The list that is meant, where one only names a style of lists."""
    for _ in range(_MOST_LINKS):
        style_id = value(abstracts.get(abstract_id), "numStyleLink")
        if not style_id:
            break
        abstract_id = value(nums.get(styles.numbering_of(style_id)), "abstractNumId")
    return abstract_id


def _read_list(num: Element, abstract_id: str, abstract: Element) -> _List:
    levels = {read_int(one.get(w("ilvl"), "")): _read_level(one) for one in abstract.iterchildren(w("lvl"))}
    starts = {}
    for override in num.iterchildren(w("lvlOverride")):
        at = read_int(override.get(w("ilvl"), ""))
        own = override.find(w("lvl"))
        if own is not None:
            levels[at] = _read_level(own)
        if start := value(override, "startOverride"):
            starts[min(at, _LEVELS - 1)] = read_int(start, 1)
    return _List(abstract_id, levels, starts)


def _read_level(element: Element) -> _Level:
    restart = value(element, "lvlRestart")
    return _Level(
        number_format=value(element, "numFmt") or "decimal",
        text=value(element, "lvlText"),
        start=read_int(value(element, "start"), 1),
        suffix=value(element, "suff") or "tab",
        is_legal=switch(element, "isLgl") or False,
        restarts_after=read_int(restart) if restart else None,
        is_hidden=switch(element.find(w("rPr")), "vanish") or False,
    )


def _shown(here: _Level, levels: dict[int, _Level], numbers: list[int | None]) -> str:
    def written(place: re.Match[str]) -> str:
        level = int(place[1]) - 1
        number_format = "decimal" if here.is_legal else levels.get(level, _Level()).number_format
        return format_number(numbers[level] or 0, number_format)

    text = _PLACE.sub(written, here.text).strip()
    needs_space = text and here.suffix != "nothing" and text[-1] not in _NEEDS_NO_SPACE
    return f"{text} " if needs_space else text
