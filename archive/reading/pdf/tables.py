"""Rows whose cells stand below each other → a table. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from archive.reading.pdf.columns import Segment
from archive.reading.pdf.paragraphs import cell_of
from archive.reading.pdf.rows import Row
from archive.richtext import Node

_LEAST_ROWS = 2
_MOST_DISTANCE = 4.0
"""Times its size that a row stands below the last at the most."""


def table_at(rows: Sequence[Row], start: int) -> tuple[Node, int] | None:
    """Returns the table that begins with a row, and the place of the row after it; None when none does."""
    end = start
    while end < len(rows) and _is_next(rows, start, end):
        end += 1
    while end > start and len(rows[end - 1].cells) < 2:
        end -= 1
    columns = _columns(rows[start:end])
    if end - start < _LEAST_ROWS or len(columns) < 2:
        return None
    lines: list[list[list[Segment]]] = []
    for row in rows[start:end]:
        places = [_place(cell, columns) for cell in row.cells]
        if len(row.cells) > 1 or not lines:
            lines.append([[] for _ in columns])
        for place, cell in zip(places, row.cells, strict=True):
            lines[-1][place].append(cell)
    table = [Node("tr", {}, [cell_of(cell) for cell in line]) for line in lines]
    return Node("table", {}, [Node("tbody", {}, [*table])]), end


def _is_next(rows: Sequence[Row], start: int, place: int) -> bool:
    row = rows[place]
    if place == start:
        return len(row.cells) > 1
    above = rows[place - 1]
    is_near = above.column == row.column and above.baseline - row.baseline < _MOST_DISTANCE * row.size
    if not is_near or len(row.cells) > 1:
        return is_near
    # The second line of one cell: below it, and no wider.
    cell = row.cells[0]
    return any(one.left - 1 <= cell.left and cell.right <= one.right + row.size for one in above.cells)


def _columns(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Returns from where to where each column reaches: cells that stand above each other are in one."""
    columns: list[tuple[float, float]] = []
    for left, right in sorted((cell.left, cell.right) for row in rows for cell in row.cells):
        if columns and left < columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], right)
        else:
            columns.append((left, right))
    return columns


def _place(cell: Segment, columns: Sequence[tuple[float, float]]) -> int:
    return next(place for place, (left, right) in enumerate(columns) if left <= cell.left <= right)
