"""Numbers of a sentence, with their scale (`63.89亿`, `三千五百万`, `$20 billion`) and what they are followed by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from claims.reading.found import Qualifier
from search.text.quantities import CHINESE_AMOUNT, NUMBER, plain_number

_SCALES = {
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "百亿": 10**10,
    "千亿": 10**11,
    "万亿": 10**12,
    "k": 1000,
    "million": 10**6,
    "mn": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
}
_WRITTEN = "|".join(sorted(map(re.escape, _SCALES), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?<![\d.a-z第])(?P<minus>(?<![\d年月日%a-z\u4e00-\u9fff])-)?(?P<digits>{NUMBER})(?!\.?\d)"
    rf"(?:\s?(?P<scale>(?:{_WRITTEN})(?![a-z]))(?!分点|分之))?"
    rf"|(?<![第数几上点零〇一二三四五六七八九十百千两])(?P<han>{CHINESE_AMOUNT})(?P<han_scale>万亿|亿|万)?(?![几数])"
)
_BEFORE: dict[Qualifier, re.Pattern[str]] = {
    "about": re.compile(
        r"(?:约(?:占|为|合)[^,，;。\d]{1,14}的|约|大约|约为|约合|将近|接近|近|大概|估计为|about|around|nearly|roughly)$"
    ),
    "above": re.compile(
        r"(?:超过|超出|超|逾|高于|大于|至少|不低于|不少于|多于|突破|over|above|more than|at least)了?$"
    ),
    "below": re.compile(
        r"(?:不足|低于|小于|不到|少于|最多|至多|不超过|不高于|控制在|under|below|less than|up to)$"
    ),
}
_AFTER: dict[Qualifier, re.Pattern[str]] = {
    "about": re.compile(r"(?:左右|上下)"),
    "above": re.compile(r"(?:及?以上|有余)"),
    "below": re.compile(r"(?:及?以下|以内|之内)"),
}
_FILLER = re.compile(r"(?:人民币|新台币|美元|us|\$|合|为|达|到|[\s:=])+$")


class Amount(NamedTuple):
    """A number in a folded sentence: `sentence[start:end]`, its scale included."""

    value: Decimal
    start: int
    end: int
    has_scale: bool
    scale: Decimal


def amounts(folded: str) -> Iterator[Amount]:
    """Yields the numbers of a folded sentence, in order.

    >>> [str(amount.value) for amount in amounts("63.89亿,三千五百万,1,305亿,第3")]
    ['6389000000.00', '35000000', '130500000000']
    """
    for match in _AMOUNT.finditer(folded):
        written = match["scale"] or match["han_scale"] or ""
        scale = Decimal(_SCALES.get(written, 1))
        number = Decimal(plain_number(match["digits"] or match["han"]))
        if match["minus"]:
            number = -number
        yield Amount(number * scale, match.start(), match.end(), bool(written), scale)


def qualifier_of(folded: str, start: int, end: int) -> Qualifier:
    """Returns how exactly a number is meant that stands at `folded[start:end]`, unit included.

    >>> qualifier_of("营收约88亿美元", 3, 8), qualifier_of("六成以上", 0, 2), qualifier_of("营收88亿美元", 2, 7)
    ('about', 'above', '')
    """
    before = folded[max(start - 16, 0) : start]
    for text in (before.rstrip(), _FILLER.sub("", before)):
        # `不超过` holds `超过`: what is below is looked for first.
        for qualifier in ("below", "about", "above"):
            if _BEFORE[qualifier].search(text):
                return qualifier
    for qualifier, pattern in _AFTER.items():
        if pattern.match(folded, end):
            return qualifier
    return ""
