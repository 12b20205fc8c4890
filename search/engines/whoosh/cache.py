"""A thread-safe LRU cache, bounded by weight."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Generic, TypeVar

from cachetools import LRUCache

Value = TypeVar("Value")


class WeighedCache(Generic[Value]):
    """Values by their keys, at most `limit` in weight together; the longest unused value goes first.

    >>> squares = WeighedCache[int](limit=2, weigh=lambda square: 1)
    >>> [squares.get(number, lambda: number * number) for number in (2, 3, 2, 4)], len(squares)
    ([4, 9, 4, 16], 2)
    """

    def __init__(self, limit: int, weigh: Callable[[Value], int]) -> None:
        self._values: LRUCache[Hashable, Value] = LRUCache(limit, weigh)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    @property
    def weight(self) -> float:
        """What all values weigh."""
        return self._values.currsize

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """Returns the value of `key`; computes it when it is not kept. Two threads may both compute one."""
        with self._lock, suppress(KeyError):
            return self._values[key]
        value = compute()  # outside the lock: it may take long, and may ask for other keys
        with self._lock, suppress(ValueError):  # one that weighs more than `limit` alone is not kept
            self._values[key] = value
        return value

    def clear(self) -> None:
        """Drops everything."""
        with self._lock:
            self._values.clear()
