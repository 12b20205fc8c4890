"""The segments of a column → its rows, each with its place in the whole document. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from archive.reading.pdf.columns import Column, Segment
from archive.reading.pdf.pages import Page

_SAME_ROW = 0.5
_NEAR = 1.5
_LEAST_FULL = 3
_SAME_PLACE = 6
"""Points by which the left edges of columns of one kind differ."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a column; gaps part it into cells."""

    cells: tuple[Segment, ...]
    column: int
    """Which column of the document: text goes on from one to the next."""
    page: int
    left_edge: float
    """Where the lines of its column begin, and end."""
    right_edge: float
    left: float = field(init=False)
    right: float = field(init=False)
    baseline: float = field(init=False)
    size: float = field(init=False)
    is_bold: bool = field(init=False)
    text: str = field(init=False)

    def __post_init__(self) -> None:
        main = max(self.cells, key=lambda cell: len(text_of(cell)))
        pieces = [piece for cell in self.cells for piece in cell.pieces]
        values = {
            "left": self.cells[0].left,
            "right": self.cells[-1].right,
            "baseline": main.baseline,
            "size": main.size,
            "is_bold": all(piece.is_bold for piece in pieces),
            "text": " ".join(map(text_of, self.cells)),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)


def text_of(segment: Segment) -> str:
    """Returns the text of a segment, as it stands on the page."""
    return "".join(piece.text for piece in segment.pieces).strip()


def rows_of(columns: Sequence[tuple[Page, Column]]) -> list[Row]:
    """Returns the rows of the columns (page, column) of a document, in the order in which they are read."""
    rows = []
    for number, (page, column) in enumerate(columns):
        lefts = Counter(round(one.left) for one in column.segments)
        usual = [left for left, count in lefts.items() if count > 1]
        left = min(usual) if usual else column.left
        right = _right_edge(column, columns, page)
        rows += [
            Row(tuple(cells), number, page.number, left, right) for cells in _side_by_side(column.segments)
        ]
    return rows


def _right_edge(column: Column, columns: Sequence[tuple[Page, Column]], page: Page) -> float:
    """How far the lines of a column may reach: as far as those of its kind, for it may hold nothing but short lines.

    Where hardly a line reaches as far as the longest, no line is full, and the page ends as it begins.
    """
    like = [other for _, other in columns if abs(other.left - column.left) < _SAME_PLACE]
    right = min(other.right for other in like if other.right >= column.right)
    reaching = sum(
        one.right > right - _NEAR * one.size
        for other in like
        if other.right <= right
        for one in other.segments
    )
    if reaching >= _LEAST_FULL:
        return right
    here = [other for place, other in columns if place is page]
    if any(other.left >= column.right for other in here):
        return right
    return max(right, page.width - min(other.left for other in here))


def _side_by_side(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    row: list[Segment] = []
    for segment in segments:
        if row and row[0].baseline - segment.baseline > _SAME_ROW * min(row[0].size, segment.size):
            yield sorted(row, key=lambda one: one.left)
            row = []
        row.append(segment)
    if row:
        yield sorted(row, key=lambda one: one.left)
