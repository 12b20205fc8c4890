"""Finds corrupt files of the live generation, and puts a sound one in its place."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

from search.engines.base import IndexUnavailable, PositionLost
from search.engines.whoosh.generations import Generations, Live, Stamp, stamp_of

logger = logging.getLogger(__name__)

FORGET_AFTER = 3600.0
WAIT_SECONDS = 60


class Inspector:
    """Remembers which files it has read and found as they were committed. What changes since is read again."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Makes the next look read every file again: a disk changes bytes without telling anybody."""
        self._sound: dict[Path, Stamp] = {}
        self._since = time.monotonic()

    def corrupt_files(self, generation: Live) -> list[str]:
        """Returns the names of the generation's files that are not as they were committed."""
        if time.monotonic() - self._since > FORGET_AFTER:
            self.forget()
        sound: dict[Path, Stamp] = {}
        for name in generation.manifest.files:
            path = generation.path / name
            with suppress(OSError):
                stamp = stamp_of(path)
                if self._sound.get(path) == stamp or not generation.manifest.changed(generation.path, [name]):
                    sound[path] = stamp
        self._sound = sound
        return [name for name in generation.manifest.files if generation.path / name not in sound]


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
            newest = live
            with suppress(IndexUnavailable):
                newest = generations.live()
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
