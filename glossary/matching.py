"""Finds the glossary's writings in a text. Pure.

    text ─ squeezed ─► Aho-Corasick: every writing, everywhere ─► whole codes only ─► leftmost, longest

The library is asked for all overlapping matches, not for its own leftmost-longest ones: where `SK海力士` is
refused, because it stands in `XSK海力士`, the shorter `海力士` must still be found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from glossary.folding import HAN, INVISIBLE, KANA_AND_HANGUL, LETTER, Squeezed, squeeze

_CODE = re.compile(f"[^{HAN}{KANA_AND_HANGUL}]")
"""A character at the end of a writing that may not touch a Latin letter or digit."""
_TOUCHES_BEFORE = re.compile(rf"[{LETTER}][{INVISIBLE}]*\Z")
_TOUCHES_AFTER = re.compile(rf"[{INVISIBLE}]*[{LETTER}]")
_POINT_BEFORE = re.compile(r"\d\.\Z")
_POINT_AFTER = re.compile(r"\.\d")
_REACH = 8
"""How many characters before a match are looked at: a letter, behind some invisible ones."""


class Match(NamedTuple):
    """Where a term stands: `text[start:end]` is one of its writings."""

    term: int
    start: int
    end: int


def form_of(writing: str) -> str:
    """Returns the form that all equal writings of a word share: one form belongs to one term.

    >>> form_of("台積電"), form_of("ＳＫ 海力士"), form_of("Lip-Bu  Tan")
    ('台积电', 'sk海力士', 'lip-bu tan')
    """
    return squeeze(writing).strip()


class Matcher:
    """Finds the terms of `writings` (writing → id of its term). Immutable, so threads can share it.

    >>> matcher = Matcher({"台积电": 1, "TSMC": 1, "SK海力士": 2, "SK": 3})
    >>> text = "台積電 與 SK 海力士，不提 SKU"
    >>> [(match.term, text[match.start : match.end]) for match in matcher.find(text)]
    [(1, '台積電'), (2, 'SK 海力士')]
    """

    def __init__(self, writings: Mapping[str, int]) -> None:
        terms: dict[str, int] = {}
        for writing, term in writings.items():
            form = form_of(writing)
            if not form:
                raise ValueError(f"{writing!r} of term {term} has no visible character: leave it out")
            if terms.setdefault(form, term) != term:
                raise ValueError(f"{writing!r} is a writing of term {terms[form]} and of term {term}")
        self.writings: Mapping[str, int] = terms
        """Form of a writing → id of its term."""
        self._terms = list(terms.values())
        self._has_code_end = [_CODE.match(form[0]) or _CODE.match(form[-1]) for form in terms]
        self._automaton = AhoCorasick(list(terms))

    def find(self, text: str) -> list[Match]:
        """Returns where terms stand in `text`, in order; no two overlap.

        Of two that would, the one that begins first counts, of those the longest. A Latin end of a writing
        touches no other Latin letter or digit (`SK` is not in `SKU`, `HBM` not in `HBM3E`, `5nm` not in
        `1.5nm`); Han writings stand anywhere.
        """
        squeezed = Squeezed(text)
        found = self._automaton.find_matches_as_indexes(squeezed.text, overlapping=True)
        matches: list[Match] = []
        free = 0
        for begin, until, number in sorted((begin, -end, number) for number, begin, end in found):
            if begin < free:
                continue
            start, end = squeezed.place(begin), squeezed.place(-until - 1) + 1
            if not self._has_code_end[number] or _is_whole(squeezed.folded, start, end):
                matches.append(Match(self._terms[number], start, end))
                free = -until
        return matches


def _is_whole(folded: str, start: int, end: int) -> bool:
    """Whether `folded[start:end]` is no piece of a longer code or number."""
    first, last = folded[start], folded[end - 1]
    before, after = folded[max(start - _REACH, 0) : start], folded[end : end + _REACH]
    if _CODE.match(first) and _TOUCHES_BEFORE.search(before):
        return False
    if _CODE.match(last) and _TOUCHES_AFTER.match(after):
        return False
    if first.isdecimal() and _POINT_BEFORE.search(before):
        return False
    return not (last.isdecimal() and _POINT_AFTER.match(after))
