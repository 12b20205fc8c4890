"""What a test committed is undone by copying back the database that the migrations left.

Django flushes instead: it deletes from every table and has every app's `post_migrate` write its rows again, which takes
a third of a second of CPU after each of some five hundred tests. A copy of an SQLite database in memory takes a
millisecond, and what the migrations wrote is there afterwards, as it is for the tests that are rolled back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase


@contextmanager
def copied_back() -> Iterator[Callable[[], None]]:
    """Until the block is left, tests that commit leave the database as it is now. Other servers are flushed as before.

    Yields what does the same at once, for a fixture that commits for all tests of its module.
    """
    if connection.vendor != "sqlite":
        yield lambda: call_command("flush", verbosity=0, interactive=False)
        return
    template = sqlite3.connect(":memory:")
    connection.ensure_connection()
    connection.connection.backup(template)
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def copy_back(test: Any) -> None:
        if set(test._databases_names(include_mirrors=False)) == {connection.alias}:
            _copy(template)
        else:
            flush(test)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", copy_back)
        yield lambda: _copy(template)
    template.close()


def _copy(template: sqlite3.Connection) -> None:
    """Copies the template over the tests' database. Keys go on counting: none is given twice, as after a flush."""
    connection.ensure_connection()
    ours: sqlite3.Connection = connection.connection
    if ours.in_transaction:
        ours.rollback()
    last = ours.execute("SELECT seq, name FROM sqlite_sequence").fetchall()
    template.backup(ours)
    for seq, name in last:
        if not ours.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (seq, name)).rowcount:
            ours.execute("INSERT INTO sqlite_sequence (seq, name) VALUES (?, ?)", (seq, name))
    if ours.in_transaction:
        ours.commit()
