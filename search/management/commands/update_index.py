"""Brings the search index up to date with the archive."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.engines.base import IndexUnavailable
from search.indexing import sync


class Command(BaseCommand):
    help = (
        "Indexes what has changed; builds the index anew when it is missing or was built by another version."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rebuilt = sync.bring_up_to_date()
        except TimeoutError as error:
            raise CommandError(
                "Another process writes the index and does not end: try again later."
            ) from error
        except (IndexUnavailable, OSError) as error:
            raise CommandError(f"The index is not up to date: {error}") from error
        if options["verbosity"]:
            self.stdout.write("The index was built anew." if rebuilt else "The index is up to date.")
