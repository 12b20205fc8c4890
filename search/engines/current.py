"""The index of this machine: the engine that reads and writes it, its name, and the lock of who writes to it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock
from haystack import connections

from search.engines.whoosh.whoosh_engine import WhooshBackend


def backend() -> WhooshBackend:
    """Returns the engine of this thread; all of them read and write the same index."""
    found = connections["default"].get_backend()
    assert isinstance(found, WhooshBackend)  # noqa: S101 - the settings offer no other engine
    return found


def index_name() -> str:
    """What this machine's index is called where several share one database: `host:/var/lib/…/index`."""
    return f"{socket.gethostname()}:{backend().generations.root}"[-300:]


@contextmanager
def write_lock(wait_seconds: float) -> Iterator[None]:
    """Holds the right to write to a generation that others see. Raises filelock.Timeout when it is not free."""
    with FileLock(backend().generations.lock_path, timeout=wait_seconds):
        yield
