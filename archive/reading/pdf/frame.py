"""Takes out of the pages what stands on each of them: running heads and feet, page numbers. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from archive.reading.pdf.pages import Page, Piece

_EDGE = 0.12
"""Share of the page's height, above and below, in which they stand."""
_LARGEST = 1.15
"""Times the size of the text: what is larger is a heading."""
_SHARE = 0.4
"""Of the pages that a head must stand on: those of left and right pages may differ."""
_PAGE_NUMBER = re.compile(
    r"[-–—·|\s]*(?:第\s*)?\d{1,3}\s*页?(?:\s*(?:/|of|[，,]?\s*共)\s*\d{1,3}\s*页?)?[-–—·|\s]*|page\s*\d{1,3}(?:\s*of\s*\d{1,3})?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")


def without_frame(pages: Sequence[Page]) -> tuple[list[Page], list[str]]:
    """Returns the pages without what repeats at their edges, and its texts, each once, page numbers apart."""
    most = _LARGEST * _usual_size(pages)
    places: dict[tuple[str, int], set[int]] = defaultdict(set)
    for page in pages:
        for row, text in _edge_rows(page, most):
            for key in _keys(row, text, page.number):
                places[key].add(page.number)
    least = max(2, _SHARE * len(pages))
    repeated = {key for key, numbers in places.items() if len(numbers) >= least}
    texts: dict[str, str] = {}
    cleaned = []
    for page in pages:
        gone: set[Piece] = set()
        for row, text in _edge_rows(page, most):
            is_number = _PAGE_NUMBER.fullmatch(text) is not None
            if is_number or repeated & _keys(row, text, page.number):
                gone.update(row)
                if not is_number:
                    texts.setdefault(_DIGITS.sub("", text), text)
        cleaned.append(replace(page, pieces=tuple(piece for piece in page.pieces if piece not in gone)))
    return cleaned, list(texts.values())


def _edge_rows(page: Page, most: float) -> list[tuple[list[Piece], str]]:
    """The rows at the edges of a page: (pieces, text). Of those that no text stands beyond, two above and two below."""
    rows: dict[int, list[Piece]] = defaultdict(list)
    for piece in page.pieces:
        rows[round(piece.baseline)].append(piece)
    heights = sorted(rows, reverse=True)
    found = []
    for height in dict.fromkeys((*heights[:2], *heights[-2:])):
        if height > (1 - _EDGE) * page.height or height < _EDGE * page.height:
            row = sorted(rows[height], key=lambda piece: piece.left)
            if max(piece.size for piece in row) > most:
                continue
            found.append((row, " ".join(piece.text.strip() for piece in row)))
    return found


def _usual_size(pages: Sequence[Page]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for piece in page.pieces:
            sizes[round(piece.size * 2) / 2] += len(piece.text)
    return sizes.most_common(1)[0][0]


def _keys(row: list[Piece], text: str, page: int) -> set[tuple[str, int]]:
    """What makes two rows the same: their height, and their text as it is or with numbers that count the pages."""
    counted = _DIGITS.sub(lambda found: f"#{int(found[0]) - page}#" if len(found[0]) < 4 else found[0], text)
    height = round(row[0].baseline / 4)
    return {("".join(one.split()), height) for one in (text, counted)}
