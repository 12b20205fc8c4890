"""The one place that cuts text into tokens. Index and query are cut by the same function. Pure.

    text ─ fold ─┬─ runs of Han characters ── jieba, search mode ─┐
                 └─ runs of Latin letters and digits ── ours ─────┴─► tokens with their places

and, for the guarantee that whatever is visible is findable, the patterns that find a run of characters again,
whatever spaces its writer put between Han and Latin (`glossary.folding.squeeze`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Protocol

from glossary.folding import ALPHABETIC, HAN, KANA_AND_HANGUL, LETTER, fold
from glossary.folding import (
    squeeze as squeeze,  # the glossary's matcher squeezes too; search takes it from here
)
from glossary.folding import without_invisible as without_invisible
from search.text.cutter import CHARACTERS, RARE, cut_for_search, cut_known
from search.text.quantities import find_quantities

_RUN = re.compile(
    rf"(?P<han>[{CHARACTERS}]+)|(?P<rare>[{RARE}]+|[{HAN}])"
    # A product code: pieces held together by single marks (cowos-l, 2.5d, n+2, cve-2024-40766), with c++ kept.
    rf"|(?P<code>[{LETTER}]+(?:[.+\-&_'][{LETTER}]+)*(?:\+\+|\+(?![{LETTER}]))?)"
    rf"|(?P<other>[{KANA_AND_HANGUL}]+)"
)
_PIECE = re.compile(rf"[{LETTER}]+")
_LETTERS_OR_DIGITS = re.compile(r"\d+|[^\W\d_]+")


class Token(NamedTuple):
    """A folded word and where it stands in the text: `text[start:end]`."""

    word: str
    start: int
    end: int


_Piece = tuple[str, int, int]
"""A token: its word, and where it starts and ends."""


class TermMatch(Protocol):
    """Where a glossary term stands in a text, whichever of its writings it is."""

    @property
    def term(self) -> int: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class TermFinder(Protocol):
    """Finds the glossary's terms in a text; `glossary.matching.Matcher` is one.

    It never changes, so what was made of it can be kept with it.
    """

    def __hash__(self) -> int: ...
    def find(self, text: str) -> Sequence[TermMatch]: ...


class NoTerms:
    """The finder of an empty glossary."""

    def find(self, text: str) -> Sequence[TermMatch]:
        return ()


NO_TERMS = NoTerms()


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a query that a text must hold: in one of its forms, each of which is some words.

    `台积电` is held by a text that mentions the term in any writing (`TSMC`), `High-NA` also by `High NA`.
    """

    text: str
    forms: tuple[tuple[str, ...], ...]
    surface: tuple[str, ...]
    """The words to mark in a text; none for a term or a quantity, of which every writing is marked."""
    term: int | None = None
    quantity: str = ""
    """Its one writing, where it is a number with a unit."""


def words(text: str, terms: TermFinder = NO_TERMS) -> list[str]:
    """Returns the words of `text`: what the index counts. A code comes with its parts, a term with its token.

    >>> words("昇腾910C采用CoWoS-L")
    ['升腾', '910c', '910', 'c', '采用', 'cowos-l', 'cowos', 'l']
    >>> words("3纳米")
    ['3nm', '3', '纳米']

    No stemming and no stop words: stock analysis drops `US`, `IT` and `CAN`, and cuts `CoWoS` to `cowo`.
    """
    return [word for word, _start, _end in _pieces(text, terms)]


def tokenize(text: str, terms: TermFinder = NO_TERMS) -> list[Token]:
    """Returns the tokens of `text` with their places, in the order of their beginnings."""
    return [Token(*piece) for piece in _pieces(text, terms)]


def _pieces(text: str, terms: TermFinder) -> list[_Piece]:
    """The tokens as plain tuples: the index has no use for the names of six hundred of them in each article."""
    folded = fold(text)
    pieces: list[_Piece] = []
    for span in _spans(text, folded, terms):
        cut = _cut(folded, span.start, span.end)
        if span.is_one_thing:
            if span.term is not None:
                pieces.append((term_token(span.term), span.start, span.end))
            pieces += span.quantities
            known = {quantity.word for quantity in span.quantities}
            cut = [piece for piece in cut if piece[0] not in known]
        pieces += cut
    return pieces


def units(text: str, terms: TermFinder = NO_TERMS) -> list[Unit]:
    """Returns what a text must hold to match `text`: its terms, quantities and remaining words.

    >>> [unit.forms for unit in units("3纳米 CoWoS-L High-NA")]
    [(('3nm',),), (('cowos-l',),), (('high-na',), ('high', 'na'))]

    A code counts only whole: its parts follow from it, so looking them up too would say nothing more. Words
    joined by a hyphen are an exception: people leave it out (`High NA`).
    """
    folded = fold(text)
    found: dict[str, Unit] = {}
    for span in _spans(text, folded, terms):
        if span.is_one_thing:
            # Not also by its words: `3` somewhere and `纳米` somewhere else are no `3纳米`, and `先进` with `封装`
            # apart are no `先进封装`. What the glossary does not know is found as a run. But a term that is a
            # quantity also by its one writing: the glossary knows `3纳米`, and need not know `三纳米`.
            forms = [term_token(span.term)] if span.term is not None else []
            forms += [span.quantity] if span.quantity else []
            writing = text[span.start : span.end]
            unit = Unit(writing, tuple((form,) for form in forms), (), span.term, span.quantity)
            found.setdefault(forms[0], unit)
        else:
            for word, _start, _end in _cut(folded, span.start, span.end, with_parts=False):
                pieces = tuple(_PIECE.findall(word))
                loose = (pieces,) if len(pieces) > 1 and all(map(_is_word, pieces)) else ()
                found.setdefault(word, Unit(word, ((word,), *loose), (word,)))
    return list(found.values())


def term_named(writing: str, terms: TermFinder) -> int | None:
    """The term that `writing` as a whole is a writing of; None when it is none."""
    spans = [match for match in terms.find(writing) if not writing[: match.start].strip()]
    return next((match.term for match in spans if not writing[match.end :].strip()), None)


def term_token(term: int) -> str:
    """The token that every writing of a term has in the index. No text can hold it."""
    return f"§{term}"


def pattern_of_run(run: str) -> str:
    """Returns a regular expression that finds a squeezed run in folded text, with whatever spaces it has there.

    >>> re.search(pattern_of_run("升腾910c的"), fold("华为昇腾 910C 的")).span()
    (2, 11)
    """
    pieces = [re.escape(run[0])]
    for before, character in pairwise(run):
        if character == " ":
            pieces.append(r"\s+")
        elif before == " " or (_is_latin(before) and _is_latin(character)):
            pieces.append(re.escape(character))
        else:
            pieces.append(r"[^\S\n]*" + re.escape(character))
    return "".join(pieces)


def pattern_of_word(word: str) -> str:
    """Returns a regular expression that finds a word of `words` in folded text where `words` would see it.

    >>> [match.start() for match in re.finditer(pattern_of_word("c"), "cowos 910c")]
    [9]
    """
    before = r"(?<!\d)" if word[0].isdecimal() else rf"(?<![{ALPHABETIC}])" if _is_latin(word[0]) else ""
    after = r"(?!\d)" if word[-1].isdecimal() else rf"(?![{ALPHABETIC}])" if _is_latin(word[-1]) else ""
    return before + re.escape(word) + after


def pieces(text: str) -> list[str]:
    """Returns the dictionary's words in a run of Han characters; what it does not know falls into characters.

    >>> pieces("宇树科技")
    ['宇', '树', '科技']

    `words` also guesses words that it does not know. This does not: who looks for new words needs to see the gaps.
    """
    return cut_known(fold(text))


def has_word(text: str) -> bool:
    """Whether anything in `text` is more than punctuation and space.

    >>> has_word("，？"), has_word("芯")
    (False, True)
    """
    return _RUN.search(fold(text)) is not None


def _is_word(piece: str) -> bool:
    return len(piece) > 1 and not any(character.isdecimal() for character in piece)


def _is_latin(character: str) -> bool:
    return _PIECE.match(character) is not None


class _Span(NamedTuple):
    """A stretch of text that is cut by itself: a term, a quantity, or what stands between them."""

    start: int
    end: int
    term: int | None = None
    quantities: tuple[Token, ...] = ()
    """In their one writing: the span itself, or those that stand in a term (`10纳米级DRAM`)."""

    @property
    def quantity(self) -> str:
        """The one writing of the span, if it is a quantity as a whole."""
        places = ((quantity.start, quantity.end) for quantity in self.quantities)
        return self.quantities[0].word if (self.start, self.end) in places else ""

    @property
    def is_one_thing(self) -> bool:
        return self.term is not None or bool(self.quantities)


def _spans(text: str, folded: str, terms: TermFinder) -> Iterator[_Span]:
    """The whole of the text: terms and quantities, and what stands between them.

    Cutting each by itself makes a term the same words wherever it stands, in the index and in a query: left to
    itself, jieba cuts by context, and `台积电` in a sentence can be other words than `台积电` alone.
    """
    quantities = [Token(*quantity) for quantity in find_quantities(folded)]
    starts, ends = [quantity.start for quantity in quantities], [quantity.end for quantity in quantities]
    known = [
        _Span(
            match.start,
            match.end,
            match.term,
            tuple(quantities[bisect_left(starts, match.start) : bisect_right(ends, match.end)]),
        )
        for match in terms.find(text)
    ]
    known += [_Span(quantity.start, quantity.end, None, (quantity,)) for quantity in quantities]
    end = 0
    for span in sorted(known, key=lambda span: (span.start, -span.end)):
        if span.start < end:
            continue  # a quantity inside a term: the term is what is meant
        if span.start > end:
            yield _Span(end, span.start)
        yield span
        end = span.end
    if end < len(folded):
        yield _Span(end, len(folded))


def _cut(folded: str, start: int, end: int, *, with_parts: bool = True) -> list[_Piece]:
    pieces: list[_Piece] = []
    for run in _RUN.finditer(folded, start, end):
        text, begin = run.group(), run.start()
        if run.lastgroup == "han":
            pieces += [(word, begin + first, begin + last) for word, first, last in cut_for_search(text)]
        else:
            pieces.append((text, begin, run.end()))
            if run.lastgroup == "code" and with_parts:
                pieces += _parts_of_code(text, begin)
    return pieces


def _parts_of_code(code: str, start: int) -> Iterator[_Piece]:
    """The pieces between marks, then the stretches of letters and of digits: `hbm3e` → `hbm`, `3`, `e`."""
    for piece in _PIECE.finditer(code):
        begin = start + piece.start()
        if piece.group() != code:
            yield piece.group(), begin, start + piece.end()
        for stretch in _LETTERS_OR_DIGITS.finditer(piece.group()):
            if stretch.group() != piece.group():
                yield stretch.group(), begin + stretch.start(), begin + stretch.end()
