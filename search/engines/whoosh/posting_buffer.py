"""Postings on their way into a segment: they come document by document and leave word by word."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint32]

IN_MEMORY = 2_000_000
"""Postings of a field that wait in memory (8 bytes each), and that are sorted at a time (some 60 bytes each)."""


@dataclass(frozen=True)
class Chunk:
    """Some words with all their postings. The words are in order, and one chunk follows another."""

    words: list[str]
    starts: Ints
    """Where the postings of each word begin, and last where they all end."""
    documents: Numbers
    """Ascending within a word."""
    frequencies: Numbers


class PostingBuffer:
    """The postings of one field.

    >>> buffer = PostingBuffer(Path("."))
    >>> buffer.add(0, {"晶圆": 2, "CoWoS": 1})
    >>> buffer.add(1, {"晶圆": 1})
    >>> [(each.words, each.documents.tolist(), each.frequencies.tolist()) for each in buffer.sorted_chunks()]
    [(['CoWoS', '晶圆'], [0, 0, 1], [1, 2, 1])]

    What is more than `in_memory` of them waits in nameless files in `folder`, which go when the process does.
    """

    def __init__(self, folder: Path, in_memory: int = IN_MEMORY) -> None:
        self._folder = folder
        self._in_memory = in_memory
        self._numbers: defaultdict[str, int] = defaultdict(
            count().__next__
        )  # a new word gets the next number
        self._put_away: list[Numbers] = []
        self._empty()

    def add(self, document: int, words: Mapping[str, int]) -> None:
        """Adds words of a document with their frequencies. No word comes twice with the same document."""
        self._documents.append(document)
        self._counts.append(len(words))
        self._words.extend(map(self._numbers.__getitem__, words))
        self._frequencies.extend(words.values())
        if len(self._words) >= self._in_memory:
            self._put_away.append(self._on_disk())
            self._empty()

    def sorted_chunks(self) -> Iterator[Chunk]:
        """Yields every word, in the order of their bytes in UTF-8 (which is that of their code points)."""
        words = list(self._numbers)
        in_order = np.array(sorted(range(len(words)), key=words.__getitem__), np.int64)
        places = np.empty(len(words), np.uint32)
        places[in_order] = np.arange(len(words), dtype=np.uint32)
        runs = [*self._put_away, self._gathered()]
        sizes = np.zeros(len(words), np.int64)
        for numbers, _documents, _frequencies in runs:
            sizes += np.bincount(numbers, minlength=len(words))
        ends = sizes[in_order].cumsum()
        first = 0
        while first < len(words):
            before = int(ends[first - 1]) if first else 0
            # One word at least, however many documents hold it.
            last = max(first + 1, int(np.searchsorted(ends, before + self._in_memory, side="right")))
            documents, frequencies = _sorted(runs, places, first, last)
            starts = np.concatenate([[0], ends[first:last] - before])
            yield Chunk([words[number] for number in in_order[first:last]], starts, documents, frequencies)
            first = last

    def _empty(self) -> None:
        self._documents, self._counts = array("I"), array("I")
        self._words, self._frequencies = array("I"), array("I")

    def _gathered(self) -> Numbers:
        """Three rows: the number of the word, the document, the frequency."""
        documents = np.repeat(np.array(self._documents), np.array(self._counts))
        return np.array([np.array(self._words), documents, np.array(self._frequencies)], np.uint32)

    def _on_disk(self) -> Numbers:
        gathered = self._gathered()
        with TemporaryFile(dir=self._folder) as file:
            gathered.tofile(file)
            return np.memmap(file, np.uint32, "r", shape=gathered.shape)


def _sorted(runs: Iterable[Numbers], places: Numbers, first: int, last: int) -> tuple[Numbers, Numbers]:
    """Documents and frequencies of the words from place `first` to before `last`, word by word."""
    kept = []
    for numbers, documents, frequencies in runs:
        of_postings = places[numbers]
        wanted = (of_postings >= first) & (of_postings < last)
        kept.append((of_postings[wanted], documents[wanted], frequencies[wanted]))
    of_postings, documents, frequencies = (np.concatenate(rows) for rows in zip(*kept, strict=True))
    order = np.argsort(of_postings.astype(np.uint64) << np.uint64(32) | documents)
    return documents[order], frequencies[order]
