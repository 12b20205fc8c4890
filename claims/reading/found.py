"""What is found: plain data."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

Kind = Literal["money", "percent", "node", "capacity", "date"]
KINDS: dict[Kind, str] = {
    "money": "金额",
    "percent": "比例",
    "node": "工艺节点",
    "capacity": "容量与产能",
    "date": "日期",
}
"""Every kind, with its name."""
SUBJECT_KINDS = frozenset({"company", "organisation", "product"})
"""Kinds of terms that a number can be said of. A gross margin or a country stands in many a sentence about others."""
Qualifier = Literal["", "about", "above", "below"]


class Found(NamedTuple):
    """A number with its unit in a sentence: `sentence[start:end]`.

    `low` and `high` are equal unless a range is stated. Money is in whole units of its currency (ISO 4217), nodes in
    nm, power in W, bandwidth in GB/s; a date is a range of days (ISO 8601), from the first to the last.
    """

    kind: Kind
    low: Decimal | str
    high: Decimal | str
    unit: str
    qualifier: Qualifier
    start: int
    end: int


class Statement(NamedTuple):
    """What a text states: the number, the sentence it stands in, and the term that it is said of, if that is clear."""

    found: Found
    sentence: str
    line: int
    """The line of the text, from 0."""
    subject: int | None
    """Id of a term."""

    @property
    def written(self) -> str:
        """The number as it is written."""
        return self.sentence[self.found.start : self.found.end]
