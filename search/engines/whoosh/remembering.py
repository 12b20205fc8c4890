"""Answers that are kept while they hold: the most recently used ones, bounded by what they weigh."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Remembered(Generic[Kept]):
    """Values by their keys, at most `limit` in weight together. Threads can share it.

    >>> squares = Remembered[int](limit=2, weigh=lambda square: 1)
    >>> [squares.get(number, lambda: number * number) for number in (2, 3, 2, 4)], len(squares)
    ([4, 9, 4, 16], 2)

    The longest unused value goes first; one that weighs more than `limit` alone is not kept at all.
    """

    def __init__(self, limit: int, weigh: Callable[[Kept], int]) -> None:
        self._limit = limit
        self._weigh = weigh
        self._lock = threading.Lock()
        self._values: OrderedDict[Hashable, tuple[Kept, int]] = OrderedDict()
        self.weight = 0
        """What all kept values weigh."""

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Hashable, compute: Callable[[], Kept]) -> Kept:
        """Returns the value of `key`; computes it when it is not kept. Two threads may both compute one."""
        with self._lock:
            known = self._values.get(key)
            if known is not None:
                self._values.move_to_end(key)
                return known[0]
        value = compute()  # outside the lock: it may take long, and may ask for other keys
        self._keep(key, value)
        return value

    def forget(self) -> None:
        """Drops everything."""
        with self._lock:
            self._values.clear()
            self.weight = 0

    def _keep(self, key: Hashable, value: Kept) -> None:
        weight = self._weigh(value)
        if weight > self._limit:
            return
        with self._lock:
            replaced = self._values.pop(key, None)
            self.weight += weight - (replaced[1] if replaced else 0)
            self._values[key] = value, weight
            while self.weight > self._limit:
                self.weight -= self._values.popitem(last=False)[1][1]
