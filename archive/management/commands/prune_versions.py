"""`prune_versions`: old versions of issues go, the last of each stay."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from archive import versions


class Command(BaseCommand):
    help = "删除旧的版本，每一期最后的几个总是留着。删去的版本不能再恢复；更早删除的期也不能再从回收站恢复。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=730, help="只删比这更早的（730 天）")
        parser.add_argument("--keep", type=int, default=5, help="每一期至少留几个（5 个）")

    def handle(self, *, days: int, keep: int, verbosity: int, **options: Any) -> None:
        deleted = versions.prune(timezone.now() - dt.timedelta(days=days), max(keep, 1))
        if verbosity:
            self.stdout.write(f"删去了 {deleted} 个版本。")
