"""Databases of a test's own on the PostgreSQL that DATABASE_URL names (`make test-postgres` starts one)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="needs a DATABASE_URL of PostgreSQL"
)
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="of SQLite alone")


def own(name: str) -> str:
    """A name that no other process of pytest uses."""
    return f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


def url(name: str) -> str:
    """The address of a database on the server of the tests."""
    given = connections["default"].settings_dict
    return f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{name}"


def on_server(*statements: str) -> None:
    """Runs statements outside of any database of ours."""
    with connections["default"]._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def new_database(name: str, blocker: DjangoDbBlocker) -> Iterator[str]:
    """Gives the address of an empty database, and drops it at the end."""
    name = own(name)
    with blocker.unblock():
        on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
        try:
            yield url(name)
        finally:
            on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
