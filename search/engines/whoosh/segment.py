"""The part of an index that one commit wrote, read as numpy arrays: it never changes, and snapshots share it."""

from __future__ import annotations

import weakref
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.reading import SegmentReader

from search.engines.documents import WORD_FIELDS
from search.engines.fields import NUMBER_FIELDS, TEXT_FIELDS
from search.engines.whoosh.columns import Categories
from search.engines.whoosh.damage import unavailable
from search.engines.whoosh.matches import Floats
from search.engines.whoosh.postings import Postings, PostingsReader
from search.engines.whoosh.schema import DIGEST_COLUMN, RUN_COLUMN, TERMS_COLUMN
from search.engines.whoosh.substrings import SubstringIndex


class Segment:
    """The immutable part of one Whoosh segment, read once and kept while the segment lives."""

    def __init__(self, reader: SegmentReader, path: Path) -> None:
        self.size: int = reader.doc_count_all()
        self._path = path
        self._reader = reader
        self._words: PostingsReader = reader._terms  # of our codec; Whoosh has no public way to it
        # Words are looked up as long as any snapshot has this segment: who drops it last knows nothing of its files.
        weakref.finalize(self, reader._terms.close)
        with closing(reader._perdoc):  # a file for each column, read here and never again
            self.numbers = {
                name: np.fromiter(self._column(name), np.int64, self.size) for name in NUMBER_FIELDS
            }
            self.texts = {
                name: Categories.of([value.decode() for value in self._column(name)]) for name in TEXT_FIELDS
            }
            mentions: list[bytes] = [*self._column(TERMS_COLUMN)]
            self.terms = np.frombuffer(b"".join(mentions), np.int32)
            self.term_counts = np.fromiter((len(ids) // 4 for ids in mentions), np.int64, self.size)
            self.lengths: dict[str, Floats] = {
                name: np.fromiter(
                    (reader.doc_field_length(document, name) or 0 for document in range(self.size)),
                    np.float32,
                    self.size,
                )
                for name in WORD_FIELDS
            }
            self.total_lengths: dict[str, int] = {name: reader.field_length(name) for name in WORD_FIELDS}
            self.digests = np.frombuffer(b"".join(self._column(DIGEST_COLUMN)), np.uint64).reshape(
                self.size, -1
            )
            """What each document was made from, as two numbers."""
            self.occurrences = SubstringIndex(self._column(RUN_COLUMN)).find
            """Where `run`, a run of characters (search.text.runs), stands."""

    def postings(self, digest: bytes, only: str = "") -> dict[str, Postings]:
        """Where the word of a digest stands in each field that holds it (or in one), in deleted documents too."""
        try:
            return self._words.read(digest, only)
        except (Exception, MemoryError) as error:  # from changed bytes there may come anything
            raise unavailable(self._path, error) from error

    def _column(self, name: str) -> Any:
        return self._reader.column_reader(name)
