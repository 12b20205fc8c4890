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
from contextlib import ExitStack, suppress
from multiprocessing.process import BaseProcess

from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.module_loading import import_string
from django_tasks import task

from search.engines.base import IndexUnavailable, Unreachable
from search.engines.registry import current_engine
from search.indexing import outbox, sync
from search.meaning import learning
from search.portable import keeping
from worker.backend import enqueue_once
from worker.children import start

logger = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
FIRST_PAUSE_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 600.0
"""Between rebuilds that fail, for instance because the disk is full: doubled each time, up to this."""


class IndexUpkeep:
    """Looks after the index of this data directory: a loop of the worker. One thread at a time."""

    def __init__(
        self,
        start_rebuild: Callable[[], BaseProcess] = lambda: start("search.indexing.sync.rebuild"),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._start_rebuild = start_rebuild
        self._clock = clock
        self._lock: ExitStack | None = None
        self._rebuild: BaseProcess | None = None
        self._failures = 0
        self._not_before = float("-inf")
        self._live = ""

    def round(self) -> float:
        """Looks once, and does what there is to do. Raises what went wrong, for the next round to try again."""
        if current_engine().has_index:
            with suppress(TimeoutError):
                if self._lock is None:
                    with ExitStack() as stack:
                        stack.enter_context(current_engine().lock("maintain", 0))
                        self._lock = stack.pop_all()
                self._look()
        return EVERY_SECONDS

    def end(self) -> None:
        """Ends a rebuild that runs: what it made is not live yet, and the next worker begins anew."""
        if self._rebuild is not None:
            self._rebuild.kill()
            self._rebuild.join()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _look(self) -> None:
        if self._is_rebuilding():
            return
        try:
            current_engine().repair(sync.take_over, is_thorough=False)
            sync.waiting()
        except Unreachable:
            raise
        except IndexUnavailable as reason:
            self._begin_rebuild(reason)
            return
        sync.drain(wait_seconds=0)  # TimeoutError: somebody else writes, and takes along what is there
        current_engine().maintain()
        self._tell_of_new_index()

    def _tell_of_new_index(self) -> None:
        live = current_engine().state().index
        if live != self._live:
            for name in settings.SEARCH_TASKS_OF_A_NEW_INDEX:
                enqueue_once(import_string(name))
            self._live = live

    def _begin_rebuild(self, reason: IndexUnavailable) -> None:
        if self._clock() >= self._not_before and not current_engine().is_locked("rebuild"):
            logger.warning("building the search index anew: %s", reason)
            self._rebuild = self._start_rebuild()

    def _is_rebuilding(self) -> bool:
        if self._rebuild is None:
            return False
        if self._rebuild.is_alive():
            return True
        self._failures = self._failures + 1 if self._rebuild.exitcode else 0
        if self._failures:
            pause = min(FIRST_PAUSE_SECONDS * 2 ** (self._failures - 1), LONGEST_PAUSE_SECONDS)
            self._not_before = self._clock() + pause
            logger.error("the search index could not be built; it is tried again in %d seconds", pause)
        self._rebuild = None
        return False


@task(queue_name="long")
def compare() -> None:
    """Compares index and archive, and mends what differs. What it can not mend is its error."""
    said = io.StringIO()
    try:
        call_command("check_index", fix=True, stdout=said)
    except CommandError as error:
        raise RuntimeError(f"{said.getvalue()}{error}") from error


@task(queue_name="long")
def learn_meaning() -> None:
    """Learns which articles are near in meaning, if the archive or the glossary changed since."""
    learning.bring_up_to_date()


@task()
def check_portable_archive() -> None:
    """Has the portable archive made anew if the archive has changed, where the site offers one."""
    if keeping.is_due():
        enqueue_once(make_portable_archive, only_here=True)


@task(queue_name="long")
def make_portable_archive() -> None:
    """Makes the portable archive of the archive's present state, unless that has been done meanwhile."""
    keeping.bring_up_to_date()


@task()
def delete_old_changes() -> None:
    """Deletes changes that every index holds."""
    outbox.trim()


@task()
def delete_old_generations() -> None:
    """Removes indexes of this data directory that nobody needs any more."""
    current_engine().maintain(remove_old=True)
