"""`export_issues`: the whole archive as JSON weeks, as `import_issues` reads them. docs/import-format.md"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from archive import audit
from archive.atomic import replace_text, replacing
from archive.exporting import ExportedIssue, export_issues
from archive.models import Issue
from archive.reading import MAX_LARGE_BYTES


class Command(BaseCommand):
    help = "把全部各期（含草稿、格式和图）导出成 JSON，可以再用 import_issues 导入，得到一样的文库。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path",
            nargs="?",
            type=Path,
            metavar="PATH",
            help="写到这个 .jsonl 文件（一期一行），或这个文件夹（一期一个 .json）；不写则打印出来",
        )
        parser.add_argument("--published", action="store_true", help="只导出已发布的各期")

    def handle(self, *, path: Path | None, published: bool, **options: Any) -> None:
        issues = Issue.objects.published() if published else Issue.objects.all()
        exported = tqdm(
            export_issues(issues),
            total=issues.count(),
            desc="导出",
            unit="期",
            disable=not (path and sys.stderr.isatty()),
        )
        lost: list[str] = []
        try:
            with self._target(path) as put:
                for issue in exported:
                    put(issue)
                    lost += issue.lost
        except OSError as error:
            raise CommandError(f"{path}: 写不进去：{error.strerror}。请换一个位置") from None
        audit.note("exported", "export_issues", detail=f"{issues.count()} 期")
        if path and path.is_file() and path.stat().st_size > MAX_LARGE_BYTES:
            self.stderr.write(
                f"{path} 超过 {MAX_LARGE_BYTES // 1024**2} MB，import_issues 读不了这么大的文件：请导出到文件夹。"
            )
        if lost:
            raise CommandError(f"{len(lost)} 幅图没有导出：\n" + "\n".join(lost))

    @contextmanager
    def _target(self, path: Path | None) -> Iterator[Callable[[ExportedIssue], object]]:
        """What writes an issue: to the terminal, into a folder, or into a file that is whole or not there."""
        if path is None:
            yield lambda issue: self.stdout.write(_line(issue))
        elif path.is_dir() or not path.suffix:
            path.mkdir(parents=True, exist_ok=True)
            yield lambda issue: replace_text(path / f"{issue.slug}.json", f"{_line(issue, indent=1)}\n")
        elif path.suffix.lower() == ".jsonl":
            with replacing(path) as file:
                yield lambda issue: file.write(f"{_line(issue)}\n")
        else:
            raise CommandError(f"{path}: 请写 .jsonl 文件，或文件夹。")


def _line(issue: ExportedIssue, indent: int | None = None) -> str:
    return json.dumps(issue.week, ensure_ascii=False, indent=indent)
