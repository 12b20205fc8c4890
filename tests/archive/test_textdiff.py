"""Two texts side by side: which words changed."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import merging, textdiff
from archive.textdiff import DiffLine, compare


def marked(rows: list[DiffLine]) -> tuple[list[str], list[str]]:
    """The changed pieces of the old and of the new text."""
    old = [piece.text for row in rows for piece in row.old if piece.is_changed]
    new = [piece.text for row in rows for piece in row.new if piece.is_changed]
    return old, new


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        ("中芯国际", "中芯国际", [], []),
        ("带宽3.2TB", "带宽3.35TB", ["3.2TB"], ["3.35TB"]),
        ("陈立伍上任", "陈立武上任", ["伍"], ["武"]),
        ("CoWoS-L量产", "CoWoS-R量产", ["CoWoS-L"], ["CoWoS-R"]),
        ("甲\n乙", "甲\n乙\n丙", [], ["丙"]),
        ("甲\n乙", "乙", ["甲"], []),
        ("", "新", [], ["新"]),
    ],
)
def test_the_words_that_changed_are_marked(old: str, new: str, gone: list[str], come: list[str]) -> None:
    assert marked(compare(old, new)) == (gone, come)


def test_lines_far_from_a_change_are_counted_instead_of_shown() -> None:
    lines = [f"第{number}段" for number in range(9)]
    changed = [*lines[:4], "改了", *lines[5:]]
    rows = compare("\n".join(lines), "\n".join(changed))
    assert [row.skipped for row in rows] == [3, 0, 0, 0, 3]


LINES = st.lists(st.text("甲乙ab1. ", min_size=1, max_size=6))


@given(LINES, LINES)
def test_nothing_of_either_text_is_lost_or_changed(old: list[str], new: list[str]) -> None:
    rows = compare("\n".join(old), "\n".join(new))
    assert bool(rows) == (old != new)
    for lines, side in ((old, "old"), (new, "new")):
        left = list(lines)
        for row in rows:
            pieces = getattr(row, side)
            shown = "".join(piece.text for piece in pieces).split("\n") if pieces else []
            if row.skipped:
                del left[: row.skipped]
            assert left[: len(shown)] == shown
            del left[: len(shown)]
        assert not rows or left == []


def test_the_examples_of_the_pure_modules_hold() -> None:
    for module in (textdiff, merging):
        results = doctest.testmod(module)
        assert results.attempted
        assert not results.failed
