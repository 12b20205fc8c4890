"""Chooses the style of heading that a document uses, by the evidence of the whole document (decision 9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp, log

from archive.parsing.heading_score import heading_score
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
"""How much each style is trusted where it occurs; numbers are trusted most."""
_NUMBERED = 1.1
_SECTIONED = 1.1
"""An outline with section heads explains more of the document than the same headings without."""
_MANY = 3
_LEAST = {"level": 1, "bold": 2, "label": 2, "enclosed": 2, "bullet": 2, "block": 2, "short": 3}
_LEAST_SCORE = 0.25


@dataclass(frozen=True, slots=True)
class _ScoredOutline:
    outline: Outline
    score: float
    is_convincing: bool
    """Whether its numbers run through the whole document: then unnumbered styles are not considered."""


def choose_outline(stretch: Stretch) -> Outline:
    """Returns the document's headings: an outline without heads when nothing looks like a heading."""
    outlines = [scored for scored in _scored_outlines(stretch) if scored.score >= _LEAST_SCORE]
    convincing = [scored for scored in outlines if scored.is_convincing]
    if convincing:
        outlines = convincing
    if not outlines:
        return Outline("none", ())
    return max(outlines, key=lambda scored: scored.score).outline


def _scored_outlines(stretch: Stretch) -> Iterator[_ScoredOutline]:
    for family, candidates in candidates_by_family(stretch).items():
        yield _weigh_numbered(stretch, numbered(stretch, family, candidates), candidates)
        for outline in sectioned(stretch, family, candidates):
            scored = _weigh_numbered(stretch, outline, candidates)
            yield replace(scored, score=scored.score * _SECTIONED)
    marked = [*levelled(stretch), bold(stretch), labelled(stretch), enclosed(stretch), *bulleted(stretch)]
    for outline in (*marked, blocks(stretch), short_lines(stretch)):
        if len(outline.heads) >= _LEAST[outline.style]:
            score = _WEIGHTS[outline.style] * _evidence(stretch, outline)
            yield _ScoredOutline(outline, score, outline.style == "level" and len(outline.heads) >= _MANY)


def _weigh_numbered(stretch: Stretch, outline: Outline, candidates: Sequence[Candidate]) -> _ScoredOutline:
    if not outline.heads:
        return _ScoredOutline(outline, 0.0, False)
    # A list that starts at 1 again and again, and not under section heads, is a list inside articles.
    heads = {head.row for head in outline.heads}
    looks = next(one.looks for one in candidates if one.row in heads)
    restarts = sum(one.number == 1 and one.row not in heads and one.looks == looks for one in candidates)
    evidence = _evidence(stretch, outline)
    count = len(outline.heads)
    is_convincing = (
        count >= _MANY
        and _evenness(stretch, outline) >= count / 2
        and _coverage(stretch, outline) >= 0.5
        and _mean_heading_score(stretch, outline) >= 0.5
        and restarts <= max(2, count / 2)
    )
    return _ScoredOutline(outline, _NUMBERED * evidence / (1 + 0.15 * restarts), is_convincing)


def _evidence(stretch: Stretch, outline: Outline) -> float:
    return _evenness(stretch, outline) * _mean_heading_score(stretch, outline) * _coverage(stretch, outline)


def _mean_heading_score(stretch: Stretch, outline: Outline) -> float:
    scores = (heading_score(stretch.rows, head.row, head.title_rows) for head in outline.heads)
    return sum(min(1.0, max(0.0, score)) for score in scores) / len(outline.heads)


def _coverage(stretch: Stretch, outline: Outline) -> float:
    """Returns the share of the document that comes after the first heading."""
    return 1 - stretch.offsets[outline.heads[0].row] / max(1, stretch.total)


def _evenness(stretch: Stretch, outline: Outline) -> float:
    """Returns the effective number of articles: 10 of equal length count as 10, 9 lines and a long rest as about 2.

    It is the perplexity of the articles' shares of the text.
    """
    begins = [stretch.offsets[head.row] for head in outline.heads]
    ends = [*begins[1:], stretch.total]
    sizes = [end - begin + 20 for begin, end in zip(begins, ends, strict=True)]
    total = sum(sizes)
    return exp(-sum(size / total * log(size / total) for size in sizes))
