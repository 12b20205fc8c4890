"""How a document lies in a Whoosh index: words with their frequencies, and columns read as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from whoosh import columns, fields, formats

from search.engines.documents import ISSUE_FIELDS, WORD_FIELDS, Document
from search.engines.fields import NUMBER_FIELDS, TEXT_FIELDS

SCHEMA_VERSION = 3
"""Raise it by one when `build_schema`, `fields_of` or the codec changes: no index of another version is read."""

RUN_COLUMN = "run"
"""The joined text of each document, title first, as UTF-8: every visible run of characters is found in it."""
TERMS_COLUMN = "terms"
"""The ids of the glossary terms that each document mentions, as 32-bit numbers: what is counted for facets."""
DIGEST_COLUMN = "digest"
"""What each document was made from, as a hash: `search/indexing/comparison` tells by it what the index has missed."""


def build_schema() -> fields.Schema:
    """Returns the Whoosh schema. A change here needs another SCHEMA_VERSION."""
    schema = fields.Schema(id=fields.ID(unique=True, stored=True))
    for name in (*WORD_FIELDS, *ISSUE_FIELDS.values()):
        # Words arrive cut and counted: no analyzer is stored in the index, so none can differ from the code's.
        schema.add(name, fields.FieldType(formats.Frequency(), analyzer=None, scorable=True))
    for name in (RUN_COLUMN, TERMS_COLUMN, DIGEST_COLUMN, *TEXT_FIELDS):
        schema.add(name, fields.COLUMN(columns.VarBytesColumn()))
    for name in NUMBER_FIELDS:
        schema.add(name, fields.COLUMN(columns.NumericColumn("q")))
    return schema


def fields_of(document: Document) -> dict[str, Any]:
    """Turns a document into the fields of `build_schema`."""
    return {
        "id": str(document.id),
        **document.words,
        # Every paragraph ends with a line break, so that no run crosses one.
        RUN_COLUMN: f"{document.title_run}\n{document.body_run}\n".encode(),
        TERMS_COLUMN: np.array(document.terms, np.int32).tobytes(),
        DIGEST_COLUMN: document.digest,
        **{name: str(document.values[name]).encode() for name in TEXT_FIELDS},
        **{name: document.values[name] for name in NUMBER_FIELDS},
    }
