"""Numbers as headings write them: `12`, `十二`, `⑫`, `Ⅻ`."""

from __future__ import annotations

import unicodedata

CHINESE = "〇零一二两三四五六七八九十百廿卅"
ROMAN = "IVXLivxlⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"

_DIGITS = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_TENS = {"十": 10, "廿": 20, "卅": 30}
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50}
_ROMAN_WRITINGS = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]


def read_number(text: str) -> int | None:
    """The number that `text` writes, None when it writes none. Text is folded, all of it must be the number.

    >>> [read_number(text) for text in ("07", "十二", "二十一", "一百零二", "二〇", "IV", "Ⅲ", "十十")]
    [7, 12, 21, 102, 20, 4, 3, None]
    """
    if text.isascii() and text.isdigit():
        return int(text)
    if text and text[0] in CHINESE:
        return _read_chinese(text)
    return _read_roman(unicodedata.normalize("NFKC", text).upper())


def _read_chinese(text: str) -> int | None:
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    hundreds, has_hundreds, rest = text.rpartition("百")
    total = 0
    if has_hundreds:
        if len(hundreds) != 1 or hundreds not in _DIGITS:
            return None
        total = _DIGITS[hundreds] * 100
        rest = rest.removeprefix("零").removeprefix("〇")
    for tens, value in _TENS.items():
        before, has_tens, after = rest.partition(tens)
        if has_tens:
            if len(before) > 1 or len(after) > 1 or (before and value != 10):
                return None
            if any(digit not in _DIGITS for digit in before + after):
                return None
            return total + value * _DIGITS.get(before, 1) + _DIGITS.get(after, 0)
    if not rest:
        return total
    return total + _DIGITS[rest] if rest in _DIGITS else None


def _read_roman(text: str) -> int | None:
    if not text or any(char not in _ROMAN_DIGITS for char in text):
        return None
    tens = len(text) - len(text.lstrip("X"))
    units = text[tens:]
    if tens > 3 or units not in _ROMAN_WRITINGS:
        return None
    return tens * 10 + _ROMAN_WRITINGS.index(units)
