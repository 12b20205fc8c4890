"""Finds writings of different terms that overlap or look alike. Pure.

One that lies inside another is not counted where the other stands; two that differ in a mark, a space or `公司` may
well be one thing that was put in twice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from glossary.matching import Matcher, form_of, key_of


class Overlap(NamedTuple):
    """`longer` holds `shorter`; `term` is the id of the other term."""

    longer: str
    shorter: str
    term: int


def overlaps(new: Iterable[str], others: Mapping[str, int]) -> list[Overlap]:
    """Returns how `new` writings of a term overlap with `others` (writing → its term), the new ones in order.

    >>> overlaps(["芯片"], {"芯片法案": 7, "HBM": 8})
    [Overlap(longer='芯片法案', shorter='芯片', term=7)]
    >>> overlaps(["HBM3E"], {"HBM": 8})
    []

    `HBM` is not found inside `HBM3E` (whole codes only), so the two do not overlap.
    """
    inside = Matcher(others)
    texts = {form_of(text): text for text in others}
    keys = {key_of(form): text for form, text in texts.items()}
    found: list[Overlap] = []
    for form, text in {form_of(text): text for text in new}.items():
        for match in inside.find(form):
            shorter = form[match.start : match.end]  # or its plural
            found.append(Overlap(text, keys.get(key_of(shorter), shorter), match.term))
        around = Matcher({form: 0})
        found += [
            Overlap(texts[other], text, term)
            for other, term in inside.writings.items()
            if form in other and around.find(other)
        ]
    return found


_LEGAL_FORM = re.compile(
    r"(?:股份有限公司|有限责任公司|有限公司|股份|集团|公司"
    r"|[\s,.]{1,100}(?:incorporated|inc|corporation|corp|limited|ltd|llc|co)\.?)\Z"
)
_MARK = re.compile(r"(?!(?<=\d)[.\-](?=\d))[^\w+]|_")
"""Marks that make no difference. The point of `1.4nm` does: that is not `14nm`."""


def look_alikes(writings: Mapping[str, int], *, only: int | None = None) -> list[dict[str, int]]:
    """Returns groups of writings (of `writings`: writing → its term) that differ, if they do, in hardly anything.

    Each group is of different terms; with `only`, of this term among them.

    >>> look_alikes({"Lip-Bu Tan": 1, "LipBu Tan": 2, "汇顶": 3, "汇顶公司": 4, "1.4nm": 5, "14nm": 6})
    [{'Lip-Bu Tan': 1, 'LipBu Tan': 2}, {'汇顶': 3, '汇顶公司': 4}]
    """
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for text, term in writings.items():
        groups[_core(text)].setdefault(text, term)
    return [
        group
        for core, group in groups.items()
        if core and len(set(group.values())) > 1 and (only is None or only in group.values())
    ]


def _core(text: str) -> str:
    """Returns a writing without marks, spaces and the legal form of a company."""
    form = form_of(text)
    return _MARK.sub("", _LEGAL_FORM.sub("", form) or form)
