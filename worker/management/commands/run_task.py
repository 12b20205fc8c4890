"""`run_task`: one task in this process; a worker starts it for tasks of the long lane."""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = "Runs one task in this process, whatever waits. Its error goes to standard output."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="The task, as a dotted path: search.tasks.compare")
        parser.add_argument("--end-with-parent", action="store_true", help="Ends when standard input does.")
        parser.add_argument("arguments", nargs="?", default="[[], {}]", help="JSON: [[…], {…}]")

    def handle(self, *, name: str, arguments: str, **options: Any) -> None:
        if options["end_with_parent"]:
            threading.Thread(target=_end_with_parent, daemon=True).start()
        args, kwargs = json.loads(arguments)
        try:
            import_string(name).call(*args, **kwargs)
        except Exception:  # noqa: BLE001 - whatever it is, the worker keeps it
            self.stdout.write(traceback.format_exc())
            sys.stdout.flush()
            sys.exit(1)


def _end_with_parent() -> None:
    """Standard input is a pipe of the worker's: it ends when the worker does, however that was."""
    while os.read(0, 1024):
        pass
    os._exit(2)
