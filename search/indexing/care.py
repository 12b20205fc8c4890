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

from filelock import Timeout

from search.engines import current as engine
from search.engines.whoosh.committing import MANY_SEGMENTS, segment_count
from search.engines.whoosh.generations import IndexUnavailable, OtherVersion, fingerprint
from search.indexing import outbox, sync
from search.indexing.healing import HourlyInspector, heal

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 600.0
"""Between rebuilds that fail, for instance because the disk is full: doubled each time, up to this."""

Rebuild = Callable[[], bool | None]
"""Starts or goes on with a rebuild. Returns None while it runs, then whether it succeeded."""

_pointed_at_start = ""


def remember_start() -> None:
    """Notes which generation was live, and what our code is, when it was loaded.

    Once: a worker that is forked later would see the files of an upgrade, and still run the old code.
    """
    global _pointed_at_start
    fingerprint()
    _pointed_at_start = engine.backend().generations.pointed_at


class Care:
    """Looks after one index. One thread at a time."""

    def __init__(self, rebuild: Rebuild, clock: Callable[[], float] = time.monotonic) -> None:
        self._rebuild = rebuild
        self._clock = clock
        self._inspector = HourlyInspector()
        self._is_rebuilding = False
        self._failures = 0
        self._not_before = float("-inf")
        self._is_overtaken_said = False
        self._merged: tuple[str, int] | None = None

    def round(self) -> None:
        """Looks once, and does what there is to do. Raises what went wrong, for the next round to try again."""
        if self._is_rebuilding and not self._is_done():
            return
        if self._is_overtaken():
            return
        try:
            heal(self._inspector)
            sync.waiting()
        except IndexUnavailable as reason:
            self._start_rebuild(reason)
            return
        try:
            sync.drain(wait_seconds=0)
            self._merge()
        except Timeout:
            pass  # somebody else writes, and takes along what is there

    def _is_overtaken(self) -> bool:
        """Whether newer code than ours has made a generation of its own live, since our code was loaded.

        Two servers that each put theirs in its place would do nothing else any more.
        """
        generations = engine.backend().generations
        try:
            generations.live()
        except OtherVersion as reason:
            is_overtaken = generations.pointed_at != _pointed_at_start
            if is_overtaken and not self._is_overtaken_said:
                logger.warning(
                    "searches are answered from the database until this server is restarted: %s", reason
                )
            self._is_overtaken_said = is_overtaken
            return is_overtaken
        except IndexUnavailable:
            pass
        return False

    def _merge(self) -> None:
        live = engine.backend().generations.live()
        if self._merged == (live.path.name, live.manifest.commit):
            return
        if segment_count(live.path, live.manifest) > MANY_SEGMENTS:
            sync.merge_segments(MANY_SEGMENTS)
            live = engine.backend().generations.live()
        self._merged = live.path.name, live.manifest.commit

    def _start_rebuild(self, reason: IndexUnavailable) -> None:
        if self._clock() < self._not_before or engine.backend().generations.is_rebuilding:
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
    engine.backend().generations.remove_old()


def keep_open() -> None:
    """Reads a new state of the index before the next request would have to."""
    with suppress(IndexUnavailable):  # every request that needs it says so
        engine.backend().snapshot()
