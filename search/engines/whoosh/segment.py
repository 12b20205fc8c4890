"""The part of an index that one commit wrote, read as numpy arrays: it never changes, and snapshots share it."""

from __future__ import annotations

import threading
import weakref
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.reading import SegmentReader

from search.engines.documents import WORD_FIELDS
from search.engines.fields import NUMBER_FIELDS, TEXT_FIELDS
from search.engines.whoosh.damage import damage_as_unavailable
from search.engines.whoosh.matches import Floats, Ints
from search.engines.whoosh.postings import Postings, read_postings
from search.engines.whoosh.schema import RUN_COLUMN, TERMS_COLUMN
from search.engines.whoosh.substrings import SubstringIndex


class Segment:
    """The immutable part of one Whoosh segment, read once and kept while the segment lives."""

    def __init__(self, reader: SegmentReader, path: Path) -> None:
        self.size: int = reader.doc_count_all()
        self._path = path
        self._reader = reader
        self._lock = threading.Lock()  # Whoosh's files have one position for all threads
        # Words are looked up as long as any snapshot has this segment: who drops it last knows nothing of its files.
        weakref.finalize(self, reader._terms.close)
        with closing(reader._perdoc):  # a file for each column, read here and never again
            self.numbers = {
                name: np.fromiter(self._column(name), np.int64, self.size) for name in NUMBER_FIELDS
            }
            self.texts = {name: [value.decode() for value in self._column(name)] for name in TEXT_FIELDS}
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
            self.occurrences = SubstringIndex(self._column(RUN_COLUMN)).find
            """Where `run`, a squeezed run of characters, stands."""

    def postings(self, field: str, word: str) -> Postings:
        """Where `word` stands in `field`, in deleted documents too."""
        with self._lock, damage_as_unavailable(self._path):
            found = read_postings(self._reader, field, word)
            if not _are_in_order(found.documents, self.size):
                raise ValueError(f"the postings of {word!r} are out of order")
            return found

    def _column(self, name: str) -> Any:
        return self._reader.column_reader(name)


def _are_in_order(documents: Ints, size: int) -> bool:
    """Whether these can be documents of a segment: from changed bytes there may come anything."""
    if not len(documents):
        return True
    return bool(documents[0] >= 0 and documents[-1] < size and np.all(np.diff(documents) > 0))
