"""The engine on Whoosh: Whoosh stores the index in a folder of this machine, arrays answer.

Nothing of Haystack's own Whoosh backend is used. It answers 0 for match-all, slices the last page wrongly, loses
deletes under load and never matches a Chinese phrase (docs/decisions/0002).
"""

from __future__ import annotations

import datetime as dt
import shutil
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from django.conf import settings
from filelock import BaseFileLock, FileLock

from glossary.plurals import plural
from glossary.vocabulary import current_vocabulary
from search.engines.base import (
    EngineState,
    Held,
    Hide,
    Hits,
    IndexQuery,
    IndexUnavailable,
    LockName,
    TermCounts,
)
from search.engines.documents import Document, DocumentId
from search.engines.fields import number_date
from search.engines.position import Position
from search.engines.whoosh.committing import MANY_SEGMENTS, Folder, commit, create, table_of_contents
from search.engines.whoosh.evaluation import evaluate
from search.engines.whoosh.generations import VERSION, Generations, Live
from search.engines.whoosh.matches import are_in
from search.engines.whoosh.paging import page_of
from search.engines.whoosh.postings import NO_POSTINGS
from search.engines.whoosh.reading import SnapshotReader, contents, read_snapshot
from search.engines.whoosh.repair import Inspector, repair
from search.engines.whoosh.schema import fields_of
from search.engines.whoosh.similarity import similarity
from search.engines.whoosh.snapshot import Snapshot
from search.query.tree import Node
from search.text.runs import run_to_find

_pinned: ContextVar[Snapshot | None] = ContextVar("pinned", default=None)
"""The state of the index that a thread goes on with."""


class WhooshEngine:
    """An index in a folder: `whoosh://` in the data folder of the site, `whoosh:///srv/index` in another."""

    has_index = True

    def __init__(self, url: str) -> None:
        self.folder = Path(urlsplit(url).path or settings.DATA_DIR / "index")
        self.generations = Generations(self.folder)
        self._reader = SnapshotReader(self.generations)
        self._inspector = Inspector()
        self._merged: Live | None = None

    @property
    def name(self) -> str:
        return f"{socket.gethostname()}:{self.generations.root}"[-300:]

    @property
    def is_empty(self) -> bool:
        return self.generations.is_empty

    # --- Reading

    def state(self, index: str = "") -> EngineState:
        return _state_of(self.generations.named(index))

    @contextmanager
    def pinned(self, hide: Hide | None = None, index: str = "") -> Iterator[EngineState]:
        snapshot = _pinned.get()
        if index:
            snapshot = read_snapshot(self.generations.named(index), {})
        elif snapshot is None:
            newest = self._reader.newest()
            snapshot = self._reader.without(newest, hide(newest.position) if hide else ())
        token = _pinned.set(snapshot)
        try:
            yield EngineState(
                snapshot.name,
                snapshot.position,
                int(np.count_nonzero(snapshot.shown["article"])),
                content=f"{VERSION} {snapshot.content}",
            )
        finally:
            _pinned.reset(token)

    def snapshot(self) -> Snapshot:
        """Returns what this thread has pinned, or the newest state of the index."""
        return _pinned.get() or self._reader.newest()

    def search(self, query: IndexQuery) -> Hits:
        snapshot, terms = self.snapshot(), current_vocabulary()
        return snapshot.answers.get(
            (query, terms),
            lambda: page_of(evaluate(query.node, snapshot, terms, query.kind), query, snapshot),
        )

    def counts(self, nodes: Sequence[Node]) -> list[int]:
        snapshot = self.snapshot()
        return [len(evaluate(node, snapshot, current_vocabulary())) for node in nodes]

    def counts_by_day(self, nodes: Sequence[Node]) -> list[list[tuple[dt.date, int]]]:
        snapshot, found = self.snapshot(), []
        for node in nodes:
            documents = evaluate(node, snapshot, current_vocabulary()).documents
            days, numbers = np.unique(snapshot.numbers["end_date"][documents], return_counts=True)
            found.append([*zip(map(number_date, days.tolist()), numbers.tolist(), strict=True)])
        return found

    def scores(self, nodes: Sequence[Node], document: DocumentId) -> list[float]:
        snapshot = self.snapshot()
        places = snapshot.places_of(document)
        places = places[snapshot.live[places]]
        found = (evaluate(node, snapshot, current_vocabulary(), document.kind) for node in nodes)
        return [float(matches.scores_at(places, snapshot.size).sum()) for matches in found]

    def term_counts(self) -> TermCounts:
        return self.snapshot().term_counts

    def similar(self, document: DocumentId, within: Node, start: int = 0, end: int | None = None) -> Hits:
        snapshot = self.snapshot()
        allowed = evaluate(within, snapshot, current_vocabulary()).documents
        found = similarity(document, snapshot)
        alike = found.only(are_in(found.documents, allowed, snapshot.size))
        return page_of(alike, IndexQuery(within, start=start, end=end), snapshot)

    def containing(self, runs: Iterable[str], *, whole: bool = False) -> dict[str, list[int]]:
        snapshot = self.snapshot()
        shown = snapshot.shown["article"]
        found: dict[str, list[int]] = {run: [] for run in runs}
        for run in found:
            if looked_up := run_to_find(run):
                places = snapshot.occurrences(looked_up)
                documents = places.documents
                if (
                    whole
                ):  # in a joined text `CoWoS` touches the `L` of `CoWoS-L`, but it is a word of its own
                    words = snapshot.postings(looked_up, "text").get("text", NO_POSTINGS).documents
                    if several := plural(looked_up):
                        words = np.setdiff1d(words, snapshot.occurrences(several).documents)
                    documents = documents[(places.whole_counts > 0) | np.isin(documents, words)]
                found[run] = snapshot.numbers["pk"][documents[shown[documents]]].tolist()
        return found

    def contents(self, index: str = "") -> tuple[EngineState, Iterator[Held]]:
        return self.generations.read(index, lambda generation: (_state_of(generation), contents(generation)))

    # --- Writing

    def write(
        self, documents: Sequence[Document], gone: Iterable[DocumentId], position: Position, index: str = ""
    ) -> None:
        generation = self.generations.named(index)
        outdated = [str(document) for document in (*gone, *(document.id for document in documents))]
        if outdated:
            fields = [*map(fields_of, documents)]  # before the writer opens: an error harms nobody
            commit(generation.path, generation.manifest, fields, outdated, position.to_json())
        else:
            replace(generation.manifest, position=position.to_json()).write(generation.path)
        if not index:
            self._reader.follow()

    def build(self, documents: Iterable[Document], position: Position) -> str:
        path = self.generations.new()
        try:
            empty = create(path, VERSION, time.strftime("%Y-%m-%dT%H:%M:%S%z"), position.to_json())
            # Whoosh copies a compound file into the memory of every process that opens it.
            commit(path, empty, map(fields_of, documents), [], position.to_json(), compound=False)
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise
        return path.name

    def activate(self, index: str) -> None:
        self.generations.activate(index)

    def discard(self, index: str) -> None:
        self.generations.discard(index)

    def maintain(self, *, remove_old: bool = False) -> None:
        if remove_old:
            self.generations.remove_old()
            self.generations.remove_unused_versions()
        with suppress(IndexUnavailable, TimeoutError):
            if self._merged != self.generations.live():
                self.merge_segments(MANY_SEGMENTS)
                self._merged = self.generations.live()

    def merge_segments(self, more_than: int) -> None:
        """Merges the small segments of the live generation when there are more than `more_than` segments."""
        live = self.generations.live()
        if len(table_of_contents(Folder(str(live.path)), live.manifest.commit).segments) > more_than:
            with self.lock("write", 0):
                live = self.generations.live()
                position = live.manifest.position
                commit(live.path, live.manifest, [], [], position, small_segments=more_than)

    def repair(self, catch_up: Callable[[str], object], *, is_thorough: bool = True) -> bool:
        return repair(self.generations, catch_up, Inspector() if is_thorough else self._inspector)

    def lock(self, name: LockName, wait_seconds: float) -> BaseFileLock:
        return FileLock(self.generations.lock_path(name), timeout=wait_seconds)

    def is_locked(self, name: LockName) -> bool:
        return self.generations.is_locked(name)


def _state_of(live: Live) -> EngineState:
    manifest = live.manifest
    return EngineState(
        f"{live.path.name}:{manifest.commit}",
        Position.from_json(manifest.position),
        manifest.documents - manifest.issues,
        live.path.name,
        manifest.built_at,
    )
