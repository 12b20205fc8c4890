"""What the site asks of the place where figures are kept, beside what Django asks of every storage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.module_loading import import_string

from config.media.address import configured


class Media(Protocol):
    """A store of files that never change: a figure's name says what is in it. Raises archive.media.MediaUnavailable."""

    folder: Path | None
    """Where it keeps them on this machine, if it does."""

    def __str__(self) -> str:
        """Returns where it is, without keys."""

    def names(self) -> Iterator[str]:
        """Yields the name of each file, in order. Those that come or go meanwhile may be among them or not."""

    def open(self, name: str, mode: str = "rb") -> File[Any]:
        """Opens a file. Raises FileNotFoundError when it is not there."""

    def exists(self, name: str) -> bool:
        """Whether a file of that name is there."""

    def save(self, name: str, content: File[Any]) -> str:
        """Stores a file whole or not at all. Returns its name."""

    def delete(self, name: str) -> None:
        """Deletes a file, if it is there."""

    def adopt(self, files: Path) -> Callable[[], None]:
        """Takes all files below a folder over, and returns what takes that back. Raises FileExistsError.

        When it raises, everything is as it was. The folder is moved where that can be done.
        """

    def problem(self) -> str:
        """Asks the store, and returns what is wrong and what to do; empty when all is well."""


def site_media() -> Media:
    """Returns where this site keeps its figures."""
    return cast(Media, default_storage)


def media_at(url: str) -> Media:
    """Returns the store that a URL names. Raises ImproperlyConfigured."""
    root, storage = configured(url, settings.DATA_DIR / "media")
    options = dict(storage.get("OPTIONS", {}))
    if url and "OPTIONS" not in storage:
        options["location"] = root
    return cast(Media, import_string(storage["BACKEND"])(**options))
