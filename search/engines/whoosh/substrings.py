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
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search.engines.whoosh.matches import Bools, Floats, Ints, are_all, first_of_equals

Places = npt.NDArray[np.uint32]

CODE_UNITS = 2**16


_KIND_OF_UNIT = np.zeros(CODE_UNITS, np.int8)
_KIND_OF_UNIT[ord("a") : ord("z") + 1] = 1
_KIND_OF_UNIT[ord("0") : ord("9") + 1] = 2


class Occurrences(NamedTuple):
    """Documents that hold a run of characters, ascending; how often; and whether their title holds it.

    The same again for where it is whole: no part of a longer Latin word or number, as `sic` is in `asic`.
    """

    documents: Ints
    counts: Floats
    in_title: Bools
    whole_counts: Floats
    whole_in_title: Bools

    def only(self, kept: Bools) -> Occurrences:
        """Those of the documents for which `kept` (one value for each) is true."""
        return self if are_all(kept) else Occurrences._make(column[kept] for column in self)

    def in_titles(self) -> Occurrences:
        """Only the documents whose title holds it."""
        return self.only(self.in_title)


NO_OCCURRENCES = Occurrences._make(
    np.array([], kind) for kind in (np.int64, np.float32, np.bool_, np.float32, np.bool_)
)


class SubstringIndex:
    """The places of every character in the run columns (search.engines.whoosh.schema) of one segment.

    Characters are UTF-16 code units: two bytes each, and half of a rare one never looks like another.
    """

    def __init__(self, columns: Collection[bytes]) -> None:
        # A mapping of its own, of which only what is written takes memory: freed pieces of this size stay with the
        # process, and `columns` are read twice rather than held.
        texts = mmap.mmap(-1, 2 * sum(map(len, columns)) + 2)
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
        counts = np.bincount(self._text, minlength=CODE_UNITS)
        self._bounds = np.concatenate([[0], counts.cumsum()]).astype(np.uint32)
        # The same, looked at number by number: for that, arrays take three times as long. Behind the text stands a 0.
        self._unit_at = memoryview(texts)[: texts.tell() + 2].cast("H")
        self._place_at, self._bound_at = self._places.data, self._bounds.data

    def find(self, run: str) -> Occurrences:
        """Returns where `run` stands; overlapping places count each."""
        units = np.frombuffer(run.encode("utf-16-le"), "<u2")
        starts = self._starts(units)
        if not len(starts):
            return NO_OCCURRENCES
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
            counts = np.empty(len(firsts), np.int64)
            counts[:-1] = firsts[1:] - firsts[:-1]
            counts[-1:] = len(holders) - firsts[-1:]
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
        return starts if are_all(whole) else starts[whole]

    def _starts(self, units: npt.NDArray[np.uint16]) -> Places:
        """The places where all `units` stand one behind the other, ascending."""
        run, bounds = units.tolist(), self._bound_at
        if len(run) == 1:
            return np.sort(self._places[bounds[run[0]] : bounds[run[0] + 1]])
        numbers = [bounds[unit + 1] - bounds[unit] for unit in run]
        if not (fewest := min(numbers)):  # of a small segment, nearly always
            return self._places[:0]
        rarest = numbers.index(fewest)
        # The rarest character with the one behind it, or with the one before it: whichever pair is rarer.
        first, end, offset = min(
            (
                (*self._pair(run[place], run[place + 1]), place)
                for place in (rarest - 1, rarest)
                if 0 <= place < len(run) - 1
            ),
            key=lambda pair: pair[1] - pair[0],
        )
        starts = self._places[first:end]
        if len(run) == 2:
            return starts
        room = len(self._text) - len(run)
        if room < 0:
            return starts[:0]
        starts = starts[(starts >= offset) & (starts <= room + offset)] - np.uint32(offset)
        for other in sorted(range(len(run)), key=numbers.__getitem__):
            if not len(starts):
                break
            if other not in (offset, offset + 1):
                starts = starts[self._text[starts + np.uint32(other)] == units[other]]
        return starts

    def _pair(self, first: int, second: int) -> tuple[int, int]:
        """Where in the list of places those of `first` that `second` follows begin and end: these are ascending."""
        units, places = self._unit_at, self._place_at

        def follower(place: int) -> int:
            return units[place + 1]

        low, high = self._bound_at[first], self._bound_at[first + 1]
        start = end = bisect_left(places, second, low, high, key=follower)
        step = 1  # of most pairs there are few: their end is near
        while end < high and follower(places[end]) == second:
            end, step = min(end + step, high), 2 * step
        return start, bisect_left(places, second + 1, max(start, end - step // 2), end, key=follower)


def _by_two_characters(text: npt.NDArray[np.uint16]) -> Places:
    """Every place of `text`, ordered by its character, then by the one that follows, then by itself."""
    places = np.arange(len(text), dtype=np.uint32)
    # A stable sort of two-byte numbers is a radix sort: it takes no comparisons. The last place has no follower.
    by_follower = np.argsort(text[1:], kind="stable").astype(np.uint32)
    places[1:] = by_follower
    places[:1] = max(len(text) - 1, 0)
    return places[np.argsort(text[places], kind="stable")]
