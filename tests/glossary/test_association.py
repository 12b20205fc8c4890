"""The log-likelihood ratio of two events."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary import association
from glossary.association import log_likelihood


def test_examples_in_docstrings_are_true() -> None:
    result = doctest.testmod(association)
    assert result.attempted > 0
    assert result.failed == 0


def test_the_value_is_that_of_the_textbook() -> None:
    """Dunning 1993, table 1: `the swiss` in a corpus of 31,777 bigrams, 110 and 2442 − 111 and 29114 in the cells."""
    assert log_likelihood(110, 2552, 221, 31777) == pytest.approx(270.72, abs=0.01)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(1, 500))
def test_it_is_symmetric_and_nothing_when_both_are_independent(
    both: int, one: int, other: int, rest: int
) -> None:
    first, second, total = both + one, both + other, both + one + other + rest
    assert log_likelihood(both, first, second, total) == pytest.approx(
        log_likelihood(both, second, first, total)
    )
    if both * total == first * second:
        assert log_likelihood(both, first, second, total) == pytest.approx(0, abs=1e-6)


def test_what_happened_often_counts_for_more_than_the_same_share_of_little() -> None:
    assert log_likelihood(30, 100, 40, 1000) > log_likelihood(3, 10, 4, 100)


def test_counts_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="5 of 4 and 9"):
        log_likelihood(5, 4, 9, 100)
