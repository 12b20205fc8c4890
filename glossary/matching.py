"""Finds the glossary's writings in a text. Pure.

    text ─ joined ─► Aho-Corasick: every writing, everywhere ─► whole codes only ─► leftmost, longest

Texts and writings are compared as `glossary.joining` joins them, so `HBM-4` and `HBM 4` are the term HBM4.

The library is asked for all overlapping matches, not for its own leftmost-longest ones: where `SK海力士` is
refused, because it stands in `XSK海力士`, the shorter `海力士` must still be found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from glossary.folding import HAN, INVISIBLE, KANA_AND_HANGUL, LETTER, squeeze
from glossary.joining import MARKS, Joined, joined
from glossary.plurals import plural

_CODE = re.compile(f"[^{HAN}{KANA_AND_HANGUL}]")
"""The end of a writing that may not touch a Latin letter or digit."""
_REACH = 8
"""Characters beside a match that are looked at: there may be invisible ones before a letter."""
LETTER_OF_WORD = "股轮线盘光端站"
"""What makes a word of the one letter before it: `18 A股` is no 18A."""
_LAST_WORD = re.compile(rf"(?<![{LETTER}])[a-z]{{3,}}$")
_LETTER_KIND, _INVISIBLE_KIND, _OTHER_KIND = range(3)


class _Kinds(dict[str, int]):
    """A cache of the kinds of folded characters: asking a regular expression takes most of the time of a match."""

    def __missing__(self, character: str) -> int:
        is_invisible = re.match(f"[{INVISIBLE}]", character)
        is_letter = re.match(f"[{LETTER}]", character)
        kind = self[character] = (
            _INVISIBLE_KIND if is_invisible else _LETTER_KIND if is_letter else _OTHER_KIND
        )
        return kind


_KINDS = _Kinds()


class Match(NamedTuple):
    """A term in a text: `text[start:end]` is one of its writings."""

    term: int
    start: int
    end: int


def form_of(writing: str) -> str:
    """Returns the form that all equal writings of a word share: one form belongs to one term.

    >>> form_of("台積電"), form_of("ＳＫ 海力士"), form_of("Lip-Bu  Tan")
    ('台积电', 'sk海力士', 'lip-bu tan')
    """
    return squeeze(writing).strip()


def key_of(form: str) -> str:
    """Returns what is looked for in a joined text to find a form.

    >>> key_of("lip-bu tan"), key_of("hbm 4")
    ('lipbu tan', 'hbm4')
    """
    return joined(form).strip(MARKS) or form


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
        keys = _keys(terms)
        self._terms = list(keys.values())
        self._code_ends = [(bool(_CODE.match(key[0])), bool(_CODE.match(key[-1]))) for key in keys]
        self.keys: Collection[str] = keys.keys()
        """What is looked for in a joined text: a text in which none of these stands has no match."""
        self._automaton = AhoCorasick(list(keys))

    def find(self, text: str) -> list[Match]:
        """Returns where terms stand in `text`, in order; no two overlap.

        Of two that would, the one that begins first counts, of those the longest. A Latin end of a writing
        touches no other Latin letter or digit (`SK` is not in `SKU`, `HBM` not in `HBM3E`, `5nm` not in
        `1.5nm`), but for the ending of a plural (`chiplets`); Han writings stand anywhere.
        """
        return self.find_in(Joined(text))

    def find_in(self, text: Joined) -> list[Match]:
        """Returns what `find` does, for a text that is joined already, so that several matchers can share it."""
        found = self._automaton.find_matches_as_indexes(text.text, overlapping=True)
        matches: list[Match] = []
        free = 0
        for begin, until, number in sorted((begin, -end, number) for number, begin, end in found):
            if begin < free:
                continue
            start, end = text.place(begin), text.place(-until - 1) + 1
            is_code_first, is_code_last = self._code_ends[number]
            if (not is_code_first or _may_begin(text.folded, start)) and (
                not is_code_last or _may_end(text.folded, end)
            ):
                matches.append(Match(self._terms[number], start, end))
                free = -until
        return matches


def _keys(forms: Mapping[str, int]) -> dict[str, int]:
    """What is looked for: each form as it is joined, and the plural of one that ends in a word."""
    keys: dict[str, int] = {}
    for form, term in forms.items():
        keys.setdefault(key_of(form), term)
    for form, term in forms.items():
        last = _LAST_WORD.search(form)
        if last and (several := plural(last.group())):
            keys.setdefault(key_of(form[: last.start()] + several), term)
    return keys


def _may_begin(folded: str, start: int) -> bool:
    """Whether a code may begin at `start`: it is not the end of a longer code or number."""
    place = start - 1
    while place >= max(start - _REACH, 0) and _KINDS[folded[place]] == _INVISIBLE_KIND:
        place -= 1
    if place >= max(start - _REACH, 0) and _KINDS[folded[place]] == _LETTER_KIND:
        return False
    return not (
        folded[start].isdecimal() and start > 1 and folded[start - 1] == "." and folded[start - 2].isdecimal()
    )


def _may_end(folded: str, end: int) -> bool:
    """Whether a code may end before `end`: it is not the beginning of a longer code or number."""
    last = min(end + _REACH, len(folded))
    place = end
    while place < last and _KINDS[folded[place]] == _INVISIBLE_KIND:
        place += 1
    if place < last and _KINDS[folded[place]] == _LETTER_KIND:
        return False
    if folded[end : end + 1] in LETTER_OF_WORD and folded[end - 2 : end - 1].isspace() and end < len(folded):
        return False
    return not (
        folded[end - 1].isdecimal() and folded[end : end + 1] == "." and folded[end + 1 : end + 2].isdecimal()
    )
