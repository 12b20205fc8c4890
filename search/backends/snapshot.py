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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from whoosh.index import TOC, FileIndex, open_dir
from whoosh.index import IndexError as WhooshIndexError
from whoosh.reading import IndexReader, SegmentReader

from glossary.folding import fold
from search.backends.generations import Generations, IndexUnavailable, Stamp
from search.backends.matches import Matches
from search.backends.postings import NO_POSTINGS, PlacedStorage, Postings, read_postings
from search.backends.remembering import Remembered
from search.backends.runs import Occurrences, RunIndex
from search.backends.schema import NUMBER_COLUMNS, RUN_COLUMN, TERMS_COLUMN, TEXT_COLUMNS, WORD_FIELDS
from search.backends.scoring import length_norms

if TYPE_CHECKING:
    from search.backends.answering import Answer

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

MAX_SCORED = 400_000
"""Documents in the scored words and runs that a snapshot keeps in memory, 12 bytes each."""
SCORED_AT_LEAST = 50
"""What a word or run counts that hardly any document holds: Python's objects around it take memory too."""
MAX_ANSWERS = 100_000
"""Hits and counts of facets in the answers that a snapshot keeps in memory, about 100 bytes each."""
ANSWER_AT_LEAST = 20


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

    def holders(self, text: str) -> Ints:
        """The documents that have `text`, in whatever writing, ascending."""
        same = self._places.get(fold(text))
        if same is None:  # nearly always: a query is seldom the name of a columnist
            return NO_POSTINGS.documents
        return np.flatnonzero(np.isin(self.codes, np.array(same, np.int64)))

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for place, value in enumerate(self.values):
            places.setdefault(fold(value), []).append(place)
        return places


class Mentions:
    """Which terms each document mentions: `ids` one document behind the other, `numbers` how many each has."""

    def __init__(self, numbers: Ints, ids: npt.NDArray[np.int32]) -> None:
        self.numbers = numbers
        self.ids = ids
        self._starts = np.cumsum(numbers) - numbers

    @cached_property
    def documents(self) -> Ints:
        """The document of each mention."""
        return np.repeat(np.arange(len(self.numbers)), self.numbers)

    def of(self, documents: Ints) -> npt.NDArray[np.int32]:
        """The terms that `documents` mention, once for each document that does."""
        numbers = self.numbers[documents]
        shifts = self._starts[documents] - (np.cumsum(numbers) - numbers)
        found: npt.NDArray[np.int32] = self.ids[np.repeat(shifts, numbers) + np.arange(int(numbers.sum()))]
        return found


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
        self.occurrences = RunIndex(self._column(RUN_COLUMN)).find
        """Where `run`, a squeezed run of characters, stands."""

    def postings(self, field: str, word: str) -> Postings:
        """Where `word` stands in `field`, in deleted documents too."""
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
        self.are_all_live = bool(live.all())
        self.scored: Remembered[Matches] = Remembered(
            MAX_SCORED, lambda matches: len(matches) + SCORED_AT_LEAST
        )
        """What search.backends.evaluation has scored of this snapshot: words and runs."""
        self.answers: Remembered[Answer] = Remembered(
            MAX_ANSWERS, lambda answer: answer.size + ANSWER_AT_LEAST
        )
        """What was asked of this snapshot, answered. It is dropped with the snapshot, so it never is outdated."""
        self._segments = segments
        self._bases = np.cumsum([0, *(segment.size for segment in segments)])[:-1]

    def without(self, articles: list[int]) -> Snapshot:
        """The same without some articles; itself when there are none."""
        if not articles:
            return self
        hidden = np.isin(self.numbers["article"], np.array(articles, np.int64))
        snapshot = Snapshot(self._segments, self.live & ~hidden)
        snapshot.scored = self.scored  # scores do not depend on what is live
        return snapshot

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
    def ranks(self) -> Ints:
        """Each document's place among all, the newest issue first, in an issue as its editor ordered it."""
        numbers = self.numbers
        order = np.lexsort((numbers["article"], numbers["position"], -numbers["end_date"]))
        ranks = np.empty(self.size, np.int64)
        ranks[order] = np.arange(self.size)
        return ranks

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
    def norms(self) -> dict[str, Floats]:
        """What the length of each document's fields takes off the weight of a word (search.backends.scoring)."""
        return {name: length_norms(self.lengths[name], self.average_lengths[name]) for name in WORD_FIELDS}

    @cached_property
    def years(self) -> Categories:
        return Categories.of([str(date // 10_000) for date in self.numbers["end_date"].tolist()])

    @cached_property
    def months(self) -> Categories:
        """As `2025-03`."""
        dates = self.numbers["end_date"].tolist()
        return Categories.of([f"{date // 10_000}-{date // 100 % 100:02}" for date in dates])

    @cached_property
    def mentions(self) -> Mentions:
        return Mentions(
            np.concatenate([np.array([], np.int64), *(s.term_counts for s in self._segments)]),
            np.concatenate([np.array([], np.int32), *(s.terms for s in self._segments)]),
        )

    def inverse_frequency(self, holders: int) -> float:
        """What it says of a text to be one of `holders`: log(N / (n + 1)) + 1 (whoosh.scoring.WeightingModel.idf)."""
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
        self._seen: tuple[str, Stamp, Snapshot] | None = None

    def newest(self) -> Snapshot:
        """Returns the newest snapshot. Raises IndexUnavailable when no generation can answer."""
        seen = self._seen
        if seen is not None and seen[1] == self._generations.stamp(seen[0]):
            return seen[2]
        path = self._generations.current()
        stamp = self._generations.stamp(
            str(path)
        )  # before the files are read: what changes now is read again
        with self._lock, _damage_as_unavailable(path):
            if self._index is None or self._index[0] != path:
                self._index = path, open_dir(str(path), readonly=True)
            index = self._index[1]
            # A look at the names in a folder: opening Whoosh's files for every query would be most of its time.
            if self._snapshot is None or self._key != (path, index.latest_generation()):
                self._snapshot, self._key = self._read(index, path)
            self._seen = (str(path), stamp, self._snapshot) if stamp is not None else None
            return self._snapshot

    def _read(self, index: FileIndex, path: Path) -> tuple[Snapshot, tuple[Path, int]]:
        toc = TOC.read(index.storage, index.indexname)
        known = self._segments
        try:
            self._segments = {
                key: known.get(key) or Segment(SegmentReader(PlacedStorage(path), toc.schema, segment), path)
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
