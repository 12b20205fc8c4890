"""Restores a backup file into an empty data directory.

    FILE ─ names, sizes, checksums ─► stage ─ database checked, migrated ─► put into place

Nothing is moved into place before everything is checked, and nothing is left when anything fails. A backup may come
from anywhere, so nothing in it is trusted: neither names nor sizes nor the schema of its database.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import zipfile
from pathlib import Path

from django.conf import settings

from config import migrating
from config.backups.databases import Database
from config.backups.making import CHUNK, copied
from config.backups.manifest import DATABASES, MANIFEST, MEDIA, BackupError, Manifest, Member, check_names
from config.media.store import Media

MAX_MANIFEST = 64 * 1024**2
MAX_RATIO = 200
"""The highest compression ratio of a file: our databases shrink to a fifth, zip bombs to a thousandth."""
SPARE = 64 * 1024**2
"""Bytes that must stay free on the disk."""
LEFT_ALONE = {"secret_key", "static", "backups", "metrics"}
"""Names that may already be in the directory: they are no part of an archive."""


def restore_backup(file: Path, directory: Path, database: Database, media: Media) -> Manifest:
    """Restores a backup. Raises BackupError, with nothing changed, when that fails."""
    check_empty(directory, database, media)
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _read_manifest(archive)
            _check_kind(manifest, database)
            _check_entries(archive, manifest, directory)
            with tempfile.TemporaryDirectory(dir=directory, prefix=".restore-") as stage:  # mode 0700
                _extract(archive, manifest, Path(stage))
                database.check(Path(stage) / database.name, manifest)
                _put_in_place(Path(stage), database, media, manifest)
    except (OSError, EOFError, NotImplementedError, zipfile.BadZipFile) as error:
        raise BackupError(f"{file}: can not be read or stored ({error}): take another backup") from error
    except BackupError as error:
        raise BackupError(f"{file} {error}") from error.__cause__
    return manifest


def check_empty(directory: Path, database: Database, media: Media) -> None:
    """Raises BackupError when anything of an archive is there: nothing is overwritten or removed."""
    there = [path for path in sorted(directory.iterdir()) if path.name not in LEFT_ALONE]
    folder = media.folder
    if folder is not None:
        there += [folder] if folder.exists() and folder not in there else []
        there = [path for path in there if not (path == folder and not any(path.iterdir()))]
    if there:
        names = ", ".join(path.name for path in there)
        raise BackupError(
            f"{directory} is not empty (it holds {names}), and a backup is restored into an empty directory only. "
            "Move what is there away, or name a new directory: XWK_DATA_DIR=/new/directory manage.py restore …"
        )
    if database.exists():
        raise BackupError(
            "The database of DATABASE_URL is not empty, and a backup is restored into an empty one only: make a new one"
        )


def _check_kind(manifest: Manifest, database: Database) -> None:
    """Raises BackupError when the backup is one of another kind of database."""
    if manifest.database != database.name:
        kind, ours = DATABASES[manifest.database], DATABASES[database.name]
        url = "without DATABASE_URL" if kind == "SQLite" else "with the DATABASE_URL of an empty database"
        more = ", then `manage.py move_database` moves it" if kind == "SQLite" else ""
        raise BackupError(f"is a backup of {kind}, and this site is on {ours}: restore it {url}{more}")


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        entry = archive.getinfo(MANIFEST)
    except KeyError:
        raise BackupError(f"has no {MANIFEST}: it is no backup of this application") from None
    if entry.file_size > MAX_MANIFEST:
        raise BackupError(f"has a {MANIFEST} of {entry.file_size} bytes: do not trust it")
    return Manifest.from_json(archive.read(entry))


def _check_entries(archive: zipfile.ZipFile, manifest: Manifest, directory: Path) -> None:
    """Raises BackupError when the zip does not hold exactly what the manifest names, before anything is unpacked."""
    entries = [entry for entry in archive.infolist() if entry.filename != MANIFEST]
    check_names(entry.filename for entry in entries)
    sizes = {member.name: member.size for member in manifest.members}
    if {entry.filename: entry.file_size for entry in entries} != sizes:
        raise BackupError(f"does not hold what its {MANIFEST} names: it was changed or is incomplete")
    for entry in entries:
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if entry.flag_bits & 1 or kind not in (0, stat.S_IFREG):
            raise BackupError(f"holds {entry.filename!r}, which is no plain file: do not trust it")
        if entry.file_size > CHUNK and entry.file_size > MAX_RATIO * entry.compress_size:
            raise BackupError(
                f"holds {entry.filename!r}, which would unpack to {entry.file_size} bytes: a bomb"
            )
    # Twice the database: migrating it and building the index take as much again.
    needed = sum(sizes.values()) + 2 * sizes[manifest.database] + SPARE
    free = shutil.disk_usage(directory).free
    if needed > free:
        raise BackupError(f"needs {needed // 1024**2} MB in {directory}, {free // 1024**2} MB are free")


def _extract(archive: zipfile.ZipFile, manifest: Manifest, stage: Path) -> None:
    for member in manifest.members:
        path = stage / member.name
        if member.name not in DATABASES:
            _make_folders(path.parent, stage)
        _extract_one(archive, member, path)
        path.chmod(0o600 if member.name in DATABASES else settings.FILE_UPLOAD_PERMISSIONS)
    (stage / MEDIA).mkdir(exist_ok=True, mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)


def _make_folders(folder: Path, stage: Path) -> None:
    if folder != stage and not folder.exists():
        _make_folders(folder.parent, stage)
        folder.mkdir(mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)


def _extract_one(archive: zipfile.ZipFile, member: Member, path: Path) -> None:
    with archive.open(member.name) as packed, path.open("xb") as file:
        found = copied(member.name, packed, file, member.size)
        file.flush()
        os.fsync(file.fileno())
    if found != member:
        raise BackupError(f"holds a damaged {member.name!r}: take another backup")


def _put_in_place(stage: Path, database: Database, media: Media, manifest: Manifest) -> None:
    """Moves the files into place. The database comes last: with it the archive exists."""
    try:
        take_back = media.adopt(stage / MEDIA)
    except OSError as error:
        raise BackupError(f"can not be restored, because its figures can not be stored: {error}") from error
    try:
        database.put(stage / database.name, manifest)
    except BaseException as error:
        take_back()
        if isinstance(error, migrating.MigratingError):
            raise BackupError(
                f"can not be brought up to date ({error}): restore it with its own version"
            ) from error
        raise
