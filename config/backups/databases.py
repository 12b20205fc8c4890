"""What a backup asks of a database: the protocol that `sqlite.SQLite` and `postgres.PostgreSQL` answer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, Protocol

from django.conf import settings

from config.backups.manifest import Manifest
from config.migrating import Migration

Columns = Iterable[tuple[str, str]]
"""Tables and columns."""


class Contents(NamedTuple):
    """What a copy of a database holds."""

    migrations: list[Migration]
    rows: dict[str, int]
    """The number of rows of each table."""
    texts: set[str]
    """All texts of the columns that were asked for."""


class Database(Protocol):
    """A site's database. Each method raises BackupError: what, where, and the remedy."""

    name: str
    """Of its file in a backup."""

    def exists(self) -> bool:
        """Whether anything is there: tables of whomever, or a file."""

    def copy(self, target: Path, columns: Columns) -> Contents:
        """Writes one committed state, without its sessions, to the new file `target`, while others may be writing."""

    def texts(self, columns: Columns) -> set[str]:
        """Returns the texts of some columns as they are now."""

    def check(self, file: Path, manifest: Manifest) -> None:
        """Checks a file that `copy` may have written, before anything is at its place."""

    def put(self, file: Path, manifest: Manifest) -> None:
        """Makes the file the site's database, of this code's version; when it fails, there is none, as before.

        Raises config.migrating.MigratingError, too.
        """


def site_database() -> Database:
    """Returns the database that the settings name."""
    from config.backups.postgres import PostgreSQL
    from config.backups.sqlite import SQLite

    configured = settings.DATABASES["default"]
    if configured["ENGINE"] == "django.db.backends.sqlite3":
        return SQLite(Path(configured["NAME"]))
    return PostgreSQL("default")
