"""Brings what changed into an index: reads articles and issues again, and writes them as they are now.

    position of the index ─► outbox, in batches ─► rows, read again ─► one commit ─► the next position

One that can not be written is set aside, and the others are not.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from django.db.utils import Error as DatabaseError
from haystack.indexes import SearchIndex

from archive.issue_text import with_section_names
from archive.models import Article, Issue
from glossary.current import look_again
from glossary.vocabulary import current_vocabulary
from search.engines.base import IndexUnavailable, Unsupported
from search.engines.documents import Document, DocumentId
from search.engines.position import Position
from search.engines.registry import current_engine
from search.indexing import cutting, outbox
from search.models import SetAside
from search.search_indexes import ArticleIndex, IssueIndex

logger = logging.getLogger(__name__)

BATCH = 500
"""Changes that are read, and whose documents are written, at a time."""
NOT_ITS_FAULT = (OSError, DatabaseError, MemoryError, IndexUnavailable)
"""A full disk, a database that is away: what these interrupt is done later."""


def apply_changes(index: str = "", batches: int | None = None) -> int:
    """Brings every change into an index, the live one by default. Returns how many there were.

    With `batches` it stops after so many commits, whatever came meanwhile. Only for who holds the lock `write`, or
    built the index and has not shown it to anybody. Raises PositionLost when the changes do not lead back to it.
    """
    done = 0
    aside = SetAside.objects.known(current_engine().name)
    due = {document for document, is_due in aside.items() if is_due}
    position = start = position_of(index)
    for batch, reached in islice(outbox.in_batches(start, BATCH), batches):
        position = reached
        _index(index, batch.documents, due - batch.documents, aside.keys(), position)
        due = set()
        done += len(batch.numbers)
    if due:
        _index(index, set(), due, aside.keys(), position)
    return done


def position_of(index: str = "") -> Position:
    """Returns how far an index follows the changes. Raises IndexUnavailable without one."""
    position = current_engine().state(index).position
    if position is None:
        raise Unsupported(f"the {current_engine().name} engine does not follow changes: it has no index")
    return position


class DocumentBatch:
    """Yields the documents of articles and issues; collects titles, and the errors of what can not be written.

    With `processes`, so many others cut the texts; else this one does.
    """

    def __init__(
        self,
        rows: Iterable[Article | Issue],
        processes: int = 0,
        refused: Mapping[DocumentId, str] | None = None,
    ) -> None:
        self._rows = rows
        self._processes = processes
        self.titles: dict[DocumentId, str] = {}
        self.errors: dict[DocumentId, str] = dict(refused or {})
        """What is known to fail is not tried."""

    def __iter__(self) -> Iterator[Document]:
        for (identity, title), made in self._made():
            if isinstance(made, str):
                self.errors[identity] = made
            else:
                self.titles[identity] = title
                yield made

    def _made(self) -> Iterator[cutting.Made]:
        if self._processes:
            writings = current_vocabulary().matcher.writings
            return cutting.made_beside(self._prepared(), writings, self._processes)
        return (cutting.made_of(row, current_vocabulary()) for row in self._prepared())

    def _prepared(self) -> Iterator[cutting.Row]:
        indexes: dict[type[Article | Issue], SearchIndex] = {Article: ArticleIndex(), Issue: IssueIndex()}
        for row in self._rows:
            identity = DocumentId("article" if isinstance(row, Article) else "issue", row.pk)
            if identity in self.errors:
                continue
            try:
                prepared = indexes[type(row)].full_prepare(row)
            except NOT_ITS_FAULT:
                raise
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one of them, the others go on
                self.errors[identity] = repr(error)
            else:
                yield cutting.Row((identity, row.title), prepared)


def visible_rows(documents: Collection[DocumentId]) -> Iterator[Article | Issue]:
    """Reads those of the documents that members may see: one query for each kind that is among them."""
    articles = {document.pk for document in documents if document.kind == "article"}
    issues = {document.pk for document in documents if document.kind == "issue"}
    if articles:
        yield from ArticleIndex().index_queryset().filter(pk__in=articles)
    if issues:
        yield from with_section_names(IssueIndex().index_queryset().filter(pk__in=issues))


def set_aside(errors: Mapping[DocumentId, str], changed: Collection[DocumentId]) -> None:
    """Notes what could not be written."""
    if errors:
        logger.error("set aside, because the index can not take them in: %s", errors)
    for kind in {document.kind for document in errors}:
        SetAside.objects.record(
            current_engine().name,
            {document.pk: error for document, error in errors.items() if document.kind == kind},
            changed={document.pk for document in changed if document.kind == kind},
            kind=kind,
        )


def _index(
    index: str,
    changed: set[DocumentId],
    due: set[DocumentId],
    aside: Collection[DocumentId],
    position: Position,
) -> None:
    """Writes these documents as they are now. What can not be written is set aside, the others are not."""
    look_again()  # the change may be of a term that this process has not heard of yet
    wanted = changed | due
    batch = DocumentBatch(visible_rows(wanted))
    documents = [*batch]
    gone = sorted(wanted - {document.id for document in documents})
    _write(documents, gone, position, batch.errors, index)
    if gone or documents:
        SetAside.objects.forget(current_engine().name, (wanted - batch.errors.keys()).intersection(aside))
        set_aside(batch.errors, changed & batch.errors.keys())


def _write(
    documents: Sequence[Document],
    gone: Sequence[DocumentId],
    position: Position,
    errors: dict[DocumentId, str],
    index: str,
) -> None:
    """Writes in one commit what can be written; halves it until what can not is alone, and notes it in `errors`."""
    try:
        return current_engine().write(documents, gone, position, index)
    except NOT_ITS_FAULT:
        raise
    except Exception as error:  # as in DocumentBatch: one document's fault
        if not documents:
            raise
        if len(documents) == 1:
            errors[documents[0].id] = repr(error)
            return _write([], [*gone, documents[0].id], position, errors, index)
    middle = len(documents) // 2
    _write(documents[:middle], [], position_of(index), errors, index)
    return _write(documents[middle:], gone, position, errors, index)
