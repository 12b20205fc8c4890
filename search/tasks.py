"""What the worker does for the index of its data directory: all the time (`IndexUpkeep`), and on schedule (tasks).

whole? ── no ──► the generation before it takes over ── there is none ──► a rebuild, in a process of its own
  │ yes
  └─► what changed is brought in; many small segments are merged
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.module_loading import import_string
from django_tasks import task
from filelock import FileLock, Timeout

from search.engines import current as engine
from search.engines.whoosh.committing import MANY_SEGMENTS, segment_count
from search.engines.whoosh.generations import IndexUnavailable, OtherVersion, fingerprint
from search.indexing import outbox, sync
from search.indexing.healing import HourlyInspector, heal
from worker.backend import enqueue_once
from worker.children import Child, TaskFailed

logger = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
FIRST_PAUSE_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 600.0
"""Between rebuilds that fail, for instance because the disk is full: doubled each time, up to this."""

_pointed_at_start = ""


def remember_start() -> None:
    """Notes which generation was live, and what our code is, when it was loaded.

    Once: a process that looks later would see the files of an upgrade, and still run the old code.
    """
    global _pointed_at_start
    fingerprint()
    _pointed_at_start = engine.backend().generations.pointed_at


class IndexUpkeep:
    """Looks after the index of this data directory: a loop of the worker. One thread at a time."""

    def __init__(
        self,
        start_rebuild: Callable[[], Child] = lambda: Child("search.tasks.rebuild"),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._start_rebuild = start_rebuild
        self._clock = clock
        self._lock = FileLock(engine.backend().generations.caretaker_lock_path, blocking=False)
        self._inspector = HourlyInspector()
        self._rebuild: Child | None = None
        self._failures = 0
        self._not_before = float("-inf")
        self._is_overtaken_said = False
        self._merged: tuple[str, int] | None = None
        self._live = ""

    def round(self) -> float:
        """Looks once, and does what there is to do. Raises what went wrong, for the next round to try again."""
        with suppress(Timeout):
            if not self._lock.is_locked:
                self._lock.acquire()
            self._look()
        return EVERY_SECONDS

    def end(self) -> None:
        """Ends a rebuild that runs: what it made is not live yet, and the next worker begins anew."""
        if self._rebuild is not None:
            self._rebuild.end()
        self._lock.release()

    def _look(self) -> None:
        if self._is_rebuilding() or self._is_overtaken():
            return
        try:
            heal(self._inspector)
            sync.waiting()
        except IndexUnavailable as reason:
            self._begin_rebuild(reason)
            return
        sync.drain(wait_seconds=0)  # Timeout: somebody else writes, and takes along what is there
        self._merge()
        self._tell_of_new_generation()

    def _is_overtaken(self) -> bool:
        """Whether newer code than ours has made a generation of its own live, since our code was loaded.

        Two workers that each put theirs in its place would do nothing else any more.
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

    def _tell_of_new_generation(self) -> None:
        live = engine.backend().generations.live().path.name
        if live != self._live:
            for name in settings.SEARCH_TASKS_OF_A_NEW_INDEX:
                enqueue_once(import_string(name))
            self._live = live

    def _begin_rebuild(self, reason: IndexUnavailable) -> None:
        if self._clock() >= self._not_before and not engine.backend().generations.is_rebuilding:
            logger.warning("building the search index anew: %s", reason)
            self._rebuild = self._start_rebuild()

    def _is_rebuilding(self) -> bool:
        if self._rebuild is None:
            return False
        try:
            if not self._rebuild.is_done():
                return True
            self._failures = 0
        except TaskFailed as failure:
            self._failures += 1
            pause = min(FIRST_PAUSE_SECONDS * 2 ** (self._failures - 1), LONGEST_PAUSE_SECONDS)
            self._not_before = self._clock() + pause
            logger.error(  # noqa: TRY400 - the failure is the other process's
                "the search index could not be built; it is tried again in %d seconds: %s", pause, failure
            )
        self._rebuild = None
        return False


@task(queue_name="long")
def rebuild() -> None:
    """Builds the index of this data directory anew."""
    sync.rebuild()


@task(queue_name="long")
def compare() -> None:
    """Compares index and archive, and mends what differs. What it can not mend is its error."""
    said = io.StringIO()
    try:
        call_command("check_index", fix=True, stdout=said)
    except CommandError as error:
        raise RuntimeError(f"{said.getvalue()}{error}") from error


@task()
def delete_old_changes() -> None:
    """Deletes changes that every index holds."""
    outbox.trim()


@task()
def delete_old_generations() -> None:
    """Removes generations of this data directory's index that nobody needs any more."""
    engine.backend().generations.remove_old()
