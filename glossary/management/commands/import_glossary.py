"""`import_glossary`: a CSV file → terms and aliases."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from glossary.exchange import SHIPPED, import_glossary
from glossary.table import GlossaryRefused


class Command(BaseCommand):
    help = (
        "从 CSV 或 .xlsx 文件导入词条（表头 name,kind,aliases,note 或 名称,类别,别名,说明，"
        "别名用竖线、顿号或分号隔开）。已有的词条按名称更新，"
        "别名只增不减；整个文件全部导入或全部不导入。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path",
            nargs="?",
            type=Path,
            default=SHIPPED,
            metavar="PATH",
            help="CSV 或 .xlsx 文件；不写则是自带的词库",
        )
        parser.add_argument(
            "--replace", action="store_true", help="让词库与文件完全一致：文件里没有的词条、别名会被删去"
        )

    def handle(self, *, path: Path, replace: bool, verbosity: int, **options: Any) -> None:
        try:
            result = import_glossary(path, replace=replace)
        except GlossaryRefused as refused:
            raise CommandError(f"词库没有导入，一个词条也没有改动：\n{refused}") from None
        if verbosity:
            self.stdout.write(
                f"{path}: 新增 {result.created} 个词条，更新 {result.changed} 个，"
                f"未变 {result.unchanged} 个，删去 {result.deleted} 个"
            )
