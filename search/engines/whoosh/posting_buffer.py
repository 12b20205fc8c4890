"""Postings on their way into a segment: they come document by document and leave word by word."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines.whoosh.postings import DIGEST, ENTRY, MAX_FIELDS, Chunk, Digests, Numbers, digest_of

Ints = npt.NDArray[np.int64]

IN_MEMORY = 2_000_000
"""Postings that wait in memory (16 bytes each), and that are sorted at a time (some 80 bytes each)."""


class PostingBuffer:
    """The postings of a segment.

    >>> buffer = PostingBuffer(Path("."), ["text", "title"])
    >>> buffer.add(0, "text", {"晶圆": 2, "CoWoS": 1})
    >>> buffer.add(1, "text", {"晶圆": 1})
    >>> [(len(each.entries), each.documents.tolist(), each.frequencies.tolist()) for each in buffer.sorted_chunks()]
    [(2, [0, 1, 0], [2, 1, 1])]

    What is more than `in_memory` of them waits in nameless files in `folder`, which go when the process does.
    """

    def __init__(self, folder: Path, fields: Sequence[str], in_memory: int = IN_MEMORY) -> None:
        self._folder = folder
        self.fields = fields
        self._number_of_field = {name: number for number, name in enumerate(fields)}
        self._in_memory = in_memory
        self._numbers: defaultdict[str | bytes, int] = defaultdict(count().__next__)
        """A new word gets the next number; words of another segment are known by their digests alone."""
        self._put_away: list[Numbers] = []
        self._empty()

    def add(self, document: int, field: str, words: Mapping[str, int]) -> None:
        """Adds words of a document with their frequencies. No word comes twice with the same document and field."""
        self._documents.append(document)
        self._fields.append(self._number_of_field[field])
        self._counts.append(len(words))
        self._words.extend(map(self._numbers.__getitem__, words))
        self._frequencies.extend(words.values())
        if len(self._words) >= self._in_memory:
            self._put_away.append(self._on_disk(self._gathered()))
            self._empty()

    def add_segment(self, held: Chunk, fields: Sequence[str], documents: Ints) -> None:
        """Adds all postings of a segment; `documents` are the new numbers of its documents, -1 for one that goes."""
        entries = held.entries
        digests = np.empty(len(entries), DIGEST)
        digests["hash"], digests["check"] = entries["hash"], entries["check"]
        data, size = digests.tobytes(), DIGEST.itemsize
        words = [self._numbers[data[at : at + size]] for at in range(0, len(data), size)]
        of_fields = np.array([self._number_of_field[name] for name in fields], np.uint32)[entries["field"]]
        sizes = np.diff(np.append(entries["start"].astype(np.int64), len(held.documents)))
        moved = documents[held.documents]
        rows = [
            np.repeat(np.array(words, np.uint32), sizes),
            np.repeat(of_fields, sizes),
            moved,
            held.frequencies,
        ]
        self._put_away.append(np.array([row[moved >= 0] for row in rows], np.uint32))

    def sorted_chunks(self) -> Iterator[Chunk]:
        """Yields every word, in the order of their digests."""
        digests, places = _in_order(self._numbers)
        runs = [*self._put_away, self._gathered()]
        sizes = np.zeros(len(digests), np.int64)
        for numbers, *_rest in runs:
            sizes += np.bincount(places[numbers], minlength=len(digests))
        ends = sizes.cumsum()
        first = 0
        while first < len(digests):
            before = int(ends[first - 1]) if first else 0
            # One word at least, however many documents hold it.
            last = max(first + 1, int(np.searchsorted(ends, before + self._in_memory, side="right")))
            if ends[last - 1] > before:  # else only documents that went held these words
                keys, frequencies = _sorted(runs, places, first, last)
                yield _chunk(keys, frequencies, digests, before)
            first = last

    def _empty(self) -> None:
        self._documents, self._fields, self._counts = array("I"), array("I"), array("I")
        self._words, self._frequencies = array("I"), array("I")

    def _gathered(self) -> Numbers:
        """Four rows: the number of the word, of the field, of the document; the frequency."""
        counts = np.array(self._counts)
        of_documents = (np.repeat(np.array(column), counts) for column in (self._fields, self._documents))
        return np.array([np.array(self._words), *of_documents, np.array(self._frequencies)], np.uint32)

    def _on_disk(self, gathered: Numbers) -> Numbers:
        with TemporaryFile(dir=self._folder) as file:
            gathered.tofile(file)
            return np.memmap(file, np.uint32, "r", shape=gathered.shape)


def _in_order(words: Iterable[str | bytes]) -> tuple[Digests, Ints]:
    """The digests of words, ascending, each once; and the place of each word among them."""
    found = np.frombuffer(
        b"".join(word if isinstance(word, bytes) else digest_of(word) for word in words), DIGEST
    )
    order = np.lexsort((found["check"], found["hash"]))
    ascending = found[order]
    is_new = np.ones(len(found), np.bool_)
    is_new[1:] = ascending[1:] != ascending[:-1]
    places = np.empty(len(found), np.int64)
    places[order] = is_new.cumsum() - 1
    return ascending[is_new], places


def _sorted(
    runs: Iterable[Numbers], places: Ints, first: int, last: int
) -> tuple[npt.NDArray[np.uint64], Numbers]:
    """Sorted keys of the postings of the words from place `first` to before `last`, and their frequencies.

    A key is the place, then the field, then the document.
    """
    kept = []
    for numbers, fields, documents, frequencies in runs:
        of_postings = places[numbers]
        wanted: Any = slice(None)
        if last - first < len(places):
            wanted = (of_postings >= first) & (of_postings < last)
        of_words = (of_postings[wanted] * MAX_FIELDS + fields[wanted]).astype(np.uint64)
        kept.append((of_words << np.uint64(32) | documents[wanted], frequencies[wanted]))
    keys, frequencies = (np.concatenate(rows) for rows in zip(*kept, strict=True))
    order = np.argsort(keys)
    return keys[order], frequencies[order]


def _chunk(keys: npt.NDArray[np.uint64], frequencies: Numbers, digests: Digests, before: int) -> Chunk:
    of_words = keys >> np.uint64(32)
    starts = np.flatnonzero(np.diff(of_words, prepend=~of_words[:1]))
    places, fields = np.divmod(of_words[starts].astype(np.int64), MAX_FIELDS)
    entries = np.empty(len(starts), ENTRY)
    entries["hash"], entries["check"] = digests["hash"][places], digests["check"][places]
    entries["field"], entries["start"] = fields, before + starts
    return Chunk(entries, (keys & np.uint64(2**32 - 1)).astype(np.uint32), frequencies)
