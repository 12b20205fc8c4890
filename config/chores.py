"""The chores of the site (config/caretaker), and the thread that does them."""

from __future__ import annotations

import subprocess
import sys
import threading

from django.conf import settings

from config.caretaker import Caretaker, Chore
from search import care, sync


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


def chores() -> list[Chore]:
    """Returns what is to be done. A new chore is a line here."""
    return [
        Chore("index", 1, care.Care(RebuildProcess()).round),
        Chore("tidy", 3600, care.tidy),
        Chore("keep open", 1, care.keep_open, in_every_process=True),
    ]


def caretaker() -> Caretaker:
    """Returns a caretaker of this data directory."""
    return Caretaker(chores(), sync.caretaker_lock_path(), settings.DATA_DIR / "caretaker.json")


def start() -> None:
    """Starts the caretaker of this process, in a thread that ends with it. To be called after a fork."""
    threading.Thread(target=caretaker().run, args=[threading.Event()], name="caretaker", daemon=True).start()
