"""`prune_search_log`: deletes search records that are older than the log may keep."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from insight import log


class Command(BaseCommand):
    help = "Deletes records of searches that are older than SEARCH_LOG_DAYS."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{log.prune()} records deleted.")
