"""Reads the live generation into snapshots, each state of it once; what is still there is not read again.

CURRENT, manifest ──► the newest commit ──► its segments, new ones read ──► Snapshot
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from pathlib import Path

import numpy as np
from whoosh.index import TOC
from whoosh.reading import SegmentReader

from search.engines.base import IndexUnavailable
from search.engines.documents import DocumentId
from search.engines.position import Position
from search.engines.whoosh.committing import INDEX_NAME
from search.engines.whoosh.damage import damage_as_unavailable, refuse_damaged
from search.engines.whoosh.generations import Generations, Live
from search.engines.whoosh.postings import PlacedStorage
from search.engines.whoosh.segment import Segment
from search.engines.whoosh.snapshot import Snapshot

TRIED_AGAIN_AFTER = 2.0
"""Seconds before an index that could not be read is tried again."""

_Key = tuple[Path, int, str]


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
        self._without: tuple[tuple[Snapshot, frozenset[DocumentId]], Snapshot] | None = None
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
            self._snapshot, self._key, self._segments, self._seen, self._without = None, None, {}, None, None
            self._failure = self._failure or (_key(live), time.monotonic() + TRIED_AGAIN_AFTER, error)
            raise
        else:
            if self._key == _key(live):
                self._seen = live, self._snapshot
            return self._snapshot
        finally:
            self._lock.release()

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
        if self._failure and (self._failure[0] != _key(live) or time.monotonic() > self._failure[1]):
            self._failure = None
        if self._failure:
            raise self._failure[2]

    def _read(self, live: Live) -> tuple[Snapshot, _Key]:
        try:
            with damage_as_unavailable(live.path):
                return read_snapshot(live, self._segments), _key(live)
        except IndexUnavailable:
            newer = self._generations.live()
            if _key(newer) == _key(live):
                raise
            return self._read(newer)  # a writer has just replaced what we were about to open


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


def _key(live: Live) -> _Key:
    """Another one for every state of the index; the position of an unchanged one may move on."""
    return live.path, live.manifest.commit, str(live.manifest.position)
