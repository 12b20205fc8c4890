"""Which cases of a parametrised test run each time, and which every night.

Where cases are one kind, `make test` takes some of them and `make test-nightly` the others.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import pytest


def nightly(*values: Any, id: str | None = None) -> Any:
    """Returns a case that only `make test-nightly` runs; another of its kind runs each time."""
    return pytest.param(*values, id=id, marks=pytest.mark.nightly)


def thinned(cases: Iterable[Any], every: int) -> list[Any]:
    """Returns the cases, of which the first and each `every`-th after it run each time and the others every night.

    A case is a value, or a `pytest.param` that keeps its values, name and marks.

    >>> [bool(case.marks) for case in thinned("abcde", 2)]
    [False, True, False, True, False]
    """
    found = []
    for number, case in enumerate(cases):
        known = pytest.param(case) if not hasattr(case, "marks") else case
        marks = [*known.marks, *([pytest.mark.nightly] if number % every else [])]
        found.append(pytest.param(*known.values, id=known.id, marks=marks))
    return found


def examples(each_time: int) -> int:
    """Returns how many examples hypothesis tries: `each_time`, and twice as many in the nightly run (XWK_FUZZ)."""
    return each_time * (2 if "XWK_FUZZ" in os.environ else 1)
