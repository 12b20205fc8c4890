"""`export_glossary`: terms and aliases → the CSV file that `import_glossary` reads."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from glossary.exchange import export_glossary


class Command(BaseCommand):
    help = "把全部词条导出成 CSV（UTF-8），可以再用 import_glossary 导入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, metavar="PATH", help="写到这个文件；不写则打印出来")

    def handle(self, *, path: Path | None, **options: Any) -> None:
        text = export_glossary()
        if path is None:
            self.stdout.write(text, ending="")
            return
        try:
            path.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise CommandError(f"{path}: 写不进去：{error.strerror}。请换一个位置") from None
