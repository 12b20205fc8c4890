"""The files of a batch as they were sent → files to be read: zips opened, pages with the pictures that lie beside them.

Runs in the worker, and may be begun anew at any moment: what is there already is not added again.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import PurePosixPath

from django.db import transaction

from archive.limited import LimitedProcess
from archive.reading.members import Entry, Member, members
from archive.refusal import ImportRefused
from desk.batches.models import Batch, BatchFile
from desk.batches.reading import contents_of
from desk.batches.receiving import LIMITS, MB, add_content, add_refused

MOST_NAMED = 200
"""Names of files that were passed over: more are not kept."""


def has_raw(batch: Batch) -> bool:
    """Whether all files of the batch were sent, and some of them are still as they were sent."""
    return batch.sent_at is not None and batch.files.filter(is_raw=True).exists()


def unpack(batch: Batch, process: LimitedProcess) -> None:
    """Makes what was sent ready to be read, and drops the rest.

    Raises BatchContent.DoesNotExist when another worker was faster.
    """
    raw = {file.path: file for file in batch.files.filter(is_raw=True)}
    used: set[str] = set()
    for member in _bounded(members([_entry(file) for file in raw.values()], process)):
        used.update(path for path in _paths_to(member.name) if path in raw)
        _take(batch, member)
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        batch.files.filter(pk__in=[file.pk for file in raw.values()], is_raw=True).delete()
        batch.passed_over = sorted({*batch.passed_over, *(raw.keys() - used)})[:MOST_NAMED]
        batch.save(update_fields=["passed_over"])


def _entry(file: BatchFile) -> Entry:
    # Its content is loaded when it is read, one file after the other.
    return Entry(file.path, file.size, lambda: closing(io.BytesIO(contents_of(file))), is_named=file.is_named)


def _bounded(found: Iterator[Member]) -> Iterator[Member]:
    """Yields members until there are too many, and then a refusal of the first that is."""
    held = 0
    for count, member in enumerate(found, start=1):
        held += len(member.data)
        if count > LIMITS.files or held > LIMITS.batch_bytes:
            said = f"一批最多 {LIMITS.files} 个文件、{LIMITS.batch_bytes // MB} MB，从这个文件起都没有读。请分成几批"
            yield Member(member.name, refusal=ImportRefused(said))
            return
        yield member


def _paths_to(name: str) -> Iterator[str]:
    """Yields a path and the paths above it: `旧刊.zip/a.txt`, `旧刊.zip`."""
    yield name
    yield from (str(path) for path in PurePosixPath(name).parents)


def _take(batch: Batch, member: Member) -> None:
    if member.refusal is None:
        file = add_content(batch, member.name, member.data)
        if file.is_raw:  # nothing was to be unpacked: it is what was sent
            BatchFile.objects.filter(pk=file.pk).update(is_raw=False)
    else:
        add_refused(batch, member.name, member.refusal)
