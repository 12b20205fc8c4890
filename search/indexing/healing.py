"""Finds out whether the live generation is whole, and puts the one before it in its place when it is not."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from search.engines import current as engine
from search.engines.position import Position
from search.engines.whoosh.generations import IndexUnavailable, Live
from search.indexing import following, outbox

logger = logging.getLogger(__name__)

Stamp = tuple[int, int, int]


class Inspector:
    """Knows which files it has read and found as they were committed. What changes since is read again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._good: dict[Path, Stamp] = {}

    def forget(self) -> None:
        """Makes the next look read every file again: a disk changes bytes without telling anybody."""
        with self._lock:
            self._good = {}

    def faults(self, generation: Live) -> list[str]:
        """The names of the generation's files that are not as they were committed."""
        with self._lock:
            good: dict[Path, Stamp] = {}
            damaged: list[str] = []
            for name in generation.manifest.files:
                path = generation.path / name
                stamp = _stamp(path)
                if stamp is None or (
                    self._good.get(path) != stamp and generation.manifest.changed(generation.path, [name])
                ):
                    damaged.append(name)
                else:
                    good[path] = stamp
            self._good = good
            return damaged


def heal(inspector: Inspector | None = None) -> bool:
    """Makes sure that a whole generation is live, if there is one. Returns whether another one is live now.

    The live generation stays when it is whole. Otherwise the newest whole one of our code takes its place, once
    it has caught up with the archive; without one everything stays as it is, and only a rebuild helps.
    """
    inspector = inspector or Inspector()
    generations = engine.backend().generations
    live = None
    try:
        live = generations.live()
        faults = inspector.faults(live)
        if not faults:
            outbox.beyond(Position.from_json(live.manifest.position), limit=1)
            return False
        reason = f"damaged files: {', '.join(faults)}"
    except outbox.PositionLost:
        return False  # an older one is lost too
    except IndexUnavailable as error:
        reason = str(error)
    if not generations.root.is_dir():
        return False
    with engine.write_lock(wait_seconds=60):
        if live is not None:
            newest = _newest(live)
            if newest != live and not inspector.faults(newest):
                return False  # another process has committed since, or healed it
            logger.error("the search index %s is damaged (%s)", live.path.name, reason)
            generations.condemn(live.path, reason)
        for candidate in generations.candidates():
            if _takes_over(candidate, inspector):
                logger.warning("the search index %s serves now: %s", candidate.path.name, reason)
                return True
        if live is not None:
            generations.deactivate()
    return False


def _newest(live: Live) -> Live:
    try:
        return engine.backend().generations.live()
    except IndexUnavailable:
        return live


def _takes_over(candidate: Live, inspector: Inspector) -> bool:
    """Makes a generation live if it is whole and can catch up."""
    generations = engine.backend().generations
    if faults := inspector.faults(candidate):
        generations.condemn(candidate.path, f"damaged files: {', '.join(faults)}")
        return False
    try:
        generations.refuse_shared()
        following.follow(candidate)
    except (outbox.PositionLost, PermissionError) as reason:
        logger.info("the search index %s can not take over: %s", candidate.path.name, reason)
        return False
    generations.activate(candidate.path)
    return True


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


HOURLY = 3600.0


class HourlyInspector(Inspector):
    """Reads every file again once an hour."""

    def __init__(self) -> None:
        super().__init__()
        self._since = time.monotonic()

    def faults(self, generation: Live) -> list[str]:
        if time.monotonic() - self._since > HOURLY:
            self.forget()
            self._since = time.monotonic()
        return super().faults(generation)
