"""Makes excerpts of a text as HTML, with the matches marked. Everything is escaped first."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Protocol

from django.utils.safestring import SafeString, mark_safe

PASSAGE_LENGTH = 120
"""Characters of a passage: about three lines of a list."""


class Place(Protocol):
    """A match: `text[start:end]`."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def excerpt(text: str, found: Sequence[Place], around: int) -> SafeString:
    """Returns about PASSAGE_LENGTH characters around place `around`, begun at a sentence where one begins near."""
    start = max(0, min(around - PASSAGE_LENGTH // 4, len(text) - PASSAGE_LENGTH))
    sentence = max(text.rfind(end, start, around) for end in "。！？；\n") + 1 if start else 0
    start = max(start, sentence)
    end = min(len(text), start + PASSAGE_LENGTH)
    before = mark_safe('<span class="gap">…</span>') if start else ""
    after = mark_safe('<span class="gap">…</span>') if end < len(text) else ""
    return mark_safe(f"{before}{marked(text, found, start, end)}{after}")  # noqa: S308 - escaped by marked


def marked(text: str, found: Sequence[Place], start: int, end: int) -> SafeString:
    """Returns `text[start:end]` as HTML, each of `found` (in order, none over another) in `<mark>`."""
    pieces: list[str] = []
    position = start
    for place in found:
        if place.end <= start or place.start >= end:
            continue
        pieces.append(escape(text[position : max(place.start, start)]))
        position = min(place.end, end)
        pieces.append(f"<mark>{escape(text[max(place.start, start) : position])}</mark>")
    pieces.append(escape(text[position:end]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece was escaped above
