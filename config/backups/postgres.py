"""Copies a PostgreSQL database by `pg_dump`, and makes one of such a copy by `pg_restore`."""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from config import migrating
from config.backups.databases import Columns, Contents
from config.backups.manifest import POSTGRESQL, BackupError, Manifest
from config.migrating import Migration

SESSIONS = "django_session"
_ENTRY = re.compile(r"\d+; \d+ \d+ (?P<kind>[A-Z ]+?) (?P<name>[^A-Z].*)")
KINDS = frozenset(
    (
        "TABLE",
        "TABLE DATA",
        "SEQUENCE",
        "SEQUENCE SET",
        "SEQUENCE OWNED BY",
        "DEFAULT",
        "CONSTRAINT",
        "FK CONSTRAINT",
        "INDEX",
    )
)
"""Entries of a dump that ours have: nothing that runs by itself."""


class PostgreSQL:
    """A site's database on a server (config/backups/databases)."""

    name = POSTGRESQL

    def __init__(self, alias: str) -> None:
        self._alias = alias

    def exists(self) -> bool:
        """Whether the database has any table. Raises BackupError when it does not answer."""
        with self._connected() as connection:
            return bool(connection.introspection.table_names())

    def copy(self, target: Path, columns: Columns) -> Contents:
        """Has pg_dump write a file, of the very state in which the rows are counted here.

        Not compressed: the zip does it, and what it will unpack to can be told before. Without the rows of sessions, so
        that nobody can log in with what a backup holds.
        """
        with self._snapshot() as (connection, snapshot):
            tables = sorted(connection.introspection.table_names())
            if not tables:
                raise BackupError("there is no table to back up: look at DATABASE_URL")
            self._run(
                "pg_dump",
                "--format=custom",
                "--compress=0",
                f"--snapshot={snapshot}",
                f"--exclude-table-data={SESSIONS}",
                *(f"--table={_quoted(table)}" for table in tables),
                f"--file={target}",
            )
            contents = Contents(
                _migrations(connection), _rows(connection, tables, SESSIONS), _texts(connection, columns)
            )
        _check_entries(target)
        self._run("pg_restore", "--file=/dev/null", str(target), connects=False)  # reads all of it
        return contents

    def texts(self, columns: Columns) -> set[str]:
        """Returns the texts of some columns."""
        with self._connected() as connection:
            return _texts(connection, columns)

    def check(self, file: Path, manifest: Manifest) -> None:
        """Raises BackupError when a dump has what ours have not, or is of a newer version of the code."""
        _check_entries(file)
        manifest.check_version(manifest.migrations)

    def put(self, file: Path, manifest: Manifest) -> None:
        """Restores the dump in one transaction, counts the rows, and brings them up to date.

        The database was empty: when anything fails it is made so again.
        """
        options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
        self._run("pg_restore", *options, str(file))
        try:
            self._check_rows(manifest)
            if migrating.pending(manifest.migrations):
                migrating.migrate()
        except BaseException:
            self._empty()
            raise

    def _check_rows(self, manifest: Manifest) -> None:
        with self._connected() as connection:
            rows = _rows(connection, connection.introspection.table_names())
            applied = _migrations(connection)
        if rows != manifest.rows or set(applied) != set(manifest.migrations):
            raise BackupError("holds other rows than it says: do not trust it")

    @contextmanager
    def _connected(self) -> Iterator[BaseDatabaseWrapper]:
        """Opens a connection of its own: the caller's may be in a transaction."""
        connection = connections[self._alias].copy()
        try:
            connection.ensure_connection()
            yield connection
        except DatabaseError as error:
            raise BackupError(f"the database does not answer: {' '.join(str(error).split())}") from error
        finally:
            connection.close()

    @contextmanager
    def _snapshot(self) -> Iterator[tuple[BaseDatabaseWrapper, str]]:
        """Holds one state of the database, and names it for other connections."""
        with self._connected() as connection, connection.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            yield connection, str(cursor.fetchone()[0])
            cursor.execute("COMMIT")

    def _run(self, program: str, *arguments: str, connects: bool = True) -> None:
        """Runs one of PostgreSQL's programs. The password is no argument, which others could read."""
        connection = connections[self._alias]
        to_server: list[str] = []
        environment: dict[str, str] | None = None
        if connects:
            found, environment = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
            to_server = [*found[1:-1], f"--dbname={found[-1]}"]
        try:
            done = subprocess.run(  # noqa: S603 - PostgreSQL's own, by the name
                [program, *to_server, *arguments],
                env={**os.environ, **(environment or {})},
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                check=False,
            )
        except FileNotFoundError as error:
            raise BackupError(
                f"{program} is not there: install the programs of PostgreSQL (Debian: postgresql-client)"
            ) from error
        if done.returncode:
            raise BackupError(
                f"{program} failed ({' '.join(done.stderr.split())[:400]}): look at the server, or make room"
            )

    def _empty(self) -> None:
        with self._connected() as connection, connection.cursor() as cursor:
            for table in connection.introspection.table_names():
                cursor.execute(f"DROP TABLE {_quoted(table)} CASCADE")


def _check_entries(file: Path) -> None:
    """Raises BackupError when a dump has an entry that none of ours has: a function, a trigger, an extension."""
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own
        ["pg_restore", "--list", str(file)],  # noqa: S607 - wherever it is
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise BackupError("holds a database that pg_restore can not read: take another backup")
    for line in done.stdout.splitlines():
        if line.startswith(";") or not line.strip():
            continue
        entry = _ENTRY.fullmatch(line)
        if entry is None or entry["kind"] not in KINDS:
            raise BackupError(f"holds a database with {line!r}, which ours has not: do not trust it")


def _migrations(connection: BaseDatabaseWrapper) -> list[Migration]:
    return sorted(MigrationRecorder(connection).applied_migrations())


def _rows(connection: BaseDatabaseWrapper, tables: list[str], *without: str) -> dict[str, int]:
    """Returns the number of rows of each table; zero of those whose rows are left out."""
    found: Counter[str] = Counter(dict.fromkeys(without, 0))
    with connection.cursor() as cursor:
        for table in tables:
            if table not in without:
                cursor.execute(f"SELECT count(*) FROM {_quoted(table)}")  # noqa: S608 - quoted
                found[table] = int(cursor.fetchone()[0])
    return dict(sorted(found.items()))


def _texts(connection: BaseDatabaseWrapper, columns: Columns) -> set[str]:
    found: set[str] = set()
    with connection.cursor() as cursor:
        for table, column in columns:
            cursor.execute(f"SELECT DISTINCT {_quoted(column)} FROM {_quoted(table)}")  # noqa: S608 - names of our models
            found |= {str(value) for (value,) in cursor.fetchall() if value}
    return found


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
