"""Which style of heading the document itself uses, by the evidence of the whole document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp, log

from archive.parsing.likeness import likeness
from archive.parsing.outline import Outline
from archive.parsing.sections import sectioned
from archive.parsing.sequence import Candidate
from archive.parsing.styles import (
    Stretch,
    blocks,
    bold,
    bulleted,
    candidates_by_family,
    enclosed,
    labelled,
    levelled,
    numbered,
    short_lines,
)

_WEIGHTS = {
    "level": 1.0,
    "bold": 0.7,
    "label": 0.7,
    "enclosed": 0.7,
    "bullet": 0.6,
    "block": 0.35,
    "short": 0.2,
}
"""How far a style is to be trusted when it is there at all; numbers are trusted most."""
_NUMBERED = 1.1
_SECTIONED = 1.1
"""The same headings with their sections say more than without."""
_MANY = 3
_LEAST = {"level": 1, "bold": 2, "label": 2, "enclosed": 2, "bullet": 2, "block": 2, "short": 3}
_LEAST_SCORE = 0.25


@dataclass(frozen=True, slots=True)
class _Reading:
    outline: Outline
    score: float
    is_convincing: bool
    """Numbers that run through the whole document: nothing without a mark can be the headings then."""


def choose_outline(stretch: Stretch) -> Outline:
    """The headings of the document. An outline without heads when there is nothing like a heading in it."""
    readings = [reading for reading in _readings(stretch) if reading.score >= _LEAST_SCORE]
    convincing = [reading for reading in readings if reading.is_convincing]
    if convincing:
        readings = convincing
    if not readings:
        return Outline("none", ())
    return max(readings, key=lambda reading: reading.score).outline


def _readings(stretch: Stretch) -> Iterator[_Reading]:
    for family, candidates in candidates_by_family(stretch).items():
        yield _weigh_numbered(stretch, numbered(stretch, family, candidates), candidates)
        for outline in sectioned(stretch, family, candidates):
            reading = _weigh_numbered(stretch, outline, candidates)
            yield replace(reading, score=reading.score * _SECTIONED)
    marked = [*levelled(stretch), bold(stretch), labelled(stretch), enclosed(stretch), *bulleted(stretch)]
    for outline in (*marked, blocks(stretch), short_lines(stretch)):
        if len(outline.heads) >= _LEAST[outline.style]:
            score = _WEIGHTS[outline.style] * _evidence(stretch, outline)
            yield _Reading(outline, score, outline.style == "level" and len(outline.heads) >= _MANY)


def _weigh_numbered(stretch: Stretch, outline: Outline, candidates: Sequence[Candidate]) -> _Reading:
    if not outline.heads:
        return _Reading(outline, 0.0, False)
    # A list that begins anew again and again, and not under section heads, is a list inside articles.
    heads = {head.row for head in outline.heads}
    looks = next(one.looks for one in candidates if one.row in heads)
    restarts = sum(one.number == 1 and one.row not in heads and one.looks == looks for one in candidates)
    evidence = _evidence(stretch, outline)
    count = len(outline.heads)
    is_convincing = (
        count >= _MANY
        and _evenness(stretch, outline) >= count / 2
        and _coverage(stretch, outline) >= 0.5
        and _mean_likeness(stretch, outline) >= 0.5
        and restarts <= max(2, count / 2)
    )
    return _Reading(outline, _NUMBERED * evidence / (1 + 0.15 * restarts), is_convincing)


def _evidence(stretch: Stretch, outline: Outline) -> float:
    return _evenness(stretch, outline) * _mean_likeness(stretch, outline) * _coverage(stretch, outline)


def _mean_likeness(stretch: Stretch, outline: Outline) -> float:
    likes = (likeness(stretch.rows, head.row, head.title_rows) for head in outline.heads)
    return sum(min(1.0, max(0.0, like)) for like in likes) / len(outline.heads)


def _coverage(stretch: Stretch, outline: Outline) -> float:
    """The part of the document that comes after the first heading."""
    return 1 - stretch.offsets[outline.heads[0].row] / max(1, stretch.total)


def _evenness(stretch: Stretch, outline: Outline) -> float:
    """How many articles there are in effect: 10 of one length count as 10, 9 lines and a long rest as about 2.

    It is the perplexity of the shares that the articles have of the text.
    """
    begins = [stretch.offsets[head.row] for head in outline.heads]
    ends = [*begins[1:], stretch.total]
    sizes = [end - begin + 20 for begin, end in zip(begins, ends, strict=True)]
    total = sum(sizes)
    return exp(-sum(size / total * log(size / total) for size in sizes))
