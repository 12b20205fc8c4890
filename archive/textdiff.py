"""Compares two texts word by word, for a view side by side. Pure: no Django, no database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_WORD = re.compile(r"[A-Za-z0-9]+(?:[.+\-/_][A-Za-z0-9]+)*|\s+|.", re.DOTALL)
"""A word of Latin letters and digits, white space, or a single character: Chinese has no spaces to cut at."""
AROUND = 1
"""How many unchanged lines to show before and after a change."""


class Span(NamedTuple):
    """A stretch of a line; `is_changed` when the other text does not have it there."""

    text: str
    is_changed: bool


class DiffLine(NamedTuple):
    """A pair of lines. One side is empty where a line was added or removed.

    `skipped` > 0 stands for that many unchanged lines, and has no pieces.
    """

    old: tuple[Span, ...] = ()
    new: tuple[Span, ...] = ()
    skipped: int = 0


def compare(old: str, new: str) -> list[DiffLine]:
    """Returns the lines of both texts side by side, with the words that differ marked.

    >>> [row] = compare("带宽为3.2TB，量产", "带宽为3.35TB，量产")
    >>> [piece.text for piece in row.old if piece.is_changed], [piece.text for piece in row.new if piece.is_changed]
    (['3.2TB'], ['3.35TB'])

    Lines that did not change are left out, but for one beside each change.
    """
    return list(_folded(list(_rows(old.splitlines(), new.splitlines()))))


def _rows(old: Sequence[str], new: Sequence[str]) -> Iterator[DiffLine]:
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (DiffLine((Span(line, False),), (Span(line, False),)) for line in old[i1:i2])
        elif i2 - i1 == j2 - j1:
            yield from (_changed(one, other) for one, other in zip(old[i1:i2], new[j1:j2], strict=True))
        else:
            yield _changed("\n".join(old[i1:i2]), "\n".join(new[j1:j2]))


def _changed(old: str, new: str) -> DiffLine:
    """Returns a pair of lines that differ; what they share stays unmarked."""
    words, others = _WORD.findall(old), _WORD.findall(new)
    left: list[Span] = []
    right: list[Span] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        is_changed = kind != "equal"
        if i1 < i2:
            left.append(Span("".join(words[i1:i2]), is_changed))
        if j1 < j2:
            right.append(Span("".join(others[j1:j2]), is_changed))
    return DiffLine(tuple(left), tuple(right))


def _folded(rows: list[DiffLine]) -> Iterator[DiffLine]:
    """Leaves out the unchanged lines that are far from any change."""
    near: set[int] = set()
    for place, row in enumerate(rows):
        if row.old != row.new:
            near.update(range(place - AROUND, place + AROUND + 1))
    skipped = 0
    for place, row in enumerate(rows):
        if place in near:
            if skipped:
                yield DiffLine(skipped=skipped)
            skipped = 0
            yield row
        else:
            skipped += 1
    if skipped and near:
        yield DiffLine(skipped=skipped)
