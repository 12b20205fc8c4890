"""What a generation says that it holds, document by document: what `search/indexing/comparison` compares.

It reads columns only, no postings: a list of 10,000 articles is a fraction of a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

from whoosh.index import TOC
from whoosh.reading import SegmentReader

from archive.models import Article
from search.engines.whoosh.committing import INDEX_NAME, Folder
from search.engines.whoosh.damage import damage_as_unavailable, refuse_damaged
from search.engines.whoosh.generations import Live
from search.engines.whoosh.schema import DIGEST_COLUMN

_LABEL = Article._meta.label_lower


class Document(NamedTuple):
    """An article as the index holds it."""

    article: int | None
    """None for a document that says two things about which article it is, or none at all."""
    year: int
    digest: bytes


def documents(live: Live) -> list[Document]:
    """Every document of a generation, whatever is wrong with it.

    Raises IndexUnavailable when a file is not as it was committed, or can not be read.
    """
    with damage_as_unavailable(live.path):
        refuse_damaged(live, live.manifest.files)
        return list(_documents(live))


def _documents(live: Live) -> Iterator[Document]:
    storage = Folder(str(live.path))
    toc = TOC.read(storage, INDEX_NAME, gen=live.manifest.commit)
    for whoosh_segment in toc.segments:
        with closing(SegmentReader(storage, toc.schema, whoosh_segment)) as segment:
            articles, end_dates = segment.column_reader("article"), segment.column_reader("end_date")
            digests = segment.column_reader(DIGEST_COLUMN)
            for number in segment.all_doc_ids():
                label, _, key = segment.stored_fields(number)["id"].rpartition(".")
                is_sound = label == _LABEL and key == str(articles[number])
                year = int(end_dates[number]) // 10_000
                yield Document(int(key) if is_sound else None, year, bytes(digests[number]))
