"""Figures in a folder of this machine."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage

from archive.atomic import sync_folder

_ON_ANOTHER_DISK = (errno.EXDEV, errno.EBUSY)
"""What renaming says to such a folder; the second when the disk is mounted at that very place."""


class FolderMedia(FileSystemStorage):
    """A `Media` in a folder, MEDIA_ROOT when none is named. A file is there whole, on the disk, or not at all."""

    @property
    def folder(self) -> Path:
        return Path(self.location)

    def __str__(self) -> str:
        return str(self.folder)

    def names(self) -> Iterator[str]:
        for place, folders, files in os.walk(self.folder):
            folders.sort()
            for name in sorted(files):
                path = Path(place) / name
                with suppress(FileNotFoundError):  # deleted since the folder was read
                    if not name.startswith(".") and stat.S_ISREG(path.lstat().st_mode):
                        yield path.relative_to(self.folder).as_posix()

    def adopt(self, files: Path) -> Callable[[], None]:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.rename(files, self.folder)
        except OSError as error:
            if error.errno not in _ON_ANOTHER_DISK:
                raise
            if any(self.names()):
                raise FileExistsError(f"{self.folder} is not empty") from None
            try:
                shutil.copytree(files, self.folder, dirs_exist_ok=True)
            except BaseException:
                self._empty()
                raise
            return self._empty
        sync_folder(self.folder.parent)
        return lambda: os.rename(self.folder, files)

    def _empty(self) -> None:
        """Deletes all of it, but the folder itself where a disk is mounted there."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def problem(self) -> str:
        nearest = next(path for path in (self.folder, *self.folder.parents) if path.exists())
        if not os.access(nearest, os.W_OK | os.X_OK):
            return f"{self.folder} can not be written: give it to the user of the site"
        return ""

    def _save(self, name: str, content: Any) -> str:
        """Writes beside its place: what a killed process leaves is no file with a figure's name."""
        beside = str(Path(name).with_name(f".{uuid.uuid4().hex}"))
        draft = Path(self.path(beside))
        try:
            super()._save(beside, content)  # type: ignore[misc]
            with draft.open("rb") as file:
                os.fsync(file.fileno())
            while True:
                try:
                    _put(draft, self.path(name))
                    break
                except FileExistsError:
                    name = self.get_available_name(name)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(draft.parent)
        return name


def _put(draft: Path, place: str) -> None:
    """Gives a file its name. Raises FileExistsError when another has it."""
    try:
        os.link(draft, place)
    except PermissionError:  # a disk that knows no links
        if os.path.lexists(place):
            raise FileExistsError(errno.EEXIST, "is there", place) from None
        os.rename(draft, place)
