"""Finds the best run of numbers: which of the numbered lines are the headings 1, 2, 3…

Lists inside articles are numbered too, often in the same style, so no line is judged alone. Of all ascending runs
the best one looks most like headings, has the most text between them, starts near the top at 1, misses the fewest
numbers, and does not cut a list in two. It is a beam search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import NamedTuple

LARGEST_JUMP = 4
"""The largest step between two headings; a number further on belongs to something else."""

_BEAM = 10
"""How many runs are kept for each number; it keeps the search linear in the length of the document."""
_ENOUGH_TEXT = 200
_SPACING = 0.5
_MISSING = 0.5
_FORM_CHANGE = 0.3
_CUTS_LIST = 0.6
_CUTS_CLOSE = 1.2
_CUTS_ITEM = 2.0
_USUAL_GAP = 20
_LATE_START = 3.0
_SECOND_START = 0.8
_LEVEL_CHANGE = 0.8
_LIST_CHANGE = 1.2
_NO_ITEM = -0.8
_LIKELY = 0.7


class Candidate(NamedTuple):
    """A line that begins with a number of one family."""

    row: int
    number: int
    form: str
    heading_score: float
    position: int
    """How many visible characters precede it in the document."""
    ends: int
    """How many precede the end of its heading."""
    looks: tuple[int, bool, str] = (0, False, "")
    """Its heading level, whether it is bold, and which automatic list of the source numbered it."""

    @property
    def list_id(self) -> str:
        """Which automatic list of the source numbered it, empty where its number was typed."""
        return self.looks[2]


@dataclass(slots=True, eq=False)
class _Run:
    last: int
    score: float
    before: _Run | None = field(default=None, repr=False)


def best_run(
    candidates: Sequence[Candidate], total: int, first_number: int = 1, begins: int = 0
) -> list[int]:
    """Returns the indices of the candidates that are the headings, in order; empty when no run is good enough.

    `total` is the number of visible characters of the stretch that starts at position `begins`.
    """
    ends_of_number: dict[int, list[_Run]] = {}
    best: _Run | None = None
    has_start = False
    lists: set[str] = set()
    costs = _costs_of_cutting(candidates, begins + total)
    for index, candidate in enumerate(candidates):
        is_first_of_list = bool(candidate.list_id) and candidate.list_id not in lists
        lists.add(candidate.list_id)
        # An automatic list begins where it begins, at 5 too: nothing above it was overlooked.
        begins_at = candidate.number if is_first_of_list else first_number
        start_cost = _start_cost(candidate, total, begins_at, begins)
        if candidate.number == first_number and candidate.heading_score > _LIKELY:
            start_cost += _SECOND_START if has_start else 0.0
            has_start = True
        run = _Run(index, candidate.heading_score - start_cost)
        for step in range(1, LARGEST_JUMP + 1):
            most_gain = candidate.heading_score + _SPACING - _MISSING * (step - 1)
            for earlier in ends_of_number.get(candidate.number - step, ()):
                if earlier.score + most_gain <= run.score:
                    continue
                score = (
                    earlier.score
                    + candidate.heading_score
                    + _step_gain(candidates, earlier.last, index, step, costs[index])
                )
                if score > run.score:
                    run = _Run(index, score, earlier)
        kept = ends_of_number.setdefault(candidate.number, [])
        kept.append(run)
        if len(kept) > _BEAM:
            kept.remove(min(kept, key=lambda one: one.score))
        with_end = run.score + _spacing(begins + total - candidate.ends)
        if best is None or with_end > best.score:
            best = _Run(index, with_end, run)
    chosen = []
    run_or_none = best.before if best and best.score > 0 else None
    while run_or_none:
        chosen.append(run_or_none.last)
        run_or_none = run_or_none.before
    return chosen[::-1]


def _start_cost(candidate: Candidate, total: int, first_number: int, begins: int) -> float:
    late = (candidate.position - begins) / max(1, total)
    skipped = abs(candidate.number - first_number)
    return _LATE_START * late + (_MISSING * skipped if skipped <= LARGEST_JUMP else 10.0)


def _step_gain(
    candidates: Sequence[Candidate], before: int, index: int, step: int, cost_of_cutting: float
) -> float:
    here, there = candidates[index], candidates[before]
    gain = _spacing(here.position - there.ends) - _MISSING * (step - 1)
    if here.form != there.form:
        gain -= _FORM_CHANGE
    if here.looks != there.looks:
        gain -= _LEVEL_CHANGE if here.list_id == there.list_id else _LIST_CHANGE
    if before != index - 1:
        gain -= cost_of_cutting
    return gain


def _spacing(characters: int) -> float:
    return _SPACING * sqrt(min(1.0, max(0, characters) / _ENOUGH_TEXT))


def _costs_of_cutting(candidates: Sequence[Candidate], end: int) -> list[float]:
    """Returns for each candidate the cost of taking it as a heading without the candidate before it.

    There is no cost unless it continues the one before (3 after 2, in the same form) as list items do. If it is also
    as close to its neighbours as the items before it, it surely is a list item.
    """
    costs = []
    gaps: list[int] = []
    for index, here in enumerate(candidates):
        before = candidates[index - 1] if index else None
        if (
            before is None
            or before.number != here.number - 1
            or before.form != here.form
            or before.list_id != here.list_id
            or before.heading_score < _NO_ITEM
        ):
            gaps = []
            costs.append(0.0)
            continue
        usual = sum(gaps) / len(gaps) if gaps else _USUAL_GAP
        gap_before = here.position - before.ends
        gap_after = (candidates[index + 1].position if index + 1 < len(candidates) else end) - here.ends
        is_close = gap_before <= 1.5 * usual + 10
        is_item = is_close and gap_after <= 3 * usual + 60
        costs.append(_CUTS_ITEM if is_item else _CUTS_CLOSE if is_close else _CUTS_LIST)
        gaps.append(gap_before)
    return costs
