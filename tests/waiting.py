"""Waiting for what another process does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

PATIENCE_SECONDS = 600
"""Everything takes a second or two. Who waits so long waits for something that does not come."""


def until(condition: Callable[[], Found], what: str = "it") -> Found:
    """Waits until something is true, and returns it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what} did not happen"
        time.sleep(0.05)
    return found
