"""A running site → one backup file.

database ─ SQLite's backup ─► copy ─┐
                                    ├─► zip beside FILE ─ read again, compared ─► FILE
media ─ those that the copy names ──┘
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import stat
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import FileField

from archive.atomic import sync_folder
from config.backups import sqlite
from config.backups.drafts import draft_folder
from config.backups.manifest import DATABASE, MANIFEST, MEDIA, BackupError, Manifest, Member

CHUNK = 1024**2
ATTEMPTS = 5
"""How often a copy is taken anew because an editor deleted a figure while it was taken."""


class _Outdated(Exception):
    """The copy names a file that is gone by now, and so is its row: a newer copy does not name it."""


def make_backup(source: Path, media: Path, target: Path) -> Manifest:
    """Writes a backup of the database `source` and the folder `media` to the new file `target`.

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


def _write(source: Path, media: Path, target: Path) -> Manifest:
    database = target.with_suffix(".sqlite3")
    sqlite.copy(source, database)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with sqlite.opened(database) as copied, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            sqlite.check(copied)
            members = [_add(archive, DATABASE, database, zipfile.ZIP_DEFLATED)]
            members += _add_media(archive, media)
            manifest = Manifest(
                dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
                version(),
                tuple(sqlite.migrations(copied)),
                sqlite.rows(copied),
                tuple(members),
                _missing(database, source, {member.name for member in members}),
            )
            archive.writestr(_entry(MANIFEST, zipfile.ZIP_DEFLATED), manifest.to_json())
        file.flush()
        os.fsync(file.fileno())
    database.unlink()
    return manifest


def _add_media(archive: zipfile.ZipFile, media: Path) -> Iterator[Member]:
    for folder, folders, names in os.walk(media):
        folders.sort()
        for name in sorted(names):
            path = Path(folder) / name
            try:
                if stat.S_ISREG(path.lstat().st_mode):
                    place = f"{MEDIA}/{path.relative_to(media).as_posix()}"
                    yield _add(archive, place, path, zipfile.ZIP_STORED)
            except FileNotFoundError:
                continue  # deleted since the folder was read; `_missing` sees whether anything needs it


def _add(archive: zipfile.ZipFile, name: str, path: Path, compression: int) -> Member:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(_entry(name, compression), "w", force_zip64=True) as file:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    return Member(name, size, digest.hexdigest())


def _entry(name: str, compression: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, dt.datetime.now(dt.UTC).timetuple()[:6])
    entry.compress_type = compression
    entry.external_attr = (stat.S_IFREG | 0o600) << 16
    return entry


def _missing(copied: Path, source: Path, members: set[str]) -> tuple[str, ...]:
    """Media that the copy names and the backup has not, because they are lost.

    Raises _Outdated when they are gone because an editor took them out after the copy was made.
    """
    missing = _named_media(copied) - {name.removeprefix(f"{MEDIA}/") for name in members}
    if missing and not missing <= _named_media(source):
        raise _Outdated
    return tuple(sorted(missing))


def _named_media(database: Path) -> set[str]:
    """The files that rows point to."""
    columns = [
        (model._meta.db_table, str(field.column))
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, FileField)
    ]
    with sqlite.reading(database) as connection:
        return set().union(*(sqlite.texts(connection, table, column) for table, column in columns))


def version() -> str:
    """The version of this code."""
    project = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(project)["project"]["version"])
