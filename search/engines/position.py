"""How far an index has followed the outbox: a place in the sequence of changes. Pure.

Changes are numbered when they are written and become visible when their transaction ends. On PostgreSQL a later
number can be visible before an earlier one, so a number that is missing may still come: it is a gap, and is looked
for again until it is too old for any transaction to be behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple, Self

GAP_SECONDS = 3600.0
"""How long a missing number is waited for: no transaction of this site takes so long."""


class Gap(NamedTuple):
    """Numbers from `first` to `last` that were not there when later ones were."""

    first: int
    last: int
    noticed: float
    """When that was, in seconds of the epoch."""


@dataclass(frozen=True)
class Position:
    """Everything up to `change` is in the index, but the gaps.

    `made_at` is that change's own time: the same number in another history of the database (one that was
    restored from a backup, or made anew) has another.
    """

    change: int
    made_at: str
    gaps: tuple[Gap, ...] = ()

    def after(self, numbers: Sequence[int], made_at: str, now: float) -> Self:
        """Returns the position once the changes of these ascending numbers are in the index too.

        Numbers may lie in the gaps. `made_at` is the time of the last one past the old position, if any is.

        >>> Position(3, "a").after([4, 7], "b", now=0.0)
        Position(change=7, made_at='b', gaps=(Gap(first=5, last=6, noticed=0.0),))
        >>> Position(7, "b", (Gap(5, 6, 0.0),)).after([5], "", now=1.0)
        Position(change=7, made_at='b', gaps=(Gap(first=6, last=6, noticed=0.0),))
        """
        late = [number for number in numbers if number <= self.change]
        new = [number for number in numbers if number > self.change]
        gaps = [part for gap in self.gaps for part in _without(gap, late) if _is_young(part, now)]
        gaps += [
            Gap(before + 1, number - 1, now)
            for before, number in pairwise([self.change, *new])
            if number - before > 1
        ]
        if not new:
            return replace(self, gaps=tuple(gaps))
        return replace(self, change=new[-1], made_at=made_at, gaps=tuple(gaps))

    def to_json(self) -> dict[str, Any]:
        """Returns it as the manifest of a generation holds it."""
        return {"change": self.change, "made_at": self.made_at, "gaps": [list(gap) for gap in self.gaps]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Reads what `to_json` made. Raises KeyError, TypeError or ValueError when it is anything else."""
        gaps = tuple(Gap(int(first), int(last), float(noticed)) for first, last, noticed in data["gaps"])
        return cls(int(data["change"]), str(data["made_at"]), gaps)


def _without(gap: Gap, numbers: Sequence[int]) -> list[Gap]:
    """What is left of a gap when these numbers have come."""
    inside = [number for number in numbers if gap.first <= number <= gap.last]
    edges = [gap.first - 1, *inside, gap.last + 1]
    return [
        Gap(before + 1, after - 1, gap.noticed) for before, after in pairwise(edges) if after - before > 1
    ]


def _is_young(gap: Gap, now: float) -> bool:
    return abs(now - gap.noticed) < GAP_SECONDS  # a clock that was set back keeps no gap for ever
