"""One state of the index, read as numpy arrays.

A snapshot never changes; a commit or a rebuild makes a new one. Arrays run over the documents of all segments,
deleted ones included (`live` tells which count), so a document is the same place in every array.
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from search.engines.position import Position
from search.engines.whoosh.answers import Answer
from search.engines.whoosh.columns import Categories, Mentions
from search.engines.whoosh.matches import Bools, Floats, Ints, Matches
from search.engines.whoosh.postings import NO_POSTINGS, Postings
from search.engines.whoosh.remembering import Remembered
from search.engines.whoosh.runs import Occurrences
from search.engines.whoosh.schema import NUMBER_COLUMNS, TEXT_COLUMNS, WORD_FIELDS
from search.engines.whoosh.scoring import length_norms
from search.engines.whoosh.segment import Segment

MAX_SCORED = 400_000
"""Documents in the scored words and runs that a snapshot keeps in memory, 12 bytes each."""
SCORED_AT_LEAST = 50
"""What a word or run counts that hardly any document holds: Python's objects around it take memory too."""
MAX_ANSWERS = 100_000
"""Hits and counts of facets in the answers that a snapshot keeps in memory, about 100 bytes each."""
ANSWER_AT_LEAST = 20


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
        """What search.engines.whoosh.evaluation has scored of this snapshot: words and runs."""
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
        """What the length of each document's fields takes off the weight of a word (search.engines.whoosh.scoring)."""
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
