"""Measures how surely two things go together, from how often they do. Pure."""

from __future__ import annotations

import math


def log_likelihood(both: int, first: int, second: int, total: int) -> float:
    """Returns the log-likelihood ratio G² of two events that met `both` times; below 0 when they avoid each other.

    `first` and `second` are how often each happened, of `total`. Ted Dunning, "Accurate Methods for the Statistics
    of Surprise and Coincidence", Computational Linguistics 19(1), 1993. Unlike pointwise mutual information it is
    not carried away by what happened once, and unlike χ² it holds for small counts. What is above
    SURE or LIKELY is hardly chance.

    >>> log_likelihood(8, 10, 12, 100) > SURE > log_likelihood(1, 1, 12, 100) > 0
    True
    >>> log_likelihood(0, 50, 50, 100) < 0
    True
    """
    if not 0 <= both <= min(first, second) or max(first, second) > total or first + second - both > total:
        raise ValueError(f"these counts contradict each other: {both} of {first} and {second}, of {total}")
    cells = (
        (both, first, second),
        (first - both, first, total - second),
        (second - both, total - first, second),
        (total - first - second + both, total - first, total - second),
    )
    ratio = 2 * sum(seen * math.log(seen * total / (row * column)) for seen, row, column in cells if seen)
    return math.copysign(ratio, both * total - first * second)


SURE = 6.63
LIKELY = 3.84
"""What G² is above by chance in one of a hundred, and in one of twenty cases (χ² with one degree of freedom)."""
