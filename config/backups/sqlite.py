"""Copies, checks and counts the file of an SQLite database, while others may be writing it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from config.backups.manifest import BackupError


def copy(source: Path, target: Path) -> None:
    """Copies the last committed state of `source`, without its sessions.

    SQLite's own backup reads in one transaction; a copy of the file would miss or tear what is still in the
    write-ahead log. Sessions are deleted, and VACUUM removes them from free pages, so that nobody can log in with
    what a backup holds.
    """
    try:
        with reading(source) as original, closing(sqlite3.connect(target)) as database:
            original.backup(database)
            database.execute("PRAGMA journal_mode=DELETE")  # one file
            with database:
                database.execute("DELETE FROM django_session")
            database.execute("VACUUM")
    except sqlite3.Error as error:
        raise BackupError(
            f"{source} can not be copied to {target.parent} ({error}): make room, or look at the disk"
        ) from error


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


def texts(database: sqlite3.Connection, table: str, column: str) -> set[str]:
    """Returns the distinct texts in a column, without the empty one."""
    found = database.execute(f'SELECT DISTINCT "{column}" FROM "{table}"')  # noqa: S608 - names of our models
    return {str(value) for (value,) in found if value}
