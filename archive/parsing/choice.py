"""Chooses how a document is to be read, by the evidence of the whole of it (decision 9).

A reading is a style of headings and, perhaps, a kind of line above them that names sections. All readings are scored by
one measure; the best is the document's, and the best that takes another level for the articles is the other reading.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, log

from archive.parsing.heading_score import heading_score
from archive.parsing.outline import Head, Outline
from archive.parsing.sections import distinctness, likelihood, section_kinds, with_leaves, with_outer
from archive.parsing.sequence import Candidate, best_run
from archive.parsing.styles import (
    Stretch,
    blocks,
    bold,
    bulleted,
    candidates_by_family,
    enclosed,
    itemized,
    labelled,
    led,
    levelled,
    numbered,
    numbered_head,
    sentences,
    short_lines,
    with_tails,
)

_WEIGHTS = {
    "number": 1.1,
    "level": 1.0,
    "lead": 0.9,
    "bold": 0.7,
    "label": 0.7,
    "enclosed": 0.7,
    "bullet": 0.6,
    "item": 0.6,
    "block": 0.35,
    "short": 0.2,
}
"""How much each style is trusted where it occurs; numbers are trusted most."""
_SECTIONED = 1.15
"""An outline with section heads explains more of the document than the same headings without."""
_MANY = 3
_LEAST = {"level": 1, "block": 2, "short": 3}
_LEAST_SCORE = 0.25
_ITEM = 0.6
"""What the line of an item counts as a heading: it says all, so it ends as a sentence and has no body."""
_ITEM_IN_SECTION = 0.8
_ITEMS_COVER = 0.8
_SHORTEST_ITEM = 8
_LARGEST_JUMP = 4
_NO_LEVEL = 3
"""Headings of this level and below may be subheads in articles whose own headings have no level."""
_MOST_ABOVE = 0.2
"""For each article, how many headings of a higher level a convincing reading may leave inside the articles."""
_NEAR = 0.5
"""The share of the best reading's score for an article that another reading needs to be offered."""


@dataclass(frozen=True, slots=True)
class _Reading:
    outline: Outline
    score: float
    is_convincing: bool
    """Whether it explains the whole document: then unnumbered styles are not considered."""
    is_sure: bool = False
    """Whether its sections can be nothing else."""

    @property
    def mean(self) -> float:
        """The score for each article: a lower level always has more of them."""
        return self.score / len(self.outline.heads)


def choose_outlines(stretch: Stretch) -> list[Outline]:
    """Returns the document's headings and, where another level is plausible too, those of the other reading.

    The first is an outline without heads when nothing looks like a heading and paragraphs do not begin like one.
    """
    readings = [one for one in _readings(stretch) if one.score >= _LEAST_SCORE]
    best_first = sorted(readings, key=lambda one: (one.is_convincing, one.score), reverse=True)
    if not best_first:
        return [sentences(stretch)]
    best = best_first[0]
    others = [one for one in best_first if _is_other_level(best, one) and one.mean >= _NEAR * best.mean]
    return [with_tails(stretch, one.outline) for one in (best, *others[:1])]


def _is_other_level(best: _Reading, other: _Reading) -> bool:
    """Whether the other reading takes the section heads for articles, or divides the articles into more."""
    if best.is_sure:
        return False
    heads = {head.row for head in best.outline.heads}
    rows = {head.row for head in other.outline.heads}
    return (rows <= set(best.outline.sections) and len(rows) > 1) or (
        bool(other.outline.sections) and heads <= set(other.outline.sections)
    )


def _readings(stretch: Stretch) -> Iterator[_Reading]:
    """Yields every reading: each style by itself, and below each kind of section heads."""
    flat: dict[tuple[int, ...], float] = {}
    sectioned: list[tuple[_Reading, tuple[int, ...]]] = []
    for family, candidates in candidates_by_family(stretch).items():
        whole = numbered(stretch, family, candidates)
        if whole.heads:
            yield _kept(flat, _weigh(stretch, whole, "number", _restarts(whole, candidates)))
        every = [numbered_head(stretch.rows, one) for one in candidates]
        for kind, rows in section_kinds(stretch, every):
            heads = _numbered_below(stretch, candidates, rows)
            sectioned += _sectioned(stretch, family, "number", kind, heads, rows)
    marked = [
        *levelled(stretch),
        bold(stretch),
        led(stretch),
        labelled(stretch),
        enclosed(stretch),
        *bulleted(stretch),
    ]
    for outline in (*marked, *itemized(stretch), blocks(stretch), short_lines(stretch)):
        style = outline.style
        if len(outline.heads) < _LEAST.get(style, 2):
            continue
        if style != "item" or _covers(stretch, outline):
            yield _kept(flat, _weigh(stretch, outline, style))
        for kind, rows in section_kinds(stretch, outline.heads):
            own = set(rows)
            heads = [head for head in outline.heads if head.row not in own]
            sectioned += _sectioned(stretch, style, style, kind, heads, rows)
    for reading, section_rows in sectioned:
        # Whoever takes the section heads for articles sees the same document and understands less of it.
        least = flat.get(section_rows, 0.0) * _SECTIONED
        if reading.is_convincing or reading.is_sure:
            reading = replace(reading, score=reading.score + max(0.0, least - reading.score / 2))
        yield reading


def _kept(flat: dict[tuple[int, ...], float], reading: _Reading) -> _Reading:
    rows = tuple(head.row for head in reading.outline.heads)
    flat[rows] = max(reading.score, flat.get(rows, 0.0))
    return reading


def _sectioned(
    stretch: Stretch, name: str, style: str, kind: str, heads: Sequence[Head], rows: Sequence[int]
) -> Iterator[tuple[_Reading, tuple[int, ...]]]:
    """Yields the reading of these heads below these section heads, if it can be."""
    is_likely = likelihood(stretch, kind, rows, heads, _titles(stretch, heads)) if heads else 0.0
    if not is_likely:
        return
    every = tuple(rows)
    heads, rows = with_leaves(stretch, heads, rows)
    if not rows:
        return
    outline = Outline(
        f"{name} in sections",
        tuple(heads),
        with_outer(stretch, rows, heads),
        leaves=frozenset(every) - set(rows),
        days=kind.startswith("day"),
    )
    if style == "item" and not _covers(stretch, outline):
        return
    if style == "short" and is_likely < 1 and len(heads) < 2 * len(rows):
        return
    reading = _weigh(stretch, outline, style)
    if style != "item" and _quality(stretch, outline, style) < 0.4:
        return
    is_convincing = len(heads) >= _MANY and _coverage(stretch, outline) >= 0.5 and is_likely >= 0.5
    score = reading.score * _SECTIONED * is_likely
    yield _Reading(outline, score, is_convincing, is_sure=is_likely == 1), every


def _numbered_below(stretch: Stretch, candidates: Sequence[Candidate], sections: Sequence[int]) -> list[Head]:
    """Returns the heads of the best runs of numbers; in each section they begin at 1 again or go on."""
    places = [one.row for one in candidates]
    above = candidates[: bisect_left(places, sections[0])]
    is_run = [one.number for one in above] == [*range(1, len(above) + 1)]
    heads = [numbered_head(stretch.rows, one) for one in above] if is_run else []
    last_number = len(heads)
    for section, following in zip(sections, [*sections[1:], len(stretch.rows)], strict=True):
        inside = candidates[bisect_right(places, section) : bisect_left(places, following)]
        if not inside:
            continue
        begins, ends = stretch.offsets[section + 1], stretch.offsets[following]
        is_onwards = abs(inside[0].number - last_number - 1) < _LARGEST_JUMP and inside[0].number > 1
        numbers = [one.number for one in inside]
        if numbers == [*range(numbers[0], numbers[0] + len(numbers))] and numbers[0] in (1, last_number + 1):
            chosen = [*range(len(inside))]  # no list in an article has the same numbers: all are headings
        else:
            chosen = best_run(inside, ends - begins, last_number + 1 if is_onwards else 1, begins)
        heads += [numbered_head(stretch.rows, inside[index]) for index in chosen]
        last_number = inside[chosen[-1]].number if chosen else last_number
    return heads


# Scores.


def _weigh(stretch: Stretch, outline: Outline, style: str, restarts: int = 0) -> _Reading:
    quality, coverage = _quality(stretch, outline, style), _coverage(stretch, outline)
    evenness, count = _evenness(stretch, outline), len(outline.heads)
    distinct = distinctness(_titles(stretch, outline.heads))
    above = _higher_within(stretch, outline) / count
    score = _WEIGHTS[style] * evenness * quality * coverage * distinct / (1 + 0.15 * restarts) / (1 + above)
    is_convincing = count >= _MANY and (
        style == "level"
        or (
            style == "number"
            and evenness >= count / 2
            and coverage >= 0.5
            and quality >= 0.5
            and restarts <= max(2, count / 2)
        )
    )
    return _Reading(outline, score, is_convincing and distinct >= 0.75 and above <= _MOST_ABOVE)


def _higher_within(stretch: Stretch, outline: Outline) -> int:
    """Returns how many headings of a higher level would stand inside the articles."""
    taken = {head.row for head in outline.heads} | set(outline.sections)
    level = min((stretch.rows[row].level or _NO_LEVEL for row in taken), default=_NO_LEVEL)
    inside = range(outline.heads[0].row, len(stretch.rows))
    higher = [row for row in inside if 0 < stretch.rows[row].level < level and stretch.usable[row]]
    items = _list_items(stretch, outline, taken) if higher else set()
    return sum(row not in taken and row not in items for row in higher)


def _list_items(stretch: Stretch, outline: Outline, taken: set[int]) -> set[int]:
    """Returns the rows of lists in the articles of one numbering that goes through the whole document.

    Such a list begins at 1 below text of its article, and its items follow each other with no text between them. A tool
    may have marked them as headings because of their numbers; the headings of articles have text below them.
    """
    numbers = [head.number or 0 for head in outline.heads]
    if len(numbers) < _MANY or any(here >= there for here, there in pairwise([0, *numbers])):
        return set()
    found: set[int] = set()
    items: list[int] = []
    for index in range(outline.heads[0].row + 1, len(stretch.rows)):
        marker = stretch.rows[index].marker if stretch.usable[index] and index not in taken else None
        last = stretch.rows[items[-1]].marker if items else None
        if marker and last and marker.family == last.family and marker.number == last.number + 1:
            items.append(index)
        elif marker and marker.number == 1 and index - 1 not in taken and not stretch.rows[index - 1].level:
            items = [index]
        else:
            items = []
        if len(items) > 1:
            found.update(items[-2:])
    return found


def _restarts(outline: Outline, candidates: Sequence[Candidate]) -> int:
    """How often a list in the looks of the headings starts at 1 again, and not under section heads."""
    heads = {head.row for head in outline.heads}
    looks = next(one.looks for one in candidates if one.row in heads)
    return sum(one.number == 1 and one.row not in heads and one.looks == looks for one in candidates)


def _titles(stretch: Stretch, heads: Sequence[Head]) -> list[str]:
    return [stretch.rows[head.row if head.title_rows == 1 else head.row + 1].title for head in heads]


def _quality(stretch: Stretch, outline: Outline, style: str) -> float:
    """Returns how much the lines look like headings, from 0 to 1."""
    if style == "item":
        return _ITEM_IN_SECTION if outline.sections else _ITEM
    scores = (heading_score(stretch.rows, head.row, head.title_rows) for head in outline.heads)
    return sum(min(1.0, max(0.0, score)) for score in scores) / len(outline.heads)


def _covers(stretch: Stretch, outline: Outline) -> bool:
    """Whether the items and their sections are nearly all lines from the first of them on."""
    first = min((outline.heads[0].row, *outline.sections))
    usable = sum(stretch.usable[first:])
    titles = _titles(stretch, outline.heads)
    is_long = sum(map(len, titles)) >= _SHORTEST_ITEM * len(titles)
    is_led = sum(head.tail > 0 for head in outline.heads) >= len(titles) / 2
    return (is_long or is_led) and len(outline.heads) + len(outline.sections) >= _ITEMS_COVER * usable


def _coverage(stretch: Stretch, outline: Outline) -> float:
    """Returns the share of the document that comes after the first heading."""
    first = min((outline.heads[0].row, *outline.sections))
    return 1 - stretch.offsets[first] / max(1, stretch.total)


def _evenness(stretch: Stretch, outline: Outline) -> float:
    """Returns the effective number of articles: 10 of equal length count as 10, 9 lines and a long rest as about 2.

    It is the perplexity of the articles' shares of the text.
    """
    begins = [stretch.offsets[head.row] for head in outline.heads]
    ends = [*begins[1:], stretch.total]
    sizes = [end - begin + 20 for begin, end in zip(begins, ends, strict=True)]
    total = sum(sizes)
    return exp(-sum(size / total * log(size / total) for size in sizes))
