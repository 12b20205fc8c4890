"""Keeps the index a function of the database.

    a change ─ same transaction ─► Change rows ─ after the commit ─► drain ─► the live generation
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
from search.engines import current as engine
from search.engines.position import Position
from search.engines.whoosh.committing import TOO_MANY_SEGMENTS
from search.engines.whoosh.generations import IndexUnavailable
from search.indexing import outbox
from search.indexing.following import BATCH, Reading, follow, set_aside
from search.indexing.healing import heal
from search.indexing.verifying import verify
from search.models import SetAside
from search.search_indexes import ArticleIndex

logger = logging.getLogger(__name__)


def drain(wait_seconds: float = 30, small_segments: int = TOO_MANY_SEGMENTS) -> int:
    """Brings every change into the live generation. Returns how many changes it worked off.

    Waits up to `wait_seconds` for another process that writes; raises filelock.Timeout past that, and
    IndexUnavailable when no generation can answer (`bring_up_to_date` makes one). The first drain of all builds
    the first generation. Past `small_segments` segments it merges the small ones.
    """
    if engine.backend().generations.is_empty:
        bring_up_to_date(wait_seconds)
    done = 0
    while is_waiting():
        done += take_along(wait_seconds, small_segments)
        # Around again: a change may have come between the last look and the release of the lock, from a
        # process that then found the lock taken.
    return done


def take_along(
    wait_seconds: float, small_segments: int = TOO_MANY_SEGMENTS, batches: int | None = None
) -> int:
    """Brings changes into the live generation once: all that there are, or the first `batches` commits of them.

    Returns how many changes that was. Waits and raises as `drain` does, but builds no first generation.
    """
    with engine.write_lock(wait_seconds):
        return follow(engine.backend().generations.live(), small_segments, batches)[1]


def rebuild(
    progress: Callable[[Iterable[Article], int], Iterable[Article]] | None = None, wait_seconds: float = 600
) -> int:
    """Builds the index anew beside the live generation and makes it live. Returns how many articles it holds.

    Search and saves go on meanwhile; what changes meanwhile is in the new generation before it goes live.
    `progress(articles, total)` wraps the articles as they are read, to show how far it is. Raises
    filelock.Timeout when another process has been rebuilding for `wait_seconds`, and IndexUnavailable when what
    was built is not what was read: then the old generation stays.
    """
    backend = engine.backend()
    generations = backend.generations
    with generations.rebuilding(wait_seconds):
        look_again()
        position = outbox.end()  # before the archive is read
        articles = ArticleIndex().index_queryset()
        rows: Iterable[Article] = articles.iterator(chunk_size=BATCH)
        if progress is not None:
            rows = progress(rows, articles.count())
        reading = Reading(rows)
        generation = backend.fill(reading, position)
        try:
            verify(generation, reading.titles)
            SetAside.objects.filter(index=engine.index_name()).delete()
            set_aside(reading.errors, changed=reading.errors.keys())
            generation, _ = follow(generation)  # most of what came meanwhile, while others may still write
            with engine.write_lock(wait_seconds=60):
                generation, _ = follow(generation)
                generations.activate(generation.path)
        except BaseException:
            generations.discard(generation.path)
            raise
    generations.remove_old()
    drain()
    return len(reading.titles)


def bring_up_to_date(wait_seconds: float = 600) -> bool:
    """Makes the index whole and up to date, whatever state it is in. Returns whether it had to be built.

    A damaged live generation is replaced by the one before it, when that can still catch up. Raises
    filelock.Timeout when another process has been rebuilding for `wait_seconds`.
    """
    is_first = engine.backend().generations.is_empty
    heal()
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


def merge_segments(more_than: int) -> None:
    """Merges the small segments of the live generation when there are more than `more_than` segments."""
    with engine.write_lock(wait_seconds=0):
        generation = engine.backend().generations.live()
        engine.backend().replace(generation, [], [], small_segments=more_than)


def waiting(limit: int | None = None) -> outbox.Waiting:
    """Returns the changes that the live generation does not hold yet, at most `limit`. Raises IndexUnavailable
    without one.
    """
    live = engine.backend().generations.live()
    return outbox.beyond(Position.from_json(live.manifest.position), limit)


def is_waiting() -> bool:
    """Whether there is anything to bring into the live generation. Raises IndexUnavailable without one."""
    return bool(waiting(limit=1)) or bool(SetAside.objects.due(engine.index_name()))
