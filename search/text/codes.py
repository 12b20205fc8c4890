"""Codes and English words: what they are made of, and the one writing that each has however it is joined. Pure.

    GB300, GB 300, GB-300 → gb300    CoWoS-L → cowosl    chiplets → chiplet    688981.SH, SH688981 → 688981

An *element* is letters and digits that nothing parts (`gb`, `300`, `910c`), or what a mark makes one (`2.5d`, `n+2`,
`c++`, `c#`, `.net`, `a/b`). A *code* is elements side by side, with a hyphen, an underscore or a space between them. A
text holds every code of MAX_ELEMENTS elements that stands there; a query asks for the longest that is surely meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from glossary.folding import ALPHABETIC, LETTER
from glossary.matching import LETTER_OF_WORD
from glossary.plurals import plural, singular

MAX_ELEMENTS = 4
"""Of one code: `GB 300 NVL 72`."""
ELEMENT = (
    rf"(?<![{LETTER}/_-])[a-z]{{1,2}}/[a-z](?![{LETTER}+#/])|(?<![{LETTER}.])\.[a-z]{{2,}}(?![{LETTER}.])"
    rf"|[{LETTER}]+(?:[.+&'][{LETTER}]+)*(?:\+\+|\+(?![{LETTER}])|(?<=(?<![{LETTER}])[a-z])#(?![{LETTER}]))?"
)
"""A regular expression, for folded text."""

_ELEMENT = re.compile(ELEMENT)
_PIECE = re.compile(f"[{LETTER}]+")
_OF_WORD = frozenset(LETTER_OF_WORD)
_LETTERS_OR_DIGITS = re.compile(r"\d+|[^\W\d_]+")
_DIGITS = "0123456789"
_COUNTED = re.compile(
    "[年月日号季周个家台万亿千百倍强块枚颗片名位种款次项条起场届期天元美代层纳微毫厘英寸伏瓦]"
)
"""A number before one of these is no part of the code before it: `NVIDIA 2025年`, `AI 50强`."""
_LONGEST_NAME = 60
_YEAR = re.compile(r"-?((?:19|20)\d\d)\Z")
_NAME_AND_CODE = re.compile(rf"\A([{ALPHABETIC}]{{2,}})(\d{{2,}}[{ALPHABETIC}]\w*)")


class Code(NamedTuple):
    """A code in a folded text: `text[start:end]`, in its one writing."""

    word: str
    start: int
    end: int
    elements: tuple[str, ...]


class _Element(NamedTuple):
    text: str
    start: int
    end: int


# --- One writing ---------------------------------------------------------------------------------------

_SHARES = r"\d{6}"
_STOCK = re.compile(
    rf"(?:(?P<before>sh|sz|bj|hk|tw|us)\.?|(?P<exchange>shse|szse|bse|sehk|nasdaq|nyse)\.)?"
    rf"(?P<number>{_SHARES}|\d{{3,5}}|(?<=\.)[a-z]{{1,5}})"
    rf"|(?P<shares>{_SHARES})\.?(?P<china>sh|sz|bj|ss|xshg|xshe)"
    rf"|(?P<hong_kong>\d{{3,5}})\.?hk|(?P<elsewhere>[\da-z]{{2,6}})\.(?P<after>tw|two|t|jp|ks|kq|kr|us|oq|o|n)"
)
_EXCHANGES = {
    "ss": "sh",
    "xshg": "sh",
    "shse": "sh",
    "xshe": "sz",
    "szse": "sz",
    "bse": "bj",
    "sehk": "hk",
    "jp": "t",
    "kr": "ks",
    "nasdaq": "us",
    "nyse": "us",
    "oq": "us",
    "o": "us",
    "n": "us",
}
_NUMBERS = {"sh": "569", "sz": "0123", "bj": "489"}
"""What the numbers of an exchange's shares begin with: these say by themselves where a share is traded."""


def one_writing(code: str) -> str:
    """Returns the one writing of a code without marks between its elements.

    >>> [one_writing(code) for code in ("688981.sh", "sh688981", "000001.sh", "0981.hk", "nvda.o", "chiplets")]
    ['688981', '688981', '000001.sh', '00981.hk', 'nvda.us', 'chiplet']
    """
    if code[-1] == "s" and code.isalpha():
        return singular(code)
    if len(code) < 4 or not ("." in code or code[-1] in _DIGITS or code[:3].isdecimal()):
        return code
    match = _STOCK.fullmatch(code)
    return _stock(match) or code if match else code


def _stock(match: re.Match[str]) -> str:
    if match["hong_kong"]:
        return f"{match['hong_kong']:0>5}.hk"
    where = match["before"] or match["exchange"] or match["china"] or match["after"]
    number = match["number"] or match["shares"] or match["elsewhere"]
    if where is None:
        return ""
    where = _EXCHANGES.get(where, where)
    if where in _NUMBERS:
        if len(number) != 6:
            return ""
        return number if number[0] in _NUMBERS[where] else f"{number}.{where}"
    if where == "hk":
        return f"{number:0>5}.hk" if len(number) < 6 else ""
    if where == "us":
        return f"{number}.us" if number.isalpha() else ""
    return f"{number}.{where}" if number.isdecimal() else ""


def _joined(elements: Iterable[str]) -> str:
    """Elements without marks, but for a hyphen between two numbers: `ddr5-6400`."""
    code = ""
    for element in elements:
        code += f"-{element}" if code[-1:] in _DIGITS and code and element[0] in _DIGITS else element
    return code


def _code(elements: tuple[str, ...]) -> str:
    """The one writing of elements side by side. A single letter makes no plural: `cowos-s`, `sige-s`."""
    code = _joined(elements)
    return code if len(elements) > 1 and elements[-1] == "s" else one_writing(code)


# --- In a text -----------------------------------------------------------------------------------------


class Chain:
    """The elements of a text as they come, and the codes that they make with those before them."""

    __slots__ = ("_elements", "_end", "_folded", "_weak")

    def __init__(self, folded: str) -> None:
        self._folded = folded
        self._end = 0
        self._elements: list[_Element] = []
        self._weak: list[bool] = []
        """Whether there is but a space before each of the elements: two words, as a rule."""

    def pieces(self, text: str, start: int, end: int) -> list[tuple[str, int, int]]:
        """Returns the words that an element adds: itself, its parts, and the codes that end with it."""
        words = _words_of(text)
        found = [(word, start + first, start + last) for word, first, last in words]
        is_near = start - self._end < _MAX_GAP
        self._end = end
        if is_near and self._elements:
            found += self._codes(_Element(text, start, end))
        else:
            self._elements, self._weak = [_Element(text, start, end)], [False]
        return found

    def stop(self) -> None:
        """Lets no code lead over this place: a quantity stands there."""
        self._elements = []

    def _codes(self, element: _Element) -> Iterator[tuple[str, int, int]]:
        joint = _joint(self._folded, self._elements[-1], element)
        if not joint:
            self._elements, self._weak = [element], [False]
            return
        self._elements = [*self._elements[1 - MAX_ELEMENTS :], element]
        self._weak = [*self._weak[1 - MAX_ELEMENTS :], joint == _WEAK]
        weak = 0
        for first in range(len(self._elements) - 2, -1, -1):
            weak += self._weak[first + 1]
            if weak > 1:
                return
            elements = tuple(element.text for element in self._elements[first:])
            word = _code(elements)
            if word not in elements:
                yield word, self._elements[first].start, element.end


_NONE, _WEAK, _STRONG = range(3)
_MAX_GAP = 4


def _joint(folded: str, left: _Element, right: _Element) -> int:
    """How two elements hang together. Two words with a space between them hardly do: `SK hynix`, `CES NVIDIA`."""
    length = right.start - left.end
    if length == 1 and folded[left.end] in "-_":
        return _STRONG
    if not 0 < length < _MAX_GAP or not (gap := folded[left.end : right.start]).isspace() or "\n" in gap:
        return _NONE
    last, first = left.text[-1], right.text[0]
    if len(right.text) == 1 and first not in _DIGITS:  # `4090 D`, `CoWoS L`
        if folded[right.end : right.end + 1] in _OF_WORD:
            return _NONE
        return _STRONG if last in _DIGITS or len(left.text) > 1 else _WEAK
    if last in _DIGITS and first in _DIGITS:  # `DDR5 6400`, but not `RTX 5090 2025`
        is_code = not left.text.isdecimal() and "." not in left.text and len(right.text) > 2
        return _STRONG if is_code else _WEAK
    return _STRONG if first in _DIGITS else _WEAK


@lru_cache(maxsize=20_000)
def _words_of(element: str) -> tuple[tuple[str, int, int], ...]:
    """An element in its one writing, and its parts, with their places in it."""
    word = one_writing(element)
    found = [(word, 0, len(element))]
    if word.endswith(".hk"):
        found.append((word.removesuffix(".hk"), 0, len(element)))
    if not element.isalpha() and not element.isdecimal():
        found += [part for part in _parts(element) if part[0] != word]
    return tuple(found)


def _parts(element: str) -> Iterator[tuple[str, int, int]]:
    """The pieces between marks, then the stretches of letters and of digits: `hbm3e` → `hbm`, `3`, `e`."""
    for piece in _PIECE.finditer(element):
        begin = piece.start()
        if piece.group() != element:
            yield one_writing(piece.group()), begin, piece.end()
        for stretch in _LETTERS_OR_DIGITS.finditer(piece.group()):
            if stretch.group() != piece.group():
                yield stretch.group(), begin + stretch.start(), begin + stretch.end()


def code_pieces(folded: str) -> Iterator[tuple[str, int, int]]:
    """Yields all words of codes in a folded text with their places: what is marked there."""
    chain = Chain(folded)
    for element in _ELEMENT.finditer(folded):
        yield from chain.pieces(element.group(), element.start(), element.end())


# --- In a query ----------------------------------------------------------------------------------------


def asked_codes(folded: str, apart: Iterable[tuple[int, int]]) -> list[Code]:
    """Returns the codes that a query asks for, the longest that surely are one. None leads over a place in `apart`.

    >>> [code.word for code in asked_codes("gb 300 nvl72 rtx 4090 d nvidia 2025年 cowos-l", [])]
    ['gb300', 'nvl72', 'rtx4090d', 'nvidia', '2025', 'cowosl']
    """
    chains: list[list[_Element]] = []
    for begin, end in _between(apart, len(folded)):
        last: _Element | None = None
        for match in _ELEMENT.finditer(folded, begin, end):
            element = _Element(match.group(), match.start(), match.end())
            is_one = (
                last is not None
                and _joint(folded, last, element) == _STRONG
                and not (
                    folded[last.end].isspace()
                    and _COUNTED.match(folded, element.end)
                    and element.text.isdecimal()
                )
            )
            if is_one:
                chains[-1].append(element)
            else:
                chains.append([element])
            last = element
    return [
        Code(_code(elements), chain[0].start, chain[-1].end, elements)
        for chain in chains
        for elements in [tuple(element.text for element in chain)]
    ]


def _between(apart: Iterable[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """The stretches of a text that are left: the index, too, cuts each by itself (`é3nm`: `é`, then a quantity)."""
    begin = 0
    for start, end in sorted(apart):
        if start > begin:
            yield begin, start
        begin = max(begin, end)
    if begin < length:
        yield begin, length


def apart_in(code: str) -> tuple[str, str] | None:
    """What a code may be two words of: a name with a year, or a name with a code of its own.

    >>> apart_in("gtc2025"), apart_in("intel18a"), apart_in("gb300"), apart_in("hbm4e")
    (('gtc', '2025'), ('intel', '18a'), None, None)
    """
    if len(code) > _LONGEST_NAME:
        return None
    if year := _YEAR.search(code):
        name = code[: year.start()]
        return (name, year[1]) if len(name) > 1 and not name.isdecimal() else None
    match = _NAME_AND_CODE.fullmatch(code)
    return (match[1], match[2]) if match else None


def is_year(word: str) -> bool:
    """Whether the second of `apart_in` is a year."""
    return len(word) == 4 and word.isdecimal()


def runs_of_word(word: str) -> tuple[str, ...]:
    """The runs of characters that a text may hold a code or word as, shorter ones that hold it inside not counted."""
    number, _, exchange = word.rpartition(".")
    if exchange == "hk" and number.isdecimal():
        short = number.lstrip("0")
        numbers = {number, f"{short:0>4}", short}
        return (number, *(f"{n}.hk" for n in sorted(numbers)), *(f"hk{n}" for n in sorted(numbers)))
    if exchange in ("tw", "us", "sh", "sz", "bj"):
        return word, f"{exchange}{number}", f"{exchange}.{number}"
    if several := word.isalpha() and word.isascii() and plural(word):
        return (word,) if several.startswith(word) else (word, several)
    return (word,)


def trace_of(word: str) -> str:
    """Letters and digits that stand in any text that holds the word, when all else is taken out of it."""
    number, _, exchange = word.rpartition(".")
    if number.isdecimal() and exchange.isalpha():
        return number.lstrip("0")
    if word.endswith(".us"):
        return number
    bare = "".join(_PIECE.findall(word))
    return bare[:-1] if bare.isalpha() and len(bare) > 1 else bare
