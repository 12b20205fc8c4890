"""Temporary folders in which backups are written; those of killed processes are removed.

.NAME.draft-xxxxxxxx/   beside NAME, mode 0700, with a lock file that its process holds
"""

from __future__ import annotations

import itertools
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

MARK = ".draft-"
LOCK = "lock"
ATTEMPTS = 5
_OURS = re.compile(rf"{LOCK}|\d+\.(zip|dump|sqlite3(-journal|-wal|-shm)?)")
"""Names of files in a draft. A folder that holds anything else is not ours and is left alone."""


@contextmanager
def draft_folder(target: Path) -> Iterator[Path]:
    """Makes a folder beside `target` that only this user can open, and removes it when the block ends.

    Drafts that killed processes left beside `target` are removed first: each may be as large as a backup.
    """
    remove_dead(target.parent)
    folder, lock = _new(target)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()


def remove_dead(parent: Path) -> list[Path]:
    """Removes the drafts in `parent` that no running process is writing, and returns them.

    A running process holds the lock of its draft, on whatever machine it runs.
    """
    return [
        folder
        for folder in sorted(parent.glob(f".*{MARK}*"))
        if folder.is_dir() and not folder.is_symlink() and _remove_if_dead(folder)
    ]


def _remove_if_dead(folder: Path) -> bool:
    with suppress(OSError, Timeout):
        if not all(_OURS.fullmatch(path.name) for path in folder.iterdir()):
            return False
        with FileLock(folder / LOCK, blocking=False):
            shutil.rmtree(folder)
        return True
    return False


def _new(target: Path) -> tuple[Path, FileLock]:
    """Makes a folder and locks it. Tries again when another process removes the folder before it is locked."""
    for attempt in itertools.count(1):
        folder = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}{MARK}"))
        lock = FileLock(folder / LOCK, blocking=False)
        try:
            lock.acquire()
            break
        except (FileNotFoundError, Timeout):
            if attempt == ATTEMPTS:
                raise
    return folder, lock
