"""The pieces of a page → its columns in the order in which they are read, what spans them apart. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from archive.reading.pdf.pages import Page, Piece

_SAME_ROW = 0.3
"""Share of their size by which the baselines on one row differ: fonts are mixed."""
_SMALL = 0.8
_MOST_LARGER = 4
"""Times the size of an exponent that its line's size is."""
_RAISED = 0.5
"""The same of a text that is smaller, as in exponents."""
_LARGER = 1.15
"""Times the usual size from which a line above all columns is a title that may stand above one of them."""
_GAP = 1.2
"""Share of a size from which a gap on a row parts what stands on it."""
_LEAST_GUTTER = 8
_BIN = 2.0
_WIDEST_GUTTER = 5
"""Times the size of the text."""
_LEAST_WIDTH = 9
"""Of a column of text, in times its size: cells of a table are narrower."""
_FULL = 0.85
_SHARE_OF_FULL = 0.15
_ALIGNED = 0.7
"""Share of rows that stand side by side from which two columns may be those of a table."""
_ON_ONE_ROW = 1.5
_MOST_SPANNING = 0.3
_LEAST_ROWS = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """What stands on one row without a gap."""

    pieces: tuple[Piece, ...]
    left: float
    right: float
    baseline: float
    size: float


@dataclass(frozen=True, slots=True)
class Column:
    """Segments that are read from top to bottom, and how wide they may be."""

    segments: tuple[Segment, ...]
    left: float
    right: float


def columns_of(pages: Sequence[Page]) -> list[tuple[Page, Column]]:
    """Returns the columns of all pages in the order in which they are read; a page without any is one.

    A page that ends early is parted where other pages are.
    """
    segments = [_segments_of(page.pieces) for page in pages]
    known = {gutter for on_page in segments for gutter in _gutters(on_page)}
    return [
        (page, column)
        for page, on_page in zip(pages, segments, strict=True)
        if on_page
        for column in _ordered(on_page, *_bounds(on_page), known)
    ]


def _bounds(segments: list[Segment]) -> tuple[float, float]:
    return min(one.left for one in segments), max(one.right for one in segments)


def _gutters(segments: list[Segment]) -> Iterator[float]:
    """Yields where the columns of a page part, those of its halves too."""
    if segments and (gutter := _gutter(segments, *_bounds(segments))):
        yield gutter
        yield from _gutters([one for one in segments if one.right <= gutter])
        yield from _gutters([one for one in segments if one.left >= gutter])


def _known_gutter(segments: list[Segment], known: Collection[float]) -> float | None:
    """Returns a gutter of another page that no line of this one crosses, though text stands on both sides."""
    for gutter in known:
        sides = (
            [one for one in segments if one.right <= gutter],
            [one for one in segments if one.left >= gutter],
        )
        if all(sides) and sum(map(len, sides)) == len(segments) and _are_beside(*sides):
            return gutter
    return None


def _segments_of(pieces: Sequence[Piece]) -> list[Segment]:
    """Returns the segments of a page; what is raised or lowered in a line is part of it."""
    plain = [segment for row in _rows(pieces) for segment in _segments(row)]
    plain.sort(key=lambda one: one.baseline)
    heights = [one.baseline for one in plain]
    found = {place: [*one.pieces] for place, one in enumerate(plain)}
    for place, one in enumerate(plain):
        reach = _RAISED * _MOST_LARGER * one.size
        near = range(bisect_left(heights, one.baseline - reach), bisect_left(heights, one.baseline + reach))
        line = next((other for other in near if _is_raised(one, plain[other])), None)
        if line in found:
            found[line] += found.pop(place)
    return [_segment(sorted(one, key=lambda piece: piece.left)) for one in found.values()]


def _is_raised(segment: Segment, line: Segment) -> bool:
    """Whether a segment is an exponent or an index in a line, or at its end."""
    return (
        segment.size < _SMALL * line.size
        and abs(segment.baseline - line.baseline) <= _RAISED * line.size
        and line.left < segment.left < line.right + _RAISED * line.size
        and segment.right < line.right + 2 * line.size
    )


def _rows(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yields pieces of the same height, from the top."""
    row: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: -piece.baseline):
        if row and row[0].baseline - piece.baseline > _SAME_ROW * min(row[0].size, piece.size):
            yield row
            row = []
        row.append(piece)
    if row:
        yield row


def _segments(row: list[Piece]) -> Iterator[Segment]:
    found: list[Piece] = []
    right = 0.0
    for piece in sorted(row, key=lambda piece: piece.left):
        if found and piece.left - right > _GAP * max(piece.size, found[-1].size):
            yield _segment(found)
            found = []
        if found and piece.text == found[-1].text and abs(piece.left - found[-1].left) < 0.3 * piece.size:
            continue  # drawn twice, to look bold
        right = max(right, piece.right) if found else piece.right
        found.append(piece)
    yield _segment(found)


def _segment(pieces: list[Piece]) -> Segment:
    main = max(pieces, key=lambda piece: (piece.size * len(piece.text), piece.size))
    return Segment(
        tuple(pieces), pieces[0].left, max(piece.right for piece in pieces), main.baseline, main.size
    )


def _ordered(
    segments: list[Segment], left: float, right: float, known: Collection[float]
) -> Iterator[Column]:
    gutter = _gutter(segments, left, right) or _known_gutter(segments, known)
    if gutter is None:
        yield Column(tuple(sorted(segments, key=lambda one: (-one.baseline, one.left))), left, right)
        return
    before = max(one.right for one in segments if one.right <= gutter)
    behind = min(one.left for one in segments if one.left >= gutter)
    tops = [
        max(one.baseline for one in segments if one.right <= gutter),
        max(one.baseline for one in segments if one.left >= gutter),
    ]
    size = median(one.size for one in segments)
    beside: list[Segment] = []
    for segment in sorted(segments, key=lambda one: -one.baseline):
        is_title = segment.size > _LARGER * size and segment.baseline - min(tops) > segment.size / 2
        if is_title or segment.left < gutter < segment.right:
            yield from _side_by_side(beside, [(left, before), (behind, right)], known)
            beside = []
            yield Column((segment,), left, right)
        else:
            beside.append(segment)
    yield from _side_by_side(beside, [(left, before), (behind, right)], known)


def _side_by_side(
    segments: list[Segment], sides: list[tuple[float, float]], known: Collection[float]
) -> Iterator[Column]:
    for left, right in sides:
        if here := [one for one in segments if left <= one.left <= right]:
            yield from _ordered(here, left, right, known)


def _gutter(segments: list[Segment], left: float, right: float) -> float | None:
    """Returns where a strip without text parts two columns, None when nothing does."""
    bins = int((right - left) / _BIN) + 1
    if len(segments) < 2 * _LEAST_ROWS or bins < 20:
        return None
    covered = [0] * (bins + 1)
    for one in segments:
        covered[int((one.left - left) / _BIN)] += 1
        covered[min(bins, int((one.right - left) / _BIN) + 1)] -= 1
    count, counts = 0, []
    for change in covered[:-1]:
        count += change
        counts.append(count)
    middle = range(bins // 5, bins - bins // 5)
    least = min(counts[place] for place in middle)
    if least > _MOST_SPANNING * len(segments):
        return None
    start, length = _longest_run(counts, middle, least)
    if length * _BIN < _LEAST_GUTTER:
        return None
    gutter = left + (start + length / 2) * _BIN
    size = median(one.size for one in segments)
    sides = [one for one in segments if one.right <= gutter], [one for one in segments if one.left >= gutter]
    if min(map(len, sides)) < _LEAST_ROWS or not _are_beside(*sides):
        return None
    if _share_on_one_row(*sides) < _ALIGNED:
        return gutter
    return gutter if length * _BIN <= _WIDEST_GUTTER * size and all(map(_is_text, sides)) else None


def _is_text(side: list[Segment]) -> bool:
    """Whether it is text, in one column or several, and no cells of a table: many lines as long as the longest."""
    widths = [one.right - one.left for one in side]
    size = median(one.size for one in side)
    full = sum(width >= _FULL * max(widths) for width in widths)
    return max(widths) >= _LEAST_WIDTH * size and full >= _SHARE_OF_FULL * len(side)


def _share_on_one_row(one: list[Segment], other: list[Segment]) -> float:
    """The share of the segments of the shorter side that have one of the other on their row, as cells of tables do."""
    few, many = sorted((one, other), key=len)
    heights = sorted(segment.baseline for segment in many)

    def is_met(segment: Segment) -> bool:
        place = bisect_left(heights, segment.baseline - _ON_ONE_ROW)
        return place < len(heights) and heights[place] <= segment.baseline + _ON_ONE_ROW

    return sum(map(is_met, few)) / len(few)


def _longest_run(counts: list[int], places: range, value: int) -> tuple[int, int]:
    best, start = (0, 0), None
    for place in (*places, -1):
        if place >= 0 and counts[place] == value:
            start = place if start is None else start
        elif start is not None:
            end = place if place >= 0 else places.stop
            best = max(best, (start, end - start), key=lambda run: run[1])
            start = None
    return best


def _are_beside(one: list[Segment], other: list[Segment]) -> bool:
    """Whether two groups stand next to each other, and not one below the other."""
    top = min(max(s.baseline for s in one), max(s.baseline for s in other))
    bottom = max(min(s.baseline for s in one), min(s.baseline for s in other))
    return top >= bottom
