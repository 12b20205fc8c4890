"""Generations of the index on disk: each a directory of its own, one of them live.

    index/                           0700: Whoosh's files hold pickles
        v1.1/                        what was built by one version of the code that cuts words, and of the schema
            CURRENT                  the name of the live generation
            20250321-101500-082461/  Whoosh's files and manifest.json (search.engines.whoosh.manifest)
            20250314-090000-770135/  the one before: it serves, once it has caught up, when the live one is damaged
            write.lock rebuild.lock  held by who writes to a generation, and who fills a new one
            maintain.lock            held by who looks after them all the time

A rebuild fills a new generation beside the live one; moving the pointer is one atomic rename. A directory without a
manifest is a generation in the making, or what a killed rebuild left. Old code and new code each have a folder: neither
reads, follows or removes what the other still uses.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

from filelock import FileLock, Timeout

from archive.atomic import replace_text
from search.engines.base import IndexUnavailable, LockName, OtherVersion
from search.engines.whoosh.manifest import MANIFEST, Manifest
from search.engines.whoosh.schema import SCHEMA_VERSION
from search.text import TEXT_VERSION

POINTER = "CURRENT"
DAMAGED = "DAMAGED"
"""A file in a generation that was found damaged, with the reason: it is never chosen again."""
_SECOND = "%Y%m%d-%H%M%S"
_NAME = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
VERSION = f"v{TEXT_VERSION}.{SCHEMA_VERSION}"
_VERSIONS = re.compile(r"v\d+\.\d+")
UNUSED_AFTER = dt.timedelta(days=7)
"""How long what another version built is kept after its last change: so long may one go back to that version."""
Stamp = tuple[int, int, int]
Read = TypeVar("Read")


class Live(NamedTuple):
    """The live generation and what its manifest says."""

    path: Path
    manifest: Manifest


class Generations:
    """The generations below one directory. Threads can share it."""

    def __init__(self, folder: Path, version: str = VERSION) -> None:
        self.folder = folder
        self.root = folder / version
        self._version = version
        self._pointer = str(self.root / POINTER)  # texts: every search looks at these two files
        self._seen: tuple[Stamp, Stamp, str, Live] | None = None

    def lock_path(self, name: LockName) -> Path:
        """Returns the file that is locked by who writes, fills a new generation, or looks after the index."""
        self._make_root()
        return self.root / f"{name}.lock"

    @property
    def is_empty(self) -> bool:
        """Whether there never was a live generation here, of any version."""
        return not (self.root / POINTER).exists() and not self._others()

    @property
    def pointed_at(self) -> str:
        """The name of the live generation, whatever its state; empty when there is none."""
        try:
            return self._pointed_at().name
        except (OSError, ValueError):
            return ""

    def live(self) -> Live:
        """Returns the live generation and its newest manifest. Cheap: two looks at the disk when nothing changed.

        Raises IndexUnavailable when there is none: OtherVersion when there is only one of other code, which would
        answer, and silently miss.
        """
        try:
            seen = self._seen
            pointer = stamp_of(self._pointer)
            if seen and seen[0] == pointer and seen[1] == stamp_of(seen[2]):
                return seen[3]
            path = self._pointed_at()
            stamp = stamp_of(path / MANIFEST)
            live = Live(path, Manifest.read(path))
        except (OSError, ValueError) as error:
            is_missing = isinstance(error, FileNotFoundError)
            if is_missing and not (self.root / POINTER).exists() and self._others():
                raise _other_version() from error
            what = (
                "there is no usable search index"
                if is_missing
                else f"the search index can not be read ({error})"
            )
            raise IndexUnavailable(f"{what}: run `manage.py rebuild_index`") from error
        if live.manifest.version != self._version:
            raise _other_version()
        self._seen = pointer, stamp, str(path / MANIFEST), live
        return live

    def _pointed_at(self) -> Path:
        self.refuse_shared()
        name = (self.root / POINTER).read_text(encoding="ascii").strip()
        if not _NAME.fullmatch(name) or (self.root / name).is_symlink():
            raise ValueError(f"{POINTER} names no generation but {name[:40]!r}")
        return self.root / name

    def refuse_shared(self) -> None:
        """Raises PermissionError when others than this user may write here: what they put here would be run."""
        for folder in (self.folder, self.root):
            status = folder.stat()
            if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise PermissionError(f"{folder} is open to other users, run `chmod 700 {folder}` first")
            if status.st_uid != os.geteuid():
                raise PermissionError(f"{folder} belongs to another user than the one who runs the site")

    def new(self) -> Path:
        """Makes an empty directory for a generation that is not live yet."""
        self._make_root()
        path = self.root / _name_after(next((folder.name for folder in self._folders()), ""))
        path.mkdir(mode=0o700)
        return path

    def activate(self, name: str) -> None:
        """Makes a generation, complete and on the disk, the live one."""
        replace_text(self.root / POINTER, name)

    def named(self, name: str) -> Live:
        """Returns a generation, the live one without a name. Raises IndexUnavailable when it is not complete."""
        if not name:
            return self.live()
        try:
            return Live(self.root / name, Manifest.read(self.root / name))
        except (OSError, ValueError) as error:
            raise IndexUnavailable(f"the search index {name} can not be read ({error})") from error

    def read(self, name: str, read: Callable[[Live], Read]) -> Read:
        """Returns what `read` makes of a generation, and of its next state if a writer replaces the files meanwhile."""
        live = self.named(name)
        try:
            return read(live)
        except IndexUnavailable:
            if self.named(name) == live:
                raise
        return self.read(name, read)

    def deactivate(self) -> None:
        """Leaves no generation live: searches are answered from the database."""
        (self.root / POINTER).unlink(missing_ok=True)

    def candidates(self) -> list[Live]:
        """The complete generations that our code can read and nobody found damaged, the newest first."""
        found: list[Live] = []
        for path in self._folders():
            try:
                manifest = Manifest.read(path)
            except (OSError, ValueError):
                continue
            if manifest.version == self._version and not (path / DAMAGED).exists():
                found.append(Live(path, manifest))
        return found

    def condemn(self, generation: Path, reason: str) -> None:
        """Notes that a generation is damaged."""
        (generation / DAMAGED).write_text(reason, encoding="utf-8")

    def discard(self, name: str) -> None:
        """Removes a generation that was not to go live, if nobody made it live."""
        if self.pointed_at != name:
            shutil.rmtree(self.root / name, ignore_errors=True)

    def remove_unused_versions(self) -> list[str]:
        """Removes what other versions built that nobody looks after or has changed for so long. Returns their names."""
        removed = []
        for other in self._others():
            is_unused = other.newest_change < time.time() - UNUSED_AFTER.total_seconds()
            if is_unused and not other.is_locked("maintain"):
                other.remove()
                removed.append(other.root.name)
        return removed

    @property
    def newest_change(self) -> float:
        """When a generation here was last written to or made live, in seconds of the epoch."""
        manifests = (path / MANIFEST for path in self._folders())
        return max(
            (path.stat().st_mtime for path in (self.root / POINTER, *manifests) if path.exists()), default=0.0
        )

    def remove(self) -> None:
        """Removes everything of this version."""
        shutil.rmtree(self.root)

    def _others(self) -> list[Generations]:
        """What was built by other versions. 0.1.0 had its generations in the folder itself."""
        folders = [
            path for path in self.folder.glob("v*") if _VERSIONS.fullmatch(path.name) and path != self.root
        ]
        others: list[Generations] = [Generations(self.folder, path.name) for path in sorted(folders)]
        first = _FirstVersion(self.folder)
        return [*others, *([first] if (first.root / POINTER).exists() else [])]

    def remove_old(self) -> list[str]:
        """Removes all generations but the live one and the one before it. Returns the names of those removed.

        Processes that still read a removed one keep it: its files are open, and gone only when closed. Does
        nothing while a new one is filled.
        """
        removed: list[Path] = []
        with suppress(Timeout), FileLock(self.lock_path("rebuild"), blocking=False):
            live, folders = self.pointed_at, self._folders()
            whole = [path for path in folders if (path / MANIFEST).exists() and not (path / DAMAGED).exists()]
            before = [path.name for path in whole if path.name != live][:1]
            removed = [path for path in folders if path.name not in (live, *before)]
            for path in removed:
                shutil.rmtree(path)
            if live:  # drafts of the pointer, whose writers were killed
                for draft in self.root.glob(f"{POINTER}.*.new"):
                    draft.unlink(missing_ok=True)
        return [path.name for path in removed]

    def _folders(self) -> list[Path]:
        """The folders of generations, the newest first."""
        if not self.root.is_dir():
            return []
        found = [path for path in self.root.iterdir() if _NAME.fullmatch(path.name) and path.is_dir()]
        return sorted((path for path in found if not path.is_symlink()), reverse=True)

    def is_locked(self, name: LockName) -> bool:
        """Returns whether anybody holds a lock."""
        return _is_held(self.root / f"{name}.lock")

    def _make_root(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root.mkdir(mode=0o700, exist_ok=True)


class _FirstVersion(Generations):
    """The generations of 0.1.0, which lie beside the folders of the versions."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.root, self._pointer = folder, str(folder / POINTER)

    def is_locked(self, name: LockName) -> bool:
        path = self.root / "caretaker.lock"
        return _is_held(path) if name == "maintain" else super().is_locked(name)

    def remove(self) -> None:
        (self.root / POINTER).unlink()
        for path in (*self._folders(), *self.root.glob("*.lock")):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _other_version() -> OtherVersion:
    return OtherVersion("the search index was built by another version: run `manage.py rebuild_index`")


def _is_held(path: Path) -> bool:
    if not path.exists():
        return False
    try:
        with FileLock(path, blocking=False):
            return False
    except OSError as error:  # a folder that can not be written: nobody holds anything there
        return isinstance(error, Timeout)


def _name_after(newest: str) -> str:
    """Returns a name for now that sorts behind `newest`, also when the clock was set back since."""
    name = f"{dt.datetime.now():{_SECOND}-%f}"
    if name > newest:
        return name
    second_after = dt.datetime.strptime(newest.rpartition("-")[0], _SECOND) + dt.timedelta(seconds=1)
    return f"{second_after:{_SECOND}-%f}"


def stamp_of(path: Path | str) -> Stamp:
    """Another one for every file that takes the place of the one before."""
    status = os.stat(path)
    return status.st_ino, status.st_mtime_ns, status.st_size
