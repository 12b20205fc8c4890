"""The words of a segment and their postings, in two files that are read by place. Pure but for the files.

    word ─► digest ─► its first bits ─► entries of .trm: one for each field that holds the word
                                           └► one stretch of .pst: all its documents, then all its frequencies

    .trm  header (JSON) | for each value of the first bits, the entry where it begins | entries, by digest and field
    .pst  for each word: documents, by field and ascending, 4 bytes each; frequencies in the same order, 2 bytes each

A word is two reads, whatever the number of words, and what is read is arrays already. Words themselves are not stored:
96 bits of BLAKE2 tell them apart (of a million words, two are taken for one with a chance of 1 in 10^17).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from struct import Struct
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from search.engines.whoosh.matches import Floats, Ints

Numbers = npt.NDArray[np.uint32]
Digests = npt.NDArray[np.void]

DIGEST = np.dtype([("hash", "<u8"), ("check", "<u4")])
ENTRY = np.dtype([("hash", "<u8"), ("check", "<u4"), ("field", "<u4"), ("start", "<u8")])
"""A word in a field. `start` counts the postings before its first; the entry behind says where they end."""
MAX_FIELDS = 8
MAX_FREQUENCY = 2**16 - 1
"""A word that stands more often in a document scores no more."""
_HEADER_SIZE = 512
_ENTRIES_AT_ONCE = 3
"""Bits: of so many words the first bits of the digest are the same, twice as many at most."""
_POSTING_SIZE = 6
_FIELD_AND_START = Struct("<IQ")


class Postings(NamedTuple):
    """Documents that hold a word, ascending, and how often each does."""

    documents: Ints
    frequencies: Floats


NO_POSTINGS = Postings(np.array([], np.int64), np.array([], np.float32))


@dataclass(frozen=True)
class Chunk:
    """Some words with all their postings; one chunk follows another."""

    entries: npt.NDArray[np.void]
    """Of ENTRY, ascending; `start` counts from the first chunk on."""
    documents: Numbers
    """Ascending within an entry."""
    frequencies: Numbers


class Writable(Protocol):
    """A file that is written from its beginning to its end."""

    def write(self, data: bytes) -> object: ...


def digest_of(word: str) -> bytes:
    """Returns what stands for a word in an index."""
    return blake2b(word.encode("utf-8", "surrogatepass"), digest_size=DIGEST.itemsize).digest()


def write(chunks: Iterator[Chunk], fields: Sequence[str], words: Writable, postings: Writable) -> None:
    """Writes both files. The entries of a word must be in one chunk."""
    if len(fields) > MAX_FIELDS:
        raise ValueError(f"an index has no more than {MAX_FIELDS} fields with words, not {', '.join(fields)}")
    written, total = [np.zeros(0, ENTRY)], 0
    for chunk in chunks:
        written.append(chunk.entries)
        total += len(chunk.documents)
        postings.write(_word_by_word(chunk))
    entries = np.concatenate(written)
    bits = max(0, len(entries).bit_length() - _ENTRIES_AT_ONCE)
    firsts = np.bincount(_first_bits(entries["hash"], bits), minlength=2**bits).cumsum()
    header = {"fields": [*fields], "bits": bits, "entries": len(entries)}
    words.write(json.dumps(header).encode().ljust(_HEADER_SIZE))
    words.write(np.concatenate([[0], firsts]).astype("<u4").tobytes())
    end = np.zeros(1, ENTRY)
    end["start"] = total
    words.write(entries.tobytes() + end.tobytes())


def _first_bits(hashes: npt.NDArray[np.uint64], bits: int) -> Ints:
    return (hashes >> np.uint64(64 - bits)).astype(np.int64) if bits else np.zeros(len(hashes), np.int64)


def _word_by_word(chunk: Chunk) -> bytes:
    """The postings as they lie in the file, made of halves of numbers of four bytes."""
    places = np.flatnonzero(_are_first_of_words(chunk.entries))
    starts = (chunk.entries["start"][places] - chunk.entries["start"][0]).astype(np.int64)
    sizes = np.diff(starts, append=len(chunk.documents))
    of_postings, of_sizes = np.repeat(starts, sizes), np.repeat(sizes, sizes)
    numbers = np.arange(len(chunk.documents))
    halves = np.empty(len(numbers) * _POSTING_SIZE // 2, "<u2")
    # 3 halves for each posting of the words before, 2 for each of this one.
    documents = 2 * numbers + of_postings
    halves[documents] = chunk.documents & 0xFFFF
    halves[documents + 1] = chunk.documents >> 16
    halves[numbers + 2 * (of_postings + of_sizes)] = np.minimum(chunk.frequencies, MAX_FREQUENCY)
    return halves.tobytes()


def _are_first_of_words(entries: npt.NDArray[np.void]) -> npt.NDArray[np.bool_]:
    """Which of the entries are of another word than the one before."""
    are_first = np.ones(len(entries), np.bool_)
    are_first[1:] = entries["hash"][1:] != entries["hash"][:-1]
    are_first[1:] |= entries["check"][1:] != entries["check"][:-1]
    return are_first


class PostingsReader:
    """Finds the postings of a word of one segment. Threads can share it: nothing in a file is moved to."""

    def __init__(self, words: Any, postings: Any, documents: int) -> None:
        """Takes Whoosh's open files (whoosh.filedb.structfile), and how many documents the segment has."""
        self._files = words, postings
        self._documents = documents
        self._words: Callable[[int, int], bytes] = words.get
        self._postings: Callable[[int, int], bytes] = postings.get
        header = json.loads(self._words(0, _HEADER_SIZE))
        self.fields: list[str] = header["fields"]
        self._shift = 64 - header["bits"]
        self._size: int = header["entries"]
        table = self._words(_HEADER_SIZE, 4 * (2 ** header["bits"] + 1))
        self._first = np.frombuffer(table, "<u4").astype(np.uint32).data
        self._entries_at = _HEADER_SIZE + len(table)

    def read(self, digest: bytes, only: str = "") -> dict[str, Postings]:
        """Returns the postings of a word in each field that holds it (or in one), deleted documents included.

        Raises ValueError, or another error that changed bytes lead to, when the files are not as they were written.
        """
        place = int.from_bytes(digest[:8], "little") >> self._shift
        first, end = self._first[place], self._first[place + 1]
        size, at = ENTRY.itemsize, 0
        entries = self._words(self._entries_at + first * size, (end - first + 1) * size)
        if len(entries) < (end - first + 1) * size:
            raise ValueError("the words of a segment are cut short")
        while (at := entries.find(digest, at)) % size:  # not there (-1), or by chance across two entries
            if at < 0:
                return {}
            at += 1
        found = []
        while entries.startswith(digest, at) and at < len(entries) - size:
            found.append(_FIELD_AND_START.unpack_from(entries, at + len(digest)))
            at += size
        if not found:
            return {}
        found.append(_FIELD_AND_START.unpack_from(entries, at + len(digest)))
        base, count = found[0][1], found[-1][1] - found[0][1]
        data = self._postings(_POSTING_SIZE * base, _POSTING_SIZE * count)
        return {
            self.fields[field]: self._from(data, start - base, end - start, count)
            for (field, start), (_next, end) in pairwise(found)
            if not only or self.fields[field] == only
        }

    def _from(self, data: bytes, first: int, number: int, count: int) -> Postings:
        """Some of the `count` postings of a word."""
        documents = np.frombuffer(data, "<u4", number, 4 * first).astype(np.int64)
        if documents[-1] >= self._documents or (documents[1:] <= documents[:-1]).any():
            raise ValueError(
                "a word stands in documents out of order, or documents that the segment does not have"
            )
        frequencies = np.frombuffer(data, "<u2", number, 4 * count + 2 * first)
        return Postings(documents, frequencies.astype(np.float32))

    def everything(self) -> Chunk:
        """Returns all words with all postings, as one chunk."""
        data = self._words(self._entries_at, (self._size + 1) * ENTRY.itemsize)
        entries = np.frombuffer(data, ENTRY, self._size + 1)
        total = int(entries["start"][-1])
        entries = entries[:-1]
        starts = entries["start"][_are_first_of_words(entries)].astype(np.int64)
        sizes = np.diff(starts, append=total)
        of_postings, of_sizes = np.repeat(starts, sizes), np.repeat(sizes, sizes)
        numbers = np.arange(total)
        halves = np.frombuffer(self._postings(0, _POSTING_SIZE * total), "<u2").astype(np.uint32)
        documents = 2 * numbers + of_postings
        return Chunk(
            entries,
            halves[documents] | halves[documents + 1] << np.uint32(16),
            halves[numbers + 2 * (of_postings + of_sizes)],
        )

    def indexed_field_names(self) -> list[str]:
        """The fields that hold words: Whoosh asks for them when it merges."""
        return self.fields

    def close(self) -> None:
        """Closes the files."""
        for file in self._files:
            file.close()
