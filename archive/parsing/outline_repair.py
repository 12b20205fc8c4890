"""Corrects editors' mistakes in the numbering, once the style of the document is known.

A number used twice, two articles swapped, a heading `3)` among headings like `3.`: such a line is missing from the
run of numbers, yet it is a heading.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from archive.parsing.heading_score import is_followed_by_body, is_short_line
from archive.parsing.outline import Head, Outline
from archive.parsing.sequence import Candidate
from archive.parsing.styles import Stretch, candidates_by_family, numbered_head
from archive.parsing.text import ends_openly

_SURE = 0.8
_LEAST_HEADS = 3
_LONGEST_SECOND_LINE = 30
_SENTENCE = re.compile(r"(?:。|(?<=[a-z0-9%)])\.(?=\s+[A-Z]))\s*(?=[^\s”」』）)】])")
"""The end of a sentence with another one behind it."""
_DASH = re.compile(r"\s(?:[-–—]|——)\s(?=.{12})")
_SHORTEST_SENTENCE, _LONGEST_SENTENCE = 5, 80


def repair(stretch: Stretch, outline: Outline) -> Outline:
    """Returns the outline with the headings that its numbers left out, and with titles that go on in a second line."""
    if not outline.heads:
        return outline
    is_numbered = outline.style in candidates_by_family(stretch)
    if is_numbered and len(outline.heads) >= _LEAST_HEADS:
        outline = replace(outline, heads=tuple(_with_strays(stretch, outline)))
    return _with_first_sentences(stretch, _with_second_lines(stretch, outline))


def _with_strays(stretch: Stretch, outline: Outline) -> list[Head]:
    families = candidates_by_family(stretch)
    own = _by_article(families[outline.style], outline)
    all_families = _by_article([one for family in families.values() for one in family], outline)
    numbers = [head.number for head in outline.heads if head.number is not None]
    missing = set(range(1, max(numbers))) - set(numbers)
    heads = [*outline.heads]
    for article, (number, following) in enumerate(pairwise(numbers)):
        inside = own.get(article, [])
        if inside:
            wanted = missing | {number, following}
        else:
            inside = all_families.get(article, [])
            wanted = set(range(number + 1, following))
        # A list has several items; a mistyped heading is alone.
        if len(inside) == 1 and inside[0].number in wanted and inside[0].heading_score >= _SURE:
            heads.append(numbered_head(stretch.rows, inside[0]))
    return sorted(heads, key=lambda head: head.row)


def _by_article(candidates: Sequence[Candidate], outline: Outline) -> dict[int, list[Candidate]]:
    """Groups the candidates that are no headings by the article (from 0) that they are in."""
    rows = [head.row for head in outline.heads]
    found: dict[int, list[Candidate]] = {}
    for one in candidates:
        article = bisect_right(rows, one.row) - 1
        if article >= 0 and rows[article] != one.row:
            found.setdefault(article, []).append(one)
    return found


def _with_second_lines(stretch: Stretch, outline: Outline) -> Outline:
    """Joins titles of two lines: where the first can not end like that, or where every article has a second line."""
    rows = stretch.rows
    limits = [*(head.row for head in outline.heads[1:]), len(rows)]
    may_run_on = [
        head.title_rows == 1 and head.body_row + 1 < limit and _is_second_line(stretch, head.body_row)
        for head, limit in zip(outline.heads, limits, strict=True)
    ]
    second_lines = {rows[head.body_row].core for head in outline.heads if head.body_row < len(rows)}
    # The same line below every title (`背景介绍`) is a subhead, not the rest of the title.
    is_custom = (
        len(outline.heads) >= _LEAST_HEADS and all(may_run_on) and len(second_lines) == len(outline.heads)
    )
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


def _with_first_sentences(stretch: Stretch, outline: Outline) -> Outline:
    """Takes the first sentence for the title where most articles are a paragraph and nothing below it."""
    starts = sorted({*(head.row for head in outline.heads), *outline.sections, len(stretch.rows)})
    is_alone = [
        not any(stretch.usable[head.body_row : starts[bisect_right(starts, head.row)]])
        for head in outline.heads
    ]
    if 2 * sum(is_alone) < len(is_alone):
        return outline
    heads = (
        replace(head, tail=_first_sentence(stretch, head)) if alone and not head.tail else head
        for head, alone in zip(outline.heads, is_alone, strict=True)
    )
    return replace(outline, heads=tuple(heads))


def _first_sentence(stretch: Stretch, head: Head) -> int:
    """Returns where the first sentence of a paragraph ends, 0 when it is all of it or no title."""
    row = stretch.rows[head.row]
    begin = max(head.cut, row.start)
    found = (
        _SENTENCE.search(row.folded, begin + _SHORTEST_SENTENCE, row.end) if head.title_rows == 1 else None
    )
    if head.title_rows == 1 and ends_openly(row.core):
        dash = _DASH.search(row.folded, begin + _SHORTEST_SENTENCE, found.start() if found else row.end)
        if dash:
            return dash.start()
    return found.end() if found and found.end() - begin <= _LONGEST_SENTENCE else 0
