"""One state of the index, read as numpy arrays.

A snapshot never changes; a commit or a rebuild makes a new one. Arrays run over the documents of all segments,
deleted ones included (`live` tells which count), so a document is the same place in every array.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Collection
from functools import cached_property

import numpy as np

from search.engines.base import Hits, TermCounts
from search.engines.documents import WORD_FIELDS, DocumentId
from search.engines.fields import NUMBER_FIELDS, TEXT_FIELDS
from search.engines.position import Position
from search.engines.whoosh.cache import WeighedCache
from search.engines.whoosh.columns import Categories, Mentions
from search.engines.whoosh.matches import Bools, Floats, Ints, Matches
from search.engines.whoosh.postings import NO_POSTINGS, Postings
from search.engines.whoosh.scoring import length_norms
from search.engines.whoosh.segment import Segment
from search.engines.whoosh.substrings import Occurrences

MAX_SCORED = 400_000
"""Documents in the scored words and runs that a snapshot keeps in memory, 12 bytes each."""
SCORED_AT_LEAST = 50
"""What a word or run counts that hardly any document holds: Python's objects around it take memory too."""
MAX_ANSWERS = 100_000
"""Hits and counts of facets in the answers that a snapshot keeps in memory, about 100 bytes each."""
ANSWER_AT_LEAST = 20


def _no_answers() -> WeighedCache[Hits]:
    def weigh(hits: Hits) -> int:
        return len(hits.documents) + sum(map(len, hits.facets.values())) + ANSWER_AT_LEAST

    return WeighedCache(MAX_ANSWERS, weigh)


class Snapshot:
    """All segments of the index as they were at one moment."""

    def __init__(self, segments: list[Segment], live: Bools, position: Position, name: str = "") -> None:
        self.name = name
        """The same in every process that reads the same state, and never again another state's."""
        self.live = live
        self.position = position
        """How far it follows the outbox."""
        self.are_all_live = bool(live.all())
        self.scored: WeighedCache[Matches] = WeighedCache(
            MAX_SCORED, lambda matches: len(matches) + SCORED_AT_LEAST
        )
        """What search.engines.whoosh.evaluation has scored of this snapshot: words and runs."""
        self.answers = _no_answers()
        """What was asked of this snapshot, answered. It is dropped with the snapshot, so it never is outdated."""
        self._segments = segments
        self._periods: dict[tuple[str, str], Categories] = {}
        self._bases = np.cumsum([0, *(segment.size for segment in segments)])[:-1]

    def without(self, hidden: Collection[DocumentId]) -> Snapshot:
        """Returns the same without some documents; itself when there are none."""
        if not hidden:
            return self
        snapshot = copy.copy(
            self
        )  # with all that is read and scored already: it does not depend on what is live
        snapshot.name = f"{self.name} without {sorted(map(str, hidden))}"
        snapshot.live = self.live.copy()
        for document in hidden:
            snapshot.live[self.places_of(document)] = False
        snapshot.are_all_live = bool(snapshot.live.all())
        snapshot.answers = _no_answers()
        snapshot.__dict__.pop("term_counts", None)
        return snapshot

    def places_of(self, document: DocumentId) -> Ints:
        """Returns where a document is: once if all is well, and deleted versions of it besides."""
        places = np.flatnonzero(self.numbers["pk"] == document.pk)
        return np.intersect1d(places, self.texts["kind"].documents_with(document.kind))

    @property
    def size(self) -> int:
        """Documents, deleted ones included: what Whoosh's statistics count."""
        return len(self.live)

    @cached_property
    def numbers(self) -> dict[str, Ints]:
        return {
            name: np.concatenate([np.array([], np.int64), *(s.numbers[name] for s in self._segments)])
            for name in NUMBER_FIELDS
        }

    @cached_property
    def texts(self) -> dict[str, Categories]:
        return {
            name: Categories.of([text for segment in self._segments for text in segment.texts[name]])
            for name in TEXT_FIELDS
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
        order = np.lexsort((numbers["pk"], numbers["position"], -numbers["end_date"]))
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
        """What the length of each document's fields takes off the weight of a word (search.engines.whoosh.scoring)."""
        return {name: length_norms(self.lengths[name], self.average_lengths[name]) for name in WORD_FIELDS}

    def periods(self, column: str, unit: str) -> Categories:
        """Returns the year or the month (`2025-03`) of the days in a column."""
        if (column, unit) not in self._periods:
            days = self.numbers[column].tolist()
            is_year = unit == "year"
            self._periods[column, unit] = Categories.of(
                [str(day // 10_000) if is_year else f"{day // 10_000}-{day // 100 % 100:02}" for day in days]
            )
        return self._periods[column, unit]

    @cached_property
    def term_counts(self) -> TermCounts:
        """In how many live documents each term stands, of all documents that statistics count."""
        counts = np.bincount(self.mentions.of(np.flatnonzero(self.live)))
        held = np.flatnonzero(counts)
        return TermCounts(self.size, dict(zip(held.tolist(), counts[held].tolist(), strict=True)))

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
