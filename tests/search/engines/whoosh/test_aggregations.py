"""Facets are counted on arrays as they would be one by one."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.engines.whoosh.aggregations import _most_first, _numbers_most_first

NUMBERS = st.lists(st.integers(0, 2000) | st.integers(1, 12), max_size=60)


@given(NUMBERS)
def test_numbers_come_by_count_and_then_as_their_texts(numbers: list[int]) -> None:
    counted = Counter(map(str, numbers))
    expected = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    codes = np.array(numbers, dtype=np.int64)
    assert _numbers_most_first(codes) == expected == _most_first(codes, str)
