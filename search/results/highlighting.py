"""Marks what was found in a text, and picks the passage that shows it best. Every piece is escaped first."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from django.utils.safestring import SafeString

from archive.excerpts import PASSAGE_LENGTH, excerpt, marked
from glossary.folding import fold, written_out
from search.query.tree import Node, positive_leaves
from search.text import analysis
from search.text.analysis import NO_TERMS, TermFinder
from search.text.codes import code_pieces
from search.text.runs import pattern_of_run

_THOUSANDS = 3
"""Digits; a longer number may stand with marks between its thousands."""
MAX_TEXT = 200_000
"""Characters of a text in which hits are looked for."""


class Mark(NamedTuple):
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
        self._codes: dict[str, tuple[int, bool]] = {}
        runs = [(pattern_of_run(run), place, True) for place, leaf in enumerate(leaves) for run in leaf.runs]
        words: list[tuple[str, int, bool]] = []
        for place, leaf in enumerate(leaves):
            units = [] if leaf.is_exact else leaf.units(terms)
            # A character that a longer text was cut into (`的`, `用`) says nothing where it stands alone.
            is_of_words = any(len(unit.text) > 1 for unit in units)
            for unit in units:
                if unit.term is not None:
                    self._terms[unit.term] = place
                if unit.quantity:
                    self._quantities[unit.quantity] = place
                if unit.word:
                    self._codes[unit.word] = place, len(units) == 1
                    if unit.word.isdecimal() and len(unit.word) > _THOUSANDS:
                        self._quantities.setdefault(unit.word, place)
                for word in dict.fromkeys(word for form in unit.forms for word in form):
                    if analysis.is_term_token(word):
                        self._terms.setdefault(analysis.term_of_token(word), place)
                    elif unit.word:
                        self._codes.setdefault(word, (place, False))
                    elif not unit.quantity and (len(word) > 1 or not is_of_words):
                        words.append((re.escape(word), place, False))
        # At the same place the first that fits wins: whole runs before words, the long before the short.
        patterns = sorted([*runs, *words], key=lambda found: (not found[2], -len(found[0])))
        self._groups = [(place, is_run) for _pattern, place, is_run in patterns]
        self._hits = re.compile("|".join(f"({pattern})" for pattern, _, _ in patterns)) if patterns else None

    def marks(self, text: str) -> list[Mark]:
        """Returns the hits in `text`, in order; none overlaps another."""
        text = text[:MAX_TEXT]
        folded = fold(text)
        written, places = written_out(folded)
        marks = [
            Mark(*_placed(match.span(), places), *self._groups[(match.lastindex or 1) - 1])
            for match in (self._hits.finditer(written) if self._hits else ())
        ]
        if self._codes:
            marks += [
                Mark(start, end, *self._codes[word])
                for word, start, end in code_pieces(folded)
                if word in self._codes
            ]
        if self._quantities:
            marks += [
                Mark(quantity.start, quantity.end, self._quantities[quantity.token], True)
                for quantity in analysis.find_equal_writings(text, folded)
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
        read = [block for block in blocks if block[1]]
        found = zip(read, self._marks_of_each([text for _anchor, text in read]), strict=True)
        windows = [(*_best_window(marks), *block, marks) for block, marks in found]
        start, value, anchor, text, marks = max(windows, key=itemgetter(1), default=(0, 0, "", "", []))
        return Passage(excerpt(text, marks, start), anchor if value else "")

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
