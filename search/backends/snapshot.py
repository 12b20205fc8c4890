"""One state of the index, read as numpy arrays.

A snapshot never changes; a commit or a rebuild makes a new one. Arrays run over the documents of all segments,
deleted ones included (`live` tells which count), so a document is the same place in every array.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from whoosh.index import TOC
from whoosh.reading import IndexReader, SegmentReader

from glossary.folding import fold
from search.backends.committing import INDEX_NAME
from search.backends.generations import Generations, IndexUnavailable, Live
from search.backends.matches import Matches
from search.backends.postings import NO_POSTINGS, PlacedStorage, Postings, read_postings
from search.backends.remembering import Remembered
from search.backends.runs import Occurrences, RunIndex
from search.backends.schema import NUMBER_COLUMNS, RUN_COLUMN, TERMS_COLUMN, TEXT_COLUMNS, WORD_FIELDS
from search.backends.scoring import length_norms
from search.position import Position

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
TRIED_AGAIN_AFTER = 2.0
"""Seconds before an index that could not be read is tried again."""

_Key = tuple[Path, int, str]


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


class Snapshot:
    """All segments of the index as they were at one moment."""

    def __init__(self, segments: list[Segment], live: Bools, position: Position, name: str = "") -> None:
        self.name = name
        """The same in every process that reads the same state, and never again another state's."""
        self.live = live
        self.position = position
        """How far it follows the outbox."""
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
        name = f"{self.name} without {sorted(articles)}"
        snapshot = Snapshot(self._segments, self.live & ~hidden, self.position, name)
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


@contextmanager
def damage_as_unavailable(path: Path) -> Iterator[None]:
    """Whoosh unpickles its files: from changed bytes it can raise anything at all."""
    try:
        yield
    except IndexUnavailable:
        raise
    except (Exception, MemoryError) as error:
        raise IndexUnavailable(
            f"the search index in {path.name} can not be read ({error!r}): run `manage.py rebuild_index`"
        ) from error


class SnapshotReader:
    """Hands out the newest snapshot of the live generation; threads of a process share it.

    While one thread reads a new state of the index, the others go on with the one before: nobody waits but for
    the first of all.
    """

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._lock = threading.Lock()
        self._key: _Key | None = None
        self._snapshot: Snapshot | None = None
        self._segments: dict[tuple[Path, str], Segment] = {}
        self._seen: tuple[Live, Snapshot] | None = None
        self._failure: tuple[_Key, float, IndexUnavailable] | None = None

    def newest(self) -> Snapshot:
        """Returns the newest snapshot. Raises IndexUnavailable when no generation can answer."""
        live = self._generations.live()
        seen = self._seen
        if seen is not None and seen[0] is live:  # nearly always
            return seen[1]
        known = self._snapshot
        if not self._lock.acquire(blocking=known is None or self._key is None):
            assert known is not None  # noqa: S101 - else the lock was waited for
            return known
        try:
            live = self._generations.live()
            if self._snapshot is None or self._key != _key(live):
                self._refuse_what_failed(live)
                self._snapshot, self._key = self._read(live)
        except IndexUnavailable as error:
            self._snapshot, self._key, self._segments, self._seen = None, None, {}, None
            self._failure = self._failure or (_key(live), time.monotonic() + TRIED_AGAIN_AFTER, error)
            raise
        else:
            if self._key == _key(live):
                self._seen = live, self._snapshot
            return self._snapshot
        finally:
            self._lock.release()

    def _refuse_what_failed(self, live: Live) -> None:
        """Reading a damaged index to the place where it is damaged takes time: not for every request."""
        if self._failure and (self._failure[0] != _key(live) or time.monotonic() > self._failure[1]):
            self._failure = None
        if self._failure:
            raise self._failure[2]

    def _read(self, live: Live) -> tuple[Snapshot, _Key]:
        try:
            with damage_as_unavailable(live.path):
                return self._read_commit(live), _key(live)
        except IndexUnavailable:
            newer = self._generations.live()
            if _key(newer) == _key(live):
                raise
            return self._read(newer)  # a writer has just replaced what we were about to open

    def _read_commit(self, live: Live) -> Snapshot:
        return read_snapshot(live, self._segments)


def read_snapshot(live: Live, known: dict[tuple[Path, str], Segment]) -> Snapshot:
    """Reads the commit that the manifest describes, segments in `known` not again; what is new goes there.

    What is unpickled has the checksum that it was committed with. Raises IndexUnavailable when a file has not,
    or anything that reading damaged files can raise.
    """
    path, manifest = live
    storage = PlacedStorage(path)
    toc_name = f"_{INDEX_NAME}_{manifest.commit}.toc"
    refuse_damaged(live, [toc_name])
    toc = TOC.read(storage, INDEX_NAME, gen=manifest.commit)
    segments: dict[tuple[Path, str], Segment] = {}
    for segment in toc.segments:
        key = (path, segment.segment_id())
        if key not in known:
            names = [name for name in manifest.files if name.startswith(f"{segment.segment_id()}.")]
            refuse_damaged(live, names)
            segments[key] = Segment(SegmentReader(storage, toc.schema, segment), path)
        else:
            segments[key] = known[key]
    known.clear()
    known.update(segments)
    alive = [np.ones(segment.doc_count_all(), np.bool_) for segment in toc.segments]
    for documents, segment in zip(alive, toc.segments, strict=True):
        documents[[*segment.deleted_docs()]] = False
    return Snapshot(
        [*segments.values()],
        np.concatenate([np.array([], np.bool_), *alive]),
        Position.from_json(manifest.position),
        f"{path.name}:{manifest.commit}",
    )


def refuse_damaged(live: Live, names: Iterable[str]) -> None:
    """Raises IndexUnavailable when one of these files is not as it was committed."""
    damaged = live.manifest.changed(live.path, names)
    if damaged:
        raise IndexUnavailable(
            f"the search index in {live.path.name} is damaged ({', '.join(damaged)}): run `manage.py update_index`"
        )


def _key(live: Live) -> _Key:
    """Another one for every state of the index; the position of an unchanged one may move on."""
    return live.path, live.manifest.commit, str(live.manifest.position)
