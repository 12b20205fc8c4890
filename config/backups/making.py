"""A running site → one backup file.

database ─ SQLite's backup, pg_dump ─► copy ─┐
                                             ├─► zip beside FILE ─ read again, compared ─► FILE
media ─ those that the copy names ───────────┘
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import os
import stat
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core.files.base import File
from django.db.models import FileField

from archive.atomic import sync_folder
from archive.media import MediaUnavailable
from config.backups.databases import Database
from config.backups.drafts import draft_folder
from config.backups.manifest import MANIFEST, MEDIA, BackupError, Manifest, Member
from config.media.store import Media

CHUNK = 1024**2
ATTEMPTS = 5
"""How often a copy is taken anew because an editor deleted a figure while it was taken."""


class _Outdated(Exception):
    """The copy names a file that is gone by now, and so is its row: a newer copy does not name it."""


def make_backup(source: Database, media: Media, target: Path) -> Manifest:
    """Writes a backup of the database `source` and the figures of `media` to the new file `target`.

    The file appears when it is complete and was read again; nothing of it is left when anything fails.
    """
    if target.exists():
        raise BackupError(f"{target} is there already: choose another name")
    with draft_folder(target) as stage:
        for attempt in range(1, ATTEMPTS + 1):
            draft = stage / f"{attempt}.zip"
            try:
                manifest = _write(source, media, draft)
                break
            except _Outdated:
                draft.unlink()
        else:
            raise BackupError("figures were deleted during every attempt: run `manage.py backup` again")
        verify(draft, manifest)
        os.rename(draft, target)
    sync_folder(target.parent)
    return manifest


def verify(path: Path, manifest: Manifest) -> None:
    """Reads a backup again and compares every file with what the manifest says of it."""
    with zipfile.ZipFile(path) as archive:
        for member in manifest.members:
            with archive.open(member.name) as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
            if digest != member.sha256:
                raise BackupError(f"{path}: {member.name} is not what was written: look at the disk")


def _write(source: Database, media: Media, target: Path) -> Manifest:
    database = target.with_suffix(Path(source.name).suffix)
    contents = source.copy(database, _media_columns())
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            with database.open("rb") as copy:
                members = [_add(archive, source.name, copy, zipfile.ZIP_DEFLATED)]
            members += _add_media(archive, media)
            manifest = Manifest(
                dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
                version(),
                tuple(contents.migrations),
                contents.rows,
                tuple(members),
                _missing(contents.texts, source, {member.name for member in members}),
            )
            archive.writestr(_entry(MANIFEST, zipfile.ZIP_DEFLATED), manifest.to_json())
        file.flush()
        os.fsync(file.fileno())
    database.unlink()
    return manifest


def _add_media(archive: zipfile.ZipFile, media: Media) -> Iterator[Member]:
    try:
        for name in media.names():
            try:
                with media.open(name) as source:
                    yield _add(archive, f"{MEDIA}/{name}", source, zipfile.ZIP_STORED)
            except FileNotFoundError:
                continue  # deleted since the names were read; `_missing` sees whether anything needs it
    except MediaUnavailable as error:
        raise BackupError(f"{error}. No backup was made: one without figures would be none") from error


def _add(archive: zipfile.ZipFile, name: str, source: IO[bytes] | File[Any], compression: int) -> Member:
    with archive.open(_entry(name, compression), "w", force_zip64=True) as file:
        return copied(name, source, file)


def copied(name: str, source: IO[bytes] | File[Any], target: IO[bytes], most: float = math.inf) -> Member:
    """Copies a file and returns what was copied; stops soon after `most` bytes."""
    digest, size = hashlib.sha256(), 0
    while size <= most and (chunk := source.read(CHUNK)):
        digest.update(chunk)
        size += len(chunk)
        target.write(chunk)
    return Member(name, size, digest.hexdigest())


def _entry(name: str, compression: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, dt.datetime.now(dt.UTC).timetuple()[:6])
    entry.compress_type = compression
    entry.external_attr = (stat.S_IFREG | 0o600) << 16
    return entry


def _missing(named: set[str], source: Database, members: set[str]) -> tuple[str, ...]:
    """Media that the copy names and the backup has not, because they are lost.

    Raises _Outdated when they are gone because an editor took them out after the copy was made.
    """
    missing = named - {name.removeprefix(f"{MEDIA}/") for name in members}
    if missing and not missing <= source.texts(_media_columns()):
        raise _Outdated
    return tuple(sorted(missing))


def _media_columns() -> list[tuple[str, str]]:
    """Tables and columns that point to files."""
    return [
        (model._meta.db_table, str(field.column))
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, FileField)
    ]


def version() -> str:
    """The version of this code."""
    project = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(project)["project"]["version"])
