"""How much more a longer input takes: CPU time against CPU time, so that a busy machine changes nothing."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from typing import TypeVar

Input = TypeVar("Input")

WORTH_MEASURING = 0.01
"""CPU seconds below which a run says more about the clock than about the code."""
RUNS = 3


def is_linear(
    read: Callable[[Input], object], make: Callable[[int], Input], *, of: int, times: int = 4
) -> bool:
    """Whether `read` takes about `times` as long when what it reads becomes that much longer.

    `make(of)` is the shorter input; one that is too quick to be measured is made longer. What grows with the square
    takes `times * times` as long. The best of some runs counts: nothing makes code faster than it is.
    """
    short = make(of)
    while (small := min(cpu_seconds(read, short) for _ in range(RUNS))) < WORTH_MEASURING:
        of *= 2
        short = make(of)
    long, most = make(of * times), small * times * times**0.5
    return any(cpu_seconds(read, long) < most for _ in range(RUNS))


def cpu_seconds(read: Callable[[Input], object], given: Input) -> float:
    """The CPU time of a call, with that of the processes that it started and waited for."""
    before = _used()
    read(given)
    return _used() - before


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
