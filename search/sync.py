"""Keeps the index a function of the database (DESIGN §6).

    a save or delete ─ same transaction ─► Change rows ─ after the commit ─► drain ─► index

Draining reads the database again, so it does not matter in which order, how often, or by whom it is done. A
process that dies loses nothing: the rows are there for the next drain.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models.signals import post_delete, post_save
from django.db.utils import Error as DatabaseError
from filelock import FileLock, Timeout
from haystack import connections
from whoosh.index import LockError

from archive.models import Article, Issue
from glossary.current import look_again
from glossary.mentions import mentions_changed
from glossary.models import Mention
from search.backends.generations import IndexUnavailable
from search.backends.snapshot import Snapshot
from search.backends.whoosh_engine import WhooshBackend
from search.models import Change
from search.search_indexes import ArticleIndex

logger = logging.getLogger(__name__)

BATCH = 500
"""Articles that are read and written at a time."""
SAVE_WAITS_SECONDS = 0.2
"""How long a save waits for another process that writes the index. Then it leaves its rows to that process."""


def connect_signals() -> None:
    """Listens to changes of issues and articles. Called once, when the app is ready."""
    post_save.connect(_article_changed, sender=Article, dispatch_uid="search.sync")
    post_delete.connect(_article_changed, sender=Article, dispatch_uid="search.sync")
    post_save.connect(_issue_changed, sender=Issue, dispatch_uid="search.sync")
    mentions_changed.connect(_mentions_changed, dispatch_uid="search.sync")


def drain(wait_seconds: float = 30) -> int:
    """Brings every noted change into the live generation. Returns how many notes it worked off.

    Waits up to `wait_seconds` for another process that writes; raises filelock.Timeout past that, and
    IndexUnavailable when the live generation was built by another version. The notes stay until their change
    is committed. The first drain of all builds the first generation.
    """
    done = 0
    while Change.objects.exists():
        with _write_lock(wait_seconds):
            if _backend().generations.is_empty:
                _backend().build(ArticleIndex(), ArticleIndex().index_queryset().iterator(chunk_size=BATCH))
            _backend().generations.current()
            while batch := list(Change.objects.order_by("pk")[:BATCH]):
                _index_articles({change.article_id for change in batch})
                Change.objects.filter(pk__in=[change.pk for change in batch]).delete()
                done += len(batch)
        # Around again: a note may have come between the last look and the release of the lock, from a
        # process that then found the lock taken.
    return done


def rebuild(progress: Callable[[Iterable[Article], int], Iterable[Article]] | None = None) -> int:
    """Builds the index anew beside the live generation and makes it live. Returns how many articles it holds.

    `progress(articles, total)` wraps the articles as they are read, to show how far it is.
    """
    backend = _backend()
    with _write_lock(wait_seconds=600):
        articles = ArticleIndex().index_queryset()
        rows: Iterable[Article] = articles.iterator(chunk_size=BATCH)
        if progress is not None:
            rows = progress(rows, articles.count())
        count = backend.build(ArticleIndex(), rows)
    drain()
    return count


def bring_up_to_date() -> bool:
    """Rebuilds when no generation can answer, else works off what is noted. Returns whether it rebuilt."""
    try:
        _backend().generations.current()
    except IndexUnavailable:
        rebuild()
        return True
    drain()
    return False


def index_again(article_ids: Iterable[int]) -> None:
    """Notes that these articles must be read again, and brings every noted change into the index."""
    Change.objects.bulk_create(Change(article_id=pk) for pk in article_ids)
    drain()


def visible_snapshot() -> Snapshot:
    """Returns the newest state of the index, without what was withdrawn a moment ago.

    Raises IndexUnavailable when no generation can answer.
    """
    withdrawn = withdrawn_articles()  # before the index is looked at: see withdrawn_articles
    return _backend().snapshot().without(withdrawn)


def withdrawn_articles() -> list[int]:
    """Ids of articles that the index may still hold and nobody may see. Read it before the index."""
    noted = set(Change.objects.values_list("article_id", flat=True))
    if not noted:  # nearly always, and the plainest of queries
        return []
    visible = Article.objects.published().filter(pk__in=noted).values_list("pk", flat=True)
    return sorted(noted - set(visible))


def _index_articles(ids: set[int]) -> None:
    index = ArticleIndex()
    look_again()  # the note may be of a term that this process has not heard of yet
    found = list(index.index_queryset().filter(pk__in=ids))
    gone = ids - {article.pk for article in found}
    label = Article._meta.label_lower
    _backend().replace(index, found, [f"{label}.{pk}" for pk in gone])


def _article_changed(sender: type[Article], instance: Article, **kwargs: Any) -> None:
    _note([instance.pk])


def _issue_changed(sender: type[Issue], instance: Issue, **kwargs: Any) -> None:
    _note(list(instance.articles.values_list("pk", flat=True)))


def _mentions_changed(sender: type[Mention], article_ids: Iterable[int], **kwargs: Any) -> None:
    """A term came, went or changed: the articles that hold it are cut anew."""
    _note(list(article_ids))


def _note(ids: list[int]) -> None:
    if ids:
        Change.objects.bulk_create(Change(article_id=pk) for pk in ids)
        _drain_once_after_commit()


def _drain_once_after_commit() -> None:
    """A week of ten articles is ten notes, and one write of the index."""
    if not any(entry[1] is _drain_after_commit for entry in connection.run_on_commit):
        transaction.on_commit(_drain_after_commit, robust=True)


def _drain_after_commit() -> None:
    """Indexes what was noted, as far as that can be done at once.

    The saved text is safe whatever happens here: the notes stay, and the next drain takes them.
    """
    try:
        drain(SAVE_WAITS_SECONDS)
    except (Timeout, LockError):
        logger.info("another process writes the index; it takes this change along")
    except IndexUnavailable as reason:
        logger.warning("the change is saved but not searchable yet: %s", reason)
    except (OSError, DatabaseError):
        logger.exception("the change is saved but not searchable yet; `manage.py update_index` tries again")


def _write_lock(wait_seconds: float) -> FileLock:
    return FileLock(_backend().generations.lock_path, timeout=wait_seconds)


def _backend() -> WhooshBackend:
    backend = connections["default"].get_backend()
    assert isinstance(backend, WhooshBackend)  # noqa: S101 - the settings offer no other engine
    return backend
