"""What documents are filtered, ordered and counted by, in one table: a new filter or facet is a line here. Pure."""

from __future__ import annotations

import datetime as dt
from operator import eq, ge, gt, le, lt
from typing import Literal, NamedTuple


class Field(NamedTuple):
    """A column: whole numbers, days (as numbers that sort like them: `20250321`), or short texts."""

    type: Literal["number", "day", "text"]
    facets: tuple[str, ...] = ()
    """Under which names its values are counted. A day is counted by year and by month."""


FIELDS = {
    "kind": Field("text"),
    "pk": Field("number"),
    "start_date": Field("day"),
    "end_date": Field("day", facets=("year", "month")),
    "end_month": Field("number"),
    "position": Field("number"),
    "section": Field("text", facets=("section",)),
    "columnist": Field("text", facets=("columnist",)),
    "issue": Field("text", facets=("issue",)),
}
"""Texts are filtered in whatever writing (glossary.folding.fold)."""
NUMBER_FIELDS = tuple(name for name, field in FIELDS.items() if field.type != "text")
TEXT_FIELDS = tuple(name for name, field in FIELDS.items() if field.type == "text")

FACETS = {facet: name for name, field in FIELDS.items() for facet in field.facets} | {"term": "terms"}
"""Facet → the column that it counts. The glossary terms of a document are no filter (`About` is), but are counted."""

OPERATORS = {
    "number": ("exact", "in", "range", "gt", "gte", "lt", "lte"),
    "text": ("exact", "in"),
}
"""What a column can be compared by, in Haystack's names. Its `content`, for want of any, is `exact`."""
COMPARISONS = {"exact": eq, "gt": gt, "gte": ge, "lt": lt, "lte": le}


def date_number(date: dt.date) -> int:
    """Returns a date as a number that sorts like it: `20250321`."""
    return date.year * 10_000 + date.month * 100 + date.day


def number_date(number: int) -> dt.date:
    """Returns the date of a number.

    >>> number_date(date_number(dt.date(2025, 3, 21)))
    datetime.date(2025, 3, 21)
    """
    return dt.date(number // 10_000, number // 100 % 100, number % 100)


def refuse_unknown(
    *, filters: tuple[tuple[str, str], ...] = (), sort_by: tuple[str, ...] = (), facets: tuple[str, ...] = ()
) -> None:
    """Raises ValueError for a column, an operator on it, or a facet that there is not; says what there is."""
    for name, operator in filters:
        kind = "text" if name in TEXT_FIELDS else "number"
        if name not in FIELDS or operator not in OPERATORS[kind]:
            raise ValueError(
                f"the index can not filter {name!r} by {operator!r}: use {', '.join(OPERATORS['number'])} on "
                f"{', '.join(NUMBER_FIELDS)}, or {', '.join(OPERATORS['text'])} on {', '.join(TEXT_FIELDS)}"
            )
    for name in sort_by:
        if name.removeprefix("-") not in NUMBER_FIELDS:
            raise ValueError(
                f"the index can not sort by {name.removeprefix('-')!r}: use {', '.join(NUMBER_FIELDS)}"
            )
    for facet in facets:
        if facet not in FACETS:
            raise ValueError(f"there is no facet {facet!r}: use one of {', '.join(FACETS)}")
