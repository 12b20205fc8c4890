"""The chores of the site (config/caretaker), and the thread that does them."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence

from django.conf import settings

from archive.publishing import publish_due
from config.caretaker import Caretaker, Chore
from insight.golden import RunAfterRebuild
from insight.log import prune
from search.engines.registry import current_engine
from search.indexing import care


class RebuildProcess:
    """A rebuild in a process of its own: it takes minutes, and a worker may end meanwhile."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __call__(self) -> bool | None:
        """Starts it, or looks after it. Returns None while it runs, then whether it succeeded."""
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, str(settings.BASE_DIR / "manage.py"), "rebuild_index", "--verbosity=0"],
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
            )
        code = self._process.poll()
        if code is None:
            return None
        self._process = None
        return code == 0


class CheckProcess:
    """Compares index and archive, and mends, in a process of its own: it takes seconds of computing.

    Called every half hour it starts one, and half an hour later sees what became of it.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether a comparison is under way."""
        return self._process is not None and self._process.poll() is None

    def __call__(self) -> None:
        """Raises RuntimeError when the last comparison found what it could not mend."""
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        elif (code := self._process.poll()) is not None:
            self._process = None
            if code:
                raise RuntimeError(f"the index differs from the archive: `check_index` says more ({code})")


CHECK_FIRST_AFTER_SECONDS = 60
"""Soon after a start, because what went wrong while the site was down would be found an hour late; not at once,
because one that is started again and again would do little else."""
CHECK = [sys.executable, str(settings.BASE_DIR / "manage.py"), "check_index", "--fix"]


def chores() -> list[Chore]:
    """Returns what is to be done. A new chore is a line here."""
    return [
        Chore("index", 1, care.Care(RebuildProcess()).round),
        Chore("publish", 20, publish_due),
        Chore("check", 1800, CheckProcess(CHECK), first_after_seconds=CHECK_FIRST_AFTER_SECONDS),
        Chore("golden queries", 60, RunAfterRebuild()),
        Chore("tidy", 3600, care.tidy),
        Chore("search log", 24 * 3600, prune),
        Chore("keep open", 1, care.keep_open, in_every_process=True),
    ]


def caretaker() -> Caretaker:
    """Returns a caretaker of this data directory."""
    return Caretaker(
        chores(), lambda: current_engine().lock("maintain", 0), settings.DATA_DIR / "caretaker.json"
    )


def start() -> None:
    """Starts the caretaker of this process, in a thread that ends with it. To be called after a fork."""
    threading.Thread(target=caretaker().run, args=[threading.Event()], name="caretaker", daemon=True).start()
