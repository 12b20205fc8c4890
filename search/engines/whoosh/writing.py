"""Writes documents into a Whoosh index as Whoosh's own writer does, but word by word instead of posting by posting.

    add_document ─ words counted ─► PostingBuffer ─ sorted by numpy ─► blocks of a word's postings ─► Whoosh's files

Whoosh carries every single posting through some ten calls. Here only words and blocks are Python's; the rest is
done on arrays. The files are those of Whoosh's codec, and nothing in them says who wrote them: Whoosh reads,
merges and deletes as ever (docs/decisions/0013).
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from pickle import dumps
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from whoosh.codec.base import PerDocumentReader
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3FieldWriter, W3Segment
from whoosh.fields import FieldType, Schema
from whoosh.filedb.filestore import Storage
from whoosh.formats import Existence, Frequency
from whoosh.index import FileIndex
from whoosh.system import pack_int, pack_ushort
from whoosh.util.numeric import length_to_byte
from whoosh.writing import SegmentWriter

from search.engines.whoosh.posting_buffer import IN_MEMORY, Chunk, PostingBuffer

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]

BLOCK = 128
"""Postings in a block, as in Whoosh: a reader can skip a block without unpacking it."""
COMPRESSED_FROM = 96
"""Bytes of a block that are worth compressing. Most words stand in few documents: theirs would only grow."""
COMPRESSION = 3
"""The level of Whoosh."""
_PICKLE = 3
"""The first protocol that knows bytes: in Whoosh's 2 they take 40 bytes more, and longer to read."""


class BulkWriter(SegmentWriter):
    """A writer of indexes whose fields keep no more than how often a word stands in a document.

    A field's value is the list of its words, or a text that the field's own analyzer cuts. There are no boosts,
    no vectors, no spelling fields.
    """

    def __init__(self, index: FileIndex, *, in_memory: int = IN_MEMORY, **options: Any) -> None:
        super().__init__(index, codec=_BulkCodec(), **options)
        self.pool = _PostingBuffers(Path(self._tempstorage.folder), in_memory)

    def add_document(self, **fields: Any) -> None:
        """Adds a document. The writer must be cancelled after an error."""
        self._check_state()
        self._check_fields(self.schema, fields)
        self.perdocwriter.start_doc(self.docnum)
        for name in sorted(fields):
            field, value = self.schema[name], fields[name]
            length = 0
            if field.indexed:
                words = _counted(field, value)
                if words:
                    self.pool.of(name).add(self.docnum, words)
                length = sum(words.values()) if field.scorable else 0
            self.perdocwriter.add_field(name, field, value if field.stored else None, length)
            if field.column_type:
                self.perdocwriter.add_column_value(name, field.column_type, field.to_column_value(value))
        self.perdocwriter.finish_doc()
        self._added = True
        self.docnum += 1


def _counted(field: FieldType, value: list[str] | str) -> Mapping[str, int]:
    if isinstance(value, list):
        return Counter(value)
    return {word.decode(): frequency for word, frequency, _weight, _value in field.index(value)}


class _PostingBuffers:
    """Stands in for whoosh.writing.PostingPool, with a pool for each field."""

    def __init__(self, folder: Path, in_memory: int) -> None:
        self._folder = folder
        self._in_memory = in_memory
        self._fields: dict[str, PostingBuffer] = {}

    def of(self, field: str) -> PostingBuffer:
        if field not in self._fields:
            self._fields[field] = PostingBuffer(self._folder, self._in_memory)
        return self._fields[field]

    def add(self, posting: tuple[str, bytes, int, float, bytes]) -> None:
        """Adds a posting of a segment that is merged into the new one."""
        field, word, document, weight, _value = posting
        self.of(field).add(document, {word.decode(): int(weight)})

    def iter_postings(self) -> dict[str, PostingBuffer]:
        """What the writer hands to `_BulkFieldWriter.add_postings`."""
        return dict(sorted(self._fields.items()))

    def cleanup(self) -> None:
        """Nothing to do: files of a pool have no name."""


class _BulkCodec(W3Codec):
    def field_writer(self, storage: Storage, segment: W3Segment) -> W3FieldWriter:
        return _BulkFieldWriter(self, storage, segment)

    def new_segment(self, storage: Storage, indexname: str) -> W3Segment:
        return W3Segment(W3Codec(), indexname)  # it is kept in the index: with Whoosh's codec, which reads it


class _BulkFieldWriter(W3FieldWriter):
    def add_postings(
        self, schema: Schema, lengths: PerDocumentReader, pools: dict[str, PostingBuffer]
    ) -> None:
        """Writes the postings of all fields, in order."""
        documents = range(lengths.doc_count_all())
        for name, pool in pools.items():
            if type(schema[name].format) not in (Existence, Frequency):
                raise NotImplementedError(
                    f"field {name!r} keeps more than frequencies: take Whoosh's own writer"
                )
            self.start_field(name, schema[name])
            of_documents = [
                length_to_byte(lengths.doc_field_length(document, name)) for document in documents
            ]
            for chunk in pool.sorted_chunks():
                self._write(chunk, np.array(of_documents, np.uint8))
            self.finish_field()

    def _write(self, chunk: Chunk, lengths: Bytes) -> None:
        """Writes words with their postings as `start_term`, `add` and `finish_term` would."""
        blocks = _Blocks.of(chunk)
        data = [*blocks.pickled(chunk, lengths, self._format.fixed_value_size())]
        sizes = np.add.reduceat(np.fromiter(map(len, data), np.int64, len(data)), blocks.first)
        about = _about(chunk, lengths, self._postfile.tell() + sizes.cumsum() - sizes, sizes)
        self._postfile.write(b"".join(data))
        self._add_terms([pack_ushort(self._fieldid) + word.encode() for word in chunk.words], about)

    def _add_terms(self, keys: list[bytes], about: npt.NDArray[np.void]) -> None:
        """Appends to the hash of all terms as its own `add` would (whoosh.filedb.filetables)."""
        tindex = self._tindex
        if not tindex.lastkey < keys[0]:
            raise ValueError(f"terms are out of order: {tindex.lastkey!r} before {keys[0]!r}")
        values, size = about.tobytes(), about.itemsize
        records = [
            pack_int(len(key)) + pack_int(size) + key + values[number * size : (number + 1) * size]
            for number, key in enumerate(keys)
        ]
        position = tindex.dbfile.tell()
        for key, record in zip(keys, records, strict=True):
            hashed = tindex.hashfn(key)
            tindex.buckets[hashed & 255].append((hashed, position))
            tindex.index.append(position)
            position += len(record)
        tindex.dbfile.write(b"".join(records))
        tindex.lastkey = keys[-1]


_ABOUT = np.dtype(
    [
        ("is_inlined", ">u1"),
        ("weight", ">f4"),
        ("documents", ">u4"),
        ("shortest", ">u1"),
        ("longest", ">u1"),
        ("most", ">f4"),
        ("first", ">u4"),
        ("last", ">u4"),
        ("position", ">i8"),
        ("size", ">i4"),
    ]
)
"""What Whoosh keeps of a word beside its postings, and where those are: whoosh.codec.whoosh3.W3TermInfo."""


def _about(chunk: Chunk, lengths: Bytes, positions: Ints, sizes: Ints) -> npt.NDArray[np.void]:
    starts, ends = chunk.starts[:-1], chunk.starts[1:]
    of_postings = lengths[chunk.documents]
    about = np.zeros(len(starts), _ABOUT)
    about["weight"] = np.add.reduceat(chunk.frequencies, starts, dtype=np.float64)
    about["documents"] = ends - starts
    about["shortest"] = np.minimum.reduceat(of_postings, starts)
    about["longest"] = np.maximum.reduceat(of_postings, starts)
    about["most"] = np.maximum.reduceat(chunk.frequencies, starts)
    about["first"] = chunk.documents[starts]
    about["last"] = chunk.documents[ends - 1]
    about["position"] = positions
    about["size"] = sizes
    return about


class _Blocks(NamedTuple):
    """Where the blocks of all words begin and end in the postings of a chunk."""

    starts: Ints
    ends: Ints
    is_last: npt.NDArray[np.bool_]
    """Of its word."""
    first: Ints
    """Of each word: the number of its first block."""

    @classmethod
    def of(cls, chunk: Chunk) -> _Blocks:
        counts = -(-np.diff(chunk.starts) // BLOCK)
        first = counts.cumsum() - counts
        words = np.repeat(np.arange(len(counts)), counts)
        starts = chunk.starts[words] + BLOCK * (np.arange(len(words)) - first[words])
        ends = np.minimum(starts + BLOCK, chunk.starts[words + 1])
        return cls(starts, ends, ends == chunk.starts[words + 1], first)

    def pickled(self, chunk: Chunk, lengths: Bytes, value_size: int) -> Iterator[bytes]:
        """Yields the blocks as whoosh.codec.whoosh3.W3PostingsWriter writes them."""
        documents, frequencies = chunk.documents, chunk.frequencies
        steps = np.diff(documents, prepend=np.uint32(0))
        steps[self.starts] = documents[self.starts]  # a block counts from zero
        weights = frequencies.astype(np.float64)
        values = frequencies.astype(">u4").tobytes() if value_size else b""
        of_postings = lengths[documents]
        headers = np.full(len(self.starts), b"", object)
        headers[self.first] = WHOOSH3_HEADER_MAGIC
        columns = (
            self.starts,
            self.ends,
            self.is_last,
            headers,
            documents[self.ends - 1],
            np.minimum.reduceat(weights, self.starts),
            np.maximum.reduceat(weights, self.starts),
            np.minimum.reduceat(of_postings, self.starts),
            np.maximum.reduceat(of_postings, self.starts),
        )
        for start, end, last, header, highest, least, most, shortest, longest in zip(
            *(column.tolist() for column in columns), strict=True
        ):
            one_weight = None if most == 1 else most
            data = dumps(
                (
                    tuple(steps[start:end].tolist()),
                    one_weight if least == most else tuple(weights[start:end].tolist()),
                    values[value_size * start : value_size * end] if value_size else None,
                ),
                _PICKLE,
            )
            compression = COMPRESSION if len(data) >= COMPRESSED_FROM else 0
            if compression:
                data = zlib.compress(data, compression)
            about = dumps((end - start, highest, most, compression, shortest, longest), _PICKLE)
            size = len(about) + len(data)
            yield header + pack_int(-size if last else size) + about + data
