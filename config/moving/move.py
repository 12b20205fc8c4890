"""The order of a move: prepare, copy table by table, read again, compare, finish."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connections, models, transaction

from config.moving.tables import copy, digest, models_in_order
from config.moving.target import MoveError, Target, pending_or_unknown

SOURCE = "source"


def move(target: Target, say: Callable[[str], None]) -> dict[str, int]:
    """Moves all rows of the site's database to `target`, and returns how many each table has.

    The source is read in one transaction, in one state, while the site may go on; nothing can write it from here.
    Raises MoveError when it is no SQLite or of another version, when the target is somebody's or refuses a value, or
    when the two differ at the end. What is there whole stays, and the next run goes on from it.
    """
    with _source() as source:
        if odd := pending_or_unknown(source):
            raise MoveError(
                f"the source is of another version of this code ({odd}): run `manage.py migrate` first"
            )
        target.prepare()
        noted = target.noted()
        for model in models_in_order():
            if known := noted.get(model._meta.db_table):
                _check_unchanged(model, known)
            else:
                _copy(model, target, say)
        rows = {}
        for model in models_in_order():
            rows[model._meta.db_table] = _compare(model, target)
        target.finish()
    return rows


@contextmanager
def _source() -> Iterator[str]:
    """Opens the site's SQLite once more, for reading only, in one transaction."""
    default = connections["default"]
    if default.vendor != "sqlite":
        raise MoveError(
            "the site is on PostgreSQL already; from one server to another: `backup`, then `restore` there"
        )
    connections.databases[SOURCE] = {
        **connections.databases["default"],
        "OPTIONS": {"transaction_mode": "DEFERRED", "timeout": 20, "init_command": "PRAGMA query_only=ON"},
    }
    try:
        with transaction.atomic(using=SOURCE):
            yield SOURCE
    finally:
        with suppress(KeyError):
            connections[SOURCE].close()
            del connections[SOURCE]
        del connections.databases[SOURCE]


def _copy(model: type[models.Model], target: Target, say: Callable[[str], None]) -> None:
    """Copies a table, and notes it, in one transaction: it is there whole, or not at all."""
    table = model._meta.db_table
    try:
        with transaction.atomic(using=target.alias):
            copied = copy(model, SOURCE, target.alias)
            target.note(table, copied)
    except DatabaseError as error:
        said = " ".join(str(error).split())
        raise MoveError(
            f"{table}: the target refuses it ({said}). Mend the row in the source, or make room, and run this again: "
            "it goes on where it stopped"
        ) from error
    say(f"{table}: {copied.rows} rows")


def _check_unchanged(model: type[models.Model], known: tuple[int, str]) -> None:
    found = digest(model, SOURCE)
    if (found.rows, found.sha256) != known:
        raise MoveError(
            f"{model._meta.db_table} was changed in the source since the move began: stop the site, drop the target "
            "database, make it anew, and begin again"
        )


def _compare(model: type[models.Model], target: Target) -> int:
    """Reads a table of the target again. Raises MoveError when it is not what was read from the source."""
    found = digest(model, target.alias)
    if (found.rows, found.sha256) != target.noted()[model._meta.db_table]:
        raise MoveError(
            f"{model._meta.db_table} is not in the target what it is in the source: somebody writes the target, or its "
            "disk is bad. Drop that database, make it anew, and begin again"
        )
    return found.rows
