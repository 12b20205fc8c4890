"""A cache that all processes of this machine share, in a small SQLite file of its own in the data directory.

What is counted here is worth nothing after a crash, so nothing is synced to the disk: a count costs some 20 µs, and
never waits for the archive's own database. Django's cache in the database would sync every count, and adds by reading
and writing apart, so that two processes lose counts. Several machines set CACHE_URL, and share Redis instead.
"""

from __future__ import annotations

import os
import pickle
import sqlite3
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

_TABLE = """
CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value, expires REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entries_by_expiry ON entries (expires);
"""
_FOREVER = 9e18
CULL_EVERY = 1000
"""Writes of a process between two looks at what is too old, or too much."""


class SharedFileCache(BaseCache):
    """Django's cache in a file. `LOCATION` is its path; `OPTIONS["MAX_ENTRIES"]` goes before it is twice as many.

    Numbers are stored as they are, so that `incr` is one statement; everything else is pickled. Raises sqlite3.Error
    when the disk is full or the file is locked for a second; a damaged file is made anew.
    """

    def __init__(self, path: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._path = Path(path)
        self._connections = threading.local()
        self._writes = 0

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        name, now = self.make_and_validate_key(key, version=version), time.time()
        row = (name, _stored(value), self._expires(timeout), now)
        return bool(
            self._write(
                "INSERT INTO entries VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE "
                "SET value = ?2, expires = ?3 WHERE expires <= ?4",
                row,
            )
        )

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        name = self.make_and_validate_key(key, version=version)
        row = (name, _stored(value), self._expires(timeout))
        self._write("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", row)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self.get_many([key], version).get(key, default)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        names = {self.make_and_validate_key(key, version=version): key for key in keys}
        marks = ",".join("?" * len(names))
        rows = self._execute(
            f"SELECT key, value FROM entries WHERE key IN ({marks}) AND expires > ?",  # noqa: S608 - question marks
            (*names, time.time()),
        ).fetchall()
        return {names[name]: _read(value) for name, value in rows}

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        name = self.make_and_validate_key(key, version=version)
        row = (self._expires(timeout), name, time.time())
        return bool(self._write("UPDATE entries SET expires = ? WHERE key = ? AND expires > ?", row))

    def delete(self, key: str, version: int | None = None) -> bool:
        name = self.make_and_validate_key(key, version=version)
        return bool(self._write("DELETE FROM entries WHERE key = ? AND expires > ?", (name, time.time())))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        name = self.make_and_validate_key(key, version=version)
        row = self._execute(
            "UPDATE entries SET value = value + ? WHERE key = ? AND expires > ? AND typeof(value) = 'integer' "
            "RETURNING value",
            (delta, name, time.time()),
        ).fetchone()
        if row is None:
            raise ValueError(f"Key {key!r} not found, or no number")
        return int(row[0])

    def clear(self) -> None:
        self._write("DELETE FROM entries", ())

    def _expires(self, timeout: Any) -> float:
        expires = self.get_backend_timeout(timeout)
        return _FOREVER if expires is None else expires

    def _write(self, statement: str, row: tuple[Any, ...]) -> int:
        changed = self._execute(statement, row).rowcount
        self._writes += 1
        if self._writes % CULL_EVERY == 0:
            self._cull()
        return changed

    def _cull(self) -> None:
        """Deletes what has expired, and of what is left beyond the limit what would expire first."""
        self._execute("DELETE FROM entries WHERE expires <= ?", (time.time(),))
        [(count,)] = self._execute("SELECT count(*) FROM entries", ()).fetchall()
        if count > self._max_entries:
            self._execute(
                "DELETE FROM entries WHERE key IN (SELECT key FROM entries ORDER BY expires LIMIT ?)",
                (count - self._max_entries,),
            )

    def _execute(self, statement: str, row: tuple[Any, ...]) -> sqlite3.Cursor:
        try:
            return self._connection().execute(statement, row)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (
                sqlite3.SQLITE_CORRUPT,
                sqlite3.SQLITE_NOTADB,
            ):
                raise
        self._remove()
        return self._connection().execute(statement, row)

    def _connection(self) -> sqlite3.Connection:
        """This thread's connection; another one after a fork, which SQLite's do not survive."""
        kept: tuple[int, sqlite3.Connection] | None = getattr(self._connections, "kept", None)
        if kept and kept[0] == os.getpid():
            return kept[1]
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=1, isolation_level=None)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(_TABLE)
        self._connections.kept = (os.getpid(), connection)
        return connection

    def _remove(self) -> None:
        self._connections.kept = None
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                self._path.with_name(self._path.name + suffix).unlink()


def _stored(value: Any) -> int | bytes:
    return value if type(value) is int else pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def _read(value: int | bytes) -> Any:
    # The file is in the data directory, which only the site itself may write.
    return value if isinstance(value, int) else pickle.loads(value)  # noqa: S301
