"""Finds a run of characters in all texts of a segment, without reading them: the guarantee of DESIGN §5.

The texts lie one behind the other in one array, and for every character there is the list of its places. A run is
looked up at the places of its rarest character; the others only have to agree. The lists are made by one radix
sort when the segment is opened, and take six bytes a character.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

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

    def whole(self) -> Occurrences:
        """Only where it is whole."""
        counts, in_title = self.whole_counts, self.whole_in_title
        return Occurrences(self.documents, counts, in_title, counts, in_title)._only(counts > 0)

    def in_titles(self) -> Occurrences:
        """Only the documents whose title holds it."""
        return self._only(self.in_title)

    def _only(self, kept: Bools) -> Occurrences:
        return Occurrences(
            self.documents[kept],
            self.counts[kept],
            self.in_title[kept],
            self.whole_counts[kept],
            self.whole_in_title[kept],
        )


class RunIndex:
    """The places of every character in the run columns (search.backends.schema) of one segment.

    Characters are UTF-16 code units: two bytes each, and half of a rare one never looks like another.
    """

    def __init__(self, columns: Iterable[bytes]) -> None:
        texts = bytearray()  # grows in place: a list of all columns would leave holes of its size in memory
        line_counts = [0]
        for column in columns:
            if not column.endswith(b"\n"):
                raise ValueError("a run column does not end as one")
            texts += column
            line_counts.append(column.count(b"\n"))
        self._text = np.frombuffer(texts.decode().encode("utf-16-le"), "<u2")
        lines = np.cumsum(line_counts)
        line_ends = np.flatnonzero(self._text == ord("\n")).astype(np.uint32)
        self._ends = line_ends[lines[1:] - 1] + np.uint32(1)
        self._title_ends = line_ends[lines[:-1]]
        # A stable sort of two-byte numbers is a radix sort: it takes no comparisons.
        self._places = np.argsort(self._text, kind="stable").astype(np.uint32)
        self._bounds = np.concatenate([[0], np.cumsum(np.bincount(self._text, minlength=CODE_UNITS))])

    def find(self, run: str) -> Occurrences:
        """Returns where `run` stands; overlapping places count each."""
        units = np.frombuffer(run.encode("utf-16-le"), "<u2")
        starts = self._starts(units)
        whole = starts[self._are_whole(starts, units)]
        counts, in_title = self._counted(starts)
        whole_counts, whole_in_title = counts, in_title
        if len(whole) < len(starts):
            whole_counts, whole_in_title = self._counted(whole)
        documents = np.flatnonzero(counts)
        return Occurrences(
            documents,
            counts[documents].astype(np.float32),
            in_title[documents],
            whole_counts[documents].astype(np.float32),
            whole_in_title[documents],
        )

    def _counted(self, starts: npt.NDArray[np.uint32]) -> tuple[Ints, Bools]:
        """Returns how many of `starts` each document holds, and whether one of them is in its title."""
        if len(starts) > len(self._ends):  # whichever of the two takes fewer steps
            up_to = np.searchsorted(starts, self._ends)
            counts = np.diff(up_to, prepend=0)
            return counts, np.searchsorted(starts, self._title_ends) > up_to - counts
        holders = np.searchsorted(self._ends, starts, side="right")
        in_title = np.zeros(len(self._ends), np.bool_)
        in_title[holders[starts < self._title_ends[holders]]] = True
        return np.bincount(holders, minlength=len(self._ends)), in_title

    def _are_whole(self, starts: npt.NDArray[np.uint32], units: npt.NDArray[np.uint16]) -> Bools:
        """Which of `starts` are no part of a longer Latin word or number."""
        first, last = _KIND_OF_UNIT[units[0]], _KIND_OF_UNIT[units[-1]]
        whole = np.ones(len(starts), np.bool_)
        if first:
            before = self._text[np.maximum(starts, 1) - 1]
            whole &= (_KIND_OF_UNIT[before] != first) | (starts == 0)
        if last:  # a text ends with a line break, so something always stands behind
            whole &= _KIND_OF_UNIT[self._text[starts + np.uint32(len(units))]] != last
        return whole

    def _starts(self, units: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint32]:
        rarest_first = np.argsort(
            self._bounds[units.astype(np.int64) + 1] - self._bounds[units], kind="stable"
        )
        offset = int(rarest_first[0])
        unit = int(units[offset])
        places = self._places[self._bounds[unit] : self._bounds[unit + 1]]
        room = len(self._text) - len(units)
        if room < 0:
            return places[:0]
        starts = places[(places >= offset) & (places <= room + offset)] - np.uint32(offset)
        for other in rarest_first[1:]:
            if not len(starts):
                break
            starts = starts[self._text[starts + np.uint32(other)] == units[other]]
        return starts
