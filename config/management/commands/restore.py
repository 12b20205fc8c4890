"""`restore`: a backup into an empty data directory, verified to the last row."""

from __future__ import annotations

import datetime as dt
import io
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from archive.models import Article, Issue
from config.backups import reminder
from config.backups.databases import site_database
from config.backups.manifest import BackupError, Manifest
from config.backups.unpacking import restore_backup
from config.media.store import site_media
from members.trail import What, record


class Command(BaseCommand):
    help = (
        "Restores what `backup` wrote into an empty data directory, builds the index anew and compares it. "
        "Nothing is overwritten, and nothing is left when it fails."
    )
    requires_system_checks = []  # they may open a database, and there is none yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file: Path, **options: Any) -> None:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            manifest = restore_backup(file, settings.DATA_DIR, site_database(), site_media())
        except BackupError as error:
            raise CommandError(str(error)) from error
        _check_counts(manifest)
        record(What.BACKUP_RESTORED, target=file.name, detail=manifest.created_at)
        with suppress(OSError, ValueError):  # then the site is reminded of backups a little early
            reminder.note(dt.datetime.fromisoformat(manifest.created_at))
        for name in manifest.missing:
            self.stderr.write(f"{name} was lost before this backup was made.")
        try:
            call_command("rebuild_index", verbosity=0, stdout=io.StringIO())
            call_command("check_index", stdout=self.stdout)
        except (CommandError, OSError) as error:
            raise CommandError(
                f"The archive is restored, its index is not: {error}. Searches are answered from the database "
                "until `manage.py rebuild_index` has run."
            ) from error
        self.stdout.write(
            f"Restored the backup of {manifest.created_at} (version {manifest.version}): "
            f"{manifest.rows['archive_issue']} issues, {manifest.rows['archive_article']} articles, "
            f"{len(manifest.members) - 1} media files. Everyone logs in anew."
        )


def _check_counts(manifest: Manifest) -> None:
    """What is at its place now is what was in the backup; a migration may have added tables and rows of its own."""
    for model in (Issue, Article):
        there, expected = model._default_manager.count(), manifest.rows[model._meta.db_table]
        if there != expected:
            raise CommandError(
                f"The database has {there} {model._meta.model_name}s after migrating, the backup {expected}: "
                "restore it with the version that made it."
            )
