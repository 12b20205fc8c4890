"""Numbers with units, in their one writing: `3纳米` = `3nm`, `百分之二十` = `20%`, `五千亿` = `5000亿`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from archive.numerals import DIGITS, read_number


class Quantity(NamedTuple):
    """A number with its unit in a folded text: `text[start:end]`, and the token that every writing of it has."""

    token: str
    start: int
    end: int


_UNITS = {
    "nm": "nm 纳米 奈米 ㎚",
    "um": "um μm 微米 ㎛",
    "mm": "mm 毫米 ㎜",
    "cm": "cm 厘米 公分 ㎝",
    "寸": "英寸 英吋 寸 吋 inch inches",
    "%": "%",
    "gb": "gb ㎇",
    "tb": "tb",
    "gw": "gw 吉瓦",
    "mw": "mw 兆瓦 ㎿",
    "kw": "kw 千瓦 ㎾",
    "w": "w 瓦 瓦特",
    "ghz": "ghz ㎓",
    "mhz": "mhz 兆赫 ㎒",
    "v": "v 伏 伏特",
    "层": "层 layer layers",
    "万亿": "万亿",
    "亿": "亿",
    "万": "万",
}
"""Token of a unit → its writings, folded. Only writings that mean the same wherever they stand."""

NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_DIGIT = "[一二三四五六七八九]"
CHINESE_NUMBER = (
    rf"(?:(?:{_DIGIT}|两)?百(?:[零〇]{_DIGIT}|{_DIGIT}?十{_DIGIT}?)?|{_DIGIT}?十{_DIGIT}?|两"
    rf"|(?!一二|二三|三四|三五|四五|五六|六七|七八|八九)[零〇一二三四五六七八九]{{1,4}})"
    r"(?:点[零〇一二三四五六七八九]+)?"
)
"""Only what is one number: `两三` and `五六` are about so many, `一百二` is 120 to some and 102 to others."""
_TENS = f"{_DIGIT}?十{_DIGIT}?"
_HUNDREDS = rf"(?:{_DIGIT}|两)百(?:[零〇]{_DIGIT}|{_TENS})?"
_THOUSANDS = rf"(?:{_DIGIT}|两)千(?:[零〇](?:{_TENS}|{_DIGIT})|{_HUNDREDS})?"
CHINESE_AMOUNT = rf"(?:{_THOUSANDS}|{_HUNDREDS}|{_TENS}|{_DIGIT}|两)(?:点[零〇一二三四五六七八九]+)?"
"""Before `万` and `亿`. A digit leads: `千万` may be an exhortation, and `百亿` some ten billion."""
_TIMES = {"百": 100, "千": 1000}
_PART_OF_NUMBER = "点零〇一二三四五六七八九十百两千万亿几"
_TOKEN_OF = {writing: token for token, writings in _UNITS.items() for writing in writings.split()}
_WRITINGS = "|".join(sorted(map(re.escape, _TOKEN_OF), key=len, reverse=True))

_PATTERN = re.compile(
    rf"(?<![\d.a-z第])(?P<number>{NUMBER})(?:[^\S\n]|-)?(?P<unit>{_WRITINGS})(?![a-z\d])"
    rf"|(?<![\d.a-z第])(?P<short>{NUMBER})[^\S\n]?(?P<times>[百千])(?P<short_unit>万亿|亿|万)(?![a-z\d])"
    # `唯一万能` is no 10,000.
    rf"|(?<![第数{_PART_OF_NUMBER}])(?!(?<=[唯统之单同不其任专逐合])一)(?P<amount>{CHINESE_AMOUNT})(?P<amount_unit>万亿|亿|万)"
    rf"(?![{_PART_OF_NUMBER}](?<!千(?=[瓦米克兆])))"
    rf"|百分之(?P<share>{NUMBER}|{CHINESE_NUMBER}(?![多{_PART_OF_NUMBER}]))"
    rf"|(?<![第数{_PART_OF_NUMBER}])(?P<han>{CHINESE_NUMBER})(?P<han_unit>纳米|奈米|微米|英寸|英吋|吋)"
    # Of whatever else is counted, the marks between thousands say nothing: `5,000片` = `5000片`.
    r"|(?<![\d.a-z第])(?<!\d,)(?P<grouped>\d{1,3}(?:,\d{3})+(?:\.\d+)?)(?![\d,]|\.\d)"
)
_BEGINNING = re.compile(r"[\d零〇一二三四五六七八九十百两]")
"""How every quantity begins. Looking for that first is several times as fast as trying the pattern everywhere."""


SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_POWER = re.compile(
    rf"(?<![\da-z.])(?:(?P<times>\d+(?:\.\d+)?)\s?[×x*·]\s?)?10(?:\^\s?(?P<power>[+-]?\d{{1,3}})|(?P<raised>[⁺⁻]?[{SUPERSCRIPTS[:10]}]{{1,3}}))"
    r"(?!\.?\d)|(?<![\da-z.])(?P<mantissa>\d+(?:\.\d+)?)e(?P<exponent>[+-]?\d{1,3})(?!\.?\d|[a-z])"
)
_MAYBE_POWER = re.compile(rf"\d(?:[{SUPERSCRIPTS}]|\s?[\^＾]|[eEｅＥ]\W?\d)")
_LOWERED = str.maketrans(SUPERSCRIPTS, "0123456789+-")


def find_powers(text: str, folded: str) -> list[Quantity]:
    """Returns the powers of ten in a text: `10^15`, `10¹⁵`, `1×10¹⁵` and `1e15` are one. A folded text has lost them.

    >>> [power.token for power in find_powers("1×10¹⁵, 2.5e-3, 10^15, 6F², 2010²", "1×1015, 2.5e-3, 10^15, 6f2, 20102")]
    ['1e15', '2.5e-3', '1e15']
    """
    if not _MAYBE_POWER.search(text):
        return []
    folded = "".join(one if one in SUPERSCRIPTS else other for one, other in zip(text, folded, strict=True))
    return [Quantity(_scientific(match), match.start(), match.end()) for match in _POWER.finditer(folded)]


def _scientific(match: re.Match[str]) -> str:
    power = match["power"] or match["exponent"] or match["raised"].translate(_LOWERED)
    number = Decimal(match["mantissa"] or match["times"] or 1)
    digits, tens = str(number.normalize()), 0
    if number and not 1 <= number < 10:
        tens = number.adjusted()
        digits = str(number.scaleb(-tens).normalize())
    return f"{digits}e{int(power) + tens}"


def power_in_full(token: str) -> str:
    """Returns the writing of a power of ten that any text may hold it as: `1e15` → `10^15`.

    >>> power_in_full("1e15"), power_in_full("2.5e-3")
    ('10^15', '2.5×10^-3')
    """
    digits, _, power = token.partition("e")
    return f"10^{power}" if digits == "1" else f"{digits}×10^{power}"


def find_quantities(folded: str) -> Iterator[Quantity]:
    """Yields the quantities of a folded text in order, without the powers of ten.

    >>> [quantity.token for quantity in find_quantities("3纳米与12英寸,增长百分之二十,1,500亿,五千万,5,000片")]
    ['3nm', '12寸', '20%', '1500亿', '5000万', '5000']
    """
    end = 0
    for beginning in _BEGINNING.finditer(folded):
        start = beginning.start()
        match = _PATTERN.match(folded, start) if start >= end else None
        if match is None:
            continue
        end = match.end()
        if match["share"]:
            token = f"{plain_number(match['share'])}%"
        elif match["amount"]:
            token = f"{plain_number(match['amount'])}{match['amount_unit']}"
        elif match["short"]:
            number = Decimal(match["short"].replace(",", "")) * _TIMES[match["times"]]
            token = f"{plain_number(f'{number:f}')}{match['short_unit']}"
        elif match["han"]:
            token = f"{plain_number(match['han'])}{_TOKEN_OF[match['han_unit']]}"
        elif match["grouped"]:
            token = plain_number(match["grouped"])
        else:
            token = f"{plain_number(match['number'])}{_TOKEN_OF[match['unit']]}"
        yield Quantity(token, match.start(), match.end())


def plain_number(number: str) -> str:
    """A number in digits, without separators and idle zeros: `1,500` → `1500`, `二十五` → `25`, `2.50` → `2.5`."""
    if number[0].isdecimal():
        plain = number.replace(",", "")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    whole, _, fraction = number.partition("点")
    digits = _digit_by_digit(fraction)
    return _whole(whole) + (f".{digits}" if digits else "")


def _whole(number: str) -> str:
    """A whole number below 10,000: `三百二十` → `320`; digits one after another (`二八`) stay digits."""
    if not set(number) & set("十百千"):
        return _digit_by_digit(number)
    return str(read_number(f"一{number}" if number[0] == "百" else number))


def _digit_by_digit(number: str) -> str:
    return "".join(str(DIGITS[character]) for character in number)
