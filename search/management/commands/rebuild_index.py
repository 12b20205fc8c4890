"""Builds the search index anew; the old one answers until the new one is complete."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from archive.models import Article
from search import sync


class Command(BaseCommand):
    help = "Builds the search index anew. Search goes on from the old index until the new one is complete."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--noinput", action="store_true", help="Accepted for Haystack's sake: nothing is asked."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        count = sync.rebuild(progress=None if options["verbosity"] == 0 else _progress_bar)
        self.stdout.write(f"{count} articles indexed.")


def _progress_bar(articles: Iterable[Article], total: int) -> Iterable[Article]:
    return tqdm(articles, total=total, unit="article", disable=None)
