"""Runs tasks, in two lanes: quick ones in this process, long ones each in a process of its own.

A worker that dies loses nothing: the lease of what it ran ends, and another run begins. A task may therefore run more
than once, and is written so that this does no harm. Attempts are counted when a task is claimed: one that kills its
worker again and again is failed in the end.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import random
import threading
import time
import traceback
from contextlib import suppress
from typing import Protocol

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from filelock import Timeout

from worker import children
from worker.machine import machine_id, note_presence, worker_lock
from worker.models import Task
from worker.schedules import next_slot, write_schedules

logger = logging.getLogger(__name__)

QUICK, LONG = "default", "long"
"""The queues that a task can name (settings.TASKS)."""
LEASE = dt.timedelta(seconds=30)
BEAT_SECONDS = 10.0
POLL_SECONDS = 0.2
LONGEST_SLEEP_SECONDS = 60.0
ERROR_PAUSE_SECONDS = 1.0
STOP_SECONDS = 10.0
"""How long what runs in this process has to end when the worker is told to."""
MAX_ATTEMPTS = 8
LONGEST_PAUSE_SECONDS = 600


class Loop(Protocol):
    """What a thread of the worker does again and again: a lane, or one of settings.WORKER_LOOPS."""

    def round(self) -> float:
        """Does what there is to do. Returns in how many seconds to come again if nothing is committed before."""

    def end(self) -> None:
        """Lets go of what it holds: the worker ends."""


def keep_going(name: str, loop: Loop, stop: threading.Event) -> None:
    """Calls a loop until it is stopped, whatever goes wrong: a database that is away is waited for."""
    next_at, seen, said = 0.0, None, ""
    while not stop.is_set():
        try:
            before, seen = seen, data_version()
            if seen != before or time.monotonic() >= next_at:
                next_at = time.monotonic() + min(loop.round(), LONGEST_SLEEP_SECONDS if is_sqlite() else 0.5)
                said = ""
        except SystemExit:
            raise
        except BaseException as error:  # a panic of a library in Rust is no Exception
            if repr(error) != said:  # once, not each second
                logger.exception("%s: tried again until it works", name)
            said, next_at = repr(error), time.monotonic() + ERROR_PAUSE_SECONDS
            connection.close()  # it may be broken; the next query opens another
        stop.wait(min(POLL_SECONDS, next_at - time.monotonic()))
    loop.end()
    connection.close()


def data_version() -> object:
    """Returns what changes when another connection commits, without a query; None where nobody counts.

    SQLite counts for as long as a connection is open.
    """
    if is_sqlite():
        with connection.cursor() as cursor:
            return cursor.execute("PRAGMA data_version").fetchone()
    return None


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


class Lane:
    """Runs the due tasks of one queue, one after the other."""

    def __init__(self, queue: str, worker: str, stop: threading.Event, *, in_children: bool) -> None:
        states = [Task.State.READY, Task.State.RUNNING]
        self._unfinished = Task.objects.filter(lane=queue, machine__in=["", machine_id()], state__in=states)
        self._worker, self._stop, self._in_children = worker, stop, in_children
        self.running: Task | None = None

    def round(self) -> float:
        """Runs one due task. Returns 0 when it did, and otherwise in how many seconds to look again."""
        self.running, now = None, timezone.now()
        none = now + dt.timedelta(seconds=LONGEST_SLEEP_SECONDS)
        first_at: dt.datetime = self._unfinished.aggregate(first_at=Min("run_at", default=none))["first_at"]
        if first_at > now:  # known from a read: a worker with nothing to do takes no lock
            return (first_at - now).total_seconds()
        with transaction.atomic():
            due = self._unfinished.filter(run_at__lte=now).order_by("run_at", "pk")
            task = due.select_for_update(skip_locked=True).first()
            if task is None:  # another worker was faster, or who enqueues it once more has not committed yet
                return POLL_SECONDS
            # Enqueued once more from now on, it runs once more: this run may be past what has changed.
            task.key = task.key if task.every else None
            task.state, task.worker, task.attempts = Task.State.RUNNING, self._worker, task.attempts + 1
            task.started_at, task.run_at = now, now + LEASE
            task.save()
        self.running = task
        if task.attempts > MAX_ATTEMPTS:
            finish(task, "the worker died while it ran, again and again")
        elif self._in_children:
            self._run_in_child(task)
        else:
            run(task)
        return 0

    def end(self) -> None:
        """Does nothing: a round gives back what it has begun."""

    def _run_in_child(self, task: Task) -> None:
        process = children.start("worker.running.run_row", task.pk)
        while process.is_alive() and not self._stop.is_set():
            process.join(POLL_SECONDS)
        if process.is_alive():  # the worker ends: somebody else shall run it
            process.kill()
            process.join()
            own_row(task).update(state=Task.State.READY, run_at=timezone.now(), attempts=task.attempts - 1)
        elif process.exitcode:
            finish(task, f"its process ended with {process.exitcode}")


def run_row(pk: int) -> None:
    """Runs a task that a lane has claimed, in the process that it was given."""
    run(Task.objects.get(pk=pk))


def run(task: Task) -> None:
    """Runs a task that was claimed, and writes what became of it."""
    error = ""
    try:
        import_string(task.name).call(*task.args, **task.kwargs)
    except BaseException:  # noqa: BLE001 - whatever it is, it is kept, and the lane goes on
        error = traceback.format_exc()
    finish(task, error)


def own_row(row: Task) -> QuerySet[Task]:
    """Returns the row if it is still this run's: a worker that was frozen may have lost it to another."""
    return Task.objects.filter(state=Task.State.RUNNING, pk=row.pk, worker=row.worker, attempts=row.attempts)


def finish(task: Task, error: str) -> None:
    """Writes what became of a run: done; to be tried again after a pause; failed; or a schedule's next slot."""
    if error:
        said = error if task.attempts in (1, MAX_ATTEMPTS) else error.strip().rpartition("\n")[2]
        logger.error("%s failed, attempt %d: %s", task.name, task.attempts, said)
    now = timezone.now()
    pause = min(2 ** (task.attempts - 1), LONGEST_PAUSE_SECONDS) * random.uniform(0.9, 1.1)  # noqa: S311
    state, run_at, attempts = Task.State.READY, now + dt.timedelta(seconds=pause), task.attempts
    if not error or task.attempts >= MAX_ATTEMPTS:
        if task.every is not None:
            run_at, attempts = next_slot(now, task.every, task.offset), 0
        else:
            state = Task.State.FAILED if error else Task.State.DONE
    own_row(task).update(state=state, run_at=run_at, attempts=attempts, error=error, finished_at=now)


class Worker:
    """The process: a thread for each lane, and one for each loop while it holds the lock of the data directory."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop, self._lock, self._started_at = stop, worker_lock(), timezone.now()
        name = f"{machine_id()}:{os.getpid()}:{self._started_at.timestamp()}"
        self._lanes = {q: Lane(q, name, stop, in_children=q == LONG) for q in (QUICK, LONG)}
        self._threads: dict[str, threading.Thread] = {}

    def run(self) -> None:
        """Runs until it is stopped. Raises SystemExit when one of its threads has died."""
        keep_going("worker", self, self._stop)

    def round(self) -> float:
        dead = [name for name, thread in self._threads.items() if not thread.is_alive()]
        if dead and not self._stop.is_set():
            raise SystemExit(f"the worker's thread {', '.join(dead)} has died: start the worker again")
        with suppress(Timeout):
            self._lock.acquire()  # once more does no harm
            note_presence(self._started_at, timezone.now())
        # On SQLite two workers would be in each other's way: this one waits.
        if is_sqlite() and not self._lock.is_locked:
            return POLL_SECONDS
        if not self._threads:
            if is_sqlite():  # whoever ran these held the lock, and is dead
                Task.objects.filter(state=Task.State.RUNNING).update(run_at=timezone.now())
            write_schedules()
        for name in [*self._lanes, *(settings.WORKER_LOOPS if self._lock.is_locked else [])]:
            if name not in self._threads:
                args = (name, self._lanes.get(name) or import_string(name)(), self._stop)
                self._threads[name] = threading.Thread(target=keep_going, args=args, daemon=True)
                self._threads[name].start()
        if not is_sqlite():  # there the lock says all; and the running task may hold the database
            for task in filter(None, [lane.running for lane in self._lanes.values()]):
                own_row(task).update(run_at=timezone.now() + LEASE)
        return BEAT_SECONDS

    def end(self) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        for thread in self._threads.values():
            thread.join(max(0, deadline - time.monotonic()))
        self._lock.release(force=True)
