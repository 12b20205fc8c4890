"""Where a model is kept: a folder of arrays in the data directory, which every process of this machine maps.

    meaning/CURRENT       the name of the model that answers
    meaning/<name>/       its arrays; the name says what it was made of

A model goes live whole, by one rename of CURRENT. Who still reads the one before keeps its files open.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
from dataclasses import fields
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from django.conf import settings

from archive.atomic import replace_text, sync_folder
from search.meaning.lsa import Space

logger = logging.getLogger(__name__)

CURRENT = "CURRENT"


def folder() -> Path:
    """Returns where this data directory's models are."""
    return Path(settings.DATA_DIR) / "meaning"


def current_name() -> str:
    """Returns the name of the model that answers; empty without one."""
    try:
        name = (folder() / CURRENT).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
    return name if name.isalnum() else ""


def save(name: str, space: Space) -> None:
    """Makes a model the one that answers, and removes the others."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = Path(mkdtemp(suffix=".new", dir=folder()))
    for field in fields(space):
        with (draft / f"{field.name}.npy").open("wb") as file:
            np.save(file, getattr(space, field.name), allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
    sync_folder(draft)
    shutil.rmtree(folder() / name, ignore_errors=True)  # a damaged one of the same name
    draft.rename(folder() / name)
    replace_text(folder() / CURRENT, name)
    for path in folder().iterdir():  # older ones, and what killed processes left
        if path.is_dir() and path.name != name:
            shutil.rmtree(path)


def load(name: str) -> Space | None:
    """Opens a model; None when there is none of that name, or it is damaged."""
    path = folder() / name
    if not name or not path.is_dir():
        return None
    try:
        space = Space(
            **{
                field.name: np.load(path / f"{field.name}.npy", mmap_mode="r", allow_pickle=False)
                for field in fields(Space)
            }
        )
        space.check()
    except (OSError, ValueError, EOFError) as error:
        logger.warning("no guesses by meaning: the model in %s can not be read (%s)", path, error)
        return None
    return space


class Latest:
    """The model that answers, opened once for each name. Threads can share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._name = ""
        self._space: Space | None = None

    def get(self) -> Space | None:
        """Returns the model; None without one."""
        name = current_name()
        with self._lock:
            if name != self._name:
                self._name, self._space = name, load(name)
            return self._space
