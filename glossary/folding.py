"""One writing for the many that a word can have: full-width, traditional, upper case.

`fold` maps one character to one character, so an offset in the folded text is the same offset in the original:
highlighting and the glossary's matcher depend on it.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from opencc import OpenCC

FOLDED_DECOMPOSITIONS = frozenset(
    {"<wide>", "<narrow>", "<super>", "<sub>", "<font>", "<compat>", "<nobreak>"}
)
"""Compatibility forms that are the same character in another dress. `<circle>` is not among them: ① is no 1."""

PUNCTUATION = str.maketrans(
    {
        **dict.fromkeys("“”„‟〝〞「」『』﹁﹂﹃﹄«»", '"'),
        **dict.fromkeys("‘’‚‛`´", "'"),
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

    Source: Unicode NFKC for single characters, OpenCC's t2s character table for traditional forms.
    """
    return text.translate(_TABLE)


class _FoldTable(dict[int, str]):
    """Fills itself: a text holds some thousand different characters, Unicode over a hundred thousand."""

    def __missing__(self, code_point: int) -> str:
        folded = self[code_point] = _fold_character(chr(code_point))
        return folded


_TABLE = _FoldTable()


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
