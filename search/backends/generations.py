"""Generations of the index on disk: each a directory of its own, one of them live (DESIGN §6).

    index/
        CURRENT              the name of the live generation
        20250321-101500-3f/  Whoosh's files and manifest.json

A rebuild fills a new generation beside the live one; moving the pointer is one atomic rename.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import secrets
import shutil
import time
import unicodedata
from functools import cache
from importlib.metadata import version
from pathlib import Path

from archive import body
from glossary import folding, matching
from search import analysis, quantities, search_indexes
from search.backends import schema

POINTER = "CURRENT"
MANIFEST = "manifest.json"


class IndexUnavailable(Exception):
    """No generation can answer: none was built, or the live one was built by other code."""


class Generations:
    """The generations below one directory."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def lock_path(self) -> Path:
        """The file that a writer of the index holds locked."""
        self._make_root()
        return self.root / "write.lock"

    @property
    def is_empty(self) -> bool:
        """Whether there never was a live generation here."""
        return not (self.root / POINTER).exists()

    def current(self) -> Path:
        """Returns the live generation.

        Raises IndexUnavailable when there is none, or when its words were cut by other code or another
        dictionary than ours: it would answer, and silently miss.
        """
        try:
            name = (self.root / POINTER).read_text(encoding="ascii").strip()
            manifest = json.loads((self.root / name / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise IndexUnavailable("there is no search index yet: run `manage.py rebuild_index`") from error
        if manifest.get("fingerprint") != fingerprint():
            raise IndexUnavailable(
                "the search index was built by another version: run `manage.py rebuild_index`"
            )
        return self.root / name

    def new(self) -> Path:
        """Makes an empty directory for a generation that is not live yet."""
        self._make_root()
        path = self.root / f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
        path.mkdir(mode=0o700)
        return path

    def activate(self, generation: Path) -> None:
        """Makes `generation` the live one and removes the others.

        Processes that still read an old generation keep it: its files are open, and gone only when closed.
        """
        manifest = {"fingerprint": fingerprint(), "built_at": time.strftime("%Y-%m-%dT%H:%M:%S%z")}
        (generation / MANIFEST).write_text(json.dumps(manifest, indent=2), encoding="utf-8")
        draft = self.root / f"{POINTER}.{generation.name}"
        draft.write_text(generation.name, encoding="ascii")
        os.replace(draft, self.root / POINTER)
        for path in self.root.iterdir():
            if path.is_dir() and path != generation:
                shutil.rmtree(path)

    def _make_root(self) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)


@cache
def fingerprint() -> str:
    """Returns a hash of everything that changes what is in an index: code, schema, libraries, Unicode."""
    digest = hashlib.sha256()
    for module in (body, folding, matching, quantities, analysis, search_indexes, schema):
        digest.update(inspect.getsource(module).encode())
    for package in ("rjieba", "opencc", "whoosh-reloaded"):
        digest.update(f"{package}={version(package)};".encode())
    digest.update(unicodedata.unidata_version.encode())
    return digest.hexdigest()
