"""`move_database`: the archive from SQLite to PostgreSQL, with every id, verified to the last row."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.media.store import site_media
from config.moving.move import move
from config.moving.target import MoveError, Rehearsal, Target


class Command(BaseCommand):
    help = (
        "Moves everything from the site's SQLite to an empty PostgreSQL database: ids, states, accounts, versions, "
        "glossary, search log, sequences. The source is only read. A move that was broken off goes on when it is run "
        "again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", metavar="TARGET_URL", help="postgres://user:password@host:5432/name")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="A rehearsal: does all of it in a schema of its own in the target, compares, and removes it",
        )

    def handle(self, *, url: str, dry_run: bool, **options: Any) -> None:
        say = self.stdout.write if options["verbosity"] else lambda _: None
        try:
            target = Rehearsal(url) if dry_run else Target(url)
            try:
                rows = move(target, say)
            finally:
                target.close()
        except MoveError as error:
            raise CommandError(str(error)) from error
        said = (
            f"{sum(rows.values())} rows in {len(rows)} tables, {rows['archive_issue']} issues, "
            f"{rows['archive_article']} articles, equal in both databases by count and hash."
        )
        if dry_run:
            self.stdout.write(f"Rehearsed: {said} Nothing is left in the target.")
        else:
            self.stdout.write(
                f"Moved: {said} The source is as it was. Figures stay in {site_media()}. "
                "Set DATABASE_URL and start the site."
            )
