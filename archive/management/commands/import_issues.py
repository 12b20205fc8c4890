"""`import_issues`: makes issues of files and folders of weeks, as docs/import-format.md describes them."""

from __future__ import annotations

import datetime as dt
import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from archive.importing import ImportResult, check_import, import_weeks
from archive.limited import LimitedProcess
from archive.management.tables import describe_week, overview
from archive.parsing import ParseWarning
from archive.reading import SUFFIXES, read_file
from archive.refusal import ImportRefused
from archive.week import Week, to_json


@dataclass(frozen=True, slots=True)
class ReadWeek:
    """A week of a dry run, and why it would be refused."""

    path: Path
    week: Week
    refusal: ImportRefused | None


class Command(BaseCommand):
    help = "导入一期或多期：.txt .md .html .docx .json .jsonl 文件，或装着它们的文件夹。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="文件或文件夹（含子文件夹）")
        parser.add_argument("--publish", action="store_true", help="导入后立即发布；不加则是草稿")
        parser.add_argument(
            "--replace", action="store_true", help="刊名和日期相同的一期已在库里时，替换其内容"
        )
        parser.add_argument("--title", help="指定刊名（只有一期时）")
        parser.add_argument("--start-date", type=_date, help="指定开始日期，如 2025-03-17（只有一期时）")
        parser.add_argument("--end-date", type=_date, help="指定结束日期，如 2025-03-21（只有一期时）")
        parser.add_argument("--dry-run", action="store_true", help="只读不存：列出读到了什么")
        parser.add_argument("--json", action="store_true", help="与 --dry-run 连用：每期打印一行 JSON")

    def handle(self, *, paths: list[Path], **options: Any) -> None:
        if options["json"] and not options["dry_run"]:
            raise CommandError("--json 要和 --dry-run 连用。")
        overrides = {name: options[name] for name in ("title", "start_date", "end_date") if options[name]}
        failures: list[str] = []
        files, missing = _files(paths)
        failures.extend(map(str, missing))
        if overrides and len(files) != 1:
            raise CommandError(
                f"--title 和日期选项只能用于一期，这里有 {len(files)} 个文件。请一次导入一个文件。"
            )
        seen: list[ReadWeek] = []
        done: list[tuple[Path, ImportResult]] = []
        with LimitedProcess() as process:
            for path in tqdm(files, desc="导入", unit="个文件", disable=not sys.stderr.isatty()):
                try:
                    weeks = _overridden(read_file(path, process), overrides)
                    if options["dry_run"]:
                        seen.extend(_dry_run(path, weeks, replace_existing=options["replace"]))
                    else:
                        results = import_weeks(weeks, publish=options["publish"], replace=options["replace"])
                        done.extend((path, result) for result in results)
                except ImportRefused as refused:
                    failures.append(str(refused.at(path)))
        if options["dry_run"]:
            failures.extend(self._report_dry_run(seen, as_json=options["json"]))
        elif options["verbosity"]:
            self._report(done)
        if failures:
            raise CommandError(f"{len(failures)} 个文件没有导入：\n" + "\n".join(failures))

    def _report(self, done: list[tuple[Path, ImportResult]]) -> None:
        for path, result in done:
            what = "新建" if result.created else "替换"
            counts = f"新增 {result.added} 篇"
            if not result.created:
                counts += f"，保留 {result.kept} 篇，删去 {result.removed} 篇"
            self.stdout.write(f"{path}: {what} {result.issue}，{result.issue.get_status_display()}，{counts}")
            for warning in result.warnings:
                self.stdout.write(f"  {path}:{_place(warning)} {warning.message}")

    def _report_dry_run(self, seen: list[ReadWeek], *, as_json: bool) -> list[str]:
        """Prints what was read, and returns a line for each week that nothing but another file can mend."""
        if as_json:
            for read in seen:
                warnings = [
                    {"line": warning.line, "code": warning.code, "message": warning.message}
                    for warning in _all_warnings(read)
                ]
                self.stdout.write(
                    json.dumps({**to_json(read.week), "warnings": warnings}, ensure_ascii=False)
                )
        elif seen:
            self.stdout.write(overview([(str(read.path), read.week) for read in seen]))
            for read in seen:
                refusal = f"会被拒绝：{read.refusal}" if read.refusal else ""
                self.stdout.write("\n" + describe_week(str(read.path), read.week, refusal))
        return [str(read.refusal) for read in seen if read.refusal and not read.week.articles]


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} 不是日期，请写成 2025-03-21 的样子") from None


def _place(warning: ParseWarning) -> str:
    return f"{warning.line}:" if warning.line else ""


def _all_warnings(read: ReadWeek) -> Iterator[ParseWarning]:
    yield from read.week.warnings
    if read.refusal:
        yield ParseWarning(read.refusal.line, "would-be-refused", read.refusal.message)


def _dry_run(path: Path, weeks: list[Week], *, replace_existing: bool) -> Iterator[ReadWeek]:
    for week in weeks:
        refusal = None
        try:
            check_import(week, replace=replace_existing)
        except ImportRefused as refused:
            refusal = refused.at(path)
        yield ReadWeek(path, week, refusal)


def _overridden(weeks: list[Week], overrides: dict[str, Any]) -> list[Week]:
    if overrides and len(weeks) != 1:
        raise ImportRefused(
            f"--title 和日期选项只能用于一期，这个文件里有 {len(weeks)} 期。请把它们写在文件里"
        )
    settled = {"title-missing"} if "title" in overrides else set()
    if {"start_date", "end_date"} <= overrides.keys():
        settled |= {"dates-missing", "dates-no-year", "dates-reversed", "dates-too-long", "dates-invalid"}
    return [
        replace(
            week,
            warnings=tuple(warning for warning in week.warnings if warning.code not in settled),
            **overrides,
        )
        for week in weeks
    ]


def _files(paths: list[Path]) -> tuple[list[Path], list[ImportRefused]]:
    """The files to import, each once, folders looked through; and a refusal for each folder that has none."""
    files: dict[Path, Path] = {}
    missing = []
    for path in paths:
        found = [path]
        if path.is_dir():
            # By name without suffix: of two digests that end on one day, `2025-03-21-2.json` is the second.
            importable = (file for file in path.rglob("*") if _is_importable(file))
            found = sorted(importable, key=lambda file: (file.with_suffix(""), file.suffix))
            if not found:
                missing.append(
                    ImportRefused(f"文件夹里没有能导入的文件（{' '.join(SUFFIXES)}）。请核对路径", path=path)
                )
        for file in found:
            files.setdefault(file.resolve(), file)
    return list(files.values()), missing


def _is_importable(file: Path) -> bool:
    """Whether a file found in a folder is a week; Word's lock files (`~$周报.docx`) and hidden files are not."""
    return file.suffix.lower() in SUFFIXES and not file.name.startswith((".", "~$")) and file.is_file()
