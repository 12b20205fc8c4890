"""The glossary as a CSV table: bytes → rows and rows → text. Stores nothing.

name,kind,aliases,note
台积电,company,TSMC|台灣積體電路製造,全球最大的晶圆代工厂
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError

from archive.reading.text import decode
from archive.refusal import ImportRefused
from glossary.models import SEPARATOR, Term, clean_writing

COLUMNS = ("name", "kind", "aliases", "note")
REQUIRED = ("name", "kind")
MAX_SHOWN = 20
"""How many faults of a file are told at once."""
_SEPARATOR = re.compile(r"[|｜]")
_KINDS = {value: kind for kind in Term.Kind for value in (kind.value, str(kind.label))}


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term as the table has it, and the line it begins on."""

    line: int
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    note: str = ""

    @property
    def writings(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


class GlossaryRefused(Exception):
    """A table that can not be taken in, with everything that is wrong with it: a line for each fault."""

    def __init__(self, faults: Iterable[ImportRefused]) -> None:
        self.faults = tuple(faults)
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [str(fault) for fault in self.faults[:MAX_SHOWN]]
        if more := len(self.faults) - MAX_SHOWN:
            lines += [f"……还有 {more} 处"] if more > 0 else []
        return "\n".join(lines)


def read_table(path: Path) -> list[TermRow]:
    """Returns the rows of a CSV file, UTF-8 (with or without its mark) or GB18030, as Excel leaves them.

    Raises GlossaryRefused with every fault that can be seen in the file alone.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise GlossaryRefused([ImportRefused("没有这个文件。请核对路径", path=path)]) from None
    except OSError as error:
        raise GlossaryRefused([ImportRefused(f"打不开（{error.strerror}）。请核对路径", path=path)]) from None
    return read_rows(data, path)


def read_rows(data: bytes, path: Path) -> list[TermRow]:
    """As `read_table`, for what a file holds; `path` is what errors call it."""
    try:
        text = decode(data)
    except ImportRefused as refused:
        raise GlossaryRefused([refused.at(path)]) from None
    rows: list[TermRow] = []
    faults: list[ImportRefused] = []
    try:
        for line, cells in _records(text):
            try:
                rows.append(_row(line, cells))
            except (ImportRefused, ValidationError) as error:
                message = error.message if isinstance(error, ImportRefused) else "".join(error.messages)
                faults.append(ImportRefused(message, path=path, line=line))
    except ImportRefused as refused:
        faults.append(refused.at(path))
    if faults:
        raise GlossaryRefused(faults)
    return rows


def write_table(rows: Iterable[TermRow]) -> str:
    """Returns the CSV text of `rows`, which `read_table` reads back as they are.

    >>> print(write_table([TermRow(2, "台积电", "company", ("TSMC", "台積電"), "代工，先进制程")]), end="")
    name,kind,aliases,note
    台积电,company,TSMC|台積電,代工，先进制程
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((row.name, row.kind, SEPARATOR.join(row.aliases), row.note) for row in rows)
    return stream.getvalue()


def _records(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines that have anything in them, as `column → cell`, each with the number of its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: list[str] = []
    begins = 1
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if any(cells) and not columns:
                columns = _columns(cells, begins)
            elif any(cells):
                while len(cells) > len(columns) and not cells[-1]:
                    cells.pop()  # Excel writes as many commas as its longest line has
                if len(cells) > len(columns):
                    raise ImportRefused(
                        f"有 {len(cells)} 格，表头只有 {len(columns)} 格。"
                        "某一格里有逗号时，请用英文双引号把这一格括起来",
                        line=begins,
                    )
                yield begins, dict(zip(columns, cells, strict=False))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise ImportRefused(
            f"不是完好的 CSV（{error}）。请检查引号是否成对，或用 Excel 打开后另存为 CSV", line=begins
        ) from None
    if not columns:
        raise ImportRefused(f"是空的。第一行要写表头：{','.join(COLUMNS)}", line=1)


def _columns(cells: list[str], line: int) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    unknown = [cell for cell in cells if cell not in COLUMNS]
    missing = [name for name in REQUIRED if name not in cells]
    if unknown or missing or len(set(cells)) < len(cells):
        raise ImportRefused(
            f"表头是“{','.join(cells)[:100]}”。请写成：{','.join(COLUMNS)}（{'、'.join(REQUIRED)} 必须有）",
            line=line,
        )
    return cells


def _row(line: int, cells: dict[str, str]) -> TermRow:
    if not cells["name"]:
        raise ImportRefused("名称是空的。请填写，或删去这一行")
    name = clean_writing(cells["name"])
    kind = _KINDS.get(cells.get("kind", ""))
    if kind is None:
        allowed = "、".join(f"{kind.value}（{kind.label}）" for kind in Term.Kind)
        raise ImportRefused(f"“{name}”的类别是“{cells.get('kind', '')}”。请改成其中一个：{allowed}")
    aliases = (clean_writing(text) for text in _SEPARATOR.split(cells.get("aliases", "")) if text.strip())
    return TermRow(line, name, kind.value, tuple(dict.fromkeys(aliases)), cells.get("note", ""))
