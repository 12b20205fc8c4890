"""Rows in reading order → paragraphs: their lines put together as Chinese and Latin text is. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from archive.reading.pdf.columns import Segment
from archive.reading.pdf.rows import Row
from archive.richtext import Node

_SAME_SIZE = 0.06
"""Share by which the sizes of one kind of text differ."""
_LARGER = 1.08
"""Times the size of the text from which a line is a heading."""
_SMALL = 0.8
_RAISED = 0.2
_INDENT = 0.9
"""Share of its size from which a line is indented."""
_FREE = 1.1
"""Share of its size that a full line may leave free besides the next word: no line begins with a comma."""
_USUAL = 0.1
"""Share of all distances that the smallest must have to be that of lines: paragraphs may stand further apart."""
_GAP = 1.2
"""Times the usual distance of lines from which a gap parts paragraphs."""
_LONGEST_HEADING = 120
_LEAST_INDENTS = 3
_WORD = re.compile(r"[（“‘《「『【〈]*(?:[!-~]+|.)[!-~]*[，。、；：！？”’》」』】〉）…]*")
"""What stays on one line: a Latin word, a character with the marks that may not stand apart from it."""
_ENDED = re.compile(r"[。！？!?…：:；;”」』）)]$")
_NUMBERED = re.compile(
    r"(?:\d{1,3}[.、．)）](?!\d)|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|第.{1,3}[条章节]|[①-⑳•●■◆▪【])"
)
_HYPHENED = re.compile(r"[A-Za-z]-$")


@dataclass(frozen=True, slots=True)
class Text:
    """What the sizes of a document say: its text's, its headings', and how far its lines stand apart."""

    size: float
    headings: tuple[float, ...]
    distance: float
    is_indented: bool
    """Whether its paragraphs begin with an indent."""

    def level(self, size: float) -> int:
        """1–6 for the size of a heading, the largest first; else 0."""
        near = (place for place, one in enumerate(self.headings, 1) if abs(one - size) <= _SAME_SIZE * one)
        return min(next(near, 0), 6)


def measure(rows: Sequence[Row]) -> Text:
    """Returns what the rows of a document have in common."""
    sizes: Counter[float] = Counter()
    for row in rows:
        sizes[_rounded(row.size)] += len(row.text)
    size = sizes.most_common(1)[0][0]
    larger = sorted({_rounded(row.size) for row in rows if row.size > _LARGER * size}, reverse=True)
    headings: list[float] = []
    for one in larger:
        if not headings or headings[-1] - one > _SAME_SIZE * one:
            headings.append(one)
    below = [
        above.baseline - row.baseline
        for above, row in pairwise(rows)
        if above.column == row.column and abs(row.size - size) < _SAME_SIZE * size
    ]
    near = Counter(round(distance * 2) / 2 for distance in below if 0 < distance < 3 * size)
    usual = [distance for distance, count in near.items() if count >= max(2, _USUAL * near.total())]
    indents = sum(
        _is_indented(row) and not _is_indented(above)
        for above, row in pairwise(rows)
        if above.column == row.column and abs(row.size - size) < _SAME_SIZE * size
    )
    return Text(size, tuple(headings), min(usual, default=1.5 * size), indents >= _LEAST_INDENTS)


def goes_on(above: Row, row: Row, text: Text) -> bool:
    """Whether a row goes on with the paragraph of the row before it."""
    if abs(above.size - row.size) > _SAME_SIZE * row.size or above.is_bold != row.is_bold:
        return False
    if not _is_full(above, row) or _starts_item(above, row):
        return False
    indented = _is_indented(row)
    if indented and (text.is_indented or not _is_indented(above)) and not text.level(row.size):
        return False
    if above.column != row.column:
        return not text.level(row.size) and (text.is_indented or not _ENDED.search(above.text))
    distance = above.baseline - row.baseline
    usual = max(text.distance, 1.6 * row.size) if text.level(row.size) else text.distance
    return 0 < distance <= _GAP * usual


def _is_full(above: Row, row: Row) -> bool:
    """Whether the next row's first word had no place left on the row above."""
    found = _WORD.match(row.text)
    word = sum(0.55 if char.isascii() else 1.0 for char in found[0]) if found else 1.0
    width = above.right_edge - above.left_edge
    return above.right_edge - above.right < min((word + _FREE) * row.size, 0.5 * width)


def _starts_item(above: Row, row: Row) -> bool:
    return _NUMBERED.match(row.text) is not None and (
        _ENDED.search(above.text) is not None or _NUMBERED.match(above.text) is not None
    )


def _is_indented(row: Row) -> bool:
    return row.left - row.left_edge > _INDENT * row.size


def _rounded(size: float) -> float:
    return round(size * 2) / 2


# --- Lines → a paragraph -------------------------------------------------------------------------------

Span = tuple[str, str]
"""Text, and the tag of how it stands: `strong`, `sup`, `sub`, or none."""


def joined(rows: Sequence[Row], text: Text) -> Node:
    """Returns the paragraph of these rows, a heading where its size says so."""
    level = text.level(rows[0].size) if sum(len(row.text) for row in rows) <= _LONGEST_HEADING else 0
    spans: list[Span] = []
    for row in rows:
        for place, cell in enumerate(row.cells):
            found = list(_spans(cell))
            if spans:
                spans[-1], found[0] = _met(spans[-1], found[0], on_one_row=place > 0)
            spans += found
    return Node(f"h{level}" if level else "p", {}, nodes_of(spans))


def cell_of(segments: Sequence[Segment]) -> Node:
    """Returns a cell of a table: its lines put together."""
    spans: list[Span] = []
    for segment in segments:
        found = list(_spans(segment))
        if spans:
            spans[-1], found[0] = _met(spans[-1], found[0], on_one_row=False)
        spans += found
    return Node("td", {}, nodes_of(spans))


def _spans(segment: Segment) -> Iterator[Span]:
    for piece in segment.pieces:
        raised = piece.baseline - segment.baseline
        mark = "strong" if piece.is_bold else ""
        if piece.size < _SMALL * segment.size and abs(raised) > _RAISED * piece.size:
            mark = "sup" if raised > 0 else "sub"
        yield piece.text, mark


def _met(above: Span, below: Span, *, on_one_row: bool) -> tuple[Span, Span]:
    """Two lines as one: Latin words are parted by a space, Chinese goes on, a word that a hyphen cut is whole."""
    end, start = above[0].rstrip(), below[0].lstrip()
    if on_one_row:
        end += " "
    elif _HYPHENED.search(end) and start[:1].islower():
        end = end[:-1]
    elif end[-1:].isascii() and start[:1].isascii():
        end += " "
    return (end, above[1]), (start, below[1])


def nodes_of(spans: Sequence[Span]) -> list[Node | str]:
    """Returns the spans as inline HTML; neighbours that stand alike are one."""
    nodes: list[Node | str] = []
    for mark, group in groupby(spans, key=lambda span: span[1]):
        text = "".join(one for one, _ in group)
        nodes.append(Node(mark, {}, [text]) if mark else text)
    return nodes
