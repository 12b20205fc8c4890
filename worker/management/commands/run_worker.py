"""`run_worker`: runs what is not the answer to a request, until it is told to end."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from worker.running import Worker


class Command(BaseCommand):
    help = (
        "Keeps the search index up to date, and runs background tasks: scheduled publishing, comparison, backups. "
        "One for each data directory; the server works without, and says that it is missing."
    )
    # Checks load every address, which nothing here needs at first; `migrate` has made them.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        Worker(stop).run()
