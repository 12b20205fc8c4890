"""The index as it may be shown: its newest state, without what was withdrawn a moment ago."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from search.engines import current as engine
from search.engines.whoosh.snapshot import Snapshot
from search.indexing import outbox


@contextmanager
def one_state() -> Iterator[list[int]]:
    """Everything searched in it is searched in one state of the index. Yields the articles to leave out.

    These are withdrawn, and the index may still hold them. Raises IndexUnavailable when nothing can answer.
    """
    with engine.backend().one_snapshot() as snapshot:
        yield outbox.withdrawn(snapshot.position)


def snapshot() -> Snapshot:
    """Returns the newest state of the index, without what was withdrawn a moment ago.

    Raises IndexUnavailable when no generation can answer.
    """
    newest = engine.backend().snapshot()
    return newest.without(outbox.withdrawn(newest.position))
