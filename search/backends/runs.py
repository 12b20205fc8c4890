"""Finds a run of characters in all texts of a segment, without reading them: the guarantee of DESIGN §5.

The texts lie one behind the other in one array, and for every character there is the list of its places. A run is
looked up at the places of its rarest character; the others only have to agree. The lists are made by one radix
sort when the segment is opened (0.2 s and 65 MB for 10 million characters).
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


@dataclass(frozen=True)
class Occurrences:
    """Documents that hold a run of characters, ascending; how often; and whether their title holds it."""

    documents: Ints
    counts: Floats
    in_title: Bools


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
        starts = self._starts(np.frombuffer(run.encode("utf-16-le"), "<u2"))
        if len(starts) > len(self._ends):  # whichever of the two takes fewer steps
            up_to = np.searchsorted(starts, self._ends)
            counts = np.diff(up_to, prepend=0)
            in_title = np.searchsorted(starts, self._title_ends) > up_to - counts
        else:
            holders = np.searchsorted(self._ends, starts, side="right")
            counts = np.bincount(holders, minlength=len(self._ends))
            in_title = np.zeros(len(self._ends), np.bool_)
            in_title[holders[starts < self._title_ends[holders]]] = True
        documents = np.flatnonzero(counts)
        return Occurrences(documents, counts[documents].astype(np.float32), in_title[documents])

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
