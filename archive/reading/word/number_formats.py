"""Writes a number in the formats that Word's lists have (ECMA-376, 17.18.59). Pure."""

from __future__ import annotations

from collections.abc import Callable

_CHINESE = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def format_number(number: int, number_format: str) -> str:
    """Returns the number as Word writes it in this format; in decimals when the format is not known.

    >>> [format_number(12, name) for name in ("decimal", "chineseCountingThousand", "lowerLetter", "upperRoman")]
    ['12', '十二', 'l', 'XII']
    """
    write = _FORMATS.get(number_format)
    return write(number) if write and number > 0 else str(number)


def _counting(digits: str, ten: str, hundred: str, thousand: str, *, is_legal: bool) -> Callable[[int], str]:
    def write(number: int) -> str:
        if number > 9999:
            return str(number)
        words, rest = "", number
        for unit, sign in ((1000, thousand), (100, hundred), (10, ten), (1, "")):
            digit, rest = divmod(rest, unit)
            if digit:
                words += digits[digit] + sign
            elif words and rest and not words.endswith(digits[0]):
                words += digits[0]
        return words[1:] if words.startswith(f"{digits[1]}{ten}") and not is_legal else words

    return write


def _digits(number: int) -> str:
    return "".join(_CHINESE[int(digit)] for digit in str(number))


def _letters(number: int) -> str:
    times, letter = divmod(number - 1, 26)
    return chr(ord("a") + letter) * min(times + 1, 20)


def _roman(number: int) -> str:
    if number > 3999:
        return str(number)
    written = ""
    for worth, sign in _ROMAN:
        times, number = divmod(number, worth)
        written += sign * times
    return written


def _cyclic(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)]


def _enclosed(first: str, last: int) -> Callable[[int], str]:
    return lambda number: chr(ord(first) + number - 1) if number <= last else str(number)


_count = _counting(_CHINESE.replace("〇", "零"), "十", "百", "千", is_legal=False)
_FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02}",
    "decimalFullWidth": lambda number: str(number).translate({48 + n: 0xFF10 + n for n in range(10)}),
    "decimalFullWidth2": lambda number: str(number).translate({48 + n: 0xFF10 + n for n in range(10)}),
    "decimalEnclosedCircle": _enclosed("①", 20),
    "decimalEnclosedCircleChinese": _enclosed("①", 20),
    "decimalEnclosedParen": _enclosed("⑴", 20),
    "decimalEnclosedFullstop": _enclosed("⒈", 20),
    "ideographEnclosedCircle": _enclosed("㊀", 10),
    "numberInDash": lambda number: f"- {number} -",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    **dict.fromkeys(
        (
            "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
            "taiwaneseCountingThousand", "koreanCounting",
        ),
        _count,
    ),
    **dict.fromkeys(("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"), _digits),
    **dict.fromkeys(
        ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"),
        _counting(_LEGAL, "拾", "佰", "仟", is_legal=True),
    ),
    "ideographTraditional": _cyclic(_STEMS),
    "ideographZodiac": _cyclic(_BRANCHES),
    "none": lambda _: "",
}  # fmt: skip
