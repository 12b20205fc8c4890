"""Slips of the pen in the numbering, mended after the style of the document is known.

A number used twice, two articles swapped, one heading in `3)` among headings in `3.`: such a line is not in the
run of numbers, yet it is a heading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archive.parsing.likeness import is_followed_by_body, is_short_line
from archive.parsing.outline import Head, Outline
from archive.parsing.sequence import Candidate
from archive.parsing.styles import Stretch, candidates_by_family, numbered_head
from archive.parsing.text import ends_openly

_SURE = 0.8
_LEAST_HEADS = 3
_LONGEST_SECOND_LINE = 30


def repair(stretch: Stretch, outline: Outline) -> Outline:
    """The outline with the headings that its numbering left out, and with titles that run on to a second line."""
    if not outline.heads:
        return outline
    numbers = [head.number for head in outline.heads if head.number is not None]
    if len(numbers) == len(outline.heads) and len(numbers) >= _LEAST_HEADS and not outline.sections:
        outline = _with_strays(stretch, outline)
    return _with_second_lines(stretch, outline)


def _with_strays(stretch: Stretch, outline: Outline) -> Outline:
    families = candidates_by_family(stretch)
    own = families[outline.style]
    strays: list[Head] = []
    for head, following in zip(outline.heads, outline.heads[1:], strict=False):
        assert head.number is not None and following.number is not None
        between = _between(own, head, following)
        missing = {number for number in range(head.number + 1, following.number)}
        wanted = missing | {head.number, following.number} | _missing(outline)
        # A list has several items; a slip of the pen stands alone.
        if len(between) == 1 and _is_sure(between[0]) and between[0].number in wanted:
            strays.append(numbered_head(stretch.rows, between[0]))
        elif not between and missing:
            others = [one for family in families.values() for one in _between(family, head, following)]
            fitting = [one for one in others if one.number in missing and _is_sure(one)]
            if len(fitting) == 1 == len(others):
                strays.append(numbered_head(stretch.rows, fitting[0]))
    if not strays:
        return outline
    heads = sorted([*outline.heads, *strays], key=lambda head: head.row)
    return replace(outline, heads=tuple(heads))


def _between(candidates: Sequence[Candidate], head: Head, following: Head) -> list[Candidate]:
    return [one for one in candidates if head.row < one.row < following.row]


def _missing(outline: Outline) -> set[int]:
    numbers = {head.number for head in outline.heads if head.number is not None}
    return set(range(1, max(numbers))) - numbers


def _is_sure(candidate: Candidate) -> bool:
    return candidate.likeness >= _SURE


def _with_second_lines(stretch: Stretch, outline: Outline) -> Outline:
    """Joins titles that were broken in two: where the first line can not end so, or where every article has it."""
    rows = stretch.rows
    limits = [*(head.row for head in outline.heads[1:]), len(rows)]
    may_run_on = [
        head.title_rows == 1 and head.body_row + 1 < limit and _is_second_line(stretch, head.body_row)
        for head, limit in zip(outline.heads, limits, strict=True)
    ]
    second_lines = {rows[head.body_row].core for head in outline.heads if head.body_row < len(rows)}
    # `背景介绍` below every title is a subhead, whatever it looks like.
    is_custom = len(outline.heads) >= _LEAST_HEADS and all(may_run_on) and len(second_lines) == len(outline.heads)
    heads = tuple(
        replace(head, title_rows=2)
        if runs_on and (is_custom or rows[head.row].core.endswith((",", "、", ":", "—", "-")))
        else head
        for head, runs_on in zip(outline.heads, may_run_on, strict=True)
    )
    return replace(outline, heads=heads)


def _is_second_line(stretch: Stretch, index: int) -> bool:
    row = stretch.rows[index]
    is_title = stretch.usable[index] and is_short_line(row, _LONGEST_SECOND_LINE) and row.marker is None
    if not is_title or index + 1 >= len(stretch.rows) or ":" in row.core:
        return False
    below = stretch.rows[index + 1]
    is_paragraph = below.is_block or ends_openly(below.core) or len(below.core) > 2 * _LONGEST_SECOND_LINE
    return not row.has_gap_before and is_paragraph and is_followed_by_body(stretch.rows, index + 1)
