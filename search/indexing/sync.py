"""Keeps the index a function of the database.

    a change ─ same transaction ─► Change rows ─ after the commit ─► drain ─► the live index
        (indexing.follower)                        every second ─────┘ (indexing.care, in a running server)

Draining reads the database again, so it does not matter in which order, how often, or by whom it is done. An index
remembers how far it has followed the changes, in its own commit: a process that dies loses nothing, and each of
several machines keeps an index of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from django.db import transaction

from archive.changes import articles_changed
from archive.models import Article
from glossary.current import look_again
from search.engines.base import IndexUnavailable
from search.engines.registry import current_engine
from search.indexing import outbox
from search.indexing.apply_changes import BATCH, DocumentBatch, apply_changes, position_of, set_aside
from search.indexing.verification import verify
from search.models import SetAside
from search.search_indexes import ArticleIndex

logger = logging.getLogger(__name__)


def drain(wait_seconds: float = 30) -> int:
    """Brings every change into the live index. Returns how many changes it worked off.

    Waits up to `wait_seconds` for another process that writes; raises TimeoutError past that, and IndexUnavailable
    when no index can answer (`bring_up_to_date` makes one). The first drain of all builds the first index.
    """
    if not current_engine().has_index:
        return 0
    if current_engine().is_empty:
        bring_up_to_date(wait_seconds)
    done = 0
    while is_waiting():
        done += take_along(wait_seconds)
        # Around again: a change may have come between the last look and the release of the lock, from a
        # process that then found the lock taken.
    return done


def take_along(wait_seconds: float, batches: int | None = None) -> int:
    """Brings changes into the live index once: all that there are, or the first `batches` commits of them.

    Returns how many changes that was. Waits and raises as `drain` does, but builds no first index.
    """
    with current_engine().lock("write", wait_seconds):
        return apply_changes(batches=batches)


def rebuild(
    progress: Callable[[Iterable[Article], int], Iterable[Article]] | None = None, wait_seconds: float = 600
) -> int:
    """Builds the index anew beside the live one and makes it live. Returns how many articles it holds.

    Search and saves go on meanwhile; what changes meanwhile is in the new index before it goes live.
    `progress(articles, total)` wraps the articles as they are read, to show how far it is. Raises TimeoutError when
    another process has been rebuilding for `wait_seconds`, and IndexUnavailable when what was built is not what was
    read (then the old index stays) or when the engine builds none.
    """
    engine = current_engine()
    with engine.lock("rebuild", wait_seconds):
        look_again()
        position = outbox.end()  # before the archive is read
        articles = ArticleIndex().index_queryset()
        rows: Iterable[Article] = articles.iterator(chunk_size=BATCH)
        if progress is not None:
            rows = progress(rows, articles.count())
        batch = DocumentBatch(rows)
        index = engine.build(batch, position)
        try:
            verify(index, batch.titles)
            SetAside.objects.filter(index=engine.name).delete()
            set_aside(batch.errors, changed=batch.errors.keys())
            apply_changes(index)  # most of what came meanwhile, while others may still write
            with engine.lock("write", 60):
                apply_changes(index)
                engine.activate(index)
        except BaseException:
            engine.discard(index)
            raise
    engine.maintain(remove_old=True)
    drain()
    return len(batch.titles)


def bring_up_to_date(wait_seconds: float = 600) -> bool:
    """Makes the index whole and up to date, whatever state it is in. Returns whether it had to be built.

    A damaged index is replaced by the one before it, when that can still catch up. Raises TimeoutError when another
    process has been rebuilding for `wait_seconds`.
    """
    engine = current_engine()
    if not engine.has_index:
        return False
    is_first = engine.is_empty
    engine.repair(apply_changes)
    try:
        waiting()
    except IndexUnavailable as reason:
        if not is_first:  # nothing is wrong with an index that nobody has built yet
            logger.warning("building the search index anew: %s", reason)
        rebuild(wait_seconds=wait_seconds)
        return True
    drain()
    return False


def index_again(article_ids: Iterable[int]) -> None:
    """Notes that these articles must be read again, and brings every change into the index."""
    with transaction.atomic():
        articles_changed([*article_ids])  # what was written past the use cases changed pages too
    drain()


def waiting(limit: int | None = None) -> outbox.Waiting:
    """Returns the changes that the live index does not hold yet, at most `limit`.

    Raises IndexUnavailable without one.
    """
    return outbox.beyond(position_of(), limit)


def is_waiting() -> bool:
    """Returns whether there is anything to bring into the live index. Raises IndexUnavailable without one."""
    return bool(waiting(limit=1)) or bool(SetAside.objects.due(current_engine().name))
