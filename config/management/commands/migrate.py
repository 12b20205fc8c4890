"""`migrate`, which makes the data directory first: SQLite opens no file in a directory that is not there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> Any:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)  # before its checks look at the disk
        return super().execute(*args, **options)
