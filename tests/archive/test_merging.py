"""The three-way merge of a form: what it was filled in from, what is stored, what was sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.merging import Verdict, differences, merged_order


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "verdict"),
    [
        ("a", "a", "a", None),
        ("a", "b", "b", None),
        ("a", "b", "a", Verdict.THEIRS),
        ("a", "a", "b", Verdict.MINE),
        ("a", "b", "c", Verdict.UNDECIDED),
        (None, "b", "c", Verdict.UNDECIDED),
    ],
)
def test_what_one_side_changed_is_taken_and_what_both_did_is_asked(
    base: str | None, theirs: str, mine: str, verdict: Verdict | None
) -> None:
    start = None if base is None else {"title": base}
    found = differences(start, {"title": theirs}, {"title": mine})
    assert [difference.verdict for difference in found] == ([] if verdict is None else [verdict])


@given(
    st.lists(st.sampled_from("abcdef"), unique=True),
    st.lists(st.sampled_from("abcdef"), unique=True),
    st.sets(st.sampled_from("abcdef")),
)
def test_a_merged_order_has_everything_wanted_once_and_keeps_the_first_order(
    first: list[str], second: list[str], wanted: set[str]
) -> None:
    wanted &= {*first, *second}
    order = merged_order(first, second, wanted)
    assert sorted(order) == sorted(wanted)
    assert [member for member in order if member in first] == [member for member in first if member in wanted]
