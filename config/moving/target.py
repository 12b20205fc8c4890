"""The database that an archive moves to: empty, begun by an earlier run, or somebody's.

The table `xinwenku_move` stands in it from the first step to the last: it says which tables are there whole, with
their numbers of rows and hashes. So a move that was broken off goes on, and a database without it is never touched.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit, urlunsplit

import dj_database_url
from django.core.management.color import no_style
from django.db import DatabaseError, OperationalError, connections
from django.db.migrations.recorder import MigrationRecorder

from config import migrating
from config.moving.tables import Digest, models_in_order

STATE = "xinwenku_move"
REHEARSAL = "xinwenku_rehearsal"
"""The schema that a rehearsal moves into, and removes."""
_BEGUN, _PREPARED = "begun", "prepared"
"""Rows of the state that are no tables."""


class MoveError(Exception):
    """An archive that can not be moved: what, where, and the remedy."""


class Target:
    """A PostgreSQL database by its address, under an alias of Django's."""

    def __init__(self, url: str, alias: str = "target", schema: str = "") -> None:
        """Opens it; with `schema`, all that is said of the database is said of that schema.

        Raises MoveError when it is no address of a PostgreSQL, or does not answer.
        """
        self.url = _in_schema(url, schema) if schema else url
        self.alias = alias
        try:
            found = dict(dj_database_url.parse(self.url))
        except ValueError as error:
            raise MoveError(
                "this is no address of a database: postgres://user:password@host:5432/name"
            ) from error
        if found["ENGINE"] != "django.db.backends.postgresql":
            raise MoveError("an archive moves to PostgreSQL only: postgres://user:password@host:5432/name")
        connections.databases[alias] = found
        connections.configure_settings(connections.databases)
        try:
            connections[alias].ensure_connection()
        except OperationalError as error:
            self.close()
            said = " ".join(str(error).split())
            raise MoveError(
                f"the target does not answer ({said}): look at host, port, name and password"
            ) from error

    def close(self) -> None:
        """Ends the connection, and forgets the alias."""
        connections[self.alias].close()
        del connections[self.alias], connections.databases[self.alias]

    def prepare(self) -> None:
        """Makes the tables, empty, unless an earlier run did.

        Raises MoveError when something else is in the database, or what was begun is of another version.
        """
        tables = connections[self.alias].introspection.table_names()
        if tables and STATE not in tables:
            listed = ", ".join(sorted(tables)[:3])
            raise MoveError(
                f"the target is not empty (it holds {len(tables)} tables: {listed} …): "
                "name a new database, made by `createdb`"
            )
        if not tables:
            self._do(f"CREATE TABLE {STATE} (name text PRIMARY KEY, rows bigint, sha256 text)")
            self.note(_BEGUN, Digest())
        if _PREPARED in self.noted():
            self._check_version()
            return
        self._migrate()
        # What migrating put in (content types, permissions, groups) has other ids than in the source.
        quoted = map(connections[self.alias].ops.quote_name, (m._meta.db_table for m in models_in_order()))
        self._do(f"TRUNCATE {', '.join(quoted)}")
        self.note(_PREPARED, Digest())

    def noted(self) -> dict[str, tuple[int, str]]:
        """Returns rows and hash of each table that is there whole."""
        with connections[self.alias].cursor() as cursor:
            cursor.execute(f"SELECT name, rows, sha256 FROM {STATE}")  # noqa: S608 - a name of ours
            return {name: (rows, sha256) for name, rows, sha256 in cursor.fetchall()}

    def note(self, name: str, found: Digest) -> None:
        """Notes that a table is there whole. Runs in the caller's transaction."""
        with connections[self.alias].cursor() as cursor:
            cursor.execute(f"INSERT INTO {STATE} VALUES (%s, %s, %s)", [name, found.rows, found.sha256])  # noqa: S608

    def finish(self) -> None:
        """Has sequences go on after the ids that are there, and ends the move."""
        self._do(
            *connections[self.alias].ops.sequence_reset_sql(no_style(), models_in_order()),
            f"DROP TABLE {STATE}",
        )

    def _do(self, *statements: str) -> None:
        with connections[self.alias].cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def _check_version(self) -> None:
        if pending_or_unknown(self.alias):
            raise MoveError(
                "the target was begun by another version of this code: drop that database, make it anew, and begin "
                "again"
            )

    def _migrate(self) -> None:
        try:
            migrating.migrate(self.url)
        except migrating.MigratingError as error:
            raise MoveError(f"the tables can not be made: {error}") from error


class Rehearsal(Target):
    """A schema of its own in the target database, which is removed at the end."""

    def __init__(self, url: str) -> None:
        self._whole = Target(url, "whole")
        self._drop()
        try:
            self._whole._do(f"CREATE SCHEMA {REHEARSAL}")
        except DatabaseError as error:
            self._whole.close()
            raise MoveError(
                f"the rehearsal needs a schema of its own in the target: {error}".strip()
            ) from error
        super().__init__(url, schema=REHEARSAL)

    def close(self) -> None:
        super().close()
        self._drop()
        self._whole.close()

    def prepare(self) -> None:
        """Asks the database itself first, as the move will."""
        tables = connections[self._whole.alias].introspection.table_names()
        if tables:
            raise MoveError(f"the target is not empty (it holds {len(tables)} tables): name a new database")
        super().prepare()

    def _drop(self) -> None:
        self._whole._do(f"DROP SCHEMA IF EXISTS {REHEARSAL} CASCADE")


def pending_or_unknown(alias: str) -> str:
    """Names a migration that a database lacks, or that this code does not know; empty when they agree."""
    applied = set(MigrationRecorder(connections[alias]).applied_migrations())
    odd = migrating.pending(applied) + migrating.unknown(applied)
    return ".".join(odd[0]) if odd else ""


def _in_schema(url: str, schema: str) -> str:
    parts = urlsplit(url)
    more = f"options={quote(f'-c search_path={schema}')}"
    return urlunsplit(parts._replace(query=f"{parts.query}&{more}" if parts.query else more))
