"""Processes and hosts tell each other that something changed, so that nobody has to ask the database each time.

    a change ── after its commit ─► another token in Redis          (announce)
    a request ─► the token, once ─► the same as when it was read?   (Known.get)
                   yes ─► what this process knows       no ─► read again: the database, the engine

The token is written before whoever made the change gets an answer, and asked for at the beginning of a request: who
has saved finds it on every host. In case a token could not be written, a process trusts what it knows for a second at
the most (ANNOUNCEMENTS_TRUSTED_SECONDS). Where hosts share no Redis (CACHE_URL), and while it is away, everything is
read each time.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

from django.conf import settings
from django.core.cache import caches
from django.core.signals import request_finished, request_started
from django.db import connection, transaction

CACHE = "announcements"
_KEY = "changed"

Arguments = ParamSpec("Arguments")
Value = TypeVar("Value")


class _ThisThread(threading.local):
    """What a thread knows of the token while it answers a request."""

    is_answering = False
    asked: tuple[str | None] | None = None


_thread = _ThisThread()


def announce() -> None:
    """Tells every process that something changed, once the transaction that changes it has ended."""
    if CACHE in settings.CACHES:
        transaction.on_commit(_write_token, robust=True)


class Known(Generic[Arguments, Value]):
    """What `read` returned the last time, until somebody announces a change. Threads can share it.

    `read` reads something that changes only with an announcement, and may raise: then nothing is kept.
    """

    def __init__(self, read: Callable[Arguments, Value]) -> None:
        self._read = read
        self._kept: tuple[object, float, Value] | None = None

    def get(self, *arguments: Arguments.args, **named: Arguments.kwargs) -> Value:
        """Returns what `read` would return."""
        # A transaction sees what nobody else does yet, and may take it back.
        token = None if connection.in_atomic_block else _token()
        if token is None:
            return self._read(*arguments, **named)
        key = token, arguments, named
        kept = self._kept
        if kept is not None and kept[0] == key and time.monotonic() < kept[1]:
            return kept[2]
        until = time.monotonic() + settings.ANNOUNCEMENTS_TRUSTED_SECONDS
        value = self._read(*arguments, **named)
        self._kept = key, until, value
        return value

    def forget(self) -> None:
        """Has it read again, because what is known turned out to be no longer so."""
        self._kept = None


def connect_signals() -> None:
    """Has each request ask for the token once. Called when the app is ready."""
    request_started.connect(_began, dispatch_uid="archive.announcements")
    request_finished.connect(_ended, dispatch_uid="archive.announcements")


def _token() -> str | None:
    """Returns the token as it was when this request first asked; None where nobody announces anything."""
    if CACHE not in settings.CACHES:
        return None
    if not _thread.is_answering:
        return _read_token()
    if _thread.asked is None:
        _thread.asked = (_read_token(),)
    return _thread.asked[0]


def _read_token() -> str | None:
    cache = caches[CACHE]
    token: str | None = cache.get(_KEY)
    if token is None:  # a new Redis, or one that has forgotten
        cache.add(_KEY, uuid.uuid4().hex, None)
        token = cache.get(_KEY)
    return token


def _write_token() -> None:
    caches[CACHE].set(_KEY, uuid.uuid4().hex, None)
    _thread.asked = None


def _began(**kwargs: object) -> None:
    _thread.is_answering, _thread.asked = True, None


def _ended(**kwargs: object) -> None:
    _thread.is_answering, _thread.asked = False, None
