"""Writes documents into a Whoosh index by a codec of ours: words and their postings as flat arrays.

    add_document ─ words counted ─► PostingBuffer ─ sorted by numpy ─► .trm, .pst (search.engines.whoosh.postings)

Schema, segments, columns, stored fields, deletions and the table of contents are Whoosh's. Its own codec carries every
single posting through some ten calls, and its reader unpickles them again, block by block (docs/decisions/0046).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec.base import FieldWriter
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.fields import Schema
from whoosh.filedb.filestore import Storage
from whoosh.formats import Existence, Frequency
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from search.engines.whoosh.posting_buffer import IN_MEMORY, PostingBuffer
from search.engines.whoosh.postings import NO_POSTINGS, PostingsReader, digest_of, write


class FlatCodec(W3Codec):
    """Whoosh's codec but for the words. The table of contents names it, so a segment is read as it was written."""

    length_stats = False  # only Whoosh's own blocks keep what is the shortest document

    def field_writer(self, storage: Storage, segment: W3Segment) -> FieldWriter:
        return _WordsWriter(storage, segment)

    def terms_reader(self, storage: Storage, segment: W3Segment) -> PostingsReader:
        words, postings = (segment.open_file(storage, ext) for ext in (self.TERMS_EXT, self.POSTS_EXT))
        return PostingsReader(words, postings, segment.doc_count_all())


class BulkWriter(SegmentWriter):
    """A writer of indexes whose fields keep no more than how often a word stands in a document.

    A field's value are its words with their numbers, or a text that is one word. There are no boosts, no vectors, no
    spelling fields, no positions.
    """

    def __init__(self, index: FileIndex, *, in_memory: int = IN_MEMORY, **options: Any) -> None:
        super().__init__(index, codec=FlatCodec(), **options)
        self.pool = _Pool(Path(self._tempstorage.folder), _fields_with_words(self.schema), in_memory)

    def add_document(self, **fields: Any) -> None:
        """Adds a document. The writer must be cancelled after an error."""
        self._check_state()
        self._check_fields(self.schema, fields)
        self.perdocwriter.start_doc(self.docnum)
        for name in sorted(fields):
            field, value = self.schema[name], fields[name]
            length = 0
            if field.indexed:
                words: Mapping[str, int] = {value: 1} if isinstance(value, str) else value
                if words:
                    self.pool.add(self.docnum, name, words)
                length = sum(words.values()) if field.scorable else 0
            self.perdocwriter.add_field(name, field, value if field.stored else None, length)
            if field.column_type:
                self.perdocwriter.add_column_value(name, field.column_type, field.to_column_value(value))
        self.perdocwriter.finish_doc()
        self._added = True
        self.docnum += 1

    def delete_words(self, field: str, words: Iterable[str]) -> dict[str, int]:
        """Takes out the documents of the segments before that hold any of `words`. Returns how many held each."""
        gone = dict.fromkeys(words, 0)
        if not gone:
            return gone
        for segment in self.segments:
            with closing(SegmentReader(self.storage, self.schema, segment)) as reader:
                for word in gone:
                    for document in (
                        reader._terms.read(digest_of(word)).get(field, NO_POSTINGS).documents.tolist()
                    ):
                        gone[word] += not segment.is_deleted(document)
                        segment.delete_document(document)
        return gone

    def add_postings_to_pool(
        self, reader: SegmentReader, startdoc: int, docmap: Mapping[int, int] | None
    ) -> None:
        """Adds the postings of a segment that is merged into the new one."""
        size = reader.doc_count_all()
        documents = np.arange(startdoc, startdoc + size)
        if docmap is not None:
            documents[:] = -1
            documents[[*docmap]] = [*docmap.values()]
        self.pool.add_segment(reader._terms.everything(), reader._terms.fields, documents)


class _Pool(PostingBuffer):
    """Stands in for whoosh.writing.PostingPool."""

    def iter_postings(self) -> PostingBuffer:
        """What the writer hands to `_WordsWriter.add_postings`."""
        return self

    def cleanup(self) -> None:
        """Nothing to do: files of a buffer have no name."""


class _WordsWriter(FieldWriter):
    """Writes the words of a segment, all at once."""

    def __init__(self, storage: Storage, segment: W3Segment) -> None:
        extensions = (FlatCodec.TERMS_EXT, FlatCodec.POSTS_EXT)
        self._words, self._postings = (segment.create_file(storage, ext) for ext in extensions)
        self.is_closed = False

    def add_postings(self, schema: Schema, lengths: None, buffer: PostingBuffer) -> None:
        """Writes the postings of all fields."""
        write(buffer.sorted_chunks(), buffer.fields, self._words, self._postings)

    def close(self) -> None:
        self._words.close()
        self._postings.close()
        self.is_closed = True


def _fields_with_words(schema: Schema) -> list[str]:
    fields = {name: field for name, field in schema.items() if field.indexed}
    for name, field in fields.items():
        if type(field.format) not in (Existence, Frequency):
            raise NotImplementedError(f"field {name!r} keeps more than frequencies: take Whoosh's own writer")
    return [*fields]
