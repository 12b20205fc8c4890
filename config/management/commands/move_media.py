"""`move_media`: the figures to another store, a folder or a bucket, verified to the last byte."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from archive.media import MediaUnavailable
from archive.models import Figure
from config.media.moving import MoveError, move, named_but_missing
from config.media.store import Media, media_at, site_media


class Command(BaseCommand):
    help = (
        "Copies all figures to another store and compares every one. The site's own store is only read, and the site "
        "may go on meanwhile; a move that was broken off goes on when it is run again, and takes along what came since."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "url",
            metavar="TARGET_URL",
            help="s3://KEY:SECRET@bucket?endpoint=https://…, or file:///srv/figures",
        )
        parser.add_argument(
            "--from",
            dest="source",
            metavar="SOURCE_URL",
            help="another store than that of MEDIA_STORAGE_URL, like the one that the site had before",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="says what there is to copy, and copies nothing"
        )

    def handle(self, *, url: str, source: str | None, dry_run: bool, **options: Any) -> None:
        try:
            here, there = media_at(source) if source else site_media(), media_at(url)
        except ImproperlyConfigured as error:
            raise CommandError(str(error).replace("MEDIA_STORAGE_URL=", "TARGET_URL=", 1)) from error
        if str(here) == str(there):
            raise CommandError(f"{there} is where the figures are already")
        for media in (here, there):
            if problem := media.problem():
                raise CommandError(problem)
        try:
            if dry_run:
                self._rehearse(here, there)
            else:
                self._move(here, there, is_quiet=not options["verbosity"])
        except (MoveError, MediaUnavailable) as error:
            raise CommandError(str(error)) from error

    def _move(self, here: Media, there: Media, *, is_quiet: bool) -> None:
        count = size = new = 0
        for moved in move(here, there):
            count, size, new = count + 1, size + moved.size, new + moved.is_new
            if not is_quiet and count % 100 == 0:
                self.stdout.write(f"{count} figures …")
        if lost := named_but_missing(there, set(Figure.objects.values_list("image", flat=True))):
            self.stderr.write(
                f"{len(lost)} files that the database names are not in {here} either, {lost[0]} first: "
                "a backup may have them."
            )
        self.stdout.write(
            f"Moved: {count} files, {size / 1024**2:.1f} MB, equal in {there} and {here}; {new} of them copied now. "
            "The source is as it was. Set MEDIA_STORAGE_URL, restart, and run this once more with --from the old place."
        )

    def _rehearse(self, here: Media, there: Media) -> None:
        names, known = [*here.names()], set(there.names())
        new = [name for name in names if name not in known]
        self.stdout.write(
            f"{len(names)} files in {here}, {len(new)} of them not in {there} yet. Nothing was copied."
        )
