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
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.index import IndexError as WhooshIndexError
from whoosh.index import open_dir
from whoosh.reading import IndexReader, TermNotFound

from glossary.folding import fold
from search.backends.generations import Generations, IndexUnavailable
from search.backends.schema import NUMBER_COLUMNS, RUN_COLUMN, TERMS_COLUMN, TEXT_COLUMNS, WORD_FIELDS

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_KIND_OF_BYTE = np.zeros(256, np.int8)
_KIND_OF_BYTE[ord("a") : ord("z") + 1] = 1
_KIND_OF_BYTE[ord("0") : ord("9") + 1] = 2

MAX_CACHED_POSTINGS = 4_000_000
"""Postings that a segment keeps in memory (8 bytes each); past that it forgets them all and starts again."""


@dataclass(frozen=True)
class Postings:
    """Documents that hold a word, ascending, and how often each does."""

    documents: Ints
    frequencies: Floats


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
        folded = fold(text)
        same = [place for place, value in enumerate(self.values) if fold(value) == folded]
        return np.isin(self.codes, np.array(same, np.int64))


@dataclass(frozen=True)
class Occurrences:
    """Documents that hold a run of characters, ascending; how often; and whether their title holds it."""

    documents: Ints
    counts: Floats
    whole_counts: Floats
    """How often it is no part of a longer Latin word or number."""
    in_title: Bools
    """Whether the title holds it, as no part of a longer word."""

    @classmethod
    def at(cls, holders: Ints, is_whole: Bools, is_in_title: Bools) -> Occurrences:
        """Counts occurrences, given for each of them the document that holds it and what it is."""
        documents, places, counts = np.unique(holders, return_inverse=True, return_counts=True)
        whole = np.bincount(places, weights=is_whole, minlength=len(documents))
        titled = np.bincount(places, weights=is_in_title & is_whole, minlength=len(documents))
        return cls(documents, counts.astype(np.float32), whole.astype(np.float32), titled > 0)

    def whole(self) -> Occurrences:
        """Only those that are no part of a longer Latin word or number."""
        kept = self.whole_counts > 0
        return Occurrences(
            self.documents[kept], self.whole_counts[kept], self.whole_counts[kept], self.in_title[kept]
        )

    def in_titles(self) -> Occurrences:
        """Only those in a title."""
        kept = self.in_title
        return Occurrences(
            self.documents[kept], self.counts[kept], self.whole_counts[kept], self.in_title[kept]
        )


class Segment:
    """The immutable part of one Whoosh segment, read once and kept while the segment lives."""

    def __init__(self, reader: IndexReader, path: Path) -> None:
        self.size: int = reader.doc_count_all()
        self._path = path
        self._reader = reader
        self._lock = threading.Lock()  # Whoosh's files have one position for all threads
        self._postings: dict[tuple[str, str], Postings] = {}
        self._cached = 0
        self.numbers = {name: np.fromiter(self._column(name), np.int64, self.size) for name in NUMBER_COLUMNS}
        self.texts = {name: [value.decode() for value in self._column(name)] for name in TEXT_COLUMNS}
        self.lengths: dict[str, Floats] = {
            name: np.fromiter(
                (reader.doc_field_length(document, name) or 0 for document in range(self.size)),
                np.float32,
                self.size,
            )
            for name in WORD_FIELDS
        }
        self.total_lengths: dict[str, int] = {name: reader.field_length(name) for name in WORD_FIELDS}
        mentions: list[bytes] = [*self._column(TERMS_COLUMN)]
        self.terms = np.frombuffer(b"".join(mentions), np.int32)
        self.term_counts = np.fromiter((len(ids) // 4 for ids in mentions), np.int64, self.size)
        runs: list[bytes] = [*self._column(RUN_COLUMN)]
        self._text = b"".join(runs)
        self._ends = np.cumsum([len(run) for run in runs], dtype=np.int64)
        self._title_ends = np.array(
            [end - len(run) + run.index(b"\n") for run, end in zip(runs, self._ends, strict=True)], np.int64
        )

    def document_frequency(self, field: str, word: str) -> int:
        with self._lock:
            return int(self._reader.doc_frequency(field, word))

    def postings(self, field: str, word: str) -> Postings:
        """Returns where `word` stands in `field`; reads it on first use."""
        with self._lock:
            if (field, word) not in self._postings:
                with _damage_as_unavailable(self._path):
                    postings = self._read_postings(field, word)
                if self._cached > MAX_CACHED_POSTINGS:
                    self._postings.clear()
                    self._cached = 0
                self._postings[field, word] = postings
                self._cached += len(postings.documents)
            return self._postings[field, word]

    def occurrences(self, run: str) -> Occurrences:
        """Returns where `run`, a squeezed run of characters, stands. UTF-8 can not match in mid-character."""
        needle = run.encode()
        starts = []
        start = self._text.find(needle)
        while start >= 0:
            starts.append(start)
            start = self._text.find(needle, start + len(needle))
        places = np.array(starts, np.int64)
        holders = np.searchsorted(self._ends, places, side="right")
        return Occurrences.at(
            holders,
            is_whole=self._are_whole(places, needle),
            is_in_title=places < self._title_ends[holders] if len(places) else np.zeros(0, np.bool_),
        )

    def _are_whole(self, places: Ints, needle: bytes) -> Bools:
        """Which of the places are no part of a longer Latin word or number."""
        kinds = _KIND_OF_BYTE[np.frombuffer(self._text, np.uint8)[np.maximum(places - 1, 0)]]
        joined_before = (kinds == _KIND_OF_BYTE[needle[0]]) & (kinds > 0) & (places > 0)
        kinds = _KIND_OF_BYTE[np.frombuffer(self._text, np.uint8)[places + len(needle)]]
        joined_behind = (kinds == _KIND_OF_BYTE[needle[-1]]) & (kinds > 0)
        return ~(joined_before | joined_behind)

    def _column(self, name: str) -> Any:
        return self._reader.column_reader(name)

    def _read_postings(self, field: str, word: str) -> Postings:
        documents: list[int] = []
        frequencies: list[float] = []
        try:
            matcher = self._reader.postings(field, word)
        except TermNotFound:
            return Postings(np.array([], np.int64), np.array([], np.float32))
        while matcher.is_active():
            documents.append(matcher.id())
            frequencies.append(matcher.weight())
            matcher.next()
        return Postings(np.array(documents, np.int64), np.array(frequencies, np.float32))


class Snapshot:
    """All segments of the index as they were at one moment."""

    def __init__(self, segments: list[Segment], live: Bools) -> None:
        self.live = live
        self._segments = segments
        self._bases = np.cumsum([0, *(segment.size for segment in segments)])[:-1]

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
        return self.inverse_frequency(sum(s.document_frequency(field, word) for s in self._segments))

    def inverse_frequency(self, holders: int) -> float:
        """The same for anything that `holders` documents hold."""
        return math.log(self.size / (holders + 1)) + 1 if self.size else 0.0

    def postings(self, field: str, word: str) -> Postings:
        parts = [segment.postings(field, word) for segment in self._segments]
        return Postings(
            np.concatenate(
                [np.array([], np.int64), *(p.documents + b for p, b in zip(parts, self._bases, strict=True))]
            ),
            np.concatenate([np.array([], np.float32), *(part.frequencies for part in parts)]),
        )

    def occurrences(self, run: str) -> Occurrences:
        parts = [segment.occurrences(run) for segment in self._segments]
        return Occurrences(
            np.concatenate(
                [np.array([], np.int64), *(p.documents + b for p, b in zip(parts, self._bases, strict=True))]
            ),
            np.concatenate([np.array([], np.float32), *(part.counts for part in parts)]),
            np.concatenate([np.array([], np.float32), *(part.whole_counts for part in parts)]),
            np.concatenate([np.array([], np.bool_), *(part.in_title for part in parts)]),
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
        self._segments: dict[tuple[Path, str], Segment] = {}

    def newest(self) -> Snapshot:
        """Returns the newest snapshot. Raises IndexUnavailable when no generation can answer."""
        path = self._generations.current()
        with self._lock, _damage_as_unavailable(path):
            reader = open_dir(str(path), readonly=True).reader()
            key = (path, reader.generation())
            if self._snapshot is None or key != self._key:
                self._snapshot, self._key = self._read(reader, path), key
            return self._snapshot

    def _read(self, reader: IndexReader, path: Path) -> Snapshot:
        leaves = [leaf for leaf, _base in reader.leaf_readers()] if reader.doc_count_all() else []
        known = self._segments
        names = [(path, leaf.segment().segment_id()) for leaf in leaves]
        self._segments = {
            name: known.get(name) or Segment(leaf, path) for name, leaf in zip(names, leaves, strict=True)
        }
        live = [np.array([not leaf.is_deleted(n) for n in range(leaf.doc_count_all())]) for leaf in leaves]
        return Snapshot(list(self._segments.values()), np.concatenate([np.array([], np.bool_), *live]))
