"""One state of the index, read as numpy arrays.

A snapshot never changes; a commit or a rebuild makes a new one. Arrays run over the documents of all segments,
deleted ones included (`live` tells which count), so a document is the same place in every array.
"""

from __future__ import annotations

import math
import pickle
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
from whoosh.index import TOC, FileIndex, open_dir
from whoosh.index import IndexError as WhooshIndexError
from whoosh.reading import IndexReader, SegmentReader

from glossary.folding import fold
from search.backends.generations import Generations, IndexUnavailable
from search.backends.postings import NO_POSTINGS, Postings, read_postings
from search.backends.runs import Occurrences, RunIndex
from search.backends.schema import NUMBER_COLUMNS, RUN_COLUMN, TERMS_COLUMN, TEXT_COLUMNS, WORD_FIELDS

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

MAX_CACHED = 3_000_000
"""Documents in the postings that a segment keeps in memory (12 bytes each), and as many in the occurrences."""
CACHED_AT_LEAST = 50
"""What a word or run counts that hardly any document holds: Python's objects around it take memory too."""


Place = TypeVar("Place", Postings, Occurrences)


class Remembered(Generic[Place]):
    """A function whose answers are kept. Past MAX_CACHED it forgets them all and starts again."""

    def __init__(self, read: Callable[..., Place]) -> None:
        self._read: Callable[..., Place] = read
        self._known: dict[tuple[str, ...], Place] = {}
        self._cached = 0

    def __call__(self, *key: str) -> Place:
        known = self._known.get(key)
        if known is None:
            known = self._read(*key)
            if self._cached > MAX_CACHED:
                self._known, self._cached = {}, 0
            self._known[key] = known
            self._cached += len(known.documents) + CACHED_AT_LEAST
        return known


@dataclass(frozen=True)
class Categories:
    """A column of texts of which there are few different ones: their list, and each document's place in it."""

    values: list[str]
    codes: Ints

    @classmethod
    def of(cls, texts: list[str]) -> Categories:
        values = sorted(set(texts))
        places = {value: place for place, value in enumerate(values)}
        return cls(values, np.array([places[text] for text in texts], np.int64))

    def equal(self, text: str) -> Bools:
        """Which documents have `text`, in whatever writing."""
        same = self._places.get(fold(text))
        if same is None:  # nearly always: a query is seldom the name of a columnist
            return np.zeros(len(self.codes), np.bool_)
        return np.isin(self.codes, np.array(same, np.int64))

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for place, value in enumerate(self.values):
            places.setdefault(fold(value), []).append(place)
        return places


class Segment:
    """The immutable part of one Whoosh segment, read once and kept while the segment lives."""

    def __init__(self, reader: IndexReader, path: Path) -> None:
        self.size: int = reader.doc_count_all()
        self._path = path
        self._reader = reader
        self._lock = threading.Lock()  # Whoosh's files have one position for all threads
        self.numbers = {name: np.fromiter(self._column(name), np.int64, self.size) for name in NUMBER_COLUMNS}
        self.texts = {name: [value.decode() for value in self._column(name)] for name in TEXT_COLUMNS}
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
        self.postings = Remembered(self._read_postings)
        """Where `word` stands in `field`, in deleted documents too."""
        self.occurrences = Remembered(RunIndex(self._column(RUN_COLUMN)).find)
        """Where `run`, a squeezed run of characters, stands."""

    def _read_postings(self, field: str, word: str) -> Postings:
        with self._lock, _damage_as_unavailable(self._path):
            return read_postings(self._reader, field, word)

    def _column(self, name: str) -> Any:
        return self._reader.column_reader(name)


class Snapshot:
    """All segments of the index as they were at one moment."""

    def __init__(self, segments: list[Segment], live: Bools, name: str = "") -> None:
        self.name = name
        """The same in every process that reads the same state, and never again another state's."""
        self.live = live
        self._segments = segments
        self._bases = np.cumsum([0, *(segment.size for segment in segments)])[:-1]

    def without(self, articles: list[int]) -> Snapshot:
        """The same without some articles; itself when there are none."""
        if not articles:
            return self
        hidden = np.isin(self.numbers["article"], np.array(articles, np.int64))
        return Snapshot(self._segments, self.live & ~hidden)

    @property
    def size(self) -> int:
        """Documents, deleted ones included: what Whoosh's statistics count."""
        return len(self.live)

    @cached_property
    def numbers(self) -> dict[str, Ints]:
        return {
            name: np.concatenate([np.array([], np.int64), *(s.numbers[name] for s in self._segments)])
            for name in NUMBER_COLUMNS
        }

    @cached_property
    def texts(self) -> dict[str, Categories]:
        return {
            name: Categories.of([text for segment in self._segments for text in segment.texts[name]])
            for name in TEXT_COLUMNS
        }

    @cached_property
    def newness(self) -> Floats:
        """0 for the oldest article, 1 for the newest, in proportion between."""
        dates = self.numbers["end_date"]
        if not len(dates):
            return np.zeros(0, np.float32)
        return np.asarray((dates - dates.min()) / max(int(np.ptp(dates)), 1), np.float32)

    @cached_property
    def lengths(self) -> dict[str, Floats]:
        return {
            name: np.concatenate([np.array([], np.float32), *(s.lengths[name] for s in self._segments)])
            for name in WORD_FIELDS
        }

    @cached_property
    def average_lengths(self) -> dict[str, float]:
        return {
            name: sum(s.total_lengths[name] for s in self._segments) / (self.size or 1) or 1.0
            for name in WORD_FIELDS
        }

    @cached_property
    def mentions(self) -> tuple[Ints, npt.NDArray[np.int32]]:
        """Every mention of a term, as two arrays: the document, and the term's id."""
        counts = np.concatenate([np.array([], np.int64), *(s.term_counts for s in self._segments)])
        terms = np.concatenate([np.array([], np.int32), *(s.terms for s in self._segments)])
        return np.repeat(np.arange(self.size), counts), terms

    def inverse_document_frequency(self, field: str, word: str) -> float:
        """Whoosh's: log(N / (n + 1)) + 1 (whoosh.scoring.WeightingModel.idf)."""
        return self.inverse_frequency(sum(len(s.postings(field, word).documents) for s in self._segments))

    def inverse_frequency(self, holders: int) -> float:
        """The same for anything that `holders` documents hold."""
        return math.log(self.size / (holders + 1)) + 1 if self.size else 0.0

    def postings(self, field: str, word: str) -> Postings:
        """Where `word` stands in `field`, deleted documents included."""
        parts = [segment.postings(field, word) for segment in self._segments]
        if len(parts) == 1:
            return parts[0]
        return Postings(
            self._joined([part.documents for part in parts]),
            np.concatenate([NO_POSTINGS.frequencies, *(part.frequencies for part in parts)]),
        )

    def occurrences(self, run: str) -> Occurrences:
        """Where `run`, a squeezed run of characters, stands, deleted documents included."""
        parts = [segment.occurrences(run) for segment in self._segments]
        if len(parts) == 1:
            return parts[0]
        return Occurrences(
            self._joined([part.documents for part in parts]),
            np.concatenate([np.array([], np.float32), *(part.counts for part in parts)]),
            np.concatenate([np.array([], np.bool_), *(part.in_title for part in parts)]),
            np.concatenate([np.array([], np.float32), *(part.whole_counts for part in parts)]),
            np.concatenate([np.array([], np.bool_), *(part.whole_in_title for part in parts)]),
        )

    def _joined(self, documents: list[Ints]) -> Ints:
        """Documents of each segment, as they are numbered in the whole snapshot."""
        return np.concatenate(
            [NO_POSTINGS.documents, *(part + base for part, base in zip(documents, self._bases, strict=True))]
        )


DAMAGE = (
    OSError, EOFError, ValueError, TypeError, LookupError, AttributeError, AssertionError,
    struct.error, zlib.error, pickle.UnpicklingError, WhooshIndexError,
)  # fmt: skip
"""What Whoosh raises on files that are cut short, changed or gone: it has no checksums to say so itself."""


@contextmanager
def _damage_as_unavailable(path: Path) -> Iterator[None]:
    try:
        yield
    except DAMAGE as error:
        raise IndexUnavailable(
            f"the search index in {path.name} can not be read ({error!r}): run `manage.py rebuild_index`"
        ) from error


class SnapshotReader:
    """Hands out the newest snapshot of the live generation; threads of a process share it."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._lock = threading.Lock()
        self._key: tuple[Path, int] | None = None
        self._snapshot: Snapshot | None = None
        self._index: tuple[Path, FileIndex] | None = None
        self._segments: dict[tuple[Path, str], Segment] = {}

    def newest(self) -> Snapshot:
        """Returns the newest snapshot. Raises IndexUnavailable when no generation can answer."""
        path = self._generations.current()
        with self._lock, _damage_as_unavailable(path):
            if self._index is None or self._index[0] != path:
                self._index = path, open_dir(str(path), readonly=True)
            index = self._index[1]
            # A look at the names in a folder: opening Whoosh's files for every query would be most of its time.
            if self._snapshot is None or self._key != (path, index.latest_generation()):
                self._snapshot, self._key = self._read(index, path)
            return self._snapshot

    def _read(self, index: FileIndex, path: Path) -> tuple[Snapshot, tuple[Path, int]]:
        toc = TOC.read(index.storage, index.indexname)
        known = self._segments
        try:
            self._segments = {
                key: known.get(key) or Segment(SegmentReader(index.storage, toc.schema, segment), path)
                for segment in toc.segments
                for key in [(path, segment.segment_id())]
            }
        except FileNotFoundError:
            if index.latest_generation() == toc.generation:
                raise
            return self._read(index, path)  # a writer has just replaced what we were about to open
        live = [np.ones(segment.doc_count_all(), np.bool_) for segment in toc.segments]
        for documents, segment in zip(live, toc.segments, strict=True):
            documents[[*segment.deleted_docs()]] = False
        snapshot = Snapshot(
            [*self._segments.values()],
            np.concatenate([np.array([], np.bool_), *live]),
            f"{path.name}:{toc.generation}",
        )
        return snapshot, (path, toc.generation)
