"""Haystack's engine on the port: SearchQuerySet, more_like_this and Haystack's commands work on every engine."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model
from haystack.backends import BaseEngine, BaseSearchBackend, BaseSearchQuery, SearchNode, log_query
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.indexes import SearchIndex
from haystack.inputs import BaseInput
from haystack.models import SearchResult
from haystack.utils import get_identifier

from glossary.vocabulary import current_vocabulary
from search.engines.base import Engine, Hits, IndexQuery
from search.engines.documents import KINDS, DocumentId, document_of
from search.engines.fields import NUMBER_FIELDS, TEXT_FIELDS, date_number
from search.engines.registry import engine_for
from search.query.parser import parse
from search.query.tree import And, Everything, Node, Not, Or, Where

_HAYSTACK_LOG = logging.getLogger("haystack")
_UNSUPPORTED = ("date_facets", "query_facets", "within", "dwithin", "distance_point", "highlight", "boost")
"""What Haystack can ask for and no engine here does. It says so: to be ignored is worse."""


class PortBackend(BaseSearchBackend):
    """Reads and writes the engine that the connection's URL names."""

    def __init__(self, connection_alias: str, **connection_options: Any) -> None:
        super().__init__(connection_alias, **connection_options)
        self._url: str = connection_options["URL"]

    @property
    def engine(self) -> Engine:
        return engine_for(self._url)

    def update(self, index: SearchIndex, iterable: Iterable[Model], commit: bool = True) -> None:
        """Writes rows to the live index, each in place of what it held of it before."""
        documents = [document_of(index.full_prepare(row), current_vocabulary()) for row in iterable]
        self.engine.write(documents, [], self._position())

    def remove(self, obj_or_string: Model | str, commit: bool = True) -> None:
        """Takes a row out of the live index. Raises when it can not: nothing is lost silently."""
        document = DocumentId.of(get_identifier(obj_or_string))
        self.engine.write([], [document] if document else [], self._position())

    def clear(self, models: Iterable[type[Model]] | None = None, commit: bool = True) -> None:
        """Makes an empty index the live one."""
        self.engine.activate(self.engine.build([], self._position()))

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
        models: Iterable[type[Model]] | None = None,
        **options: Any,
    ) -> dict[str, Any]:
        """Returns `{"results": [SearchResult…], "hits": n}` for a query tree (or text in the query language).

        What is found are articles; with `.models(Issue)`, issues.

        Raises IndexUnavailable when the engine can not answer.
        """
        for option in _UNSUPPORTED:
            if options.get(option):
                raise NotImplementedError(f"the search engine can not yet answer {option!r}")
        node = _narrowed(query_string, narrow_queries)
        kinds = {model._meta.model_name for model in models or ()} or {"article"}
        kind = next((kind for kind in KINDS if kinds == {kind}), None)
        if kind is None:
            raise NotImplementedError(f"the search engine answers for one of {', '.join(KINDS)} at a time")
        found = self.engine.search(
            IndexQuery(node, tuple(sort_by or ()), start_offset, end_offset, tuple(facets or ()), kind)
        )
        # Copies: an answer may be kept for the next who asks, and Haystack hands on what it gets.
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
        """Returns the rows that share most with one, of those that answer the additional query."""
        document = DocumentId.of(get_identifier(model_instance))
        if document is None:
            return {"results": [], "hits": 0}
        within = _narrowed(additional_query_string, narrow_queries)
        found = self.engine.similar(document, within, start_offset, end_offset)
        return {"results": _results(found, result_class), "hits": found.total}

    def _position(self) -> Any:
        return self.engine.state().position  # None only where there is no index, and writing is refused


class PortQuery(BaseSearchQuery):
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


class PortEngine(BaseEngine):
    backend = PortBackend
    query = PortQuery


def _narrowed(asked: Node | str | None, narrow_queries: Iterable[str] | None) -> Node:
    """The tree of a query (or of text in the query language), narrowed by others."""
    nodes: list[Node | str | None] = [asked, *(narrow_queries or ())]
    read = (_read(node) if isinstance(node, str) else node for node in nodes)
    trees = tuple(node for node in read if node is not None)
    return trees[0] if len(trees) == 1 else And(trees) if trees else Everything()


def _read(text: str) -> Node | None:
    return parse(text, current_vocabulary()).effective_tree


def _tree_of(node: SearchNode) -> Node:
    children = tuple(
        _tree_of(child)
        if isinstance(child, SearchNode)
        else _condition(node.split_expression(child[0]), child[1])
        for child in node.children
    )
    joined: Node = Or(children) if node.connector == SearchNode.OR else And(children)
    return Not(joined) if node.negated else joined


def _condition(compared: tuple[str, str], value: Any) -> Node:
    field, operator = compared
    if isinstance(value, BaseInput):
        value = value.query_string
    if isinstance(value, Node):
        return value
    if field == "content":
        return _read(str(value)) or Everything()
    if field in (ID, DJANGO_ID):
        ids = [value] if isinstance(value, str | int) else [*value]
        return Where("pk", "in", tuple(int(str(identifier).rsplit(".", 1)[-1]) for identifier in ids))
    if field == DJANGO_CT:
        labels = [value] if isinstance(value, str) else [*value]
        return Where("kind", "in", tuple(label.rpartition(".")[2] for label in labels))
    if field not in NUMBER_FIELDS + TEXT_FIELDS:
        raise ValueError(
            f"the index can not filter by {field!r}: use content, {', '.join(NUMBER_FIELDS + TEXT_FIELDS)}"
        )
    return Where(field, "exact" if operator == "content" else operator, _value(field, value))


def _value(field: str, value: Any) -> Any:
    """What a column is compared with: one text or number, or several."""
    if isinstance(value, list | tuple | set):
        return tuple(_value(field, item) for item in value)
    if isinstance(value, int) or field in TEXT_FIELDS:
        return value
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return date_number(value)
    raise TypeError(f"{field} is filtered by a date or a whole number, not by {value!r}")


class _Result(SearchResult):
    """Haystack's, which looks for its logger by name for each of them, and for fields that ours never have."""

    stored_fields = _object = _model = _verbose_name = _point_of_origin = _distance = None

    def __init__(self, app_label: str, model_name: str, pk: str, score: float) -> None:
        self.app_label, self.model_name, self.pk, self.score = app_label, model_name, pk, score
        self.log = _HAYSTACK_LOG
        self._additional_fields: list[str] = []

    def _get_log(self) -> logging.Logger:
        return _HAYSTACK_LOG


def _results(found: Hits, result_class: type[SearchResult]) -> list[SearchResult]:
    make = _Result if result_class is SearchResult else result_class
    return [make("archive", kind, str(pk), score) for kind, pk, score in found.documents]
