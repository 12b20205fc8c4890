"""Marks what was found in a text, and picks the passage that shows it best. Every piece is escaped first."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.utils.safestring import SafeString

from archive.excerpts import PASSAGE_LENGTH, excerpt, marked
from glossary.folding import fold, written_out
from search.query.tree import Node, positive_leaves
from search.text import analysis
from search.text.analysis import NO_TERMS, TermFinder
from search.text.quantities import find_quantities

MAX_TEXT = 200_000
"""Characters of a text in which hits are looked for."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A hit: `text[start:end]`."""

    start: int
    end: int
    leaf: int
    """Which leaf of the query it belongs to: a passage that shows two different leaves is the better one."""
    is_run: bool
    """Whether it is all of the leaf, or only one of its words."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The best passage of an article: as HTML with marks, and the block that it stands in."""

    html: SafeString
    anchor: str


class Highlighter:
    """Finds the hits of one query in any number of texts."""

    def __init__(self, node: Node | None, terms: TermFinder = NO_TERMS) -> None:
        leaves = [leaf for leaf in dict.fromkeys(positive_leaves(node)) if leaf.run]
        self._finder = terms
        self._terms: dict[int, int] = {}
        self._quantities: dict[str, int] = {}
        runs = [(analysis.pattern_of_run(leaf.run), place, True) for place, leaf in enumerate(leaves)]
        words: list[tuple[str, int, bool]] = []
        for place, leaf in enumerate(leaves):
            for unit in [] if leaf.is_exact else leaf.units(terms):
                if unit.term is not None:
                    self._terms[unit.term] = place
                if unit.quantity:
                    self._quantities[unit.quantity] = place
                words += [(analysis.pattern_of_word(word), place, False) for word in unit.surface]
        # At the same place the first that fits wins: whole runs before words, the long before the short.
        patterns = sorted(runs, key=_longest_first) + sorted(words, key=_longest_first)
        self._groups = [(place, is_run) for _pattern, place, is_run in patterns]
        self._hits = re.compile("|".join(f"({pattern})" for pattern, _, _ in patterns)) if patterns else None

    def marks(self, text: str) -> list[Mark]:
        """Returns the hits in `text`, in order; none overlaps another."""
        text = text[:MAX_TEXT]
        folded = fold(text)
        written, places = written_out(folded)
        marks = []
        if self._hits is not None:
            marks = [
                Mark(*_placed(match.span(), places), *self._groups[(match.lastindex or 1) - 1])
                for match in self._hits.finditer(written)
            ]
        if self._quantities:
            marks += [
                Mark(quantity.start, quantity.end, self._quantities[quantity.token], True)
                for quantity in find_quantities(folded)
                if quantity.token in self._quantities
            ]
        if self._terms:
            marks += [
                Mark(match.start, match.end, self._terms[match.term], True)
                for match in self._finder.find(text)
                if match.term in self._terms
            ]
        return _without_overlap(marks)

    def highlight(self, text: str) -> SafeString:
        """Returns `text` as HTML with its hits in `<mark>`.

        >>> from search.query.parser import parse
        >>> Highlighter(parse("HBM4").tree).highlight("12层HBM4 <样品>")
        '12层<mark>HBM4</mark> &lt;样品&gt;'
        """
        return marked(text, self.marks(text), 0, len(text))

    def best_passage(self, blocks: Iterable[tuple[str, str]]) -> Passage:
        """Returns the passage that shows most of the query, out of `(anchor, text)` blocks.

        Without any hit (all of them are in the title) it is the beginning of the first block.
        """
        best_value = -1
        best: tuple[str, str, list[Mark], int] = ("", "", [], 0)
        read = [*blocks]
        for (anchor, text), marks in zip(
            read, self._marks_of_each([text for _anchor, text in read]), strict=True
        ):
            start, value = _best_window(marks)
            if text and value > best_value:
                best_value, best = value, (anchor, text, marks, start)
        anchor, text, marks, start = best
        return Passage(excerpt(text, marks, start), anchor if best_value > 0 else "")

    def _marks_of_each(self, texts: Sequence[str]) -> list[list[Mark]]:
        """The marks of many texts, looked for in all of them at once: no hit leads over the end of a line."""
        marks: list[list[Mark]] = [[] for _ in texts]
        starts = [0, *accumulate(len(text) + 1 for text in texts)]
        for mark in self.marks("\n".join(texts)):
            number = bisect_right(starts, mark.start) - 1
            start = starts[number]
            marks[number].append(Mark(mark.start - start, mark.end - start, mark.leaf, mark.is_run))
        return marks


def _placed(span: tuple[int, int], places: Sequence[int]) -> tuple[int, int]:
    """Where a hit in the written out text stands in the text itself."""
    start, end = span
    return (places[start], places[end - 1] + 1) if places else span


def _without_overlap(marks: list[Mark]) -> list[Mark]:
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
        elif mark.is_run and not kept[-1].is_run and mark.end > kept[-1].end:
            kept[-1] = mark
    return kept


def _longest_first(entry: tuple[str, int, bool]) -> int:
    return -len(entry[0])


def _best_window(marks: Sequence[Mark]) -> tuple[int, int]:
    """Returns the start of the best passage among hits in text order, and its value (0 without hits)."""
    best_start, best_value = 0, 0
    first = 0
    for last, mark in enumerate(marks):
        while mark.end - marks[first].start > PASSAGE_LENGTH and first < last:
            first += 1
        window = marks[first : last + 1]
        shown = {(hit.leaf, hit.is_run) for hit in window}
        value = 100 * len({leaf for leaf, _ in shown}) + 50 * sum(run for _, run in shown) + len(window)
        if value > best_value:
            best_start, best_value = marks[first].start, value
    return best_start, best_value
