"""Where a backup is written before it gets its name, and what became of those whose process was killed.

.NAME.draft-xxxxxxxx/   beside NAME, mode 0700, with a lock that its process holds
"""

from __future__ import annotations

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
_OURS = re.compile(rf"{LOCK}|\d+\.(zip|sqlite3(-journal|-wal|-shm)?)")
"""What is ever in a draft. A folder with anything else is somebody else's."""


@contextmanager
def draft_folder(target: Path) -> Iterator[Path]:
    """A new folder beside `target` that nobody else may open; it is gone with all that is in it when the block ends.

    What killed processes left beside `target` is removed first: it may be as large as the backup, and for ever.
    """
    remove_dead(target.parent)
    folder, lock = _new(target)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()


def remove_dead(parent: Path) -> list[Path]:
    """Removes the drafts in `parent` that no living process is writing. Returns those that are gone.

    A process that is alive holds the lock of its draft, on whatever machine it runs.
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
    """A folder and its lock. Another process that tidies may take away a folder that has not been locked yet."""
    for attempt in range(1, ATTEMPTS + 1):
        folder = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}{MARK}"))
        lock = FileLock(folder / LOCK, blocking=False)
        try:
            lock.acquire()
        except (FileNotFoundError, Timeout):
            if attempt == ATTEMPTS:
                raise
        else:
            return folder, lock
    raise AssertionError("not reached")
