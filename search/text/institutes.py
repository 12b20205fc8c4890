"""Institutes in their one writing: `中国科学院微电子研究所` = `中科院微电子研究所` = `中科院微电子所`. Pure.

A short form drops what follows the first word of a long name (`计算技术研究所` is 计算所). Forms that are made in
other ways (`上海光机所`) are for the glossary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.numerals import read_number
from glossary.folding import HAN
from search.text.quantities import Quantity

_ACADEMIES = {
    "中国科学院": "中科院",
    "中科院": "中科院",
    "中国工程物理研究院": "中物院",
    "中物院": "中物院",
    "中国电子科技集团有限公司": "中电科",
    "中国电子科技集团公司": "中电科",
    "中国电子科技集团": "中电科",
    "中国电科": "中电科",
    "中电科": "中电科",
}
_NO_NAME = "的了是为将和说称示日年月院士们已曾由于对从到被把让向第"
_NUMBER = "0-9一二三四五六七八九十"
_INSTITUTE = re.compile(
    rf"(?P<academy>{'|'.join(_ACADEMIES)})"
    rf"(?:第?(?P<number>[{_NUMBER}]{{1,4}})|(?P<name>(?![{_NUMBER}])(?:(?![{_NO_NAME}])[{HAN}]){{1,16}}?))(?:研究所|所(?![有以谓需得]))"
)
_FIRST_WORD = re.compile("(?<=..)(?:技术|科学|工程|与|及).*")
_MAYBE = re.compile("[院科团司]")


def find_institutes(folded: str) -> Iterator[Quantity]:
    """Yields the institutes of a folded text in order, each with the token that every writing of it has.

    >>> [found.token for found in find_institutes("中国科学院计算技术研究所与中电科第五十五研究所,中科院所有人")]
    ['中科院计算所', '中电科55所']
    """
    if "所" not in folded or not _MAYBE.search(folded):
        return
    for match in _INSTITUTE.finditer(folded):
        number = read_number(match["number"]) if match["number"] else None
        name = _FIRST_WORD.sub("", match["name"]) if match["name"] else str(number)
        if match["name"] or number is not None:
            yield Quantity(f"{_ACADEMIES[match['academy']]}{name}所", match.start(), match.end())
