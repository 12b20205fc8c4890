"""An SQLite database stays open between requests, but only as long as its file is where it should be.

Whoever moves another file in its place, or loses it, is believed at the next request: what is written into a file that
has no name any more would be lost.
"""

from __future__ import annotations

import os
from typing import Any

from django.core.signals import request_started
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

_OPENED = "_opened_file"


def connect_signals() -> None:
    """Notes which file each connection opened, and looks before each request whether it is still there."""
    connection_created.connect(_note, dispatch_uid="config.database_file.note")
    request_started.connect(close_what_is_gone, dispatch_uid="config.database_file.close")


def close_what_is_gone(**_signal: Any) -> None:
    """Closes the connections of this thread whose file is another one now, or none."""
    for connection in connections.all(initialized_only=True):
        opened = getattr(connection, _OPENED, None)
        if opened and not connection.in_atomic_block and _file_of(connection) != opened:
            connection.close()


def _note(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    setattr(connection, _OPENED, _file_of(connection))


def _file_of(connection: BaseDatabaseWrapper) -> tuple[int, int] | None:
    """The device and the number of the database's file; None where it has none."""
    if connection.vendor != "sqlite":
        return None
    try:
        found = os.stat(connection.settings_dict["NAME"])
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino
