"""`rebuild_mentions`: finds the mentions of every article again."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from glossary.consistency import mend
from glossary.mentions import Batch


class Command(BaseCommand):
    help = "重新在全部文章里查找词条。平时不需要：文章和词条一有改动，提及就跟着更新。"

    def handle(self, **options: Any) -> None:
        changed = mend(progress=_progress)
        self.stdout.write(f"{len(changed)} 篇文章的提及与原来不同，已更新。")


def _progress(batches: Sequence[Batch]) -> Iterable[Batch]:
    return tqdm(batches, desc="查找", unit="批", disable=not sys.stderr.isatty())
