"""Builds the search index anew; the old one answers until the new one is complete."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from archive.models import Article
from search.engines.base import IndexUnavailable
from search.indexing import sync


class Command(BaseCommand):
    help = "Builds the search index anew. Search goes on from the old index until the new one is complete."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--noinput", action="store_true", help="Accepted for Haystack's sake: nothing is asked."
        )
        parser.add_argument(
            "--wait", type=int, default=600, metavar="SECONDS", help="For another rebuild to end (600)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = sync.rebuild(
                progress=None if options["verbosity"] == 0 else _progress_bar, wait_seconds=options["wait"]
            )
        except TimeoutError as error:
            raise CommandError(
                f"Another process has been rebuilding for {options['wait']} seconds: wait for it, or run this "
                "again with a longer --wait."
            ) from error
        except (IndexUnavailable, OSError) as error:
            raise CommandError(f"The index was not built, the old one stays: {error}") from error
        if options["verbosity"]:
            self.stdout.write(f"{count} articles indexed.")


def _progress_bar(articles: Iterable[Article], total: int) -> Iterable[Article]:
    return tqdm(articles, total=total, unit="article", disable=None)
