"""Reads the live generation into snapshots, each state of it once; what is still there is not read again.

CURRENT, manifest ──► the newest commit ──► its segments, new ones read ──► Snapshot
                                        └─► every document with its hash: what a comparison reads
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.reading import SegmentReader

from search.engines.base import Held, IndexUnavailable
from search.engines.documents import DocumentId
from search.engines.position import Position
from search.engines.whoosh.committing import INDEX_NAME, Folder, table_of_contents
from search.engines.whoosh.damage import damage_as_unavailable, refuse_damaged
from search.engines.whoosh.generations import Generations, Live
from search.engines.whoosh.schema import DIGEST_COLUMN
from search.engines.whoosh.segment import Segment
from search.engines.whoosh.snapshot import Snapshot

TRIED_AGAIN_AFTER = 2.0
"""Seconds before an index that could not be read is tried again."""


class SnapshotReader:
    """Hands out the newest snapshot of the live generation; threads of a process share it.

    While one thread reads a new state of the index, the others go on with the one before: nobody waits but for
    the first of all.
    """

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._lock = threading.Lock()
        self._known: tuple[Live, Snapshot] | None = None
        self._segments: dict[tuple[Path, str], Segment] = {}
        self._without: tuple[tuple[Snapshot, frozenset[DocumentId]], Snapshot] | None = None
        self._failure: tuple[Live, float, IndexUnavailable] | None = None

    def newest(self) -> Snapshot:
        """Returns the newest snapshot. Raises IndexUnavailable when no generation can answer."""
        live = self._generations.live()
        known = self._known
        if known is not None and known[0] is live:  # nearly always
            return known[1]
        if not self._lock.acquire(blocking=known is None):
            assert known is not None  # noqa: S101 - else the lock was waited for
            return known[1]
        try:
            live = self._generations.live()
            known = self._known
            if known is not None and known[0] == live:
                self._known = live, known[1]
                return known[1]
            self._refuse_what_failed(live)
            found = self._generations.read("", lambda live: (live, read_snapshot(live, self._segments)))
            if known is None:  # the first of this process; a change adds little to what is there
                found[1].read_ahead()
            self._known = found
            return found[1]
        except IndexUnavailable as error:
            self._known, self._segments, self._without = None, {}, None
            self._failure = self._failure or (live, time.monotonic() + TRIED_AGAIN_AFTER, error)
            raise
        finally:
            self._lock.release()

    def follow(self) -> None:
        """Reads a new state ahead, for a process that has written it and answers searches: none has to wait for it.

        Who only writes has read nothing yet, and reads nothing. An index that can not be read is left to who asks it.
        """
        if self._known is not None:
            with suppress(IndexUnavailable):
                self.newest().read_ahead()

    def without(self, snapshot: Snapshot, hidden: Collection[DocumentId]) -> Snapshot:
        """Returns the snapshot without some documents, which is kept until others are to be hidden."""
        if not hidden:
            return snapshot
        key = (snapshot, frozenset(hidden))
        kept = self._without
        if kept is None or kept[0] != key:
            kept = self._without = key, snapshot.without(hidden)
        return kept[1]

    def _refuse_what_failed(self, live: Live) -> None:
        """Reading a damaged index to the place where it is damaged takes time: not for every request."""
        if self._failure and (self._failure[0] != live or time.monotonic() > self._failure[1]):
            self._failure = None
        if self._failure:
            raise self._failure[2]


def read_snapshot(live: Live, known: dict[tuple[Path, str], Segment]) -> Snapshot:
    """Reads the commit that the manifest describes, segments in `known` not again; what is new goes there.

    What is unpickled has the checksum that it was committed with. Raises IndexUnavailable when a file has not,
    or anything that reading damaged files can raise.
    """
    path, manifest = live
    storage = Folder(str(path))
    with damage_as_unavailable(path):
        refuse_damaged(live, [f"_{INDEX_NAME}_{manifest.commit}.toc"])
        toc = table_of_contents(storage, manifest.commit)
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


def contents(live: Live) -> Iterator[Held]:
    """Returns every document of a generation, whatever is wrong with it: columns are read, and no postings.

    All files are opened and checked before the first is returned. Raises IndexUnavailable when a file is not as it was
    committed, or can not be read.
    """
    with damage_as_unavailable(live.path):
        refuse_damaged(live, live.manifest.files)
        storage = Folder(str(live.path))
        toc = table_of_contents(storage, live.manifest.commit)
        readers = [SegmentReader(storage, toc.schema, segment) for segment in toc.segments]
        columns = ("kind", "pk", "end_date", DIGEST_COLUMN)
        opened = [(reader, [reader.column_reader(name) for name in columns]) for reader in readers]
    return _read(live, opened)


def _read(live: Live, opened: list[tuple[SegmentReader, list[Any]]]) -> Iterator[Held]:
    with damage_as_unavailable(live.path):
        for reader, (kinds, keys, end_dates, digests) in opened:
            with closing(reader):
                for number in reader.all_doc_ids():
                    stored = DocumentId.of(reader.stored_fields(number)["id"])
                    is_sound = stored is not None and stored == (kinds[number].decode(), keys[number])
                    year = int(end_dates[number]) // 10_000
                    yield Held(stored if is_sound else None, year, bytes(digests[number]))
