"""A PDF → lines for the parser: paragraphs, headings, tables and pictures of all pages, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archive.parsing import ParseWarning, Reading
from archive.reading.html import read_tree
from archive.reading.page_header import with_header
from archive.reading.pdf.columns import columns_of
from archive.reading.pdf.frame import without_frame
from archive.reading.pdf.pages import Page, Picture, read_pages
from archive.reading.pdf.paragraphs import goes_on, joined, measure
from archive.reading.pdf.rows import Row, rows_of
from archive.reading.pdf.tables import table_at
from archive.refusal import ImportRefused
from archive.richtext import Node

_GAP = "〔图〕"
_LEAST_CHARACTERS = 20
_MOST_UNKNOWN = 0.2
_OCR = "请用 WPS、Adobe Acrobat 或手机的“文字识别（OCR）”转成文字，再粘贴到“导入一期”里；有 Word 原稿的，请导入原稿"


@dataclass(frozen=True, slots=True)
class _Placed:
    """A picture, and the row that it stands above; the last of all when it stands below everything."""

    picture: Picture
    row: int


def read_pdf(data: bytes) -> Reading:
    """Returns the lines of a PDF with text. Raises ImportRefused for a scan, a locked or a damaged one."""
    pages = read_pages(data)
    _check_text(pages)
    pages, frame = without_frame(pages)
    rows = rows_of(columns_of(pages))
    images: dict[str, bytes] = {}
    root = Node("", {}, list(_blocks(rows, pages, images)))
    reading = with_header(read_tree(root, images), frame, "PDF")
    return replace(reading, warnings=(*reading.warnings, *_about(reading, pages, frame)))


def _check_text(pages: Sequence[Page]) -> None:
    text = "".join(piece.text for page in pages for piece in page.pieces)
    if len(text.strip()) < _LEAST_CHARACTERS:
        what = (
            "是扫描件（整页都是图片），里面没有文字"
            if any(page.is_scanned for page in pages)
            else "里没有文字"
        )
        raise ImportRefused(f"这个 PDF {what}。{_OCR}")
    unknown = sum(
        char == "\N{REPLACEMENT CHARACTER}" or "\ue000" <= char <= "\uf8ff" or char < " " for char in text
    )
    if unknown > _MOST_UNKNOWN * len(text):
        raise ImportRefused(f"这个 PDF 的文字复制出来是乱码（没有编码）。{_OCR}")


def _blocks(
    rows: Sequence[Row],
    pages: Sequence[Page],
    images: dict[str, bytes],
) -> Iterator[Node]:
    text = measure(rows)
    waiting = _placed(rows, pages)
    place = 0
    while place < len(rows):
        while waiting and waiting[0].row <= place:
            yield _figure(waiting.pop(0).picture, images)
        if found := table_at(rows, place):
            table, place = found
            yield table
            continue
        end = place + 1
        while end < len(rows) and goes_on(rows[end - 1], rows[end], text) and not table_at(rows, end):
            end += 1
        yield joined(rows[place:end], text)
        place = end
    for one in waiting:
        yield _figure(one.picture, images)


def _figure(picture: Picture, images: dict[str, bytes]) -> Node:
    if not picture.data:
        return Node("p", {}, [_GAP])
    name = f"figure:{len(images)}"
    images[name] = picture.data
    return Node("img", {"src": name})


def _placed(rows: Sequence[Row], pages: Sequence[Page]) -> list[_Placed]:
    """Returns the pictures of all pages in the order of the rows that they stand above."""
    found = [_Placed(picture, _row_below(picture, page, rows)) for page in pages for picture in page.pictures]
    return sorted(found, key=lambda placed: placed.row)


def _row_below(picture: Picture, page: Page, rows: Sequence[Row]) -> int:
    """Returns the first row below a picture in the column that it stands in, or the row after that column."""
    middle = (picture.left + picture.right) / 2
    beside = [
        (place, row)
        for place, row in enumerate(rows)
        if row.page == page.number and row.left_edge - row.size <= middle <= row.right_edge + row.size
    ] or [(place, row) for place, row in enumerate(rows) if row.page == page.number]
    below = [place for place, row in beside if row.baseline < (picture.bottom + picture.top) / 2]
    if below:
        return below[0]
    if beside:
        return beside[-1][0] + 1
    return next((place for place, row in enumerate(rows) if row.page > page.number), len(rows))


def _about(reading: Reading, pages: Sequence[Page], frame: Sequence[str]) -> Iterator[ParseWarning]:
    if frame:
        told = " ".join(frame)
        told = told if len(told) <= 40 else f"{told[:40]}…"
        message = f"每页重复的页眉页脚没有读入（{told}）。请看看有没有漏掉正文。"
        yield ParseWarning(None, "page-frame-left-out", message)
    for line in reading.lines:
        if line.text == _GAP:
            message = "这里有一张图没有导入：图太大，或格式特别。请在 PDF 里截图，再在这里补上。"
            yield ParseWarning(line.number, "object-left-out", message)
    for page in pages:
        if page.is_scanned:
            message = (
                f"第 {page.number} 页是一张图片，没有文字，已作为图片导入。请看看里面有没有要补上的文字。"
            )
            yield ParseWarning(None, "page-scanned", message)
