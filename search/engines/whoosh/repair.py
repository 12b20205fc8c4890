"""Finds corrupt files of the live generation, and puts a sound one in its place."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from search.engines.base import IndexUnavailable, PositionLost
from search.engines.whoosh.generations import Generations, Live

logger = logging.getLogger(__name__)

Stamp = tuple[int, int, int]
HOURLY = 3600.0
WAIT_SECONDS = 60


class Inspector:
    """Remembers which files it has read and found as they were committed. What changes since is read again."""

    def __init__(self, forget_after: float = HOURLY) -> None:
        self._lock = threading.Lock()
        self._sound: dict[Path, Stamp] = {}
        self._forget_after = forget_after
        self._since = time.monotonic()

    def forget(self) -> None:
        """Makes the next look read every file again: a disk changes bytes without telling anybody."""
        with self._lock:
            self._sound, self._since = {}, time.monotonic()

    def corrupt_files(self, generation: Live) -> list[str]:
        """Returns the names of the generation's files that are not as they were committed."""
        if time.monotonic() - self._since > self._forget_after:
            self.forget()
        with self._lock:
            sound: dict[Path, Stamp] = {}
            damaged: list[str] = []
            for name in generation.manifest.files:
                path = generation.path / name
                stamp = _stamp(path)
                if stamp is None or (
                    self._sound.get(path) != stamp and generation.manifest.changed(generation.path, [name])
                ):
                    damaged.append(name)
                else:
                    sound[path] = stamp
            self._sound = sound
            return damaged


def repair(generations: Generations, catch_up: Callable[[str], object], inspector: Inspector) -> bool:
    """Makes sure that a sound generation is live, if there is one. Returns whether another one is live now.

    The live generation stays when it is sound. Otherwise the newest sound one of our version takes its place, once
    `catch_up` has brought it up to date; without one none is live any more, and only a rebuild helps.
    """
    live = None
    try:
        live = generations.live()
        corrupt = inspector.corrupt_files(live)
        if not corrupt:
            return False
        reason = f"damaged files: {', '.join(corrupt)}"
    except IndexUnavailable as error:
        reason = str(error)
    if not generations.root.is_dir():
        return False
    with FileLock(generations.lock_path("write"), timeout=WAIT_SECONDS):
        if live is not None:
            newest = _newest(generations, live)
            if newest != live and not inspector.corrupt_files(newest):
                return False  # another process has committed since, or repaired it
            logger.error("the search index %s is damaged (%s)", live.path.name, reason)
            generations.condemn(live.path, reason)
        for candidate in generations.candidates():
            if _takes_over(generations, candidate, catch_up, inspector):
                logger.warning("the search index %s serves now: %s", candidate.path.name, reason)
                return True
        if live is not None:
            generations.deactivate()
    return False


def _newest(generations: Generations, live: Live) -> Live:
    try:
        return generations.live()
    except IndexUnavailable:
        return live


def _takes_over(
    generations: Generations, candidate: Live, catch_up: Callable[[str], object], inspector: Inspector
) -> bool:
    """Makes a generation live if it is sound and can catch up."""
    if corrupt := inspector.corrupt_files(candidate):
        generations.condemn(candidate.path, f"damaged files: {', '.join(corrupt)}")
        return False
    try:
        generations.refuse_shared()
        catch_up(candidate.path.name)
    except (PositionLost, PermissionError) as reason:
        logger.info("the search index %s can not take over: %s", candidate.path.name, reason)
        return False
    generations.activate(candidate.path.name)
    return True


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
