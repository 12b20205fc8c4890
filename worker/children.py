"""A task in a process of its own: it may take minutes and much memory, and can be ended at any moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

NICENESS = 10
"""Requests go first."""
KEPT_CHARACTERS = 20_000


class TaskFailed(Exception):
    """A task that ended with an error in its own process. Says what that process said."""


class Child:
    """A process that runs one task, at low priority. It ends when the one that started it does (`run_task`)."""

    def __init__(self, name: str, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None) -> None:
        arguments = json.dumps([list(args), dict(kwargs or {})])
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "django", "run_task", "--end-with-parent", name, arguments],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=self._said,
        )
        os.setpriority(os.PRIO_PROCESS, self._process.pid, NICENESS)

    def is_done(self, timeout: float = 0) -> bool:
        """Waits so long for its end. Raises TaskFailed when it failed."""
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        self._close()
        self._said.seek(0)
        said = self._said.read().decode("utf-8", "replace")[-KEPT_CHARACTERS:]
        self._said.close()
        if code:
            raise TaskFailed(said or f"its process ended with {code}")
        return True

    def end(self) -> None:
        """Ends it at once."""
        self._process.kill()
        self._process.wait()
        self._close()
        self._said.close()

    def _close(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
