"""`import_issues`: makes issues of files and folders of weeks, as docs/import-format.md describes them."""

from __future__ import annotations

import datetime as dt
import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from archive.importing import ImportResult, check_import, import_weeks
from archive.limited import LimitedProcess
from archive.management.tables import describe_week, overview
from archive.media import MediaUnavailable
from archive.parsing import ParseWarning
from archive.reading import read_weeks
from archive.reading.kinds import suffixes
from archive.reading.members import Member, file_entries, folder_entries, members
from archive.refusal import ImportRefused
from archive.week import Week, to_json


class ReadWeek(NamedTuple):
    """A week of a dry run, and why it would be refused."""

    path: Path
    week: Week
    refusal: ImportRefused | None


class Command(BaseCommand):
    help = f"导入一期或多期：{' '.join(suffixes())} 文件，或装着它们的文件夹。"

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
        seen: list[ReadWeek] = []
        done: list[tuple[Path, ImportResult]] = []
        with LimitedProcess() as process:
            files: Iterable[tuple[Path, Member]] = _members(paths, process)
            if overrides:
                files = found = list(files)
                if len(found) != 1:
                    raise CommandError(
                        f"--title 和日期选项只能用于一期，这里有 {len(found)} 个文件。请一次导入一个文件。"
                    )
            for path, member in tqdm(files, desc="导入", unit="个文件", disable=not sys.stderr.isatty()):
                try:
                    weeks = _overridden(_read(member, process), overrides)
                    if options["dry_run"]:
                        seen.extend(_dry_run(path, weeks, replace_existing=options["replace"]))
                    else:
                        results = import_weeks(weeks, publish=options["publish"], replace=options["replace"])
                        done.extend((path, result) for result in results)
                except ImportRefused as refused:
                    failures.append(str(refused.at(path)))
                except MediaUnavailable as error:
                    failures.append(f"{path}: 图片存不进去（{error}）")
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
            if result.held:
                self.stdout.write("  没有发布，存为草稿。请在编辑室里看一遍再发布：")
            for finding in result.held:
                self.stdout.write(f"  {finding}")
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


def _members(paths: list[Path], process: LimitedProcess) -> Iterator[tuple[Path, Member]]:
    """Yields the files to import, each once: folders are looked through, zips opened. Where nothing is, a refusal."""
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            yield path, Member(path.name, refusal=ImportRefused("找不到这个文件。请核对路径"))
            continue
        where, entries = (path, folder_entries(path)) if path.is_dir() else (path.parent, file_entries(path))
        is_empty = True
        for member in members(entries, process):
            is_empty = False
            place = where / member.name
            if place.resolve() not in seen:
                seen.add(place.resolve())
                yield place, member
        if is_empty:
            none = f"文件夹里没有能导入的文件（{' '.join(suffixes())}）。请核对路径"
            yield path, Member(path.name, refusal=ImportRefused(none))


def _read(member: Member, process: LimitedProcess) -> list[Week]:
    if member.refusal:
        raise member.refusal
    return process.call(read_weeks, member.name, member.data)
