"""Statements that are written once: Django takes ten times as long to write one as the database to answer it.

    titled = Statement(lambda ids: Article.objects.published().filter(pk__in=ids).values_list("pk", "title"))
    titled.rows([3, 5])            [(3, "台积电扩产"), (5, "昇腾量产")]
    drafts = Statement(lambda _: Issue.objects.filter(status=Issue.Status.DRAFT))
    drafts.all()                   [<Issue: …>]

Its queryset says what is asked, and so `published()` stays the one definition of what members may see; only the numbers
that it is asked about change. For what each page asks; all else is asked by querysets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql import Query

SIZES = (1, 4, 24, 128)
"""Of how many numbers a statement is written: the last of fewer is repeated. More are asked for in several."""
_STANDS_FOR = -2_000_000_000
"""No id, and a number that every column takes. With those below it, it marks where the numbers stand in a statement."""


class _Models(NamedTuple):
    """How Django makes a model of a row (ModelIterable)."""

    model: type[Model]
    fields: slice
    names: list[str]
    related: list[Any]
    """What makes the models of `select_related`."""
    annotations: dict[str, int]


class _Written(NamedTuple):
    sql: str
    before: tuple[Any, ...]
    after: tuple[Any, ...]
    """The parameters on both sides of the numbers."""
    query: Query
    columns: tuple[Any, ...]
    models: _Models | None
    """None where the queryset is one of values."""


class Statement:
    """A queryset that asks about some numbers, or about none. Threads share it.

    `write` is given numbers, and may use them once, in a condition like `pk__in`; nothing else in its queryset may
    change from one call to another. A queryset of `values_list` gives rows, any other models.
    """

    def __init__(self, write: Callable[[Sequence[int]], QuerySet[Any, Any]]) -> None:
        self._write = write
        self._written: dict[tuple[str, int], _Written] = {}

    def all(self) -> list[Any]:
        """Returns what the queryset has that asks about no numbers."""
        return self._ask((), 0)

    def rows(self, numbers: Sequence[int]) -> list[Any]:
        """Returns what the queryset has for these numbers. Nothing is asked for none."""
        most = SIZES[-1]
        if len(numbers) > most:
            return [*self.rows(numbers[:most]), *self.rows(numbers[most:])]
        if not numbers:
            return []
        size = next(size for size in SIZES if size >= len(numbers))
        return self._ask((*numbers, *[numbers[-1]] * (size - len(numbers))), size)

    def _ask(self, numbers: tuple[int, ...], size: int) -> list[Any]:
        known = self._written.get((connection.vendor, size)) or self._write_for(size)
        with connection.cursor() as cursor:
            cursor.execute(known.sql, (*known.before, *numbers, *known.after))
            found = cursor.fetchall()
        if not found:
            return []
        compiler = known.query.get_compiler(connection=connection)
        if converters := compiler.get_converters(known.columns):
            found = compiler.apply_converters(found, converters)
        return [_model(row, known.models) if known.models else tuple(row) for row in found]

    def _write_for(self, size: int) -> _Written:
        numbers = [_STANDS_FOR - place for place in range(size)]
        query = self._write(numbers).query
        compiler = query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        at = parameters.index(numbers[0]) if size else 0
        if [*parameters[at : at + size]] != numbers:
            raise ValueError(f"the numbers do not stand together in {sql}")
        columns = tuple(expression for expression, *_ in compiler.select[: compiler.col_count])
        sides = tuple(parameters[:at]), tuple(parameters[at + size :])
        written = _Written(
            sql, *sides, query, columns, None if query.has_select_fields else _models_of(compiler)
        )
        self._written[connection.vendor, size] = written
        return written


def _models_of(compiler: Any) -> _Models:
    chosen = compiler.klass_info["select_fields"]
    fields = slice(chosen[0], chosen[-1] + 1)
    return _Models(
        compiler.klass_info["model"],
        fields,
        [expression.target.attname for expression, *_ in compiler.select[fields]],
        get_related_populators(  # type: ignore[call-arg] # the stubs are those of a later Django
            compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS
        ),
        compiler.annotation_col_map,
    )


def _model(row: Sequence[Any], made: _Models) -> Model:
    model = made.model.from_db(DEFAULT_DB_ALIAS, made.names, row[made.fields])
    for related in made.related:
        related.populate(row, model)
    for name, place in made.annotations.items():
        setattr(model, name, row[place])
    return model
