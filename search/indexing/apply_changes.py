"""Brings what changed into an index: reads the articles again, and writes them as they are now.

    position of the index ─► outbox, in batches ─► articles, read again ─► one commit ─► the next position

An article that can not be written is set aside, and the others are not.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from django.db.utils import Error as DatabaseError

from archive.models import Article
from glossary.current import look_again
from glossary.vocabulary import current_vocabulary
from search.engines.base import IndexUnavailable, Unsupported
from search.engines.documents import Document, DocumentId, document_of
from search.engines.position import Position
from search.engines.registry import current_engine
from search.indexing import outbox
from search.models import SetAside
from search.search_indexes import ArticleIndex

logger = logging.getLogger(__name__)

BATCH = 500
"""Changes that are read, and whose articles are written, at a time."""
_NOT_ITS_FAULT = (OSError, DatabaseError, MemoryError, IndexUnavailable)
"""A full disk, a database that is away: what these interrupt is done later."""


def apply_changes(index: str = "", batches: int | None = None) -> int:
    """Brings every change into an index, the live one by default. Returns how many there were.

    With `batches` it stops after so many commits, whatever came meanwhile. Only for who holds the lock `write`, or
    built the index and has not shown it to anybody. Raises PositionLost when the changes do not lead back to it.
    """
    done = 0
    due = set(SetAside.objects.due(current_engine().name))
    position = start = position_of(index)
    for batch, reached in islice(outbox.in_batches(start, BATCH), batches):
        position = reached
        _index_articles(index, batch.articles, due - batch.articles, position)
        due = set()
        done += len(batch.numbers)
    if due:
        _index_articles(index, set(), due, position)
    return done


def position_of(index: str = "") -> Position:
    """Returns how far an index follows the changes. Raises IndexUnavailable without one."""
    position = current_engine().state(index).position
    if position is None:
        raise Unsupported(f"the {current_engine().name} engine does not follow changes: it has no index")
    return position


class DocumentBatch:
    """Yields the documents of articles; collects titles, and the errors of those that can not be written."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._articles = articles
        self.titles: dict[int, str] = {}
        self.errors: dict[int, str] = {}

    def __iter__(self) -> Iterator[Document]:
        index = ArticleIndex()
        for article in self._articles:
            try:
                document = document_of(index.full_prepare(article), current_vocabulary())
            except _NOT_ITS_FAULT:
                raise
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one article, the others go on
                self.errors[article.pk] = repr(error)
            else:
                self.titles[article.pk] = article.title
                yield document


def set_aside(errors: Mapping[int, str], changed: Iterable[int]) -> None:
    """Notes the articles that could not be written."""
    if errors:
        logger.error("set aside, because the index can not take them in: %s", errors)
        SetAside.objects.record(current_engine().name, errors, changed=changed)


def _index_articles(index: str, changed: set[int], due: set[int], position: Position) -> None:
    """Writes these articles as they are now. One that can not be written is set aside, the others are not."""
    look_again()  # the change may be of a term that this process has not heard of yet
    ids = changed | due
    batch = DocumentBatch(ArticleIndex().index_queryset().filter(pk__in=ids))
    documents = [*batch]
    gone = [DocumentId("article", pk) for pk in sorted(ids - {document.id.pk for document in documents})]
    _write(documents, gone, position, batch.errors, index)
    if gone or documents:
        SetAside.objects.filter(
            index=current_engine().name, article_id__in=ids - batch.errors.keys()
        ).delete()
        set_aside(batch.errors, changed & batch.errors.keys())


def _write(
    documents: Sequence[Document],
    gone: Sequence[DocumentId],
    position: Position,
    errors: dict[int, str],
    index: str,
) -> None:
    """Writes in one commit what can be written; halves it until what can not is alone, and notes it in `errors`."""
    try:
        return current_engine().write(documents, gone, position, index)
    except _NOT_ITS_FAULT:
        raise
    except Exception as error:  # as in DocumentBatch: one article's fault
        if not documents:
            raise
        if len(documents) == 1:
            errors[documents[0].id.pk] = repr(error)
            return _write([], [*gone, documents[0].id], position, errors, index)
    middle = len(documents) // 2
    _write(documents[:middle], [], position_of(index), errors, index)
    return _write(documents[middle:], gone, position, errors, index)
