"""Opens Excel workbooks (.xlsx), looked at without trust: how large they are once unpacked, and whether they are sound.

Call it in a LimitedProcess (archive.limited): a small zip may hold a very large sheet.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from archive.reading.zips import check_zip, is_bomb, open_zip
from archive.refusal import ImportRefused

MAX_UNPACKED = 100 * 1024**2
"""Of all parts of a workbook: reading it takes three times as much memory."""
_DAMAGED = "这个表格坏了，读不了。请在 Excel 或 WPS 里打开，另存为 .xlsx"


@contextmanager
def workbook(data: bytes) -> Iterator[CalamineWorkbook]:
    """Opens a workbook to be read within the block. Raises ImportRefused when it is too large, locked or damaged."""
    _check_size(data)
    try:
        yield CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError:
        raise ImportRefused("这个表格加了密码。请在 Excel 里另存为不加密码的 .xlsx") from None
    except CalamineError:
        raise ImportRefused(_DAMAGED) from None


def read_first_sheet(data: bytes) -> list[list[str]]:
    """Returns the rows of the first sheet that has any, each cell as its text; formulas as what they last gave.

    Raises ImportRefused as `workbook` does.
    """
    with workbook(data) as book:
        for name in book.sheet_names:
            rows = [[_text(cell) for cell in row] for row in book.get_sheet_by_name(name).iter_rows()]
            if any(cell for row in rows for cell in row):
                return rows
    return []


def _check_size(data: bytes) -> None:
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise ImportRefused(_DAMAGED)
    with open_zip(io.BytesIO(data)) as package:
        check_zip(package)
        parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or any(map(is_bomb, parts)):
        raise ImportRefused(
            f"这个表格解开有 {unpacked / 1024**2:.0f} MB，不像人填的表（最多 {MAX_UNPACKED // 1024**2} MB）。"
            "请把要导入的行复制到一个新的工作簿里，再导入"
        )


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat(" ") if isinstance(cell, dt.datetime) else cell.isoformat()
    return str(cell)
