"""What a generation says that it holds, document by document: what `search/indexing/comparison` compares.

It reads columns only, no postings: a list of 10,000 articles is a fraction of a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from whoosh.index import TOC
from whoosh.reading import SegmentReader

from search.engines.base import Held
from search.engines.documents import DocumentId
from search.engines.whoosh.committing import INDEX_NAME, Folder
from search.engines.whoosh.damage import damage_as_unavailable, refuse_damaged
from search.engines.whoosh.generations import Live
from search.engines.whoosh.schema import DIGEST_COLUMN

_COLUMNS = ("kind", "pk", "end_date", DIGEST_COLUMN)


def contents(live: Live) -> Iterator[Held]:
    """Returns every document of a generation, whatever is wrong with it.

    All files are opened and checked before the first is returned. Raises IndexUnavailable when a file is not as it was
    committed, or can not be read.
    """
    with damage_as_unavailable(live.path):
        refuse_damaged(live, live.manifest.files)
        storage = Folder(str(live.path))
        toc = TOC.read(storage, INDEX_NAME, gen=live.manifest.commit)
        readers = [SegmentReader(storage, toc.schema, segment) for segment in toc.segments]
        opened = [(reader, [reader.column_reader(name) for name in _COLUMNS]) for reader in readers]
    return _read(live, opened)


def _read(live: Live, opened: list[tuple[SegmentReader, list[Any]]]) -> Iterator[Held]:
    with damage_as_unavailable(live.path):
        for reader, (kinds, keys, end_dates, digests) in opened:
            with closing(reader):
                for number in reader.all_doc_ids():
                    stored = DocumentId.of(reader.stored_fields(number)["id"])
                    is_sound = stored is not None and stored == (kinds[number].decode(), keys[number])
                    year = int(end_dates[number]) // 10_000
                    yield Held(stored if is_sound else None, year, bytes(digests[number]))
