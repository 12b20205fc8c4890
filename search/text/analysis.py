"""The one place that cuts text into tokens. Index and query are cut by the same function. Pure.

text ─ fold ─┬─ runs of Han characters ── jieba, search mode ─┐
             └─ codes and English words ── search.text.codes ─┴─► tokens with their places
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Protocol

from glossary.folding import HAN, KANA_AND_HANGUL, fold
from glossary.folding import (
    squeeze as squeeze,  # the glossary squeezes its writings too; search takes it from here
)
from glossary.folding import without_invisible as without_invisible
from search.text.codes import ELEMENT, Chain, Code, apart_in, asked_codes, is_year, one_writing
from search.text.cutter import CHARACTERS, RARE, cut_for_search, cut_known
from search.text.institutes import find_institutes
from search.text.quantities import Quantity, find_powers, find_quantities

_RUN = re.compile(
    rf"(?P<han>[{CHARACTERS}]+)|(?P<rare>[{RARE}]+|[{HAN}])|(?P<code>{ELEMENT})|(?P<other>[{KANA_AND_HANGUL}]+)"
)


_AND = re.compile(r"[+&/]")
"""Between two names that are written as one."""


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

    `台积电` is held by a text that mentions the term in any writing (`TSMC`), `GTC2025` also by `2025年的GTC`.
    """

    text: str
    forms: tuple[tuple[str, ...], ...]
    term: int | None = None
    quantity: str = ""
    """Its one writing, where it is a number with a unit."""
    word: str = ""
    """The one writing of a code or an English word, also where it is a term."""


def words(text: str, terms: TermFinder = NO_TERMS) -> list[str]:
    """Returns the words of `text`: what the index counts. A code comes with its parts, a term with its token.

    >>> words("昇腾910C采用CoWoS-L")
    ['升腾', '910c', '910', 'c', '采用', 'cowos', 'l', 'cowosl']
    >>> words("3纳米"), words("GB 300的chiplets")
    (['3nm', '3', '纳米'], ['gb', '300', 'gb300', '的', 'chiplet'])

    Plurals are all that is stemmed, and there are no stop words: stock analysis drops `US`, `IT` and `CAN`, and cuts
    `CoWoS` to `cowo`.
    """
    return [word for word, _start, _end in _pieces(text, terms)]


def tokenize(text: str, terms: TermFinder = NO_TERMS) -> list[Token]:
    """Returns the tokens of `text` with their places, in the order of their beginnings but for long codes."""
    return [tuple.__new__(Token, piece) for piece in _pieces(text, terms)]


def _pieces(text: str, terms: TermFinder) -> list[_Piece]:
    """The tokens as plain tuples: the index has no use for the names of six hundred of them in each article."""
    folded = fold(text)
    pieces: list[_Piece] = []
    chain = Chain(folded)
    for span in _spans(text, folded, terms):
        if span.is_one_thing:
            if span.term is not None:
                pieces.append((term_token(span.term), span.start, span.end))
            pieces += [(term_token(match.term), match.start, match.end) for match in span.inside]
            pieces += span.quantities
            if span.quantities:
                chain.stop()
            known = {quantity.word for quantity in span.quantities}
            pieces += [piece for piece in _cut(folded, span.start, span.end, chain) if piece[0] not in known]
            if span.quantities:
                chain.stop()
        else:
            pieces += _cut(folded, span.start, span.end, chain)
    return pieces


def units(text: str, terms: TermFinder = NO_TERMS) -> list[Unit]:
    """Returns what a text must hold to match `text`: its terms, quantities and remaining words.

    >>> [unit.forms for unit in units("3纳米 CoWoS-L GTC 2025")]
    [(('3nm',),), (('cowosl',),), (('gtc2025',), ('gtc', '2025'))]

    A code counts only whole: its parts follow from it, so looking them up too would say nothing more.
    """
    folded, spans, codes = _asked(text, terms)
    found: dict[str, Unit] = {}
    end = 0
    for span in spans:
        code = next((code for code in codes if code.start <= span.start < code.end), None)
        if span.is_one_thing and (code is None or (code.start, code.end) == (span.start, span.end)):
            # Not also by its words: `3` somewhere and `纳米` somewhere else are no `3纳米`, and `先进` with `封装`
            # apart are no `先进封装`. What the glossary does not know is found as a run. But a term that is a
            # quantity also by its one writing: the glossary knows `3纳米`, and need not know `三纳米`.
            forms = [term_token(span.term)] if span.term is not None else []
            forms += [span.quantity] if span.quantity else []
            forms += [code.word] if code else []
            writing = text[span.start : span.end]
            word = code.word if code else ""
            all_forms: list[tuple[str, ...]] = [(form,) for form in forms]
            if span.term is not None and not forms[1:] and len(names := writing.split()) > 1:
                apart = _first_forms(names, terms)  # `EUV 光刻`: a space is AND, in a name, too
                all_forms += [apart] if len(apart) > 1 else []
            unit = Unit(writing, tuple(all_forms), span.term, span.quantity, word)
            found.setdefault(forms[0], unit)
            end = span.end
        else:
            for run in _RUN.finditer(folded, max(span.start, end), span.end):
                if run.start() < end:
                    continue
                if run.lastgroup == "code":
                    code = next(code for code in codes if code.start <= run.start() < code.end)
                    found.setdefault(code.word, _unit_of(folded, code, terms))
                    end = code.end
                elif run.lastgroup == "han":
                    for word, _first, _last in cut_for_search(run.group()):
                        found.setdefault(word, Unit(word, ((word,),)))
                else:
                    found.setdefault(run.group(), Unit(run.group(), ((run.group(),),)))
    return list(found.values())


def codes_in(text: str, terms: TermFinder = NO_TERMS) -> Sequence[Code]:
    """Returns where codes and English words stand in a query that are no part of a term or a quantity."""
    return _asked(text, terms).codes


_KEPT = 256
"""Parts of queries: parser, engine and marks of one page all ask for the same."""


class _Asked(NamedTuple):
    """A part of a query, as it is read."""

    folded: str
    spans: tuple[_Span, ...]
    codes: tuple[Code, ...]


@lru_cache(_KEPT)
def _asked(text: str, terms: TermFinder) -> _Asked:
    folded = fold(text)
    spans = tuple(_known_spans(len(folded), terms_in(text, terms), equal_writings_in(text)))
    return _Asked(folded, spans, tuple(_codes(folded, spans)))


@lru_cache(_KEPT)
def terms_in(text: str, terms: TermFinder) -> Sequence[TermMatch]:
    """Returns where terms stand in a part of a query."""
    return tuple(terms.find(text))


@lru_cache(_KEPT)
def equal_writings_in(text: str) -> Sequence[Quantity]:
    """Returns what `find_equal_writings` finds in a part of a query."""
    return tuple(find_equal_writings(text, fold(text)))


def _codes(folded: str, spans: Sequence[_Span]) -> list[Code]:
    """No code ends inside a term, or begins there: then it is the term that is meant."""
    apart = [(span.start, span.end) for span in spans if span.quantities]
    named = [(span.start, span.end) for span in spans if span.term is not None and not span.quantities]
    while True:
        codes = asked_codes(folded, apart)
        split = [
            (start, end)
            for start, end in named
            for code in codes
            if code.start < end and start < code.end and not code.start <= start < end <= code.end
        ]
        if not split:
            return codes
        apart += split
        named = [span for span in named if span not in split]


def _first_forms(names: Sequence[str], terms: TermFinder) -> tuple[str, ...]:
    """The words of names that stand side by side, each name by itself."""
    return tuple(
        dict.fromkeys(word for name in names for unit in units(name, terms) for word in unit.forms[0])
    )


def _unit_of(folded: str, code: Code, terms: TermFinder) -> Unit:
    forms: list[tuple[str, ...]] = [(code.word,)]
    parts = [part for element in code.elements for part in _AND.split(element)]
    names = [term_named(part, terms) for part in parts]
    if len(names) > 1 and None not in names:  # `AMD-Xilinx`, `TSMC&ASML`
        forms.append(tuple(term_token(name) for name in names if name is not None))
    elif code.word.endswith(".us"):  # a share that is called by its letters alone, too
        letters = code.word.removesuffix(".us")
        name = term_named(letters, terms)
        forms.append((letters if name is None else term_token(name),))
    elif both := apart_in(code.word):
        name = term_named(both[0], terms)
        if name is not None:
            forms.append((term_token(name), both[1]))
        elif is_year(both[1]):
            forms.append((one_writing(both[0]), both[1]))
    return Unit(folded[code.start : code.end], tuple(forms), word=code.word)


def find_equal_writings(text: str, folded: str) -> list[Quantity]:
    """Returns what has one writing of its own wherever it stands in a text: quantities, powers of ten, institutes."""
    found = [*find_quantities(folded)]
    if others := [*find_powers(text, folded), *find_institutes(folded)]:
        found = sorted([*found, *others], key=lambda one: (one.start, -one.end))
    return found


def term_named(writing: str, terms: TermFinder) -> int | None:
    """The term that `writing` as a whole is a writing of; None when it is none."""
    spans = [match for match in terms.find(writing) if not writing[: match.start].strip()]
    return next((match.term for match in spans if not writing[match.end :].strip()), None)


def term_token(term: int) -> str:
    """The token that every writing of a term has in the index. No text can hold it."""
    return f"{_TERM}{term}"


_TERM = "§"


def is_term_token(word: str) -> bool:
    """Whether a word is the token of a term."""
    return word.startswith(_TERM)


def term_of_token(word: str) -> int:
    """The term that a token is of."""
    return int(word.removeprefix(_TERM))


def pieces(text: str) -> list[str]:
    """Returns the dictionary's words in a run of Han characters; what it does not know falls into characters.

    >>> pieces("宇树科技")
    ['宇', '树', '科技']

    `words` also guesses words that it does not know. This does not: who looks for new words needs to see the gaps.
    """
    return cut_known(fold(text))


@lru_cache(_KEPT)
def has_word(text: str) -> bool:
    """Whether anything in `text` is more than punctuation and space.

    >>> has_word("，？"), has_word("芯")
    (False, True)
    """
    return _RUN.search(fold(text)) is not None


class _Span(NamedTuple):
    """A stretch of text that is cut by itself: a term, a quantity, or what stands between them."""

    start: int
    end: int
    term: int | None = None
    quantities: tuple[Token, ...] = ()
    """In their one writing: the span itself, or those that stand in a term (`10纳米级DRAM`)."""
    inside: tuple[TermMatch, ...] = ()
    """Terms in a longer one that the glossary does not know: `中国科学院` in the name of an institute."""

    @property
    def quantity(self) -> str:
        """The one writing of the span, if it is a quantity as a whole."""
        places = ((quantity.start, quantity.end) for quantity in self.quantities)
        return self.quantities[0].word if (self.start, self.end) in places else ""

    @property
    def is_one_thing(self) -> bool:
        return self.term is not None or bool(self.quantities)


_LONG = 4
"""Characters; a shorter quantity holds no term."""


def _spans(text: str, folded: str, terms: TermFinder) -> Iterator[_Span]:
    """The whole of the text: terms and quantities, and what stands between them.

    Cutting each by itself makes a term the same words wherever it stands, in the index and in a query: left to
    itself, jieba cuts by context, and `台积电` in a sentence can be other words than `台积电` alone.
    """
    return _known_spans(len(folded), terms.find(text), find_equal_writings(text, folded))


def _known_spans(
    length: int, matches: Sequence[TermMatch], equal_writings: Sequence[Quantity]
) -> Iterator[_Span]:
    """The spans of a text of that length in which these stand."""
    quantities = [Token(*quantity) for quantity in equal_writings]
    starts, ends = [quantity.start for quantity in quantities], [quantity.end for quantity in quantities]
    known = [
        _Span(
            match.start,
            match.end,
            match.term,
            tuple(quantities[bisect_left(starts, match.start) : bisect_right(ends, match.end)]),
        )
        for match in matches
    ]
    known += [_Span(quantity.start, quantity.end, None, (quantity,)) for quantity in quantities]
    end = 0
    for span in sorted(known, key=lambda span: (span.start, -span.end)):
        if span.start < end:
            continue  # a quantity inside a term: the term is what is meant
        if span.start > end:
            yield _Span(end, span.start)
        if span.term is None and span.end - span.start > _LONG:  # an institute
            span = span._replace(
                inside=tuple(m for m in matches if span.start <= m.start < m.end <= span.end)
            )
        yield span
        end = span.end
    if end < length:
        yield _Span(end, length)


def _cut(folded: str, start: int, end: int, chain: Chain) -> list[_Piece]:
    pieces: list[_Piece] = []
    for run in _RUN.finditer(folded, start, end):
        text, begin = run.group(), run.start()
        if run.lastgroup == "han":
            pieces += [(word, begin + first, begin + last) for word, first, last in cut_for_search(text)]
        elif run.lastgroup == "code":
            pieces += chain.pieces(text, begin, run.end())
        else:
            pieces.append((text, begin, run.end()))
    return pieces
