"""`backup`: one file with the database and the figures, taken while the site serves."""

from __future__ import annotations

import datetime as dt
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from config.backups import reminder
from config.backups.databases import site_database
from config.backups.making import make_backup
from config.backups.manifest import BackupError
from config.media.store import site_media
from members.trail import What, record


class Command(BaseCommand):
    help = (
        "Writes one file with a consistent copy of the database and the figures, while the site serves. "
        "`restore` reads it. It holds no index and no secret key; keep it secret all the same."
    )
    requires_system_checks = []  # a site that is out of order is backed up too

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            metavar="FILE",
            help="The new file, or a folder that gets one named by date; default: BACKUP_DIR",
        )
        parser.add_argument(
            "--record",
            action="store_true",
            help="Makes none, and notes that one was made just now by other means, like a snapshot",
        )

    def handle(self, *, file: Path | None, **options: Any) -> None:
        if options["record"]:
            if file:
                raise CommandError("--record notes a backup that was made by other means: name no file")
            try:
                reminder.note(timezone.now())
            except OSError as error:
                raise CommandError(f"It could not be noted: {error}") from error
            return
        target = _target(file)
        try:
            manifest = make_backup(site_database(), site_media(), target)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"{target} can not be written ({error.strerror}): choose another place, or make room"
            ) from error
        try:
            reminder.note(dt.datetime.fromisoformat(manifest.created_at))
        except OSError as error:
            self.stderr.write(f"The backup is good, but it could not be noted that it was made: {error}")
        try:
            record(What.BACKED_UP, target=target.name)
        except DatabaseError as error:  # a site that is out of order, or of which there is a copy only
            self.stderr.write(f"The backup is good, but it is not in the trail: {error}")
        for name in manifest.missing:
            self.stderr.write(f"{name} was lost before: the database names it, and there is no such file.")
        if options["verbosity"]:
            size = target.stat().st_size / 1024**2
            self.stdout.write(
                f"{target}: {size:.1f} MB, {manifest.rows['archive_issue']} issues, "
                f"{manifest.rows['archive_article']} articles, {len(manifest.members) - 1} media files, verified."
            )


def _target(file: Path | None) -> Path:
    """The file to write. Raises CommandError for a name that is neither a folder that is there nor one of a .zip."""
    if file is None:
        file = Path(settings.BACKUP_DIR)
        file.mkdir(mode=0o700, parents=True, exist_ok=True)
    if file.is_dir():
        return file / f"xinwenku-{time.strftime('%Y%m%d-%H%M%S')}.zip"
    if file.suffix != ".zip":
        raise CommandError(
            f"{file} is no folder that is there, and no .zip: make the folder first, or name the file ….zip"
        )
    return file
