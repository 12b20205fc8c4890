"""Keeps the index a function of the database (DESIGN §6).

    a change ─ same transaction ─► Change rows ─ after the commit ─► drain ─► the live generation
                                                 every second ─────┘ (search.care, in a running server)

Draining reads the database again, so it does not matter in which order, how often, or by whom it is done. An index
remembers how far it has followed the changes, in its own commit: a process that dies loses nothing, and each of
several machines keeps an index of its own.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models.signals import post_delete, post_save
from django.db.utils import Error as DatabaseError
from filelock import FileLock, Timeout
from haystack import connections

from archive.changes import articles_changed
from archive.models import Article, Issue
from glossary.current import look_again
from glossary.mentions import mentions_changed
from search import outbox
from search.backends.committing import TOO_MANY_SEGMENTS, advance
from search.backends.generations import IndexUnavailable, Live
from search.backends.snapshot import Snapshot
from search.backends.whoosh_engine import Document, WhooshBackend
from search.models import SetAside
from search.position import Position
from search.search_indexes import ArticleIndex
from search.verifying import verify

logger = logging.getLogger(__name__)

BATCH = 500
"""Changes that are read, and whose articles are written, at a time."""
SAVE_WAITS_SECONDS = 0.1
"""How long a save waits for another process that writes the index. Then it leaves its changes to that process."""
SAVE_INDEXES = 50
"""Changes that a save brings into the index itself while a server is there that takes the rest."""
_TROUBLE = (OSError, DatabaseError, MemoryError)
"""Not the article's fault: a full disk, a database that is away. What it interrupts is done later."""


def connect_signals() -> None:
    """Listens to changes of issues, articles and terms. Called once, when the app is ready."""
    post_save.connect(_article_changed, sender=Article, dispatch_uid="search.sync")
    post_delete.connect(_article_changed, sender=Article, dispatch_uid="search.sync")
    post_save.connect(_issue_changed, sender=Issue, dispatch_uid="search.sync")
    articles_changed.connect(_articles_changed, dispatch_uid="search.sync")
    mentions_changed.connect(_articles_changed, dispatch_uid="search.sync")


# --- Writing -------------------------------------------------------------------------------------------


def drain(wait_seconds: float = 30, small_segments: int = TOO_MANY_SEGMENTS) -> int:
    """Brings every change into the live generation. Returns how many changes it worked off.

    Waits up to `wait_seconds` for another process that writes; raises filelock.Timeout past that, and
    IndexUnavailable when no generation can answer (`bring_up_to_date` makes one). The first drain of all builds
    the first generation. Past `small_segments` segments it merges the small ones.
    """
    if _backend().generations.is_empty:
        bring_up_to_date(wait_seconds)
    done = 0
    while is_waiting():
        done += _take_along(wait_seconds, small_segments)
        # Around again: a change may have come between the last look and the release of the lock, from a
        # process that then found the lock taken.
    return done


def follow(
    generation: Live, small_segments: int = TOO_MANY_SEGMENTS, batches: int | None = None
) -> tuple[Live, int]:
    """Brings every change into a generation. Returns it as it is then, and how many changes there were.

    With `batches` it stops after so many commits, whatever came meanwhile. Only for who holds `write_lock`, or
    made the generation and has not shown it to anybody.
    """
    done = 0
    due = set(SetAside.objects.due(index_name()))
    position = start = Position.from_json(generation.manifest.position)
    for batch, reached in islice(outbox.in_batches(start, BATCH), batches):
        position = reached
        generation = _index_articles(
            generation, batch.articles, due - batch.articles, position, small_segments
        )
        due = set()
        done += len(batch.numbers)
    if due:
        generation = _index_articles(generation, set(), due, position, small_segments)
    return generation, done


def rebuild(
    progress: Callable[[Iterable[Article], int], Iterable[Article]] | None = None, wait_seconds: float = 600
) -> int:
    """Builds the index anew beside the live generation and makes it live. Returns how many articles it holds.

    Search and saves go on meanwhile; what changes meanwhile is in the new generation before it goes live.
    `progress(articles, total)` wraps the articles as they are read, to show how far it is. Raises
    filelock.Timeout when another process has been rebuilding for `wait_seconds`, and IndexUnavailable when what
    was built is not what was read: then the old generation stays.
    """
    backend = _backend()
    generations = backend.generations
    with generations.rebuilding(wait_seconds):
        look_again()
        position = outbox.end()  # before the archive is read
        articles = ArticleIndex().index_queryset()
        rows: Iterable[Article] = articles.iterator(chunk_size=BATCH)
        if progress is not None:
            rows = progress(rows, articles.count())
        reading = _Reading(rows)
        generation = backend.fill(reading, position)
        try:
            verify(generation, reading.titles)
            SetAside.objects.filter(index=index_name()).delete()
            _set_aside(reading.errors, changed=reading.errors.keys())
            generation, _ = follow(generation)  # most of what came meanwhile, while others may still write
            with write_lock(wait_seconds=60):
                generation, _ = follow(generation)
                generations.activate(generation.path)
        except BaseException:
            generations.discard(generation.path)
            raise
    generations.remove_old()
    drain()
    return len(reading.titles)


def bring_up_to_date(wait_seconds: float = 600) -> bool:
    """Makes the index whole and up to date, whatever state it is in. Returns whether it had to be built anew.

    A damaged live generation is replaced by the one before it, when that can still catch up. Raises
    filelock.Timeout when another process has been rebuilding for `wait_seconds`.
    """
    from search.healing import heal  # it builds on this module

    heal()
    try:
        waiting()
    except IndexUnavailable as reason:
        logger.info("building the index anew: %s", reason)
        rebuild(wait_seconds=wait_seconds)
        return True
    drain()
    return False


def index_again(article_ids: Iterable[int]) -> None:
    """Notes that these articles must be read again, and brings every change into the index."""
    outbox.note(article_ids)
    drain()


def merge_segments(more_than: int) -> None:
    """Merges the small segments of the live generation when there are more than `more_than` segments."""
    with write_lock(wait_seconds=0):
        generation = _backend().generations.live()
        _backend().replace(generation, [], [], small_segments=more_than)


@contextmanager
def write_lock(wait_seconds: float) -> Iterator[None]:
    """Holds the right to write to a generation that others see. Raises filelock.Timeout when it is not free."""
    with FileLock(_backend().generations.lock_path, timeout=wait_seconds):
        yield


def caretaker_lock_path() -> Path:
    """The file that a server's caretaker holds locked: then saves leave large work to it."""
    return _backend().generations.caretaker_lock_path


def index_name() -> str:
    """What this machine's index is called where several share one database: `host:/var/lib/…/index`."""
    return f"{socket.gethostname()}:{_backend().generations.root}"[-300:]


# --- Reading -------------------------------------------------------------------------------------------


def waiting() -> outbox.Waiting:
    """Returns the changes that the live generation does not hold yet. Raises IndexUnavailable without one."""
    return outbox.beyond(Position.from_json(_backend().generations.live().manifest.position))


def is_waiting() -> bool:
    """Whether there is anything to bring into the live generation. Raises IndexUnavailable without one."""
    position = Position.from_json(_backend().generations.live().manifest.position)
    return bool(outbox.beyond(position, limit=1)) or bool(SetAside.objects.due(index_name()))


@contextmanager
def one_state() -> Iterator[list[int]]:
    """Everything searched in it is searched in one state of the index. Yields the articles to leave out.

    These are withdrawn, and the index may still hold them. Raises IndexUnavailable when nothing can answer.
    """
    with _backend().one_snapshot() as snapshot:
        yield outbox.withdrawn(snapshot.position)


def visible_snapshot() -> Snapshot:
    """Returns the newest state of the index, without what was withdrawn a moment ago.

    Raises IndexUnavailable when no generation can answer.
    """
    snapshot = _backend().snapshot()
    return snapshot.without(outbox.withdrawn(snapshot.position))


# --- Details -------------------------------------------------------------------------------------------


def _take_along(
    wait_seconds: float, small_segments: int = TOO_MANY_SEGMENTS, batches: int | None = None
) -> int:
    with write_lock(wait_seconds):
        return follow(_backend().generations.live(), small_segments, batches)[1]


class _Reading:
    """Articles as they are written, one after the other; knows which there were, and which can not be written."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._articles = articles
        self.titles: dict[int, str] = {}
        self.errors: dict[int, str] = {}

    def __iter__(self) -> Iterator[Document]:
        index = ArticleIndex()
        for article in self._articles:
            try:
                document = _backend().prepare(index, article)
            except _TROUBLE:
                raise
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one article, the others go on
                self.errors[article.pk] = repr(error)
            else:
                self.titles[article.pk] = article.title
                yield document


def _set_aside(errors: Mapping[int, str], changed: Iterable[int]) -> None:
    if errors:
        logger.error("set aside, because the index can not take them in: %s", errors)
        SetAside.objects.record(index_name(), errors, changed=changed)


def _index_articles(
    generation: Live, changed: set[int], due: set[int], position: Position, small_segments: int
) -> Live:
    """Writes these articles as they are now. One that can not be written is set aside, the others are not."""
    look_again()  # the change may be of a term that this process has not heard of yet
    ids = changed | due
    reading = _Reading(ArticleIndex().index_queryset().filter(pk__in=ids))
    documents = {int(document["article"]): document for document in reading}
    errors = reading.errors
    label = Article._meta.label_lower
    gone = [f"{label}.{pk}" for pk in ids - documents.keys()]
    if not gone and not documents:
        manifest = advance(generation.path, generation.manifest, position.to_json())
        return Live(generation.path, manifest)
    generation = _write(generation, documents, gone, position, errors, small_segments)
    SetAside.objects.filter(index=index_name(), article_id__in=ids - errors.keys()).delete()
    _set_aside(errors, changed & errors.keys())
    return generation


def _write(
    generation: Live,
    documents: dict[int, Document],
    gone: list[str],
    position: Position,
    errors: dict[int, str],
    small_segments: int,
) -> Live:
    """Writes in one commit what can be written; halves it until what can not is alone, and notes it in `errors`."""
    try:
        return _backend().replace(generation, [*documents.values()], gone, position, small_segments)
    except _TROUBLE:
        raise
    except Exception as error:  # as in _Reading: one article's fault
        if not documents:
            raise
        if len(documents) == 1:
            ((pk, document),) = documents.items()
            errors[pk] = repr(error)
            return _write(generation, {}, [*gone, document["id"]], position, errors, small_segments)
    items = list(documents.items())
    middle = len(items) // 2
    before = Position.from_json(generation.manifest.position)
    generation = _write(generation, dict(items[:middle]), [], before, errors, small_segments)
    return _write(generation, dict(items[middle:]), gone, position, errors, small_segments)


def _article_changed(sender: type[Article], instance: Article, **kwargs: Any) -> None:
    _note([instance.pk])


def _issue_changed(sender: type[Issue], instance: Issue, **kwargs: Any) -> None:
    _note(list(instance.articles.values_list("pk", flat=True)))


def _articles_changed(sender: type[Any], article_ids: Iterable[int], **kwargs: Any) -> None:
    """Written in bulk; or a term came, went or changed, and the articles that hold it are cut anew."""
    _note(list(article_ids))


def _note(ids: list[int]) -> None:
    if ids:
        outbox.note(ids)
        _drain_once_after_commit()


def _drain_once_after_commit() -> None:
    """A week of ten articles is ten changes, and one write of the index."""
    if not any(entry[1] is _drain_after_commit for entry in connection.run_on_commit):
        transaction.on_commit(_drain_after_commit, robust=True)


def _drain_after_commit() -> None:
    """Indexes what was changed, as far as that can be done at once.

    The saved text is safe whatever happens here: the changes stay, and the next drain takes them.
    """
    try:
        if not _backend().generations.has_caretaker:
            drain(SAVE_WAITS_SECONDS)
        elif not _is_much():
            # Once: while others go on saving, who drains until nothing waits would never come back to its editor.
            _take_along(SAVE_WAITS_SECONDS, batches=1)
    except Timeout:
        logger.info("another process writes the index; it takes this change along")
    except IndexUnavailable as reason:
        logger.warning("the change is saved but not searchable yet: %s", reason)
    except (OSError, DatabaseError):
        logger.exception("the change is saved but not searchable yet; `manage.py update_index` tries again")


def _is_much() -> bool:
    """Whether it takes longer than a save may: then the server that looks after the index does it."""
    generations = _backend().generations
    if generations.is_empty:
        return True
    position = Position.from_json(generations.live().manifest.position)
    return len(outbox.beyond(position, SAVE_INDEXES + 1).numbers) > SAVE_INDEXES


def _backend() -> WhooshBackend:
    backend = connections["default"].get_backend()
    assert isinstance(backend, WhooshBackend)  # noqa: S101 - the settings offer no other engine
    return backend
