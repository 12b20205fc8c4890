"""Makes one week in every file format that editors bring, and small images for it."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import xlsxwriter
from PIL import Image

TITLES = ("台积电扩建先进封装产线", "三星调整存储芯片报价", "国产光刻胶进入验证")
BODIES = (
    "台积电计划今年把CoWoS月产能提高一倍，新厂设在嘉义。\n设备将在夏天进厂，明年一季度投产。",
    "三星通知客户，下季度DRAM合约价上调一成。",
    "一家本土企业的KrF光刻胶送到两家晶圆厂验证，结果要等到年底。",
)
TEXT = "\n".join(
    [
        "芯片一周记",
        "2025.4.7-2025.4.11",
        *(
            f"{number}. {title}\n{body}"
            for number, (title, body) in enumerate(zip(TITLES, BODIES, strict=True), 1)
        ),
    ]
)
JSON = {
    "title": "芯片一周记",
    "start_date": "2025-04-07",
    "end_date": "2025-04-11",
    "articles": [{"title": title, "body": body} for title, body in zip(TITLES, BODIES, strict=True)],
}


def image_bytes(
    width: int = 40, height: int = 30, image_format: str = "PNG", colour: str = "red", **options: object
) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, image_format, **options)
    return out.getvalue()


def data_uri(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def html_week(*, first_body: str = "") -> str:
    """The golden week as a saved page; `first_body` takes the place of the first article's body."""
    parts = [
        "<html><head><meta charset=utf-8><title>x</title></head><body>",
        "<h1>芯片一周记</h1><p>2025.4.7-2025.4.11</p>",
    ]
    for number, (title, body) in enumerate(zip(TITLES, BODIES, strict=True), 1):
        paragraphs = "".join(f"<p>{line}</p>" for line in body.split("\n"))
        parts.append(f"<h2>{number}. {title}</h2>{(number == 1 and first_body) or paragraphs}")
    return "".join([*parts, "</body></html>"])


def save_docx(path: Path, *, bold_headings: bool = False, image: bytes | None = None) -> Path:
    """The golden week as Word writes it: heading styles or bold lines, a table and a picture in the first article."""
    document = docx.Document()
    document.add_heading("芯片一周记", 0)
    document.add_paragraph("2025.4.7-2025.4.11")
    for number, (title, body) in enumerate(zip(TITLES, BODIES, strict=True), 1):
        if bold_headings:
            document.add_paragraph().add_run(f"{number}. {title}").bold = True
        else:
            document.add_heading(f"{number}. {title}", 2)
        for line in body.split("\n"):
            document.add_paragraph(line)
        if number == 1:
            if image:
                document.add_picture(io.BytesIO(image))
            table = document.add_table(rows=2, cols=2)
            for cell, text in zip(
                (cell for row in table.rows for cell in row.cells),
                ("年份", "月产能", "2025", "7.5万片"),
                strict=True,
            ):
                cell.text = text
            document.add_paragraph("小客户", style="List Bullet")
            document.add_paragraph("大客户", style="List Bullet")
    document.save(str(path))
    return path


def zipped(files: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files by their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return out.getvalue()


def table(*rows: Sequence[object], sheet: str = "Sheet1") -> bytes:
    """An .xlsx file; dates are dates."""
    out = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return out.getvalue()


def rezip(source: Path, target: Path, *, changed: dict[str, bytes]) -> Path:
    """A copy of a .docx with parts replaced or added."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name))
        for name, content in changed.items():
            new.writestr(name, content)
    return target
