"""Waiting for what another process does."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

PATIENCE_SECONDS = 120.0
"""Everything takes a second or two on a machine that has nothing else to do. Who waits so long there waits in vain."""


def patience(seconds: float = PATIENCE_SECONDS) -> float:
    """Returns how long to wait now for what may take so long on a quiet machine: longer, when processes queue for it."""
    return seconds * slowness()


def slowness() -> float:
    """Returns how many processes there are for each processor, at least one."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def until(condition: Callable[[], Found], what: str = "it") -> Found:
    """Waits until something is true, and returns it.

    A second of a machine on which ten processes want each processor counts as a tenth of one: a failure is told in
    two minutes where nothing else runs, and nobody is given up because others had their turn.
    """
    waited, last = 0.0, time.monotonic()
    while not (found := condition()):
        now = time.monotonic()
        waited, last = waited + (now - last) / slowness(), now
        assert waited < PATIENCE_SECONDS, f"{what} did not happen"
        time.sleep(0.05)
    return found
