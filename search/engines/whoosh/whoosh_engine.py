"""The Haystack engine on Whoosh: Whoosh stores the index, arrays answer.

Nothing of Haystack's own Whoosh backend is used. It answers 0 for match-all, slices the last page wrongly, loses
deletes under load and never matches a Chinese phrase (docs/decisions/0002).
"""

from __future__ import annotations

import datetime as dt
import logging
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Model
from haystack.backends import BaseEngine, BaseSearchBackend, BaseSearchQuery, SearchNode, log_query
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.indexes import SearchIndex
from haystack.inputs import BaseInput
from haystack.models import SearchResult
from haystack.utils import get_identifier

from archive.models import Article
from glossary.vocabulary import current_vocabulary
from search.engines.position import Position
from search.engines.whoosh.answering import Question, answer, page_of
from search.engines.whoosh.answers import Answer
from search.engines.whoosh.committing import TOO_MANY_SEGMENTS, commit, create
from search.engines.whoosh.evaluation import evaluate
from search.engines.whoosh.generations import Generations, Live, fingerprint
from search.engines.whoosh.matches import are_in
from search.engines.whoosh.reading import SnapshotReader
from search.engines.whoosh.schema import NUMBER_COLUMNS, TEXT_COLUMNS, date_number, to_document
from search.engines.whoosh.similarity import similarity
from search.engines.whoosh.snapshot import Snapshot
from search.query.parser import parse
from search.query.tree import And, Everything, Node, Not, Or, Where

_HAYSTACK_LOG = logging.getLogger("haystack")
Document = dict[str, Any]
"""An article as `search.engines.whoosh.schema.to_document` makes it."""

_held: ContextVar[Snapshot | None] = ContextVar("held", default=None)
"""The state of the index that a request goes on with."""
_UNSUPPORTED = ("date_facets", "query_facets", "within", "dwithin", "distance_point", "highlight", "boost")
"""What Haystack can ask for and this engine does not do. It says so: to be ignored is worse."""


class WhooshBackend(BaseSearchBackend):
    """Reads and writes the live generation below the connection's PATH."""

    def __init__(self, connection_alias: str, **connection_options: Any) -> None:
        super().__init__(connection_alias, **connection_options)
        self.generations = Generations(Path(connection_options["PATH"]))

    # --- Writing: search/indexing calls these, one process at a time -----------------------------------

    def update(self, index: SearchIndex, iterable: Iterable[Model], commit: bool = True) -> None:
        """Writes articles to the live generation, each in place of what it held of it before."""
        documents = [self.prepare(index, article) for article in iterable]
        self.replace(self.generations.live(), documents, [])

    def remove(self, obj_or_string: Model | str, commit: bool = True) -> None:
        """Takes an article out of the live generation. Raises when it can not: nothing is lost silently."""
        self.replace(self.generations.live(), [], [get_identifier(obj_or_string)])

    def clear(self, models: Iterable[type[Model]] | None = None, commit: bool = True) -> None:
        """Makes an empty generation the live one."""
        position = Position.from_json(self.generations.live().manifest.position)
        self.generations.activate(self.fill([], position).path)

    def prepare(self, index: SearchIndex, article: Model) -> Document:
        """Returns an article as it is written: before the writer opens, so that an error in it harms nobody."""
        return to_document(index.full_prepare(article), current_vocabulary())

    def replace(
        self,
        generation: Live,
        documents: Sequence[Document],
        identifiers: Iterable[str],
        position: Position | None = None,
        small_segments: int = TOO_MANY_SEGMENTS,
    ) -> Live:
        """Writes `documents` and takes out `identifiers` in one commit; the generation is then at `position`."""
        outdated = [*identifiers, *(document["id"] for document in documents)]
        at = generation.manifest.position if position is None else position.to_json()
        manifest = commit(
            generation.path, generation.manifest, documents, outdated, at, small_segments=small_segments
        )
        return Live(generation.path, manifest)

    def fill(self, documents: Iterable[Document], position: Position) -> Live:
        """Makes a new generation of `documents`, complete and on the disk, that nobody reads yet."""
        path = self.generations.new()
        try:
            empty = create(path, fingerprint(), time.strftime("%Y-%m-%dT%H:%M:%S%z"), position.to_json())
            # Whoosh copies a compound file into the memory of every process that opens it.
            return Live(path, commit(path, empty, documents, [], position.to_json(), compound=False))
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise

    # --- Reading ---------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """Returns the newest state of the index, or the one that `one_snapshot` holds.

        Raises IndexUnavailable when no generation can answer.
        """
        return _held.get() or _reader(self.generations.root).newest()

    @contextmanager
    def one_snapshot(self) -> Iterator[Snapshot]:
        """Everything that is searched in it, by this thread, is searched in the same state of the index."""
        snapshot = self.snapshot()
        token = _held.set(snapshot)
        try:
            yield snapshot
        finally:
            _held.reset(token)

    @log_query
    def search(
        self,
        query_string: Node | str,
        sort_by: list[str] | None = None,
        start_offset: int = 0,
        end_offset: int | None = None,
        narrow_queries: Iterable[str] | None = None,
        facets: Mapping[str, Any] | None = None,
        result_class: type[SearchResult] = SearchResult,
        **unsupported: Any,
    ) -> dict[str, Any]:
        """Returns `{"results": [SearchResult…], "hits": n}` for a query tree (or text in the query language).

        `sort_by` holds names of columns, with `-` for descending; without it the best come first. Raises
        IndexUnavailable when no generation can answer.
        """
        for option in _UNSUPPORTED:
            if unsupported.get(option):
                raise NotImplementedError(f"the Whoosh engine can not yet answer {option!r}")
        question = Question(
            _narrowed(query_string, narrow_queries),
            current_vocabulary(),
            tuple(sort_by or ()),
            start_offset,
            end_offset,
            tuple(facets or ()),
        )
        found = answer(question, self.snapshot())
        # Copies: an answer is kept for the next who asks, and Haystack hands on what it gets.
        counted = {name: list(counts) for name, counts in found.facets.items()}
        return {"results": _results(found, result_class), "hits": found.total, "facets": {"fields": counted}}

    def more_like_this(
        self,
        model_instance: Model,
        additional_query_string: Node | str | None = None,
        result_class: type[SearchResult] = SearchResult,
        start_offset: int = 0,
        end_offset: int | None = None,
        narrow_queries: Iterable[str] | None = None,
        **options: Any,
    ) -> dict[str, Any]:
        """Returns the articles that share most with one, of those that answer the additional query."""
        snapshot = self.snapshot()
        terms = current_vocabulary()
        node = _narrowed(additional_query_string, narrow_queries)
        allowed = evaluate(node, snapshot, terms).documents
        similar = similarity(int(model_instance.pk), snapshot)
        alike = similar.only(are_in(similar.documents, allowed, snapshot.size))
        found = page_of(alike, Question(node, terms, start=start_offset, end=end_offset), snapshot)
        return {"results": _results(found, result_class), "hits": found.total}


class WhooshQuery(BaseSearchQuery):
    """Turns Haystack's filters into a query tree. Text is read in the query language of search/query/parser."""

    def build_query(self) -> Node:
        return _tree_of(self.query_filter) if self.query_filter else Everything()

    def run_mlt(self, **kwargs: Any) -> None:
        """Haystack leaves out slices and narrowing here, and would show the first page as every page."""
        kwargs |= {
            "start_offset": self.start_offset,
            "end_offset": self.end_offset,
            "narrow_queries": self.narrow_queries,
        }
        super().run_mlt(**kwargs)


class WhooshEngine(BaseEngine):
    backend = WhooshBackend
    query = WhooshQuery


@cache
def _reader(root: Path) -> SnapshotReader:
    """One reader a process: Haystack makes a backend for every thread."""
    return SnapshotReader(Generations(root))


def _narrowed(asked: Node | str | None, narrow_queries: Iterable[str] | None) -> Node:
    """The tree of a query (or of text in the query language), narrowed by others."""
    nodes: list[Node | str | None] = [asked, *(narrow_queries or ())]
    read = [parse(node, current_vocabulary()).asked if isinstance(node, str) else node for node in nodes]
    trees = tuple(node for node in read if node is not None)
    return trees[0] if len(trees) == 1 else And(trees) if trees else Everything()


def _tree_of(node: SearchNode) -> Node:
    children: list[Node] = []
    for child in node.children:
        if isinstance(child, SearchNode):
            children.append(_tree_of(child))
        else:
            expression, value = child
            field, filter_type = node.split_expression(expression)
            children.append(_condition(field, filter_type, value))
    joined: Node = Or(tuple(children)) if node.connector == SearchNode.OR else And(tuple(children))
    return Not(joined) if node.negated else joined


def _condition(field: str, operator: str, value: Any) -> Node:
    if isinstance(value, BaseInput):
        value = value.query_string
    if isinstance(value, Node):
        return value
    if field == "content":
        return parse(str(value), current_vocabulary()).asked or Everything()
    if field in (ID, DJANGO_ID):
        ids = [value] if isinstance(value, str | int) else [*value]
        return Where("article", "in", tuple(int(str(identifier).rsplit(".", 1)[-1]) for identifier in ids))
    if field == DJANGO_CT:
        return Everything()
    if field not in NUMBER_COLUMNS + TEXT_COLUMNS:
        raise ValueError(
            f"the index can not filter by {field!r}: use content, {', '.join(NUMBER_COLUMNS + TEXT_COLUMNS)}"
        )
    if field in TEXT_COLUMNS:
        return Where(field, operator, value)
    if isinstance(value, list | tuple | set):
        return Where(field, operator, tuple(_number(field, item) for item in value))
    return Where(field, operator, _number(field, value))


def _number(field: str, value: Any) -> int:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return date_number(value)
    if isinstance(value, int):
        return value
    raise TypeError(f"{field} is filtered by a date or a whole number, not by {value!r}")


class _Result(SearchResult):
    """Haystack's, which looks for its logger by name for each of them."""

    def _get_log(self) -> logging.Logger:
        return _HAYSTACK_LOG


def _results(found: Answer, result_class: type[SearchResult]) -> list[SearchResult]:
    make = _Result if result_class is SearchResult else result_class
    label, name = Article._meta.app_label, Article._meta.model_name
    return [make(label, name, str(pk), score) for pk, score in zip(found.articles, found.scores, strict=True)]
