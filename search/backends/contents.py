"""What a generation says that it holds, document by document: what `search/comparison` compares.

It reads columns only, no postings: a list of 10,000 articles is a fraction of a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from whoosh.index import open_dir

from archive.models import Article
from search.backends.generations import IndexUnavailable
from search.backends.schema import DIGEST_COLUMN
from search.backends.snapshot import DAMAGE

_LABEL = Article._meta.label_lower


class Document(NamedTuple):
    """An article as the index holds it."""

    article: int | None
    """None for a document that says two things about which article it is, or none at all."""
    year: int
    digest: bytes


def commits(generation: Path) -> tuple[str, int]:
    """A value that is another one after every write of the index."""
    return generation.name, open_dir(str(generation), readonly=True).latest_generation()


def documents(generation: Path) -> list[Document]:
    """Every document of a generation, whatever is wrong with it. Raises IndexUnavailable when it can't be read."""
    try:
        return list(_documents(generation))
    except DAMAGE as error:
        raise IndexUnavailable(
            f"the search index in {generation.name} can not be read ({error!r}): "
            "run `manage.py rebuild_index`"
        ) from error


def _documents(generation: Path) -> Iterator[Document]:
    with open_dir(str(generation), readonly=True).reader() as reader:
        for segment, _ in reader.leaf_readers():
            articles, end_dates = segment.column_reader("article"), segment.column_reader("end_date")
            digests = segment.column_reader(DIGEST_COLUMN)
            for number in segment.all_doc_ids():
                label, _, key = segment.stored_fields(number)["id"].rpartition(".")
                is_sound = label == _LABEL and key == str(articles[number])
                year = int(end_dates[number]) // 10_000
                yield Document(int(key) if is_sound else None, year, bytes(digests[number]))
