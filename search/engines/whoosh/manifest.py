"""What a generation of the index holds, in `manifest.json`: its files with their sizes and checksums.

The manifest is what makes a commit: what it does not name is not there, whatever lies in the folder. Whoosh has no
fsync and no checksums of its own, so a file counts only as the manifest describes it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from archive.atomic import replace_text

MANIFEST = "manifest.json"


class Entry(NamedTuple):
    """A file as it was when it was committed."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The state of a generation after one commit."""

    version: str
    """Of the code that cut its words, and of the schema (search.engines.whoosh.generations.VERSION)."""
    built_at: str
    documents: int
    """Articles and issues in it, those left out that a later commit replaced or took out."""
    commit: int
    """The number of Whoosh's table of contents that belongs to it."""
    position: dict[str, Any]
    """How far it follows the outbox (search.engines.position), for who writes it."""
    files: Mapping[str, Entry] = field(repr=False)
    issues: int = 0
    """How many of the documents are issues."""

    @classmethod
    def read(cls, generation: Path) -> Manifest:
        """Reads a generation's manifest. Raises OSError when there is none, ValueError when it is damaged."""
        try:
            data = json.loads((generation / MANIFEST).read_text(encoding="utf-8"))
            if data.pop("sha256") != _sum_of(data):
                raise ValueError(f"{MANIFEST} is not as it was written")
            files = {
                str(name): Entry(int(size), str(sum_)) for name, (size, sum_) in data.pop("files").items()
            }
            return cls(**data, files=files)
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"{MANIFEST} is none: {error!r}") from error

    def write(self, generation: Path) -> None:
        """Makes it the generation's manifest, in one rename, once it is on the disk."""
        data = {**asdict(self), "files": dict(self.files)}
        replace_text(generation / MANIFEST, json.dumps({**data, "sha256": _sum_of(data)}, indent=1))

    def changed(self, generation: Path, names: Iterable[str] | None = None) -> list[str]:
        """The files (of `names`, or all) whose content is not what was committed. Reads them whole."""
        return [
            name
            for name in (self.files if names is None else names)
            if not _is_as_committed(generation / name, self.files[name])
        ]


def _sum_of(data: dict[str, Any]) -> str:
    """One changed bit of the position or the commit would lead another way, and still be JSON."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def entries_of(generation: Path, names: Iterable[str], known: Mapping[str, Entry]) -> dict[str, Entry]:
    """Brings files to the disk for good, and returns their sizes and checksums. `known` files never change."""
    names = list(names)
    new = [name for name in names if name not in known]
    with ThreadPoolExecutor(8) as pool:  # a disk syncs many files in little more time than one
        entries = {
            **known,
            **dict(zip(new, pool.map(_sync_and_sum, [generation / name for name in new]), strict=True)),
        }
    return {name: entries[name] for name in names}


def _sync_and_sum(path: Path) -> Entry:
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return Entry(os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _is_as_committed(path: Path, entry: Entry) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256
    except OSError:
        return False
