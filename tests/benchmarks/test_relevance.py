"""The benchmark counts what a member sees."""

from __future__ import annotations

import pytest

from benchmarks.judgments import NO_ANSWER, JudgedQuery
from benchmarks.relevance import Answer, Outcome, ask_ours, summarize

ANSWERABLE = JudgedQuery("昇腾910C", "codes", "tune", {"2025-03-21:4": 3, "2025-03-21:8": 1})
UNANSWERABLE = JudgedQuery("HBM5", NO_ANSWER, "tune", {})


def test_means_are_over_queries_that_have_an_answer() -> None:
    summary = summarize(
        [
            Outcome(ANSWERABLE, Answer(["2025-03-21:4", "2025-03-21:8"])),
            Outcome(ANSWERABLE, Answer([])),
            Outcome(UNANSWERABLE, Answer([])),
        ]
    )
    assert summary == {
        "queries": 3,
        "false": 0,
        "ndcg": 0.5,
        "recall": 0.5,
        "mrr": 0.5,
        "success": 0.5,
        "zero": 1,
    }


def test_a_result_where_nothing_answers_is_a_false_answer() -> None:
    assert Outcome(UNANSWERABLE, Answer(["2025-03-21:3"])).is_false_answer
    assert not Outcome(UNANSWERABLE, Answer(["2025-03-21:3"], is_labelled=True)).is_false_answer
    assert not Outcome(UNANSWERABLE, Answer([])).is_false_answer
    assert not Outcome(ANSWERABLE, Answer(["2025-03-21:3"])).is_false_answer


def test_only_the_best_grade_is_right_first() -> None:
    assert Outcome(ANSWERABLE, Answer(["2025-03-21:4"])).is_right_first
    assert not Outcome(ANSWERABLE, Answer(["2025-03-21:8", "2025-03-21:4"])).is_right_first
    assert not Outcome(ANSWERABLE, Answer([])).is_right_first


@pytest.mark.usefixtures("demo_archive")
def test_our_side_is_asked_as_a_member_asks() -> None:
    assert ask_ours("昇腾910C").articles[0] == "2025-03-21:4"
    assert ask_ours("   ").articles == []
