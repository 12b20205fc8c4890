"""Writes the documents of our index by Whoosh's own writer, for tests to compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter


def write_by_whoosh(
    index: FileIndex, documents: list[dict[str, Any]], gone: list[str], *, merge: bool
) -> None:
    """Adds `documents` (of search.engines.whoosh.schema.fields_of) in one commit, and takes out others by their ids."""
    writer = SegmentWriter(index)
    for identifier in gone:
        writer.delete_by_term("id", identifier)
    for document in documents:
        writer.add_document(
            **{
                name: [*Counter(value).elements()] if isinstance(value, Mapping) else value
                for name, value in document.items()
            }
        )
    writer.commit(optimize=merge, merge=False)
