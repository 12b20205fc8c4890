"""The position of an index in the sequence of changes: none is skipped, in whatever order they become visible."""

from __future__ import annotations

import doctest

from hypothesis import given
from hypothesis import strategies as st

from search.engines import position
from search.engines.position import GAP_SECONDS, Gap, Position


def test_the_examples_are_true() -> None:
    assert doctest.testmod(position).failed == 0


def wanted(at: Position, visible: set[int]) -> list[int]:
    """What an index at `at` reads of the visible changes."""
    return sorted(
        number
        for number in visible
        if number > at.change or any(gap.first <= number <= gap.last for gap in at.gaps)
    )


@given(
    st.permutations(range(1, 25)), st.lists(st.integers(1, 6), min_size=30, max_size=30), st.integers(1, 5)
)
def test_every_change_is_read_once_whatever_the_order_of_commits(
    order: list[int], steps: list[int], size: int
) -> None:
    """Transactions end in any order; the index reads in between, so many changes at a time."""
    at = Position(0, "")
    read: list[int] = []
    visible: set[int] = set()
    for step in steps:
        visible.update(order[:step])
        order = order[step:]
        while batch := wanted(at, visible)[:size]:
            read += batch
            at = at.after(batch, "", now=0.0)
            assert Position.from_json(at.to_json()) == at
    assert sorted(read) == sorted(set(read)) == list(range(1, 25))
    assert (at.change, at.gaps) == (24, ())


def test_a_number_that_never_comes_is_given_up_after_an_hour() -> None:
    at = Position(3, "").after([7], "", now=0.0)
    assert at.gaps == (Gap(4, 6, 0.0),)
    assert at.after([8], "", now=GAP_SECONDS - 1).gaps == at.gaps
    assert at.after([8], "", now=GAP_SECONDS + 1).gaps == ()


def test_a_clock_that_is_set_back_keeps_no_gap_for_ever() -> None:
    at = Position(3, "").after([7], "", now=10 * GAP_SECONDS)
    assert at.after([8], "", now=0.0).gaps == ()
