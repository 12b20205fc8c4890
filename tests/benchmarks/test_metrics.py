"""The measures, on examples worked out by hand."""

from __future__ import annotations

import pytest

from benchmarks import metrics


def test_discounted_gain_discounts_by_the_logarithm_of_the_rank() -> None:
    # 7/log2(2) + 3/log2(3) + 0/log2(4) + 1/log2(5) = 7 + 1.892789 + 0 + 0.430677
    assert metrics.discounted_gain([3, 2, 0, 1], k=10) == pytest.approx(9.323466, abs=1e-6)


def test_discounted_gain_looks_at_the_first_k() -> None:
    assert metrics.discounted_gain([3, 2, 0, 1], k=1) == 7


def test_ndcg_is_one_for_the_best_order() -> None:
    assert metrics.ndcg([3, 2, 1], judged=[1, 3, 2]) == 1


def test_ndcg_of_a_worse_order() -> None:
    # got 1/1 + 7/log2(3) = 5.416508; best 7/1 + 3/log2(3) + 1/log2(4) = 9.392789
    assert metrics.ndcg([1, 3], judged=[3, 2, 1]) == pytest.approx(0.576666, abs=1e-6)


def test_ndcg_asks_for_no_more_than_k() -> None:
    assert metrics.ndcg([3] * 10, judged=[3] * 25, k=10) == 1


def test_ndcg_of_nothing_is_nothing() -> None:
    assert metrics.ndcg([], judged=[3]) == 0


def test_results_without_a_judgment_push_others_down() -> None:
    assert metrics.ndcg([0, 3], judged=[3]) == pytest.approx(0.630930, abs=1e-6)  # 1/log2(3)


def test_recall_counts_relevant_articles_only() -> None:
    assert metrics.recall([3, 1, 0, 2], judged=[3, 2, 2, 1, 1, 1]) == pytest.approx(2 / 3)


def test_recall_stops_at_k() -> None:
    assert metrics.recall([0, 0, 3], judged=[3], k=2) == 0


def test_recall_is_one_when_all_k_places_are_relevant() -> None:
    assert metrics.recall([2] * 10, judged=[2] * 25, k=10) == 1


@pytest.mark.parametrize(("grades", "expected"), [([3], 1), ([1, 0, 2], 1 / 3), ([1, 1], 0), ([], 0)])
def test_reciprocal_rank_is_that_of_the_first_relevant_result(grades: list[int], expected: float) -> None:
    assert metrics.reciprocal_rank(grades) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("grades", "expected"), [([0] * 9 + [2], 1), ([0] * 10 + [3], 0), ([1] * 10, 0), ([], 0)]
)
def test_success_needs_a_relevant_result_among_the_first_ten(grades: list[int], expected: float) -> None:
    assert metrics.success(grades) == expected
