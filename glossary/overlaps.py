"""Which writings of different terms lie inside one another: where one stands, the other is not counted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from glossary.matching import Matcher, form_of


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
    found: list[Overlap] = []
    for form, text in {form_of(text): text for text in new}.items():
        matches = inside.find(form)
        found += [Overlap(text, texts[form[match.start : match.end]], match.term) for match in matches]
        around = Matcher({form: 0})
        found += [
            Overlap(texts[other], text, term)
            for other, term in inside.writings.items()
            if form in other and around.find(other)
        ]
    return found
