"""Where the next of several pictures goes, and which line below it is its caption. Pure."""

from __future__ import annotations

from archive.reading.captions import is_caption
from desk.operations import Operation
from desk.pieces import refuse_stale
from desk.state import Paragraph, State


def figure_at(state: State, key: int, image: str, alt: str, caption: str) -> tuple[Operation, int]:
    """Returns the operation that puts a picture at a piece, and the key of its figure then.

    A missing picture is supplied, behind anything else one is inserted. Without a caption, a line below that reads as
    one (`图1 产能走势`) becomes it.
    """
    pieces = _pieces_with(state, key)
    at = next((number for number, piece in enumerate(pieces) if piece.key == key), -1)
    below = pieces[at + 1] if at + 1 < len(pieces) else None
    taken = below.key if below and not caption and below.tag == "p" and is_caption(below.text) else 0
    words = {"image": image, "alt": alt, "caption": caption, "caption_from": taken}
    if at >= 0 and pieces[at].missing:
        return {"name": "supply", "paragraph": key, **words}, key
    return {"name": "insert", "after": key, **words}, state.next_key


def next_place(state: State, figure: int) -> int:
    """Returns where the picture after the one at `figure` goes: the next that is missing in its text, or behind it."""
    pieces = _pieces_with(state, figure)
    below = [piece.key for piece in pieces]
    missing = [piece.key for piece in pieces[below.index(figure) + 1 :] if piece.missing]
    return missing[0] if missing else figure


def _pieces_with(state: State, key: int) -> tuple[Paragraph, ...]:
    """The pieces of the text that has this piece, or whose heading it is."""
    for name, pieces in state.texts().items():
        if name == str(key) or any(piece.key == key for piece in pieces):
            return pieces
    raise refuse_stale()
