"""`export_archive`: the whole archive as one HTML file that is read and searched without a server."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from archive import audit
from archive.models import Issue
from search.portable.contents import published_issues
from search.portable.keeping import write


class Command(BaseCommand):
    help = "把已发布的各期做成一个 HTML 文件：不联网、不用服务器，双击打开就能阅读和搜索。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="写到这个 .html 文件；已有的会换成新的")
        parser.add_argument("--figures", action="store_true", help="图片也放进去（文件会大得多）")

    def handle(self, *, file: Path, figures: bool, **options: Any) -> None:
        if file.suffix.lower() not in (".html", ".htm"):
            raise CommandError(f"{file}: 请写一个 .html 文件，例如 xinwenku.html。")
        if file.is_dir():
            raise CommandError(f"{file}: 这是文件夹。请写文件名，例如 {file / 'xinwenku.html'}。")
        issues = tqdm(
            published_issues(with_pictures=figures),
            total=Issue.objects.published().count(),
            desc="导出",
            unit="期",
            disable=not sys.stderr.isatty(),
        )
        try:
            written = write(file, issues)
        except OSError as error:
            raise CommandError(f"{file}: 写不进去：{error.strerror}。请换一个位置") from None
        audit.note("exported", "export_archive", detail=f"{written.issues} 期")
        pictures = f"，图片 {written.pictures} 张" if figures else ""
        size = file.stat().st_size / 1024**2
        self.stdout.write(
            f"{file}：{written.issues} 期，文章 {written.articles} 篇{pictures}，{size:.1f} MB。"
        )
