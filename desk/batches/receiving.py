"""What a browser sent → files of a batch: bounded, each once, however often it is sent."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from archive.refusal import ImportRefused
from desk.batches.models import Batch, BatchContent, BatchFile, BatchWeek
from desk.batches.reading import refused_row

MB = 1024**2


class Limits(NamedTuple):
    """How much is taken."""

    file_bytes: int = 100 * MB
    """Of one file: a zip, or an exported archive. What a single week may have is for its reader to say."""
    batch_bytes: int = 300 * MB
    total_bytes: int = 1000 * MB
    """Of all batches of the site together: they are in its database."""
    files: int = 2000
    """Of a batch."""


LIMITS = Limits()


class Sent(NamedTuple):
    """A file as it was sent, with its path in the folder that was chosen."""

    path: str
    file: UploadedFile[Any]
    is_named: bool


def batch_of(key: uuid.UUID, user_id: int) -> Batch:
    """Returns the batch of the form with this key, made when it is not there. Raises ImportRefused for another's."""
    batch, _ = Batch.objects.get_or_create(key=key, defaults={"user_id": user_id})
    if batch.user_id != user_id:
        raise ImportRefused("这一批是别人的，不能往里加文件。请另开一批。")
    return batch


def receive(batch: Batch, sent: Sequence[Sent], *, is_last: bool, limits: Limits = LIMITS) -> None:
    """Adds files to a batch; one that is too large is a row that says so.

    A file that is there already, with the same path and content, is not added again. Each file is stored in a
    transaction of its own: an upload that breaks off keeps what came.
    """
    name = batch.name or _name_of(sent)
    Batch.objects.filter(pk=batch.pk).update(name=name, sent_at=None, touched_at=timezone.now())
    for one in sent:
        if batch.files.count() > limits.files:
            break  # the last of them said that it and all after it were too many
        try:
            _add(batch, one, limits)
        except ImportRefused as refused:
            add_refused(batch, one.path, refused)
    if is_last:
        finish(batch)


def finish(batch: Batch) -> None:
    """Says that all files of a batch are here, whatever was to come: from now on they can be read."""
    Batch.objects.filter(pk=batch.pk).update(sent_at=timezone.now())


def add_content(batch: Batch, path: str, data: bytes, **fields: object) -> BatchFile:
    """Stores a file unless the batch has it; returns the one that it has."""
    sha256 = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        file, is_new = BatchFile.objects.get_or_create(
            batch=batch, path=path[:400], sha256=sha256, defaults={"size": len(data), **fields}
        )
        if is_new:
            BatchContent.objects.create(file=file, data=data)
    return file


def add_refused(batch: Batch, path: str, refused: ImportRefused) -> None:
    """Stores that a file can not be read, and why, once."""
    with transaction.atomic():
        # Without a checksum: none of its content is kept, and what is sent again would say the same.
        file, is_new = BatchFile.objects.get_or_create(
            batch=batch, path=path[:400], sha256="", defaults={"size": 0, "read_at": timezone.now()}
        )
        if is_new:
            BatchWeek.objects.bulk_create([refused_row(file, refused)])


def delete_old(now: dt.datetime) -> None:
    """Deletes the batches that nobody touched for so long."""
    for batch in Batch.objects.old(now):
        batch.delete()


def _add(batch: Batch, sent: Sent, limits: Limits) -> None:
    size = sent.file.size or 0
    if size > limits.file_bytes:
        most = f"最多 {limits.file_bytes // MB} MB"
        raise ImportRefused(f"文件有 {size / MB:.0f} MB，{most}。请分成几个压缩包，或用命令 import_issues。")
    if batch.files.count() == limits.files:
        raise ImportRefused(f"一批最多 {limits.files} 个文件，从这个起都没有收下。请另开一批。")
    if _held(batch.files.all()) + size > limits.batch_bytes:
        raise ImportRefused(f"一批最多 {limits.batch_bytes // MB} MB，这个文件放不下了。请另开一批。")
    if _held(BatchFile.objects.all()) + size > limits.total_bytes:
        raise ImportRefused("文库里待整理的旧刊太多，这个文件放不下了。请先删掉做完的几批。")
    add_content(batch, sent.path, sent.file.read(), is_raw=True, is_named=sent.is_named)


def _name_of(sent: Sequence[Sent]) -> str:
    """Returns the folder that was sent, or else the first file."""
    first, slash, _ = sent[0].path.partition("/")
    return first[:90] if slash or len(sent) == 1 else f"{first[:90]} 等"


def _held(files: QuerySet[BatchFile]) -> int:
    held: int = files.aggregate(size=Sum("size", default=0))["size"]
    return held


def paths_of(files: Sequence[UploadedFile[Any]], told: Sequence[str]) -> list[str]:
    """Returns the path of each file: what the page told, and without its script the file's own name.

    Folders that lead upwards or nowhere are left out of a path.
    """
    names = told if len(told) == len(files) else [file.name or "" for file in files]
    return [
        "/".join(part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")) or "文件"
        for name in names
    ]
