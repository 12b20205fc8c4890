"""Marks what was found in a text, and picks the passage that shows it best. Every piece is escaped first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search import analysis
from search.query import Node, positive_leaves

PASSAGE_LENGTH = 120
"""Characters of a snippet: about three lines of a result."""
MAX_TEXT = 200_000
"""Characters of a text in which hits are looked for."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A hit: `text[start:end]`. `weight` is higher for a run than for a single word of the query."""

    start: int
    end: int
    weight: int
    leaf: int
    """Which leaf of the query it belongs to: a passage that shows two different leaves is the better one."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The best passage of an article: as HTML with marks, and the block that it stands in."""

    html: SafeString
    anchor: str


class Highlighter:
    """Finds the hits of one query in any number of texts."""

    def __init__(self, node: Node | None) -> None:
        leaves = [leaf for leaf in dict.fromkeys(positive_leaves(node)) if leaf.run]
        self._words = {word: place for place, leaf in enumerate(leaves) for word in leaf.words}
        self._runs = [(leaf.run, place) for place, leaf in enumerate(leaves)]

    def marks(self, text: str) -> list[Mark]:
        """Returns the hits in `text` in order, none overlapping another: the run, where it stands, else words."""
        text = text[:MAX_TEXT]
        marks = [
            Mark(token.start, token.end, 1, self._words[token.word])
            for token in analysis.tokenize(text)
            if token.word in self._words
        ]
        squeezed, offsets = analysis.squeeze_with_offsets(text)
        for run, leaf in self._runs:
            marks += [
                Mark(offsets[match.start()], offsets[match.end() - 1] + 1, 2 + len(run), leaf)
                for match in re.finditer(re.escape(run), squeezed)
            ]
        return _without_overlap(marks)

    def highlight(self, text: str) -> SafeString:
        """Returns `text` as HTML with its hits in `<mark>`.

        >>> from search.query import parse
        >>> Highlighter(parse("HBM4").tree).highlight("12层HBM4 <样品>")
        '12层<mark>HBM4</mark> &lt;样品&gt;'
        """
        return _marked(text, self.marks(text), 0, len(text))

    def best_passage(self, blocks: Iterable[tuple[str, str]]) -> Passage:
        """Returns the passage that shows most of the query, out of `(anchor, text)` blocks.

        Without any hit (all of them are in the title) it is the beginning of the first block.
        """
        best_value = -1
        best: tuple[str, str, list[Mark], int] = ("", "", [], 0)
        for anchor, text in blocks:
            marks = self.marks(text)
            start, value = _best_window(marks)
            if text and value > best_value:
                best_value, best = value, (anchor, text, marks, start)
        anchor, text, marks, start = best
        return Passage(_excerpt(text, marks, start), anchor if best_value > 0 else "")


def _without_overlap(marks: list[Mark]) -> list[Mark]:
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end, -mark.weight)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
        elif mark.weight > kept[-1].weight and mark.end > kept[-1].end:
            kept[-1] = mark
    return kept


def _best_window(marks: Sequence[Mark]) -> tuple[int, int]:
    """Returns the start of the best passage among hits in text order, and its value (0 without hits)."""
    best_start, best_value = 0, 0
    first = 0
    for last, mark in enumerate(marks):
        while mark.end - marks[first].start > PASSAGE_LENGTH and first < last:
            first += 1
        window = marks[first : last + 1]
        value = sum({hit.leaf: hit.weight * 10 for hit in window}.values()) + len(window)
        if value > best_value:
            best_start, best_value = marks[first].start, value
    return best_start, best_value


def _excerpt(text: str, marks: Sequence[Mark], hit: int) -> SafeString:
    """About PASSAGE_LENGTH characters around `hit`, begun at a sentence where one begins near."""
    start = max(0, min(hit - PASSAGE_LENGTH // 4, len(text) - PASSAGE_LENGTH))
    sentence = max(text.rfind(end, start, hit) for end in "。！？；\n") + 1 if start else 0
    start = max(start, sentence)
    end = min(len(text), start + PASSAGE_LENGTH)
    before = mark_safe('<span class="gap">…</span>') if start else ""
    after = mark_safe('<span class="gap">…</span>') if end < len(text) else ""
    return mark_safe(f"{before}{_marked(text, marks, start, end)}{after}")  # noqa: S308 - escaped by _marked


def _marked(text: str, marks: Sequence[Mark], start: int, end: int) -> SafeString:
    pieces: list[str] = []
    position = start
    for mark in marks:
        if mark.end <= start or mark.start >= end:
            continue
        pieces.append(escape(text[position : max(mark.start, start)]))
        position = min(mark.end, end)
        pieces.append(f"<mark>{escape(text[max(mark.start, start) : position])}</mark>")
    pieces.append(escape(text[position:end]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece was escaped above
