"""Generations of the index on disk: each a directory of its own, one of them live.

    index/                       0700: Whoosh's files hold pickles
        CURRENT                  the name of the live generation
        20250321-101500-082461/  Whoosh's files and manifest.json (search.engines.whoosh.manifest)
        20250314-090000-770135/  the one before: it is brought up to date and serves when the live one is damaged
        write.lock rebuild.lock  held by who writes to a generation, and by who fills a new one

A rebuild fills a new generation beside the live one; moving the pointer is one atomic rename. A directory without a
manifest is a generation in the making, or what a killed rebuild left.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import inspect
import os
import re
import shutil
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from archive import body
from archive.atomic import replace_text
from glossary import folding, matching
from search import search_indexes
from search.engines.whoosh import schema
from search.engines.whoosh.manifest import MANIFEST, Manifest
from search.text import analysis, quantities

POINTER = "CURRENT"
DAMAGED = "DAMAGED"
"""A file in a generation that was found damaged, with the reason: it is never chosen again."""
_SECOND = "%Y%m%d-%H%M%S"
_NAME = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
_Stamp = tuple[int, int, int]


class IndexUnavailable(Exception):
    """No generation can answer: none was built, or the live one is damaged or was built by other code."""


class OtherVersion(IndexUnavailable):
    """The live generation was built by other code than ours."""


class Live(NamedTuple):
    """The live generation and what its manifest says."""

    path: Path
    manifest: Manifest


class Generations:
    """The generations below one directory. Threads can share it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._seen: tuple[_Stamp, _Stamp, Live] | None = None

    @property
    def lock_path(self) -> Path:
        """The file that a writer of the index holds locked."""
        self._make_root()
        return self.root / "write.lock"

    @property
    def rebuild_lock_path(self) -> Path:
        """The file that is locked while a new generation is filled."""
        self._make_root()
        return self.root / "rebuild.lock"

    @property
    def caretaker_lock_path(self) -> Path:
        """The file that is locked while somebody looks after this index all the time."""
        self._make_root()
        return self.root / "caretaker.lock"

    @property
    def is_empty(self) -> bool:
        """Whether there never was a live generation here."""
        return not (self.root / POINTER).exists()

    @property
    def is_rebuilding(self) -> bool:
        """Whether a new generation is being filled at this moment."""
        return self._is_held("rebuild.lock")

    @property
    def has_caretaker(self) -> bool:
        """Whether a running server looks after this index: then nobody else needs to finish large work."""
        return self._is_held("caretaker.lock")

    @property
    def pointed_at(self) -> str:
        """The name of the live generation, whatever its state; empty when there is none."""
        try:
            return self._pointed_at().name
        except (OSError, ValueError):
            return ""

    def current(self) -> Path:
        """Returns the live generation. Raises IndexUnavailable as `live` does."""
        return self.live().path

    def live(self) -> Live:
        """Returns the live generation and its newest manifest. Cheap: two looks at the disk when nothing changed.

        Raises IndexUnavailable when there is none, or when its words were cut by other code or another
        dictionary than ours: it would answer, and silently miss.
        """
        try:
            seen = self._seen
            pointer = _stamp(self.root / POINTER)
            if seen and seen[0] == pointer and seen[1] == _stamp(seen[2].path / MANIFEST):
                return seen[2]
            path = self._pointed_at()
            stamp = _stamp(path / MANIFEST)
            live = Live(path, Manifest.read(path))
        except FileNotFoundError as error:
            raise IndexUnavailable(
                "there is no usable search index: run `manage.py rebuild_index`"
            ) from error
        except (OSError, ValueError) as error:
            raise IndexUnavailable(
                f"the search index can not be read ({error}): run `manage.py rebuild_index`"
            ) from error
        if live.manifest.fingerprint != fingerprint():
            raise OtherVersion("the search index was built by another version: run `manage.py rebuild_index`")
        self._seen = pointer, stamp, live
        return live

    def _pointed_at(self) -> Path:
        self.refuse_shared()
        name = (self.root / POINTER).read_text(encoding="ascii").strip()
        if not _NAME.fullmatch(name) or (self.root / name).is_symlink():
            raise ValueError(f"{POINTER} names no generation but {name[:40]!r}")
        return self.root / name

    def refuse_shared(self) -> None:
        """Raises PermissionError when others than this user may write here: what they put here would be run."""
        status = self.root.stat()
        if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise PermissionError(f"{self.root} is open to other users, run `chmod 700 {self.root}` first")
        if status.st_uid != os.geteuid():
            raise PermissionError(f"{self.root} belongs to another user than the one who runs the site")

    def new(self) -> Path:
        """Makes an empty directory for a generation that is not live yet."""
        self._make_root()
        path = self.root / _name_after(next((folder.name for folder in self._folders()), ""))
        path.mkdir(mode=0o700)
        return path

    def activate(self, generation: Path) -> None:
        """Makes `generation`, complete and on the disk, the live one."""
        replace_text(self.root / POINTER, generation.name)

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
            if manifest.fingerprint == fingerprint() and not (path / DAMAGED).exists():
                found.append(Live(path, manifest))
        return found

    def condemn(self, generation: Path, reason: str) -> None:
        """Notes that a generation is damaged."""
        (generation / DAMAGED).write_text(reason, encoding="utf-8")

    def discard(self, generation: Path) -> None:
        """Removes a generation that was not to go live, if nobody made it live."""
        if not self.root.joinpath(POINTER).exists() or self._pointed_at() != generation:
            shutil.rmtree(generation, ignore_errors=True)

    def remove_old(self) -> list[str]:
        """Removes all generations but the live one and the one before it. Returns the names of those removed.

        Processes that still read a removed one keep it: its files are open, and gone only when closed. Does
        nothing while a new one is filled.
        """
        lock = FileLock(self.rebuild_lock_path, blocking=False)
        try:
            with lock:
                return self._remove_old()
        except Timeout:
            return []

    def _remove_old(self) -> list[str]:
        try:
            live = self._pointed_at()
        except (OSError, ValueError):
            live = None
        folders = self._folders()
        whole = [path for path in folders if (path / MANIFEST).exists() and not (path / DAMAGED).exists()]
        kept = {live, *[path for path in whole if path != live][:1]}
        removed = [path for path in folders if path not in kept]
        for path in removed:
            shutil.rmtree(path)
        if live is not None:  # drafts of the pointer, whose writers were killed
            for draft in self.root.glob(f"{POINTER}.*.new"):
                draft.unlink(missing_ok=True)
        return [path.name for path in removed]

    def _folders(self) -> list[Path]:
        """The folders of generations, the newest first."""
        if not self.root.is_dir():
            return []
        found = [path for path in self.root.iterdir() if _NAME.fullmatch(path.name) and path.is_dir()]
        return sorted((path for path in found if not path.is_symlink()), reverse=True)

    @contextmanager
    def rebuilding(self, wait_seconds: float) -> Iterator[None]:
        """Holds the right to fill a new generation. Raises filelock.Timeout when another does for so long."""
        with FileLock(self.rebuild_lock_path, timeout=wait_seconds):
            yield

    def _is_held(self, name: str) -> bool:
        if not (self.root / name).exists():
            return False
        try:
            with FileLock(self.root / name, blocking=False):
                return False
        except Timeout:
            return True
        except OSError:  # a folder that can not be written: nobody holds anything there
            return False

    def _make_root(self) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)


def _name_after(newest: str) -> str:
    """Returns a name for now that sorts behind `newest`, also when the clock was set back since."""
    name = f"{dt.datetime.now():{_SECOND}-%f}"
    if name > newest:
        return name
    second_after = dt.datetime.strptime(newest.rpartition("-")[0], _SECOND) + dt.timedelta(seconds=1)
    return f"{second_after:{_SECOND}-%f}"


def _stamp(path: Path) -> _Stamp:
    """Another one for every file that takes the place of the one before."""
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size


@cache
def fingerprint() -> str:
    """Returns a hash of everything that changes what is in an index: code, schema, libraries, Unicode."""
    digest = hashlib.sha256()
    for module in (body, folding, matching, quantities, analysis, search_indexes, schema):
        digest.update(inspect.getsource(module).encode())
    for package in ("jieba", "opencc", "whoosh-reloaded"):
        digest.update(f"{package}={version(package)};".encode())
    digest.update(unicodedata.unidata_version.encode())
    return digest.hexdigest()
