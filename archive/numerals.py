"""Reads the numbers that people write: `12`, `十二`, `⑫`, `Ⅻ`. Pure."""

from __future__ import annotations

import re
import unicodedata

CHINESE = "〇零一二两三四五六七八九十百廿卅"
"""Characters of Chinese numbers below a thousand."""
ROMAN = "IVXLivxlⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"
DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}

_DIGIT = f"[{''.join(DIGITS)}]"
_SCORES = {"廿": 20, "卅": 30}
_CHINESE_NUMBER = re.compile(
    rf"(?:({_DIGIT})千[零〇]?)?(?:({_DIGIT})百[零〇]?)?(?:({_DIGIT}?)十|([廿卅]))?({_DIGIT}?)"
)
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50}
_ROMAN_WRITINGS = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]


def read_number(text: str) -> int | None:
    """Returns the number that `text` writes, None when it writes none. Text is folded, all of it must be the number.

    >>> [read_number(text) for text in ("07", "十二", "二十一", "一百零二", "二〇", "IV", "Ⅲ", "十十")]
    [7, 12, 21, 102, 20, 4, 3, None]

    Digits in a row are read one after another (`二〇二五`), so whoever must not take `三五`, about so many, for 35
    has to look for them first.
    """
    if text.isascii() and text.isdigit():
        return int(text)
    if text and text[0] in CHINESE:
        return _read_chinese(text)
    return _read_roman(unicodedata.normalize("NFKC", text).upper())


def _read_chinese(text: str) -> int | None:
    if all(character in DIGITS for character in text):
        return int("".join(str(DIGITS[character]) for character in text))
    match = _CHINESE_NUMBER.fullmatch(text)
    if match is None:
        return None
    thousands, hundreds, tens, score, ones = match.groups()
    number = 1000 * DIGITS.get(thousands, 0) + 100 * DIGITS.get(hundreds, 0) + DIGITS.get(ones, 0)
    return number + (_SCORES.get(score, 0) if tens is None else 10 * DIGITS.get(tens, 1))


def _read_roman(text: str) -> int | None:
    if not text or any(char not in _ROMAN_DIGITS for char in text):
        return None
    tens = len(text) - len(text.lstrip("X"))
    units = text[tens:]
    if tens > 3 or units not in _ROMAN_WRITINGS:
        return None
    return tens * 10 + _ROMAN_WRITINGS.index(units)
