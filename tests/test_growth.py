"""What tells linear from quadratic tells them apart, whatever the machine does besides."""

from __future__ import annotations

import pytest

from tests.growth import is_linear


def linear(numbers: list[int]) -> int:
    return sum(number * number for number in numbers)


def quadratic(numbers: list[int]) -> int:
    return sum(sum(numbers[:place]) for place in range(len(numbers)))


@pytest.mark.parametrize(("read", "expected"), [(linear, True), (quadratic, False)])
def test_linear_and_quadratic_are_told_apart(read: object, expected: bool) -> None:
    assert is_linear(read, lambda count: list(range(count)), of=200) is expected  # type: ignore[arg-type]
