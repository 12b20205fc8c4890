"""Finds a run of characters in all texts of a segment, without reading them: the guarantee
(docs/decisions/0003-the-guarantee.md).

The texts lie one behind the other in one array, and for every character there is the list of its places, ordered by
the character that follows. A run is looked up at the places of its rarest character with a neighbour; the others only
have to agree. The lists are made by two radix sorts when the segment is opened, and take six bytes a character.
"""

from __future__ import annotations

import mmap
from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.engines.whoosh.matches import Bools, Floats, Ints, first_of_equals

Places = npt.NDArray[np.uint32]

CODE_UNITS = 2**16


_KIND_OF_UNIT = np.zeros(CODE_UNITS, np.int8)
_KIND_OF_UNIT[ord("a") : ord("z") + 1] = 1
_KIND_OF_UNIT[ord("0") : ord("9") + 1] = 2


@dataclass(frozen=True)
class Occurrences:
    """Documents that hold a run of characters, ascending; how often; and whether their title holds it.

    The same again for where it is whole: no part of a longer Latin word or number, as `sic` is in `asic`.
    """

    documents: Ints
    counts: Floats
    in_title: Bools
    whole_counts: Floats
    whole_in_title: Bools

    def in_titles(self) -> Occurrences:
        """Only the documents whose title holds it."""
        kept = self.in_title
        return Occurrences(
            self.documents[kept],
            self.counts[kept],
            self.in_title[kept],
            self.whole_counts[kept],
            self.whole_in_title[kept],
        )


class SubstringIndex:
    """The places of every character in the run columns (search.engines.whoosh.schema) of one segment.

    Characters are UTF-16 code units: two bytes each, and half of a rare one never looks like another.
    """

    def __init__(self, columns: Collection[bytes]) -> None:
        # A mapping of its own, of which only what is written takes memory: freed pieces of this size stay with the
        # process, and `columns` are read twice rather than held.
        texts = mmap.mmap(-1, max(2 * sum(map(len, columns)), 1))
        line_counts = [0]
        for column in columns:
            if not column.endswith(b"\n"):
                raise ValueError("a run column does not end as one")
            texts.write(column.decode().encode("utf-16-le"))
            line_counts.append(column.count(b"\n"))
        self._text = np.frombuffer(texts, "<u2", texts.tell() // 2)
        lines = np.cumsum(line_counts)
        line_ends = np.flatnonzero(self._text == ord("\n")).astype(np.uint32)
        self._ends = line_ends[lines[1:] - 1] + np.uint32(1)
        self._title_ends = line_ends[lines[:-1]]
        self._places = _by_two_characters(self._text)
        self._bounds = np.concatenate([[0], np.cumsum(np.bincount(self._text, minlength=CODE_UNITS))])

    def find(self, run: str) -> Occurrences:
        """Returns where `run` stands; overlapping places count each."""
        units = np.frombuffer(run.encode("utf-16-le"), "<u2")
        starts = self._starts(units)
        documents, counts, in_title = self._counted(starts)
        whole = self._only_whole(starts, units)
        if whole is starts:
            return Occurrences(documents, counts, in_title, counts, in_title)
        whole_counts, whole_in_title = np.zeros_like(counts), np.zeros_like(in_title)
        holders, counts_of_holders, in_title_of_holders = self._counted(whole)
        places = np.searchsorted(documents, holders)
        whole_counts[places], whole_in_title[places] = counts_of_holders, in_title_of_holders
        return Occurrences(documents, counts, in_title, whole_counts, whole_in_title)

    def _counted(self, starts: Places) -> tuple[Ints, Floats, Bools]:
        """Returns the documents that hold any of `starts` (ascending), how many, and whether one is in the title."""
        if len(starts) > len(self._ends):  # whichever of the two takes fewer steps
            bounds = np.zeros(len(self._ends) + 1, np.int64)
            bounds[1:] = starts.searchsorted(self._ends)
            counts = bounds[1:] - bounds[:-1]
            documents = counts.nonzero()[0]
            counts, firsts = counts[documents], bounds[documents]
        else:
            holders = self._ends.searchsorted(starts, side="right")
            firsts = first_of_equals(holders).nonzero()[0]
            documents = holders[firsts]
            counts = np.append(firsts[1:], len(holders)) - firsts
        # The title comes first in a text: what stands in it anywhere has its first place there.
        return documents, counts.astype(np.float32), starts[firsts] < self._title_ends[documents]

    def _only_whole(self, starts: Places, units: npt.NDArray[np.uint16]) -> Places:
        """Those of `starts` that are no part of a longer Latin word or number; itself when all are."""
        first, last = _KIND_OF_UNIT[units[0]], _KIND_OF_UNIT[units[-1]]
        if not (first or last):
            return starts
        whole = np.ones(len(starts), np.bool_)
        if first:
            before = self._text[np.maximum(starts, 1) - 1]
            whole &= (_KIND_OF_UNIT[before] != first) | (starts == 0)
        if last:  # a text ends with a line break, so something always stands behind
            whole &= _KIND_OF_UNIT[self._text[starts + np.uint32(len(units))]] != last
        return starts if whole.all() else starts[whole]

    def _starts(self, units: npt.NDArray[np.uint16]) -> Places:
        """The places where all `units` stand one behind the other, ascending."""
        if len(units) == 1:
            return np.sort(self._places_of(int(units[0])))
        numbers = self._bounds[units.astype(np.int64) + 1] - self._bounds[units]
        rarest = int(numbers.argmin())
        # The rarest character with the one behind it, or with the one before it: whichever pair is rarer.
        pairs = [
            (place, self._pair(units, place)) for place in (rarest - 1, rarest) if 0 <= place < len(units) - 1
        ]
        offset, places = min(pairs, key=lambda pair: len(pair[1]))
        room = len(self._text) - len(units)
        if room < 0:
            return places[:0]
        starts = places[(places >= offset) & (places <= room + offset)] - np.uint32(offset)
        for other in numbers.argsort(kind="stable").tolist():
            if not len(starts):
                break
            if other not in (offset, offset + 1):
                starts = starts[self._text[starts + np.uint32(other)] == units[other]]
        return starts

    def _places_of(self, unit: int) -> Places:
        """The places of a character, ordered by the one that follows."""
        return self._places[self._bounds[unit] : self._bounds[unit + 1]]

    def _pair(self, units: npt.NDArray[np.uint16], place: int) -> Places:
        """The places of the character at `place` of `units` that the next one of `units` follows, ascending."""
        first, second = int(units[place]), int(units[place + 1])
        text, last = self._text, len(self._text) - 1
        places = self._places_of(first)

        def follower(position: np.uint32) -> int:
            return int(text[position + 1]) if position < last else -1

        start = bisect_left(places, second, key=follower)
        end = bisect_left(places, second + 1, lo=start, key=follower)
        return places[start:end]


def _by_two_characters(text: npt.NDArray[np.uint16]) -> Places:
    """Every place of `text`, ordered by its character, then by the one that follows, then by itself."""
    places = np.arange(len(text), dtype=np.uint32)
    # A stable sort of two-byte numbers is a radix sort: it takes no comparisons. The last place has no follower.
    by_follower = np.argsort(text[1:], kind="stable").astype(np.uint32)
    places[1:] = by_follower
    places[:1] = max(len(text) - 1, 0)
    return places[np.argsort(text[places], kind="stable")]
