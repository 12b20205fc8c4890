"""Locks for an index that several hosts share: in the database that they share, too.

On PostgreSQL they are advisory locks, which end with the connection of who held them. SQLite serves one machine alone,
so there a file does.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from filelock import FileLock, Timeout

PAUSE_SECONDS = 0.05


class SharedLocks:
    """Locks by name, of one owner: an index."""

    def __init__(self, owner: str) -> None:
        self._owner = owner

    @contextmanager
    def hold(self, name: str, wait_seconds: float) -> Iterator[None]:
        """Holds a lock. Raises TimeoutError when it is not free in time."""
        if connection.vendor != "postgresql":
            with FileLock(self._file(name), timeout=wait_seconds):
                yield
            return
        # A connection of its own: Django closes those of requests and tasks between two of them.
        own = connections.create_connection(DEFAULT_DB_ALIAS)
        try:
            deadline = time.monotonic() + wait_seconds
            while not self._is_taken(own, name):
                if time.monotonic() >= deadline:
                    raise TimeoutError(f"{self._owner}: somebody else holds the lock {name!r}")
                time.sleep(PAUSE_SECONDS)
            yield
        finally:
            with (
                suppress(DatabaseError),
                own.cursor() as cursor,
            ):  # at once: a closed connection ends a moment later
                cursor.execute("SELECT pg_advisory_unlock_all()")
            own.close()

    def is_held(self, name: str) -> bool:
        """Returns whether anybody holds a lock."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 "
                    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
                    "AND (classid::bigint << 32) + objid::bigint = %s",
                    [self._number(name)],
                )
                return bool(cursor.fetchone()[0])
        try:
            with FileLock(self._file(name), blocking=False):
                return False
        except Timeout:
            return True

    def _is_taken(self, own: BaseDatabaseWrapper, name: str) -> bool:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [self._number(name)])
            return bool(cursor.fetchone()[0])

    def _number(self, name: str) -> int:
        """A positive number of 63 bits, the same on every host."""
        return int.from_bytes(hashlib.sha256(f"{self._owner} {name}".encode()).digest()[:8]) >> 1

    def _file(self, name: str) -> Path:
        folder: Path = settings.DATA_DIR / "locks"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder / f"{self._owner}.{name}.lock"
