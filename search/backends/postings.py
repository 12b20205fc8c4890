"""Reads a word's postings from a Whoosh segment as arrays: block by block, not posting by posting.

Whoosh's own matcher is a Python loop with three calls for each posting. Its blocks hold the same as tuples
(whoosh.codec.whoosh3.W3PostingsWriter): the first document number, then the steps to the next ones, and the
frequencies, or one number when all are the same.
"""

from __future__ import annotations

import io
import pickle
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np
import numpy.typing as npt
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.matching import Matcher
from whoosh.matching.wrappers import FilterMatcher
from whoosh.reading import IndexReader, TermNotFound

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_INT_SIZE = 4


@dataclass(frozen=True)
class Postings:
    """Documents that hold a word, ascending, and how often each does."""

    documents: Ints
    frequencies: Floats


NO_POSTINGS = Postings(np.array([], np.int64), np.array([], np.float32))


def read_postings(reader: IndexReader, field: str, word: str) -> Postings:
    """Returns where `word` stands in `field` of one segment, deleted documents included."""
    try:
        matcher = reader.postings(field, word)
    except TermNotFound:
        return NO_POSTINGS
    if isinstance(matcher, FilterMatcher):  # leaves out deleted documents
        matcher = matcher.child
    return _from_blocks(matcher) if type(matcher) is W3LeafMatcher else _one_by_one(matcher)


def _from_blocks(matcher: W3LeafMatcher) -> Postings:
    file, position = matcher._postfile, matcher._baseoffset
    steps: list[tuple[int, ...]] = []
    frequencies: list[Iterable[float]] = []
    last_document = 0
    is_last = False
    while not is_last:
        length = file.get_int(position)  # negative for the last block
        is_last = length < 0
        block = io.BytesIO(file.get(position + _INT_SIZE, abs(length)))
        count, highest, _weight, is_compressed, _shortest, _longest = pickle.load(block)  # noqa: S301 - as Whoosh
        data = block.read()
        ids, weights, _values = pickle.loads(zlib.decompress(data) if is_compressed else data)  # noqa: S301
        steps.append((ids[0] - last_document, *ids[1:]))  # a block counts from zero
        last_document = highest
        frequencies.append(weights if isinstance(weights, tuple) else repeat(weights or 1.0, count))
        position += _INT_SIZE + abs(length)
    return Postings(
        np.fromiter(chain.from_iterable(steps), np.int64).cumsum(),
        np.fromiter(chain.from_iterable(frequencies), np.float32),
    )


def _one_by_one(matcher: Matcher) -> Postings:
    documents: list[int] = []
    frequencies: list[float] = []
    while matcher.is_active():
        documents.append(matcher.id())
        frequencies.append(matcher.weight())
        matcher.next()
    return Postings(np.array(documents, np.int64), np.array(frequencies, np.float32))
