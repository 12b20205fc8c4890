"""Brings the search index up to date with the archive."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from search import sync


class Command(BaseCommand):
    help = (
        "Indexes what has changed; builds the index anew when it is missing or was built by another version."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        rebuilt = sync.bring_up_to_date()
        if options["verbosity"]:
            self.stdout.write("The index was built anew." if rebuilt else "The index is up to date.")
