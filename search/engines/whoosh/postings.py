"""Reads a word's postings from a Whoosh segment as arrays: block by block, not posting by posting.

Whoosh's own matcher is a Python loop with three calls for each posting. Its blocks hold the same as tuples
(whoosh.codec.whoosh3.W3PostingsWriter): the first document number, then the steps to the next ones, and the
frequencies, or one number when all are the same.
"""

from __future__ import annotations

import io
import os
import pickle
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.codec.whoosh3 import W3TermInfo, W3TermsReader
from whoosh.filedb.structfile import StructFile
from whoosh.matching import Matcher
from whoosh.reading import IndexReader, TermNotFound

from search.engines.whoosh.committing import Folder, is_compound

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_INT_SIZE = 4
_HEADER_SIZE = 4
"""Of the postings of a word: a tag that says which format they have."""


class PlacedFile(StructFile):
    """A file of Whoosh's that is read at a place without being moved there: one system call, and no look ahead."""

    def get(self, position: int, length: int) -> bytes:
        return os.pread(self.fileno(), length, position)


class PlacedStorage(Folder):
    """The files of a generation, to be read only."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), readonly=True)

    def open_file(self, name: str, **options: Any) -> StructFile:
        if is_compound(name):
            return super().open_file(name, **options)
        return PlacedFile(open(self._fpath(name), "rb"), name=name, **options)


@dataclass(frozen=True)
class Postings:
    """Documents that hold a word, ascending, and how often each does."""

    documents: Ints
    frequencies: Floats


NO_POSTINGS = Postings(np.array([], np.int64), np.array([], np.float32))


def read_postings(reader: IndexReader, field: str, word: str) -> Postings:
    """Returns where `word` stands in `field` of one segment, deleted documents included."""
    try:
        info = reader.term_info(field, word)
    except TermNotFound:
        return NO_POSTINGS
    terms = reader._terms  # Whoosh has no public way to a posting file
    if type(info) is not W3TermInfo or type(terms) is not W3TermsReader:
        return _one_by_one(reader.codec.postings_reader(terms._postfile, info, reader.schema[field].format))
    if info.is_inlined():
        documents, frequencies, _values = info.inlined_postings()
        return Postings(np.array(documents, np.int64), np.array(frequencies, np.float32))
    offset, (length,) = info.extent()  # as W3TermInfo.from_bytes leaves it: a number, and a tuple of one
    return _from_blocks(terms._postfile.get(offset, length))


def _from_blocks(data: bytes) -> Postings:
    blocks = io.BytesIO(data)
    position = _HEADER_SIZE
    steps: list[int] = []
    frequencies: list[float] = []
    last_document = 0
    is_last = False
    while not is_last:
        length = int.from_bytes(data[position : position + _INT_SIZE], "big", signed=True)
        is_last = length < 0  # negative for the last block
        blocks.seek(position + _INT_SIZE)
        count, highest, _weight, is_compressed, _shortest, _longest = pickle.load(blocks)  # noqa: S301 - as Whoosh
        position += _INT_SIZE + abs(length)
        block = data[blocks.tell() : position]
        ids, weights, _values = pickle.loads(zlib.decompress(block) if is_compressed else block)  # noqa: S301
        steps.append(ids[0] - last_document)  # a block counts from zero
        steps += ids[1:]
        last_document = highest
        frequencies += weights if isinstance(weights, tuple) else [weights or 1.0] * count
    return Postings(np.array(steps, np.int64).cumsum(), np.array(frequencies, np.float32))


def _one_by_one(matcher: Matcher) -> Postings:
    documents: list[int] = []
    frequencies: list[float] = []
    while matcher.is_active():
        documents.append(matcher.id())
        frequencies.append(matcher.weight())
        matcher.next()
    return Postings(np.array(documents, np.int64), np.array(frequencies, np.float32))
