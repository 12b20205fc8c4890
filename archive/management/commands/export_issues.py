"""`export_issues`: the whole archive as JSON weeks, as `import_issues` reads them. docs/import-format.md"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from archive.atomic import replacing
from archive.exporting import ExportedIssue, export_issues
from archive.models import Issue
from archive.reading import MAX_JSON_BYTES


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
        lost = self._print(exported) if path is None else _write(path, exported)
        if path and path.is_file() and path.stat().st_size > MAX_JSON_BYTES:
            self.stderr.write(
                f"{path} 超过 {MAX_JSON_BYTES // 1024**2} MB，import_issues 读不了这么大的文件：请导出到文件夹。"
            )
        if lost:
            raise CommandError(f"{len(lost)} 幅图没有导出：\n" + "\n".join(lost))

    def _print(self, exported: Iterable[ExportedIssue]) -> list[str]:
        lost: list[str] = []
        for issue in exported:
            self.stdout.write(_line(issue.week))
            lost += issue.lost
        return lost


def _write(path: Path, exported: Iterable[ExportedIssue]) -> list[str]:
    is_folder = path.is_dir() or not path.suffix
    if not is_folder and path.suffix.lower() != ".jsonl":
        raise CommandError(f"{path}: 请写 .jsonl 文件，或文件夹。")
    try:
        return _write_folder(path, exported) if is_folder else _write_file(path, exported)
    except OSError as error:
        raise CommandError(f"{path}: 写不进去：{error.strerror}。请换一个位置") from None


def _write_file(path: Path, exported: Iterable[ExportedIssue]) -> list[str]:
    lost: list[str] = []
    with replacing(path) as file:
        for issue in exported:
            file.write(_line(issue.week) + "\n")
            lost += issue.lost
    return lost


def _write_folder(folder: Path, exported: Iterable[ExportedIssue]) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    lost: list[str] = []
    for issue in exported:
        with replacing(folder / f"{issue.slug}.json") as file:
            file.write(json.dumps(issue.week, ensure_ascii=False, indent=1) + "\n")
        lost += issue.lost
    return lost


def _line(week: dict[str, Any]) -> str:
    return json.dumps(week, ensure_ascii=False)
