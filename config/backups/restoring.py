"""Restores a backup file into an empty data directory.

    FILE ─ names, sizes, checksums ─► stage ─ database checked, migrated ─► renamed into place

Nothing is moved into place before everything is checked, and nothing is left when anything fails. A backup may come
from anywhere, so nothing in it is trusted: neither names nor sizes nor the schema of its database.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from archive.atomic import sync_folder
from config.backups import sqlite
from config.backups.making import CHUNK
from config.backups.manifest import DATABASE, MANIFEST, MEDIA, BackupError, Manifest, Member, check_names

MAX_MANIFEST = 64 * 1024**2
MAX_RATIO = 200
"""The highest compression ratio of a file: our databases shrink to a fifth, zip bombs to a thousandth."""
SPARE = 64 * 1024**2
"""Bytes that must stay free on the disk."""
LEFT_ALONE = {"secret_key", "static", "backups"}
"""Names that may already be in the directory: they are no part of an archive."""


def restore_backup(file: Path, directory: Path, database: Path, media: Path) -> Manifest:
    """Restores a backup. Raises BackupError, with nothing changed, when that fails."""
    check_empty(directory, database, media)
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _read_manifest(archive)
            _check_entries(archive, manifest, directory)
            with tempfile.TemporaryDirectory(dir=directory, prefix=".restore-") as stage:  # mode 0700
                _extract(archive, manifest, Path(stage))
                _check_database(Path(stage) / DATABASE, manifest)
                _put_in_place(Path(stage), database, media)
    except (OSError, EOFError, NotImplementedError, zipfile.BadZipFile) as error:
        raise BackupError(f"{file}: can not be read or stored ({error}): take another backup") from error
    except BackupError as error:
        raise BackupError(f"{file} {error}") from error.__cause__
    return manifest


def check_empty(directory: Path, database: Path, media: Path) -> None:
    """Raises BackupError when the directory holds anything of an archive: nothing is overwritten or removed."""
    there = [path for path in sorted(directory.iterdir()) if path.name not in LEFT_ALONE]
    there += [path for path in (database, media) if path.exists() and path not in there]
    there = [path for path in there if not (path == media and not any(path.iterdir()))]
    if there:
        names = ", ".join(path.name for path in there)
        raise BackupError(
            f"{directory} is not empty (it holds {names}), and a backup is restored into an empty directory only. "
            "Move what is there away, or name a new directory: XWK_DATA_DIR=/new/directory manage.py restore …"
        )


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
    needed = sum(sizes.values()) + 2 * sizes[DATABASE] + SPARE
    free = shutil.disk_usage(directory).free
    if needed > free:
        raise BackupError(f"needs {needed // 1024**2} MB in {directory}, {free // 1024**2} MB are free")


def _extract(archive: zipfile.ZipFile, manifest: Manifest, stage: Path) -> None:
    for member in manifest.members:
        path = stage / member.name
        if member.name != DATABASE:
            _make_folders(path.parent, stage)
        _extract_one(archive, member, path)
        path.chmod(0o600 if member.name == DATABASE else settings.FILE_UPLOAD_PERMISSIONS)
    (stage / MEDIA).mkdir(exist_ok=True, mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)


def _make_folders(folder: Path, stage: Path) -> None:
    if folder != stage and not folder.exists():
        _make_folders(folder.parent, stage)
        folder.mkdir(mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)


def _extract_one(archive: zipfile.ZipFile, member: Member, path: Path) -> None:
    digest, size = hashlib.sha256(), 0
    with archive.open(member.name) as packed, path.open("xb") as file:
        while chunk := packed.read(CHUNK):
            size += len(chunk)
            if size > member.size:
                break
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if size != member.size or digest.hexdigest() != member.sha256:
        raise BackupError(f"holds a damaged {member.name!r}: take another backup")


def _check_database(path: Path, manifest: Manifest) -> None:
    with sqlite.opened(path) as database:
        sqlite.check(database)
        if sqlite.rows(database) != manifest.rows:
            raise BackupError("holds another number of rows than it says: do not trust it")
        applied = sqlite.migrations(database)
    if _pending(applied, manifest):
        _migrate(path)


def _pending(applied: Iterable[tuple[str, str]], manifest: Manifest) -> bool:
    """Whether this code has migrations that the backup lacks. Raises BackupError when the backup is newer."""
    known = MigrationLoader(None).disk_migrations
    replaced = {replaced for migration in known.values() for replaced in migration.replaces}
    unknown = sorted(set(applied) - known.keys() - replaced)
    if unknown:
        app, name = unknown[0]
        raise BackupError(
            f"was made by version {manifest.version}, with the migration {app}.{name} that this code does not "
            "know: install that version or a later one, then restore"
        )
    return bool(known.keys() - set(applied))


def _migrate(path: Path) -> None:
    """Migrates the database of an older version, in a child process: this one is connected to another database."""
    done = subprocess.run(  # noqa: S603 - our own command
        [
            sys.executable,
            str(settings.BASE_DIR / "manage.py"),
            *"migrate --noinput --skip-checks -v0".split(),
        ],
        env={**os.environ, "XWK_DATA_DIR": str(path.parent), "DATABASE_URL": f"sqlite:///{path}"},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()[-1:]
        raise BackupError(
            f"can not be brought up to date ({' '.join(said)}): restore it with its own version"
        )


def _put_in_place(stage: Path, database: Path, media: Path) -> None:
    """Moves the files into place by two renames. The database comes last: with it the archive exists."""
    if any((stage / f"{DATABASE}{leftover}").exists() for leftover in ("-wal", "-shm")):
        raise BackupError("left its database open: run `manage.py restore` again")
    media.parent.mkdir(parents=True, exist_ok=True)
    os.rename(stage / MEDIA, media)
    try:
        os.rename(stage / DATABASE, database)
    except BaseException:
        os.rename(media, stage / MEDIA)
        raise
    sync_folder(database.parent)
