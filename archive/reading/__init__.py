"""A file → the weeks that it holds. One reader for each kind of file (`archive.reading.kinds`), one parser for all.

>>> read_file(Path("week.txt"))  # doctest: +SKIP
[Week(title='半导体一周要闻', …)]

Reading needs no database and no settings, and is done by a child process with limits (`archive.limited`). The files of
a folder or a zip are read one by one: `archive.reading.members`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from archive.limited import LimitedProcess
from archive.parsing import Line, ParseWarning, Reading, find_year_in_name, parse_issue, split_weeks
from archive.reading.exporter_table import Part
from archive.reading.kinds import (
    KINDS,
    MAX_BYTES,
    MAX_LARGE_BYTES,
    check_size,
    kind_by_name,
    kind_of,
    suffixes,
)
from archive.refusal import ImportRefused
from archive.week import Week, from_parsed, with_prepared_images

__all__ = [
    "DOCUMENTS",
    "MAX_BYTES",
    "MAX_LARGE_BYTES",
    "check_size",
    "read_document",
    "read_file",
    "read_weeks",
]

MAX_LINES = 20_000
"""Of a document. A week has a hundred or two."""
DOCUMENTS = suffixes(kind for kind in KINDS if kind.document)
"""Ends of names of what an editor writes."""


def read_file(path: Path, process: LimitedProcess | None = None) -> list[Week]:
    """Returns the weeks of a file: one, or as many as a JSON file holds. Raises ImportRefused with its place.

    Who reads many files gives one process for all of them.
    """
    if process is None:
        with LimitedProcess() as own:
            return read_file(path, own)
    try:
        return process.call(read_weeks, path.name, _contents(path))
    except ImportRefused as refused:
        raise refused.at(path) from refused.__cause__


def read_weeks(name: str, data: bytes) -> list[Week]:
    """Returns the weeks of a file's content. Raises ImportRefused."""
    _check_not_empty(data)
    kind = kind_of(name, data)
    if kind.weeks:
        check_size(len(data), kind.max_bytes)
        return kind.weeks(data)
    if kind.parts:
        return [week for part in kind.parts(data) for week in _weeks_of_part(name, part)]
    reading = read_document(name, data)
    return [
        with_prepared_images(
            from_parsed(parse_issue(lines, year=reading.year), reading.images, _warnings_of(reading, lines))
        )
        for lines in split_weeks(reading.lines)
    ]


def read_document(name: str, data: bytes) -> Reading:
    """Returns the lines of one document: what the import desk shows. Raises ImportRefused.

    >>> [line.text for line in read_document("week.txt", "半导体一周要闻".encode("gbk")).lines]
    ['半导体一周要闻']
    """
    _check_not_empty(data)
    kind = kind_of(name, data)
    if not kind.is_readable:
        raise kind.refusal()
    if not kind.document:
        raise ImportRefused(
            f"这里一次读一期文稿（{' '.join(DOCUMENTS)}），不读{kind.name}。请用命令 import_issues"
        )
    check_size(len(data), kind.max_bytes)
    reading = kind.document(data)
    if len(reading.lines) > MAX_LINES:
        raise ImportRefused(f"文件有 {len(reading.lines)} 段，最多 {MAX_LINES} 段。请分成几个文件")
    return _with_year(reading, find_year_in_name(name))


def _with_year(reading: Reading, year: int | None) -> Reading:
    """Returns the reading with the year of the file's name, if its dates need one, and says so."""
    if year is None or "dates-no-year" not in {one.code for one in parse_issue(reading.lines).warnings}:
        return reading
    warning = ParseWarning(None, "year-from-name", f"日期里没有年份，按文件名取{year}年。请核对日期。")
    return replace(reading, year=year, warnings=(*reading.warnings, warning))


def _warnings_of(reading: Reading, lines: Sequence[Line]) -> tuple[ParseWarning, ...]:
    """Returns the reader's warnings of one week: those of its lines, and those of the whole file."""
    numbers = range(lines[0].number, lines[-1].number + 1) if lines != reading.lines else None
    return tuple(one for one in reading.warnings if not one.line or numbers is None or one.line in numbers)


def _weeks_of_part(name: str, part: Part) -> list[Week]:
    """The weeks of a part of a file. Raises ImportRefused with its name."""
    inner, content = part
    try:
        if isinstance(content, ImportRefused):
            raise content
        return read_weeks(inner, content)
    except ImportRefused as refused:
        raise refused.at(f"{name}/{inner}") from None


def _contents(path: Path) -> bytes:
    if not path.is_file():
        raise ImportRefused("找不到这个文件。请核对路径")
    kind = kind_by_name(path.name)
    check_size(path.stat().st_size, kind.max_bytes if kind else MAX_BYTES)
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImportRefused(f"文件读不了：{error.strerror}。请检查权限") from None


def _check_not_empty(data: bytes) -> None:
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise ImportRefused("文件是空的。请放入内容再导入")
