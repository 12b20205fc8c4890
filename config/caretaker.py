"""What a running server does by itself: chores, one after the other, in one thread of one process.

Each worker of gunicorn has a caretaker thread; the one that holds the lock of the data directory does the chores,
another takes over when it ends. Chores are listed in config/chores. What each did last is kept in a small file, so
that any worker can answer `/readyz`.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import close_old_connections, connections

logger = logging.getLogger(__name__)

ROUND_SECONDS = 1.0
WRITTEN_EVERY_SECONDS = 10.0
"""How old the state that other processes read may be while nothing new happens."""


@dataclass(frozen=True)
class Chore:
    """Something to be done every so often. An error is logged, and it is done again when its time comes."""

    name: str
    every_seconds: float
    run: Callable[[], object]
    in_every_process: bool = False
    """For what a process does for itself, like keeping its index open; all others are done by one process."""
    first_after_seconds: float = 0.0
    """How long a caretaker that comes on duty waits with it: a server that starts has enough to do."""


@dataclass
class _Record:
    """What became of a chore when it was last done."""

    at: float | None = None
    seconds: float = 0.0
    error: str = ""
    failures: int = 0
    """How often it failed since it last succeeded."""


class Caretaker:
    """Does the chores that are due. `round` is to be called about once a second."""

    def __init__(
        self,
        chores: Sequence[Chore],
        lock: Callable[[], AbstractContextManager[object]],
        state_path: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._chores = chores
        self._lock = lock
        self._duty: ExitStack | None = None
        self._state_path = state_path
        self._clock = clock
        self._due: dict[str, float] = {}
        self._records = {chore.name: _Record() for chore in chores if not chore.in_every_process}
        self._written_at = float("-inf")

    def round(self) -> None:
        """Does the chores that are due; those of the whole site only when no other process does them."""
        is_on_duty = self._is_on_duty()
        for chore in self._chores:
            if (is_on_duty or chore.in_every_process) and self._is_due(chore):
                self._do(chore)
        if is_on_duty and self._clock() - self._written_at >= WRITTEN_EVERY_SECONDS:
            self._write()

    def run(self, stop: threading.Event) -> None:
        """Goes round until `stop` is set."""
        while not stop.is_set():
            try:
                close_old_connections()
                self.round()
            except Exception:
                logger.exception("the caretaker goes on")
            finally:
                connections.close_all()
            stop.wait(ROUND_SECONDS)
        if self._duty:
            self._duty.close()

    def _is_on_duty(self) -> bool:
        if self._duty is None:
            duty = ExitStack()
            try:
                duty.enter_context(self._lock())
            except TimeoutError:
                return False
            self._duty = duty
        return True

    def _is_due(self, chore: Chore) -> bool:
        now = self._clock()
        return now >= self._due.setdefault(chore.name, now + chore.first_after_seconds)

    def _do(self, chore: Chore) -> None:
        record = self._records.get(chore.name, _Record())
        before = record.error
        started = self._clock()
        try:
            chore.run()
        except Exception as error:
            record.error, record.failures = repr(error), record.failures + 1
            if record.error != before:  # once, not every second
                logger.exception("%s: failed, and is tried again", chore.name)
        else:
            record.error, record.failures = "", 0
        record.at, record.seconds = time.time(), round(self._clock() - started, 3)
        self._due[chore.name] = self._clock() + chore.every_seconds
        if record.error != before:
            self._written_at = float("-inf")

    def _write(self) -> None:
        state = {
            "pid": os.getpid(),
            "at": time.time(),
            "chores": {name: vars(record) for name, record in self._records.items()},
        }
        draft = self._state_path.with_name(f"{self._state_path.name}.new")
        with suppress(OSError):  # a full disk: the chores go on
            draft.write_text(json.dumps(state), encoding="utf-8")
            draft.replace(self._state_path)
        self._written_at = self._clock()


def read_state(state_path: Path) -> dict[str, Any]:
    """Returns what the caretaker on duty last wrote: `{"pid", "at", "chores": {name: {"at", "error", …}}}`.

    Empty when none was ever on duty here.
    """
    try:
        state = json.loads(state_path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}
