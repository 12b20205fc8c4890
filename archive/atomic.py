"""Files that are whole or not there: written beside their place, brought to the disk, then moved into it. Pure."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

_DRAFT = ".new"


@contextmanager
def replacing(path: Path) -> Iterator[IO[str]]:
    """A text file that takes the place of `path` once it is complete. Only its owner may read it.

    Whoever reads `path` gets the old file or the new one, whatever fails in between. What a killed process leaves
    beside it is named `<name>.….new` (`remove_drafts`).
    """
    draft = NamedTemporaryFile(  # noqa: SIM115 - closed before it is renamed
        "w",
        dir=path.parent,
        prefix=f"{path.name}.",
        suffix=_DRAFT,
        delete=False,
        encoding="utf-8",
        newline="\n",
    )
    try:
        with draft:
            yield draft.file
            draft.flush()
            os.fsync(draft.fileno())
        os.replace(draft.name, path)
    except BaseException:
        os.unlink(draft.name)
        raise
    sync_folder(path.parent)


def replace_text(path: Path, text: str) -> None:
    """Writes `text` to `path`, where at any moment the old file or the new one is, whole."""
    with replacing(path) as file:
        file.write(text)


def remove_drafts(path: Path) -> None:
    """Removes what killed processes left beside `path`. Only for who alone writes it."""
    for draft in path.parent.glob(f"{path.name}.*{_DRAFT}"):
        draft.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Brings the names in a folder to the disk for good."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
