"""The one place that cuts text into tokens. Index and query are cut by the same function. Pure.

    text ─ fold ─┬─ runs of Han characters ── jieba, search mode ─┐
                 └─ runs of Latin letters and digits ── ours ─────┴─► tokens with their places

and, for the guarantee that whatever is visible is findable, the patterns that find a run of characters again,
whatever spaces its writer put between Han and Latin (`glossary.folding.squeeze`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import rjieba

from glossary.folding import ALPHABETIC, HAN, KANA_AND_HANGUL, LETTER, fold
from glossary.folding import (
    squeeze as squeeze,
)  # the glossary's matcher squeezes too; search takes it from here
from glossary.folding import without_invisible as without_invisible

_RUN = re.compile(
    rf"(?P<han>[{HAN}]+)"
    # A product code: pieces held together by single marks (cowos-l, 2.5d, n+2, cve-2024-40766), with c++ kept.
    rf"|(?P<code>[{LETTER}]+(?:[.+\-/&_'][{LETTER}]+)*(?:\+{{1,2}}(?![{LETTER}]))?)"
    rf"|(?P<other>[{KANA_AND_HANGUL}]+)"
)
_PIECE = re.compile(rf"[{LETTER}]+")
_LETTERS_OR_DIGITS = re.compile(r"\d+|[^\W\d_]+")


class Token(NamedTuple):
    """A folded word and where it stands in the text: `text[start:end]`."""

    word: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Returns the tokens of `text` in the order of their places; a code is followed by its parts.

    >>> [token.word for token in tokenize("昇腾910C采用CoWoS-L")]
    ['升腾', '910c', '910', 'c', '采用', 'cowos-l', 'cowos', 'l']

    No stemming and no stop words: stock analysis drops `US`, `IT` and `CAN`, and cuts `CoWoS` to `cowo`.
    """
    return list(_tokens(fold(text)))


def words(text: str) -> list[str]:
    """Returns the words of `text`, without places: what the index counts.

    >>> words("2.5D封装")
    ['2.5d', '2', '5d', '5', 'd', '封装']
    """
    return [token.word for token in _tokens(fold(text))]


def leading_words(text: str) -> list[str]:
    """Returns the words that a text must contain to match `text`: like `words`, but a code counts only whole.

    Its parts follow from it, so looking them up too would say nothing more.

    >>> leading_words("CoWoS-L 产能")
    ['cowos-l', '产能']
    """
    return [token.word for token in _tokens(fold(text), with_parts=False)]


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


def has_word(text: str) -> bool:
    """Whether anything in `text` is more than punctuation and space.

    >>> has_word("，？"), has_word("芯")
    (False, True)
    """
    return _RUN.search(fold(text)) is not None


def _is_latin(character: str) -> bool:
    return _PIECE.match(character) is not None


def _tokens(folded: str, *, with_parts: bool = True) -> Iterator[Token]:
    for run in _RUN.finditer(folded):
        start = run.start()
        if run.lastgroup == "han":
            for word, begin, end in _segmenter().tokenize(run.group(), "search"):
                yield Token(word, start + begin, start + end)
        else:
            yield Token(run.group(), start, run.end())
            if run.lastgroup == "code" and with_parts:
                yield from _parts_of_code(run.group(), start)


def _parts_of_code(code: str, start: int) -> Iterator[Token]:
    """The pieces between marks, then the stretches of letters and of digits: `hbm3e` → `hbm`, `3`, `e`."""
    for piece in _PIECE.finditer(code):
        if piece.group() != code:
            yield Token(piece.group(), start + piece.start(), start + piece.end())
        for stretch in _LETTERS_OR_DIGITS.finditer(piece.group()):
            if stretch.group() != piece.group():
                begin = start + piece.start() + stretch.start()
                yield Token(stretch.group(), begin, begin + len(stretch.group()))


@cache
def _segmenter() -> rjieba.Jieba:
    """jieba's dictionary and algorithm, run in Rust."""
    return rjieba.Jieba()
