"""What a running server does for its index, every second: config/caretaker calls `Care.round`.

whole? ── no ──► the generation before it takes over ── there is none ──► a rebuild, in a process of its own
  │ yes
  └─► what changed is brought in; many small segments are merged
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress

from search.engines.base import IndexUnavailable
from search.engines.registry import current_engine
from search.indexing import outbox, sync
from search.indexing.apply_changes import apply_changes

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 600.0
"""Between rebuilds that fail, for instance because the disk is full: doubled each time, up to this."""

Rebuild = Callable[[], bool | None]
"""Starts or goes on with a rebuild. Returns None while it runs, then whether it succeeded."""


class Care:
    """Looks after one index. One thread at a time."""

    def __init__(self, rebuild: Rebuild, clock: Callable[[], float] = time.monotonic) -> None:
        self._rebuild = rebuild
        self._clock = clock
        self._is_rebuilding = False
        self._failures = 0
        self._not_before = float("-inf")

    def round(self) -> None:
        """Looks once, and does what there is to do. Raises what went wrong, for the next round to try again."""
        if not current_engine().has_index or (self._is_rebuilding and not self._is_done()):
            return
        try:
            current_engine().repair(apply_changes, is_thorough=False)
            sync.waiting()
        except IndexUnavailable as reason:
            self._start_rebuild(reason)
            return
        try:
            sync.drain(wait_seconds=0)
            current_engine().maintain()
        except TimeoutError:
            pass  # somebody else writes, and takes along what is there

    def _start_rebuild(self, reason: IndexUnavailable) -> None:
        if self._clock() < self._not_before or current_engine().is_locked("rebuild"):
            return
        logger.warning("building the search index anew: %s", reason)
        self._is_rebuilding = True
        self._is_done()

    def _is_done(self) -> bool:
        succeeded = self._rebuild()
        if succeeded is None:
            return False
        self._is_rebuilding = False
        self._failures = 0 if succeeded else self._failures + 1
        if not succeeded:
            pause = min(FIRST_PAUSE_SECONDS * 2 ** (self._failures - 1), LONGEST_PAUSE_SECONDS)
            self._not_before = self._clock() + pause
            logger.error("the search index could not be built; it is tried again in %d seconds", pause)
        return True


def tidy() -> None:
    """Removes what is old: changes that every index holds, generations that nobody needs. Hourly is enough."""
    outbox.trim()
    current_engine().maintain(remove_old=True)


def keep_open() -> None:
    """Reads a new state of the index before the next request would have to."""
    with suppress(IndexUnavailable), current_engine().pinned():  # every request that needs it says so
        pass
