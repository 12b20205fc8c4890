"""Rows of a model: read from one database, copied to another, and hashed, so that two databases can be compared."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

CHUNK = 500
"""Rows that are read at once."""
_MODULUS = 2**256


@dataclass
class Digest:
    """What a table holds, in one number, whatever the order of its rows: databases sort text each in their own way."""

    rows: int = 0
    total: int = field(default=0, repr=False)

    def add(self, values: tuple[Any, ...]) -> None:
        """Counts a row in.

        >>> one, other = Digest(), Digest()
        >>> for row in [(1, "甲"), (2, "乙")]: one.add(row)
        >>> for row in [(2, "乙"), (1, "甲")]: other.add(row)
        >>> one == other
        True
        """
        row = repr(tuple(map(_plain, values))).encode()
        self.total = (self.total + int.from_bytes(hashlib.sha256(row).digest())) % _MODULUS
        self.rows += 1

    @property
    def sha256(self) -> str:
        """Returns the sum of the rows' SHA-256, as 64 hexadecimal digits."""
        return f"{self.total:064x}"


def _plain(value: Any) -> Any:
    """Returns a value as it is the same from every database: keys of JSON sorted, times in UTC, bytes as bytes."""
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True)
    return value


def models_in_order() -> list[type[models.Model]]:
    """Returns the models of all tables, those that others point to first."""
    graph = {
        model: {
            field.related_model
            for field in model._meta.concrete_fields
            if field.related_model not in (None, model)
        }
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return list(TopologicalSorter(graph).static_order())


def read(model: type[models.Model], alias: str) -> Iterator[tuple[Any, ...]]:
    """Reads all rows, in the order of their keys, some hundred at a time."""
    names = [field.attname for field in _fields(model)]
    rows = model._base_manager.using(alias).order_by("pk").values_list(*names)
    yield from rows.iterator(chunk_size=CHUNK)


def digest(model: type[models.Model], alias: str) -> Digest:
    """Returns what a table holds."""
    found = Digest()
    for row in read(model, alias):
        found.add(row)
    return found


def copy(model: type[models.Model], source: str, target: str) -> Digest:
    """Copies all rows to the empty table of a PostgreSQL, in the caller's transaction, and returns what was copied.

    Raises django.db.DatabaseError when the target refuses a value.
    """
    connection = connections[target]
    fields, found = _fields(model), Digest()
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    # COPY: every value as it is, ids and times too, where saving would set some anew.
    statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as table:
        for row in read(model, source):
            found.add(row)
            table.write_row([_adapted(*each, connection) for each in zip(fields, row, strict=True)])
    return found


def _adapted(field: models.Field[Any, Any], value: Any, connection: BaseDatabaseWrapper) -> Any:
    return field.get_db_prep_save(value, connection=connection)


def _fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if not field.generated]
