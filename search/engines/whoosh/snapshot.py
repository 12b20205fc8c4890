"""One state of the index, read as numpy arrays.

A snapshot never changes; a commit or a rebuild makes a new one. Arrays run over the documents of all segments,
deleted ones included (`live` tells which count), so a document is the same place in every array.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from itertools import accumulate
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from search.engines.base import Hits, TermCounts
from search.engines.documents import KINDS, WORD_FIELDS, DocumentId, Kind
from search.engines.fields import FACETS, NUMBER_FIELDS, TEXT_FIELDS
from search.engines.position import Position
from search.engines.ranking import RECENCY_WEIGHT
from search.engines.whoosh.cache import WeighedCache
from search.engines.whoosh.columns import Categories, Mentions
from search.engines.whoosh.matches import Bools, Floats, Ints, Matches
from search.engines.whoosh.postings import Postings, digest_of
from search.engines.whoosh.scoring import length_norms
from search.engines.whoosh.segment import Segment
from search.engines.whoosh.substrings import NO_OCCURRENCES, Occurrences

Number = TypeVar("Number", bound=np.generic)

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
        self.scored: WeighedCache[Matches] = WeighedCache(
            MAX_SCORED, lambda matches: len(matches) + SCORED_AT_LEAST
        )
        """What search.engines.whoosh.evaluation has scored of this snapshot: words and runs."""
        self.answers = _no_answers()
        """What was asked of this snapshot, answered. It is dropped with the snapshot, so it never is outdated."""
        self._segments = segments
        self._periods: dict[tuple[str, str], Categories] = {}
        self._bases = [*accumulate((segment.size for segment in segments), initial=0)][:-1]

    def read_ahead(self) -> None:
        """Makes the arrays that any query may need, which else the first to need them makes."""
        _made = self.texts, self.shown, self.recency, self.ranks, self.norms, self.term_counts, self.content
        for facet, column in FACETS.items():
            if column in NUMBER_FIELDS:
                self.periods(column, facet)

    def without(self, hidden: Collection[DocumentId]) -> Snapshot:
        """Returns the same without some documents."""
        # With all that is read and scored already: it does not depend on what is live.
        snapshot = copy.copy(self)
        snapshot.name = f"{self.name} without {sorted(map(str, hidden))}"
        snapshot.live = self.live.copy()
        for document in hidden:
            snapshot.live[self.places_of(document)] = False
        snapshot.answers = _no_answers()
        for name in ("shown", "term_counts", "content"):
            snapshot.__dict__.pop(name, None)
        return snapshot

    def places_of(self, document: DocumentId) -> Ints:
        """Returns where a document is: once if all is well, and deleted versions of it besides."""
        places = np.flatnonzero(self.numbers["pk"] == document.pk)
        return np.intersect1d(places, self.texts["kind"].documents_with(document.kind))

    @property
    def size(self) -> int:
        """Documents of all kinds, deleted ones included: how long every array is."""
        return len(self.live)

    @cached_property
    def of_kind(self) -> dict[Kind, Bools]:
        """Which documents are of a kind, deleted ones included."""
        kinds = self.texts["kind"]
        names = np.array(kinds.values)
        return {kind: (names == kind)[kinds.codes] if len(names) else self.live for kind in KINDS}

    @cached_property
    def shown(self) -> dict[Kind, Bools]:
        """Which documents of a kind are there to be found."""
        return {kind: is_of_kind & self.live for kind, is_of_kind in self.of_kind.items()}

    @cached_property
    def content(self) -> str:
        """A name of all that is there to be found, whatever its order and whichever commits wrote it."""
        digests = np.concatenate(
            [np.zeros((0, 2), np.uint64), *(segment.digests for segment in self._segments)]
        )
        return bytes(digests[self.live].sum(axis=0, dtype=np.uint64)).hex()

    @cached_property
    def article_count(self) -> int:
        """Articles, deleted ones included: what Whoosh's statistics count."""
        return int(np.count_nonzero(self.of_kind["article"]))

    @cached_property
    def numbers(self) -> dict[str, Ints]:
        return {name: _joined(np.int64, (s.numbers[name] for s in self._segments)) for name in NUMBER_FIELDS}

    @cached_property
    def texts(self) -> dict[str, Categories]:
        return {
            name: Categories.joined([segment.texts[name] for segment in self._segments])
            for name in TEXT_FIELDS
        }

    @cached_property
    def recency(self) -> Floats:
        """By what a score is multiplied: 1 for the oldest document, the most for the newest, in proportion between."""
        dates = self.numbers["end_date"]
        if not len(dates):
            return np.ones(0, np.float32)
        newness = (dates - dates.min()) / max(int(np.ptp(dates)), 1)
        return np.asarray(1 + RECENCY_WEIGHT * newness, np.float32)

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
        return {name: _joined(np.float32, (s.lengths[name] for s in self._segments)) for name in WORD_FIELDS}

    @cached_property
    def norms(self) -> dict[str, Floats]:
        """What the length of each document's fields takes off the weight of a word (search.engines.whoosh.scoring)."""
        norms = {}
        for name in WORD_FIELDS:
            average = sum(s.total_lengths[name] for s in self._segments) / (self.article_count or 1) or 1.0
            norms[name] = length_norms(self.lengths[name], average)
        return norms

    def periods(self, column: str, unit: str) -> Categories:
        """Returns the year or the month (`2025-03`) of the days in a column."""
        if (column, unit) not in self._periods:
            is_year = unit == "year"
            days = self.numbers[column] // (10_000 if is_year else 100)
            periods, codes = np.unique(days, return_inverse=True)
            values = [str(day) if is_year else f"{day // 100}-{day % 100:02}" for day in periods.tolist()]
            self._periods[column, unit] = Categories(values, codes)
        return self._periods[column, unit]

    @cached_property
    def term_counts(self) -> TermCounts:
        """In how many live articles each term stands, of all that statistics count."""
        counts = np.bincount(self.mentions.of(np.flatnonzero(self.live)))
        held = np.flatnonzero(counts)
        return TermCounts(self.article_count, dict(zip(held.tolist(), counts[held].tolist(), strict=True)))

    @cached_property
    def mentions(self) -> Mentions:
        return Mentions(
            _joined(np.int64, (s.term_counts for s in self._segments)),
            _joined(np.int32, (s.terms for s in self._segments)),
        )

    def inverse_frequency(self, holders: int) -> float:
        """What it says of a text to be one of `holders`: log(N / (n + 1)) + 1 (whoosh.scoring.WeightingModel.idf)."""
        return math.log(self.article_count / (holders + 1)) + 1 if self.article_count else 0.0

    def postings(self, word: str, only: str = "") -> Mapping[str, Postings]:
        """Where `word` stands in each field that holds it (or in one), deleted documents included."""
        digest = digest_of(word)
        parts = [segment.postings(digest, only) for segment in self._segments]
        if len(parts) == 1:
            return parts[0]
        held = [(part, base) for part, base in zip(parts, self._bases, strict=True) if part]
        return {
            field: Postings(
                np.concatenate([part[field].documents + base for part, base in held if field in part]),
                np.concatenate([part[field].frequencies for part, _base in held if field in part]),
            )
            for field in {field for part, _base in held for field in part}
        }

    def occurrences(self, run: str) -> Occurrences:
        """Where `run`, a run of characters (search.text.runs), stands, deleted documents included."""
        parts = [segment.occurrences(run) for segment in self._segments]
        held = [
            (part, base)
            for part, base in zip(parts, self._bases, strict=True)
            if len(part.documents)  # most segments are small, and hold little of what is asked for
        ]
        if len(held) == 1 and not held[0][1]:
            return held[0][0]
        if not held:
            return NO_OCCURRENCES
        documents = np.concatenate([part.documents + base for part, base in held])
        return Occurrences(
            documents, *map(np.concatenate, list(zip(*(part[1:] for part, _base in held), strict=True)))
        )


def _joined(kind: type[Number], columns: Iterable[npt.NDArray[Number]]) -> npt.NDArray[Number]:
    """The columns of all segments, of which there may be none."""
    return np.concatenate([np.array([], kind), *columns])
