"""This data directory's own id, its worker, and when that was last seen."""

from __future__ import annotations

import datetime as dt
import json
import os
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from filelock import FileLock, Timeout


@dataclass(frozen=True)
class Presence:
    """Whether a worker runs for this data directory, and when one was last seen; None when there never was one."""

    is_running: bool
    started_at: dt.datetime | None = None
    seen_at: dt.datetime | None = None


def machine_id() -> str:
    """Returns the id of this data directory: made once, and kept in it, because a host's name may change."""
    path = _path("machine_id")
    if not path.exists():
        with FileLock(_path("machine_id.lock")):
            if not path.exists():
                _replace(path, uuid.uuid4().hex)
    return path.read_text(encoding="ascii")


def worker_lock() -> FileLock:
    """Returns the lock that the worker of this data directory holds; the kernel lets go of it when it dies."""
    return FileLock(_path("worker.lock"), blocking=False)


def presence() -> Presence:
    """Looks whether a worker runs here."""
    try:
        with worker_lock():
            is_running = False
    except Timeout:
        is_running = True
    except OSError:  # a disk that nothing can be written to: no worker could start
        is_running = False
    with suppress(OSError, ValueError, KeyError, TypeError):
        seen = json.loads(_path("worker.json").read_text(encoding="utf-8"))
        return Presence(
            is_running, *(dt.datetime.fromisoformat(seen[name]) for name in ("started_at", "seen_at"))
        )
    return Presence(is_running)


def note_presence(started_at: dt.datetime, seen_at: dt.datetime) -> None:
    """Notes that the worker runs. A full disk does not stop it."""
    seen = {"pid": os.getpid(), "started_at": started_at.isoformat(), "seen_at": seen_at.isoformat()}
    with suppress(OSError):
        _replace(_path("worker.json"), json.dumps(seen))


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _path(name: str) -> Path:
    return Path(settings.DATA_DIR) / name
