"""Keeps the index a function of the database.

    a change ─ same transaction ─► Change rows ─ after the commit ─► drain ─► the live index
        (indexing.follower)                        every second ─────┘ (search.tasks, in the worker)

Draining reads the database again, so it does not matter in which order, how often, or by whom it is done. An index
remembers how far it has followed the changes, in its own commit: a process that dies loses nothing, and each of
several machines keeps an index of its own.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import chain

from django.db import transaction

from archive.changes import articles_changed
from archive.issue_text import with_section_names
from archive.models import Article
from glossary.current import look_again
from search.engines.base import DocumentsRefused, IndexQuery, IndexUnavailable, PositionLost, Unreachable
from search.engines.documents import DocumentId
from search.engines.registry import current_engine
from search.indexing import outbox
from search.indexing.apply_changes import BATCH, DocumentBatch, apply_changes, position_of, set_aside
from search.indexing.cutting import processes_for
from search.models import SetAside
from search.query.tree import And, Leaf, Where
from search.search_indexes import ArticleIndex, IssueIndex

logger = logging.getLogger(__name__)

SAMPLE = 20
"""Articles and issues that a new index must find by their own title."""


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
        try:
            index, batch = _build(progress)
        except DocumentsRefused as refused:
            index, batch = _build(progress, refused.reasons)
        try:
            _verify(index, batch.titles)
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
    return sum(document.kind == "article" for document in batch.titles)


def _build(
    progress: Callable[[Iterable[Article], int], Iterable[Article]] | None,
    refused: Mapping[DocumentId, str] | None = None,
) -> tuple[str, DocumentBatch]:
    """Builds an index of all that there is but for what was refused. Returns its name, and what it was built of."""
    position = outbox.end()  # before the archive is read
    articles = ArticleIndex().index_queryset()
    rows: Iterable[Article] = articles.iterator(chunk_size=BATCH)
    if progress is not None:
        rows = progress(rows, articles.count())
    issues = with_section_names(IssueIndex().index_queryset())
    batch = DocumentBatch(chain(rows, issues), processes_for(articles.count()), refused)
    return current_engine().build(batch, position), batch


def _verify(index: str, titles: Mapping[DocumentId, str]) -> None:
    """Raises IndexUnavailable unless the index opens, and holds exactly these documents, once each.

    `titles` are those of the articles and issues that were read; some of them are searched for.
    """
    engine = current_engine()
    held = Counter(document.id for document in engine.contents(index)[1])
    missing, surplus = len(titles.keys() - held.keys()), len(held.keys() - titles.keys())
    if missing or surplus or held.total() != len(titles):
        doubled = held.total() - len(held)
        raise _refused(index, f"{missing} articles or issues missing, {surplus} surplus, {doubled} doubled")
    with engine.pinned(index=index):
        sampled = [*titles][:: max(1, len(titles) // SAMPLE)]
        lost = [str(document) for document in sampled if not _is_found(document, titles[document])]
    if lost:
        raise _refused(index, f"{lost} are not found by their own titles")


def _is_found(document: DocumentId, title: str) -> bool:
    leaf = Leaf(title, is_exact=True, field="title")
    node = And((leaf, Where("pk", "exact", document.pk)))
    return not leaf.run or current_engine().search(IndexQuery(node, kind=document.kind)).total == 1


def _refused(index: str, reason: str) -> IndexUnavailable:
    return IndexUnavailable(
        f"the new search index {index} is not what the archive holds ({reason}): "
        "the old one stays; run `manage.py rebuild_index`, and look at the disk when it happens again"
    )


def bring_up_to_date(wait_seconds: float = 600) -> bool:
    """Makes the index whole and up to date, whatever state it is in. Returns whether it had to be built.

    A damaged index is replaced by the one before it, when that can still catch up. Raises TimeoutError when another
    process has been rebuilding for `wait_seconds`.
    """
    engine = current_engine()
    if not engine.has_index:
        return False
    is_first = engine.is_empty
    engine.repair(take_over)
    try:
        waiting()
    except Unreachable:
        raise  # what was built may be sound
    except IndexUnavailable as reason:
        if not is_first:  # nothing is wrong with an index that nobody has built yet
            logger.warning("building the search index anew: %s", reason)
        rebuild(wait_seconds=wait_seconds)
        return True
    drain()
    return False


def take_over(index: str) -> None:
    """Brings an older index up to date, for it to take the place of a damaged one.

    Raises PositionLost when it does not hold then what members may see: it was built before articles were written past
    the use cases, whose changes nobody noted. Takes the order of `comparison.compare`: index, database, outbox.
    """
    apply_changes(index)
    state, held = current_engine().contents(index)
    found = {document.id for document in held}
    settled = (found ^ outbox.visible()) - SetAside.objects.known(current_engine().name).keys()
    if state.position is not None:
        settled -= outbox.beyond(state.position).documents
    if settled:
        raise PositionLost(f"the search index {index} differs from the archive in {len(settled)} documents")


def index_again(article_ids: Iterable[int], issue_ids: Iterable[int] = ()) -> None:
    """Notes that these must be read again, and brings every change into the index."""
    with transaction.atomic():
        # What was written past the use cases changed pages too.
        articles_changed([*article_ids], issue_ids=[*issue_ids])
    drain()


def waiting(limit: int | None = None) -> outbox.Waiting:
    """Returns the changes that the live index does not hold yet, at most `limit`.

    Raises IndexUnavailable without one.
    """
    return outbox.beyond(position_of(), limit)


def is_waiting() -> bool:
    """Returns whether there is anything to bring into the live index. Raises IndexUnavailable without one."""
    return bool(waiting(limit=1)) or bool(SetAside.objects.due(current_engine().name))
