"""A thread-safe LRU cache, bounded by weight."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class WeighedCache(Generic[Value]):
    """Values by their keys, at most `limit` in weight together; the longest unused value goes first.

    >>> squares = WeighedCache[int](limit=2, weigh=lambda square: 1)
    >>> [squares.get(number, lambda: number * number) for number in (2, 3, 2, 4)], len(squares)
    ([4, 9, 4, 16], 2)

    A key is a whole query, and takes as long to hash as a small answer to compute: it is done twice. cachetools does it
    seven times for a value that is new.
    """

    def __init__(self, limit: int, weigh: Callable[[Value], int]) -> None:
        self._limit = limit
        self._weigh = weigh
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()
        self.weight = 0
        """What all values weigh."""

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """Returns the value of `key`; computes it when it is not kept. Two threads may both compute one."""
        with self._lock:
            if kept := self._values.get(key):
                self._values.move_to_end(key)
                return kept[0]
        value = compute()  # outside the lock: it may take long, and may ask for other keys
        weight = self._weigh(value)
        if weight <= self._limit:  # one that weighs more alone is not kept
            with self._lock:
                self.weight += weight - self._values.get(key, (None, 0))[1]
                self._values[key] = value, weight
                while self.weight > self._limit:
                    self.weight -= self._values.popitem(last=False)[1][1]
        return value

    def clear(self) -> None:
        """Drops everything."""
        with self._lock:
            self._values.clear()
            self.weight = 0
