"""The manifest of a backup: which files it holds, with sizes and checksums.

FILE.zip ─ db.sqlite3 or db.dump, media/…, manifest.json: size and SHA-256 of each file, number of rows of each table.

Nothing else is in a backup: not the index, because Whoosh's files hold pickles and who can write them can run code in
the site, and not the secret key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from pydantic import TypeAdapter

from config import migrating

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE = "db.sqlite3"
POSTGRESQL = "db.dump"
DATABASES = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}
"""Names of the file with the database, and what wrote it."""
MEDIA = "media"
_PART = r"(?!\.{1,2}(?:/|\Z))[^/\\:\x00-\x1f\x7f]+"
_NAME = re.compile(rf"{'|'.join(map(re.escape, DATABASES))}|{MEDIA}(?:/{_PART})+")


class BackupError(Exception):
    """A backup that can not be made or restored: what, where, and the remedy."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of a backup."""

    created_at: str
    version: str
    """The version of the code that made it."""
    migrations: tuple[tuple[str, str], ...]
    """App and name of each applied migration."""
    rows: dict[str, int]
    """The number of rows of each table."""
    members: tuple[Member, ...]
    missing: tuple[str, ...] = ()
    """Media files that the database names but that were missing when the backup was made."""

    @property
    def database(self) -> str:
        """The name of the file with the database."""
        return next(member.name for member in self.members if member.name in DATABASES)

    def check_version(self, applied: Iterable[tuple[str, str]]) -> None:
        """Raises BackupError when a database has migrations that this code does not know."""
        if unknown := migrating.unknown(applied):
            app, name = unknown[0]
            raise BackupError(
                f"was made by version {self.version}, with the migration {app}.{name} that this code does not "
                "know: install that version or a later one, then restore"
            )

    def to_json(self) -> bytes:
        content = {"format": FORMAT, "application": "xinwenku", **asdict(self)}
        return json.dumps(content, ensure_ascii=False, indent=1).encode()

    @staticmethod
    def from_json(content: bytes) -> Manifest:
        """Reads what `to_json` wrote. Raises BackupError for anything else."""
        try:
            data = json.loads(content)
            if data["application"] == "xinwenku" and data["format"] == FORMAT:
                manifest = _MANIFEST.validate_python(data)
            else:
                raise BackupError(
                    f"is of format {data['format']} by {data['application']}, and this version reads {FORMAT}: "
                    f"restore it with version {data['version']}"
                )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BackupError(f"has no readable {MANIFEST}: it is no backup of this application") from error
        check_names(member.name for member in manifest.members)
        return manifest


_MANIFEST = TypeAdapter(Manifest)


def check_names(names: Iterable[str]) -> None:
    """Raises BackupError for a name that is neither the database nor below media/, and for what occurs twice.

    >>> check_names(["db.sqlite3", "media/figures/ab/ab12.png"])
    >>> check_names(["media/../secret_key"])
    Traceback (most recent call last):
        ...
    config.backups.manifest.BackupError: holds 'media/../secret_key', which no backup has: do not trust it
    """
    seen: set[str] = set()
    for name in names:
        if not _NAME.fullmatch(name):
            raise BackupError(f"holds {name!r}, which no backup has: do not trust it")
        if name in seen:
            raise BackupError(f"holds {name!r} twice: do not trust it")
        seen.add(name)
    if len(seen & DATABASES.keys()) != 1:
        raise BackupError("holds no database, or two: it is no backup of this application")
