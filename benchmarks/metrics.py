"""Measures of the relevance of a list of results. Pure.

A judgment is a grade: 3 = the answer, 2 = clearly relevant, 1 = mentions it; what is not judged is worth nothing.
`grades` are those of the results in the order in which they came; `judged` are all grades of the query, in any
order. Where a measure knows only "relevant or not", a grade of RELEVANT or more is relevant.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

RELEVANT = 2


def discounted_gain(grades: Sequence[int], k: int) -> float:
    """Returns DCG@k: the sum over the first `k` ranks i of (2^grade - 1) / log2(i + 1).

    The discount is of Järvelin & Kekäläinen, Cumulated gain-based evaluation of IR techniques, ACM TOIS 20(4),
    2002; the exponential gain of Burges et al., Learning to rank using gradient descent, ICML 2005.
    """
    return sum((2**grade - 1) / log2(rank + 1) for rank, grade in enumerate(grades[:k], start=1))


def ndcg(grades: Sequence[int], judged: Sequence[int], k: int = 10) -> float:
    """Returns nDCG@k: DCG@k over that of the best possible order (Järvelin & Kekäläinen 2002, §2.2)."""
    return discounted_gain(grades, k) / discounted_gain(sorted(judged, reverse=True), k)


def recall(grades: Sequence[int], judged: Sequence[int], k: int = 10) -> float:
    """Returns recall@k: which share of the relevant articles is among the first `k`.

    A query with more than `k` relevant ones can show only `k`, so the divisor is min(relevant, k): the capped
    recall of Thakur et al., BEIR, NeurIPS 2021, §B.
    """
    return _relevant(grades[:k]) / min(_relevant(judged), k)


def reciprocal_rank(grades: Sequence[int]) -> float:
    """Returns 1 / the rank of the first relevant result, 0 where none came.

    Its mean over queries is the MRR of Voorhees, The TREC-8 question answering track report, 1999.
    """
    return next((1 / rank for rank, grade in enumerate(grades, start=1) if grade >= RELEVANT), 0.0)


def success(grades: Sequence[int], k: int = 10) -> float:
    """Returns 1 when a relevant result is among the first `k`, else 0.

    Its mean over queries is the success@n of Craswell & Hawking, Overview of the TREC-2004 web track, 2004.
    """
    return float(_relevant(grades[:k]) > 0)


def _relevant(grades: Sequence[int]) -> int:
    return sum(grade >= RELEVANT for grade in grades)
