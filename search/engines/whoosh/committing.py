"""Commits to a generation that a crash at any instruction leaves whole: before it or after it.

    Whoosh writes a segment and a table of contents ─► synced, summed ─► manifest replaced ─► leftovers removed
                                                                         └ the commit ┘

Whoosh's own writer removes what the commit before needs as soon as its new table of contents is written, and holds
its lock for ever when it fails while it gives up. Here the manifest decides which table of contents counts, and
who writes holds the lock of the whole index (`Engine.lock`), so Whoosh's is not needed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import NO_MERGE, SegmentWriter

from archive.atomic import sync_folder
from search.engines.documents import DocumentId
from search.engines.whoosh.damage import damage_as_unavailable
from search.engines.whoosh.manifest import MANIFEST, Manifest, entries_of
from search.engines.whoosh.schema import build_schema
from search.engines.whoosh.writing import BulkWriter

SMALL = 1_000
"""Documents below which a segment is merged with others."""
MANY_SEGMENTS = 12
"""Segments past which the small ones are worth merging: every one is another look for each word of a query."""
TOO_MANY_SEGMENTS = 40
"""Segments past which a commit merges the small ones itself, when nobody else has done it."""
INDEX_NAME = "MAIN"


class PlacedFile(StructFile):
    """A file of Whoosh's that is read at a place without being moved there: one system call, and no look ahead."""

    def get(self, position: int, length: int) -> bytes:
        return os.pread(self.file.fileno(), length, position)


class Folder(FileStorage):
    """A generation's folder as Whoosh sees it."""

    def open_file(self, name: str, **options: Any) -> StructFile:
        """Opens a file; a compound one, a whole segment, in memory. Whoosh would map it, and to read a map of a file
        that was cut short ends the process."""
        path = Path(self.folder) / name
        if path.suffix == ".seg":
            return BufferFile(path.read_bytes(), name=name)
        return PlacedFile(path.open("rb"), name=name, **options)

    def lock(self, name: str) -> Lock:
        return Lock()  # nobody else's: who writes holds the lock of the whole index


class _Writer(BulkWriter):
    def _commit_toc(self, segments: list[Any]) -> None:
        """Whoosh would remove the files of the commit before here, while that one still counts."""
        TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)


def create(generation: Path, version: str, built_at: str, position: dict[str, Any]) -> Manifest:
    """Makes an empty index in an empty folder. It is no generation before its manifest is written."""
    TOC.create(Folder(str(generation)), build_schema(), INDEX_NAME)
    return Manifest(version, built_at, 0, 0, position, {})


def commit(
    generation: Path,
    before: Manifest,
    documents: Iterable[dict[str, Any]],
    outdated: Iterable[str],
    position: dict[str, Any],
    *,
    compound: bool = True,
    small_segments: int = TOO_MANY_SEGMENTS,
) -> Manifest:
    """Adds `documents` and takes out `outdated` ids in one commit on top of the one `before`.

    Past `small_segments` segments, the small ones are merged. On any error the generation is as it was.
    """
    remove_leftovers(generation, before)
    storage = Folder(str(generation))
    writer = _Writer(FileIndex(storage, indexname=INDEX_NAME), compound=compound)
    try:
        with damage_as_unavailable(generation):
            gone = writer.delete_words("id", outdated)
        issues = before.issues - sum(number for identifier, number in gone.items() if _is_issue(identifier))
        for document in documents:
            writer.add_document(**document)
            issues += _is_issue(document["id"])
        writer.commit(mergetype=_merge_small if len(writer.segments) > small_segments else NO_MERGE)
    except BaseException:
        with contextlib.suppress(
            Exception
        ):  # a full disk fails again here; what is left is removed next time
            writer.cancel()
        raise
    after = _described(generation, replace(before, issues=issues), writer.generation, position)
    after.write(generation)
    with contextlib.suppress(OSError):  # it is done; the next commit tries again
        remove_leftovers(generation, after)
    return after


def _is_issue(identifier: str) -> bool:
    document = DocumentId.of(identifier)
    return document is not None and document.kind == "issue"


def remove_leftovers(generation: Path, manifest: Manifest) -> None:
    """Removes what an interrupted commit left behind. Only for who may write: to another it is in the making."""
    kept = {MANIFEST, *(manifest.files or [f"_{INDEX_NAME}_0.toc"])}
    for path in generation.iterdir():
        if path.name in kept:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def table_of_contents(storage: Folder, commit: int) -> TOC:
    """Reads which segments a commit has. Whoosh unpickles it: only what is known to be as it was written."""
    return TOC.read(storage, INDEX_NAME, gen=commit)


def _described(generation: Path, before: Manifest, number: int, position: dict[str, Any]) -> Manifest:
    storage = Folder(str(generation))
    segments = table_of_contents(storage, number).segments
    names = [f"_{INDEX_NAME}_{number}.toc"]
    names += [name for segment in segments for name in segment.list_files(storage)]
    files = entries_of(generation, names, before.files)
    sync_folder(generation)
    documents = sum(segment.doc_count() for segment in segments)
    return replace(before, documents=documents, commit=number, position=position, files=files)


def _merge_small(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    """Whoosh's own policy merges the whole index once there are some forty segments, however large one is.

    A segment whose documents are all gone is left out.
    """
    for segment in segments:
        if 0 < segment.doc_count() < SMALL:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return [segment for segment in segments if segment.doc_count() >= SMALL]
