"""Folds a text: one writing for full-width and half-width, traditional and simplified, upper and lower case.

`fold` maps one character to one character, so an offset in the folded text is the same offset in the original:
highlighting and the glossary's matcher depend on it. `squeeze` goes on from there: it takes out the spaces that
mean nothing, so that a run of characters is found whatever spaces its writer put between Han and Latin.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache

import numpy as np
from opencc import OpenCC

from archive import characters

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
KANA_AND_HANGUL = "\u3040-\u30ff\u31f0-\u31ff\uac00-\ud7a3"
ALPHABETIC = "a-z\u00df-\u024f\u0370-\u03ff\u0400-\u04ff"
LETTER = f"0-9{ALPHABETIC}"
INVISIBLE = f"{characters.INVISIBLE}\u2028\u2029\x00-\x08\x0e-\x1f\x7f\ud800-\udfff"
"""Contents of regular expressions' character classes, for folded text."""

_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_SPACES = re.compile(rf"[^\S\n{INVISIBLE}]+")
_LOOSE_SPACE = re.compile(rf"(?<![{LETTER}]) | (?![{LETTER}])")

FOLDED_DECOMPOSITIONS = frozenset(
    {"<wide>", "<narrow>", "<super>", "<sub>", "<font>", "<compat>", "<nobreak>"}
)
"""Compatibility forms that are only another way to draw a character. Not `<circle>`: ① is not 1."""

PUNCTUATION = str.maketrans(
    {
        **dict.fromkeys("“”„‟〝〞「」﹁﹂«»", '"'),
        **dict.fromkeys("‘’『』﹃﹄‚‛`´", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("∼〜", "~"),
        **dict.fromkeys("•‧・･∙⋅", "·"),
        **dict.fromkeys("〔【〖", "["),
        **dict.fromkeys("〕】〗", "]"),
    }
)
"""Punctuation that editors mix freely. The full stop `。` stays: as a point it would join `图3。5月` to 3.5."""


def fold(text: str) -> str:
    """Returns `text` in its one writing; the result has the same length.

    >>> fold("台積電ＣｏＷｏＳ－Ｌ")
    '台积电cowos-l'

    A character whose folded form would be longer than one character stays as it is (`㎚`, `…`): a longer text
    would put every mark behind it in the wrong place.

    `squeeze` writes it out.

    Source: Unicode NFKC for single characters, OpenCC's t2s character table for traditional forms.
    """
    if len(text) < _ARRAY_FROM:
        return text.translate(_TABLE)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    folded = _FOLDED[codes]
    if not folded.all():  # a character that was not folded before (or NUL, which folds to itself)
        new = np.unique(codes[folded == 0]).tolist()
        _FOLDED[new] = [ord(_TABLE[code]) for code in new]
        folded = _FOLDED[codes]
    in_one_writing: str = folded.tobytes().decode("utf-32-le", "surrogatepass")
    return in_one_writing


def without_invisible(text: str) -> str:
    """Returns `text` without control and zero-width characters, which a paste brings along unseen.

    >>> without_invisible("HBM\\u200b4")
    'HBM4'
    """
    return _INVISIBLE.sub("", text)


def squeeze(text: str) -> str:
    """Returns folded `text` as runs of characters are looked up in it: spaces stand only between Latin words.

    >>> squeeze("昇腾 910C 的  Chip Pair")
    '升腾910c的chip pair'

    Chinese typists put spaces between Han and Latin or do not; a reader who types a run can not know. Line
    breaks stay: a run never crosses a paragraph. One character that stands for several is written out, as it is
    typed on a keyboard:

    >>> squeeze("3㎚ ﬁnfet"), squeeze("第Ⅲ代")
    ('3nm finfet', '第iii代')
    """
    written = _LONG.sub(lambda match: _written_out(match[0]), fold(_INVISIBLE.sub("", text)))
    return _LOOSE_SPACE.sub("", _SPACES.sub(" ", written))


def written_out(folded: str) -> tuple[str, list[int]]:
    """Returns a folded text with its long characters written out, and where each character comes from.

    No places when nothing was written out: in nearly every text they would be 0, 1, 2, …
    """
    if not _LONG.search(folded):
        return folded, []
    pieces = [_written_out(character) if _LONG.match(character) else character for character in folded]
    places = [place for place, piece in enumerate(pieces) for _character in piece]
    return "".join(pieces), places


def _written_out(character: str) -> str:
    return fold(unicodedata.normalize("NFKC", character))


class _FoldTable(dict[int, str]):
    """A table of folded characters, filled when one is asked for: a text has a thousand, Unicode over 100,000."""

    def __missing__(self, code_point: int) -> str:
        folded = self[code_point] = _fold_character(chr(code_point))
        return folded


_TABLE = _FoldTable()
_FOLDED = np.zeros(sys.maxunicode + 1, "<u4")
"""The same table as an array, filled on demand: untouched pages of memory cost nothing."""
_ARRAY_FROM = 100
"""From this length on the array is faster: ten times for an article."""


def _is_long(character: str) -> bool:
    """Whether a character is letters or digits in one: `㎚`, `Ⅲ`, `ﬁ`, `㈱`. `…` and `½` are not, nor is ①."""
    decomposition = unicodedata.decomposition(character)
    if not decomposition.startswith(("<compat>", "<square>")):
        return False
    written = unicodedata.normalize("NFKC", character)
    return len(written) > 1 and written[0] != " " and any(map(str.isalnum, written))


_LONG = re.compile(
    "[" + "".join(chr(c) for c in (*range(0x80, 0x3400), *range(0xFB00, 0xFB07)) if _is_long(chr(c))) + "]"
)
"""The Unicode blocks that have such characters."""


def _fold_character(character: str) -> str:
    if "\ud800" <= character <= "\udfff":  # half a character, which no library can encode
        return character
    decomposition = unicodedata.decomposition(character)
    if decomposition:
        tag = decomposition.split()[0]
        if tag in FOLDED_DECOMPOSITIONS or (not tag.startswith("<") and " " not in decomposition):
            character = _if_one(unicodedata.normalize("NFKC", character), character)
    character = character.translate(PUNCTUATION)
    character = _if_one(character.lower(), character)
    return _if_one(_simplifier().convert(character), character)


def _if_one(changed: str, unchanged: str) -> str:
    return changed if len(changed) == 1 else unchanged


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
