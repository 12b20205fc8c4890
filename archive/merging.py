"""Two people changed the same form: which fields of whom to take, and which a person must decide. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

Fields = Mapping[str, str]
"""Key of a field → its value as text."""


class Verdict(Enum):
    """What becomes of a field that differs."""

    MINE = "mine"
    THEIRS = "theirs"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that is not the same in all three. `base` is None where nobody knows what both started from."""

    key: str
    base: str | None
    theirs: str
    mine: str
    verdict: Verdict


def differences(base: Fields | None, theirs: Fields, mine: Fields) -> list[Difference]:
    """Returns the fields in which `theirs` and `mine` differ, in the order of `mine`.

    >>> [found] = differences({"title": "a", "body": "x"}, {"title": "b", "body": "x"}, {"title": "a", "body": "x"})
    >>> found.key, found.verdict
    ('title', <Verdict.THEIRS: 'theirs'>)

    A field that only one of the two changed is taken from that one; one that both changed differently, or of
    which the start is not known, is for a person to decide. A field that a side lacks is not compared.
    """
    found: list[Difference] = []
    for key, my_value in mine.items():
        if key not in theirs or theirs[key] == my_value:
            continue
        start = None if base is None else base.get(key)
        if start is not None and start == my_value:
            verdict = Verdict.THEIRS
        elif start is not None and start == theirs[key]:
            verdict = Verdict.MINE
        else:
            verdict = Verdict.UNDECIDED
        found.append(Difference(key, start, theirs[key], my_value, verdict))
    return found


def merged_order(first: Sequence[str], second: Sequence[str], wanted: Iterable[str]) -> list[str]:
    """Returns `wanted` in the order of `first`; what only `second` has stands after its neighbour there.

    >>> merged_order(["c", "a"], ["a", "b", "c"], {"a", "b", "c"})
    ['c', 'a', 'b']
    """
    left = set(wanted)
    order = [member for member in first if member in left]
    for place, member in enumerate(second):
        if member not in left or member in order:
            continue
        before = next((other for other in reversed(second[:place]) if other in order), None)
        order.insert(0 if before is None else order.index(before) + 1, member)
    return order
