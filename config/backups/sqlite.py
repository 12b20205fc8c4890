"""Copies, checks and counts the file of an SQLite database, while others may be writing it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from archive.atomic import sync_folder
from config import migrating
from config.backups.databases import Columns, Contents
from config.backups.manifest import SQLITE, BackupError, Manifest


class SQLite:
    """A site's database in a file (config/backups/databases)."""

    name = SQLITE

    def __init__(self, path: Path) -> None:
        self._path = path

    def exists(self) -> bool:
        """Whether there is a file."""
        return self._path.exists()

    def copy(self, target: Path, columns: Columns) -> Contents:
        """Copies the last committed state, without its sessions.

        SQLite's own backup reads in one transaction; a copy of the file would miss or tear what is still in the
        write-ahead log. Sessions are deleted, and VACUUM removes them from free pages, so that nobody can log in with
        what a backup holds.
        """
        if not self.exists():
            raise BackupError(f"{self._path}: there is no database to back up. Look at XWK_DATA_DIR.")
        try:
            with reading(self._path) as original, closing(sqlite3.connect(target)) as database:
                original.backup(database)
                database.execute("PRAGMA journal_mode=DELETE")  # one file
                with database:
                    database.execute("DELETE FROM django_session")
                database.execute("VACUUM")
        except sqlite3.Error as error:
            raise BackupError(
                f"{self._path} can not be copied to {target.parent} ({error}): make room, or look at the disk"
            ) from error
        with opened(target) as copied:
            check(copied)
            return Contents(migrations(copied), rows(copied), _texts(copied, columns))

    def texts(self, columns: Columns) -> set[str]:
        """Returns the texts of some columns."""
        with reading(self._path) as database:
            return _texts(database, columns)

    def check(self, file: Path, manifest: Manifest) -> None:
        """Raises BackupError when a file is damaged, holds what ours has not, or is of a newer version of the code."""
        with opened(file) as database:
            check(database)
            if rows(database) != manifest.rows:
                raise BackupError("holds another number of rows than it says: do not trust it")
            manifest.check_version(migrations(database))

    def put(self, file: Path, manifest: Manifest) -> None:
        """Brings the file up to date, and moves it to its place."""
        with opened(file) as database:
            is_old = bool(migrating.pending(migrations(database)))
        if is_old:
            migrating.migrate(f"sqlite:///{file}", str(file.parent))
        if any(file.with_name(f"{file.name}{leftover}").exists() for leftover in ("-wal", "-shm")):
            raise BackupError("left its database open: run `manage.py restore` again")
        os.rename(file, self._path)
        sync_folder(self._path.parent)


def reading(path: Path) -> closing[sqlite3.Connection]:
    """Opens the site's database for reading, while others may be writing it."""
    return closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=20))


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Opens the database of a backup without running anything in its schema. Raises BackupError when it is none."""
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as database:
            database.execute("PRAGMA trusted_schema=OFF")
            database.execute("PRAGMA cell_size_check=ON")
            yield database
    except sqlite3.DatabaseError as error:
        raise BackupError(f"holds a database that can not be read ({error}): take another backup") from error


def check(database: sqlite3.Connection) -> None:
    """Raises BackupError when a database is damaged, or holds anything but tables and indexes."""
    damage = database.execute("PRAGMA integrity_check(3)").fetchall()
    if damage != [("ok",)]:
        said = "; ".join(str(row[0]) for row in damage)
        raise BackupError(f"holds a damaged database ({said}): take another backup")
    odd = database.execute(
        "SELECT type, name FROM sqlite_master WHERE type NOT IN ('table', 'index') OR sql LIKE 'CREATE VIRTUAL%'"
    ).fetchone()
    if odd:
        raise BackupError(
            f"holds a database with the {odd[0]} {odd[1]!r}, which ours has not: do not trust it"
        )


def rows(database: sqlite3.Connection) -> dict[str, int]:
    """Returns the number of rows of each table."""
    found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    tables = [name for (name,) in found if not name.startswith("sqlite_") and '"' not in name]
    return {
        table: int(database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608 - checked names
        for table in tables
    }


def migrations(database: sqlite3.Connection) -> list[tuple[str, str]]:
    """Returns app and name of each applied migration."""
    return [
        (str(app), str(name))
        for app, name in database.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    ]


def _texts(database: sqlite3.Connection, columns: Columns) -> set[str]:
    """Returns the distinct texts in some columns, without the empty one."""
    found = set()
    for table, column in columns:
        rows = database.execute(f'SELECT DISTINCT "{column}" FROM "{table}"')  # noqa: S608 - names of our models
        found |= {str(value) for (value,) in rows if value}
    return found
