"""The glossary as a table, CSV or .xlsx: bytes → rows and rows → CSV text. Stores nothing.

name,kind,aliases,note
台积电,company,TSMC|台灣積體電路製造,全球最大的晶圆代工厂

Editors write the same in Chinese (`名称,类别,别名,说明`, `公司`), with `，`, `、`, `;`, `；` or `|` between aliases.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ValidationError

from archive.formula_cells import armed, disarmed
from archive.limited import LimitedProcess
from archive.reading.text import decode
from archive.reading.workbook import read_first_sheet
from archive.refusal import ImportRefused
from glossary.models import SEPARATOR, Term, clean_writing

COLUMNS = ("name", "kind", "aliases", "note")
HEADINGS = ("名称", "类别", "别名", "说明")
"""What editors call the columns."""
REQUIRED = ("name", "kind")
_CALLED = {
    **dict(zip(HEADINGS, COLUMNS, strict=True)),
    **{
        "词条": "name",
        "名字": "name",
        "类型": "kind",
        "分类": "kind",
        "其他写法": "aliases",
        "备注": "note",
        "简介": "note",
    },
}
MAX_SHOWN = 20
"""How many faults of a file are told at once."""
_BAR = re.compile(r"[|｜]")
_SEPARATORS = re.compile(r"[，、;；]")
_KINDS = {value: kind for kind in Term.Kind for value in (kind.value, str(kind.label))}
_ZIP = b"PK\x03\x04"
"""What an .xlsx file begins with."""


class TermRow(NamedTuple):
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
    """Returns the rows of an .xlsx file, or of a CSV file: UTF-8 (with or without its mark) or GB18030.

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
    rows: list[TermRow] = []
    faults: list[ImportRefused] = []
    try:
        for line, cells in _records(_read_sheet(data) if data.startswith(_ZIP) else _read_csv(decode(data))):
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
    return _write(COLUMNS, ((row.name, row.kind, _joined(row.aliases), row.note) for row in rows))


def write_table_for_editors(rows: Iterable[TermRow]) -> str:
    """As `write_table`, with headings and kinds in Chinese.

    >>> print(write_table_for_editors([TermRow(2, "台积电", "company", ("TSMC", "台積電"))]), end="")
    名称,类别,别名,说明
    台积电,公司,TSMC|台積電,
    """
    return _write(
        HEADINGS, ((row.name, Term.Kind(row.kind).label, _joined(row.aliases), row.note) for row in rows)
    )


def _write(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(map(disarmed, map(str, row)) for row in rows)
    return stream.getvalue()


def _joined(aliases: tuple[str, ...]) -> str:
    """Aliases in one cell. A bar says that nothing else separates them, also behind a single one."""
    joined = SEPARATOR.join(aliases)
    return joined + SEPARATOR if len(aliases) == 1 and _SEPARATORS.search(joined) else joined


def _split(cell: str) -> list[str]:
    """The aliases of a cell: between bars, where there are any, else between the other separators."""
    return (_BAR if _BAR.search(cell) else _SEPARATORS).split(cell)


def _read_csv(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV text, each with the number of its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise ImportRefused(
            f"不是完好的 CSV（{error}）。请检查引号是否成对，或用 Excel 打开后另存为 CSV", line=begins
        ) from None


def _read_sheet(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of a workbook with their numbers."""
    with LimitedProcess() as process:
        yield from enumerate(process.call(read_first_sheet, data), start=1)


def _records(rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows that have anything in them, as `column → cell`, each with its line."""
    columns: list[str] = []
    for line, texts in rows:
        cells = [armed(cell.strip()) for cell in texts]
        if any(cells) and not columns:
            columns = _columns(cells, line)
        elif any(cells):
            while len(cells) > len(columns) and not cells[-1]:
                cells.pop()  # Excel writes as many commas as its longest line has
            if len(cells) > len(columns):
                raise ImportRefused(
                    f"有 {len(cells)} 格，表头只有 {len(columns)} 格。"
                    "某一格里有逗号时，请用英文双引号把这一格括起来",
                    line=line,
                )
            yield line, dict(zip(columns, cells, strict=False))
    if not columns:
        raise ImportRefused(f"是空的。第一行要写表头：{','.join(HEADINGS)}", line=1)


def _columns(cells: list[str], line: int) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    columns = [_CALLED.get(cell, cell.lower()) for cell in cells]
    missing = [name for name in REQUIRED if name not in columns]
    if not set(columns) <= set(COLUMNS) or missing or len(set(columns)) < len(columns):
        raise ImportRefused(
            f"表头是“{','.join(cells)[:100]}”。请写成：{','.join(HEADINGS)}（{'、'.join(HEADINGS[:2])}必须有）",
            line=line,
        )
    return columns


def _row(line: int, cells: dict[str, str]) -> TermRow:
    if not cells["name"]:
        raise ImportRefused("名称是空的。请填写，或删除这一行")
    name = clean_writing(cells["name"])
    kind = _KINDS.get(cells.get("kind", ""))
    if kind is None:
        allowed = "、".join(str(kind.label) for kind in Term.Kind)
        raise ImportRefused(f"“{name}”的类别是“{cells.get('kind', '')}”。请改成其中一个：{allowed}")
    aliases = (clean_writing(text) for text in _split(cells.get("aliases", "")) if text.strip())
    return TermRow(line, name, kind.value, tuple(dict.fromkeys(aliases)), cells.get("note", ""))
