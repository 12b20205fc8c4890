"""Brings what changed into one generation of the index: reads the articles again, and writes them as they are now.

    position of the generation ─► outbox, in batches ─► articles, read again ─► one commit ─► the next position

An article that can not be written is set aside, and the others are not.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from django.db.utils import Error as DatabaseError

from archive.models import Article
from glossary.current import look_again
from search.engines import current as engine
from search.engines.position import Position
from search.engines.whoosh.committing import TOO_MANY_SEGMENTS, advance
from search.engines.whoosh.generations import Live
from search.engines.whoosh.whoosh_engine import Document
from search.indexing import outbox
from search.models import SetAside
from search.search_indexes import ArticleIndex

logger = logging.getLogger(__name__)

BATCH = 500
"""Changes that are read, and whose articles are written, at a time."""
_TROUBLE = (OSError, DatabaseError, MemoryError)
"""Not the article's fault: a full disk, a database that is away. What it interrupts is done later."""


def follow(
    generation: Live, small_segments: int = TOO_MANY_SEGMENTS, batches: int | None = None
) -> tuple[Live, int]:
    """Brings every change into a generation. Returns it as it is then, and how many changes there were.

    With `batches` it stops after so many commits, whatever came meanwhile. Only for who holds `engine.write_lock`,
    or made the generation and has not shown it to anybody.
    """
    done = 0
    due = set(SetAside.objects.due(engine.index_name()))
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


class Reading:
    """Articles as they are written, one after the other; knows which there were, and which can not be written."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._articles = articles
        self.titles: dict[int, str] = {}
        self.errors: dict[int, str] = {}

    def __iter__(self) -> Iterator[Document]:
        index = ArticleIndex()
        for article in self._articles:
            try:
                document = engine.backend().prepare(index, article)
            except _TROUBLE:
                raise
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one article, the others go on
                self.errors[article.pk] = repr(error)
            else:
                self.titles[article.pk] = article.title
                yield document


def set_aside(errors: Mapping[int, str], changed: Iterable[int]) -> None:
    if errors:
        logger.error("set aside, because the index can not take them in: %s", errors)
        SetAside.objects.record(engine.index_name(), errors, changed=changed)


def _index_articles(
    generation: Live, changed: set[int], due: set[int], position: Position, small_segments: int
) -> Live:
    """Writes these articles as they are now. One that can not be written is set aside, the others are not."""
    look_again()  # the change may be of a term that this process has not heard of yet
    ids = changed | due
    reading = Reading(ArticleIndex().index_queryset().filter(pk__in=ids))
    documents = {int(document["article"]): document for document in reading}
    errors = reading.errors
    label = Article._meta.label_lower
    gone = [f"{label}.{pk}" for pk in ids - documents.keys()]
    if not gone and not documents:
        manifest = advance(generation.path, generation.manifest, position.to_json())
        return Live(generation.path, manifest)
    generation = _write(generation, documents, gone, position, errors, small_segments)
    SetAside.objects.filter(index=engine.index_name(), article_id__in=ids - errors.keys()).delete()
    set_aside(errors, changed & errors.keys())
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
        return engine.backend().replace(generation, [*documents.values()], gone, position, small_segments)
    except _TROUBLE:
        raise
    except Exception as error:  # as in Reading: one article's fault
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
