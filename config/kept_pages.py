"""A cache in this process's memory that is bounded by what its values weigh, too."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache


class WeighedLocMemCache(LocMemCache):
    """Keeps values of `OPTIONS["MAX_BYTES"]` together: what was longest not asked for goes first."""

    _cache: OrderedDict[str, bytes]
    _expire_info: dict[str, float | None]

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(name, params)
        self._max_bytes: int = params["OPTIONS"]["MAX_BYTES"]

    def _set(self, key: str, value: bytes, timeout: Any = DEFAULT_TIMEOUT) -> None:
        super()._set(key, value, timeout)  # type: ignore[misc]
        weight = sum(
            len(kept) for kept in self._cache.values()
        )  # of some hundred values: no count that could go wrong
        while weight > self._max_bytes:
            oldest, dropped = self._cache.popitem()
            del self._expire_info[oldest]
            weight -= len(dropped)
