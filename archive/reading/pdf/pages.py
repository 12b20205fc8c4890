"""A PDF → its pages as pieces of text and pictures, each with its place. PDFium reads the file.

Places are in points, from the lower left corner of the page as it is shown.
"""

from __future__ import annotations

import ctypes
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from archive.images import MAX_PIXELS
from archive.refusal import ImportRefused

MAX_PAGES = 300
"""A week has ten to forty."""
MAX_CHARACTERS = 500_000
MAX_OBJECTS = 20_000
"""Of a page: what a map or a drawing is made of."""
_BOLD = 600
_BOLD_NAMES = ("bold", "heavy", "black", "semibold", "demi", "黑体", "simhei", "heiti")
_BOLD_FLAG = 0x40000
_LEAST_PICTURE = 40
"""Points; smaller ones are marks and rules."""
_WHOLE_PAGE = 0.7
"""Share of the page from which a picture is its background, or a scan of it."""
_RIGHT_ANGLES = (0.0, 90.0, 180.0, 270.0)


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that follow each other on one line, in one font."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on a page: its file, or nothing when it can not be taken out cheaply."""

    left: float
    bottom: float
    right: float
    top: float
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """What one page shows."""

    number: int
    width: float
    height: float
    pieces: tuple[Piece, ...]
    pictures: tuple[Picture, ...] = ()
    is_scanned: bool = False
    """Whether it is one picture without any text."""


@dataclass(frozen=True, slots=True)
class _Style:
    size: float
    is_bold: bool
    is_level: bool


def read_pages(data: bytes) -> list[Page]:
    """Returns the pages of a PDF. Raises ImportRefused for one that is damaged, locked, or too long."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise ImportRefused("这个 PDF 加了密码。请打开它，另存或打印成不加密码的 PDF，再导入") from None
        raise _broken() from None
    with document:
        try:
            return _pages(document)
        except pypdfium2.PdfiumError:  # a page that is none, or a tree of pages that leads nowhere
            raise _broken() from None


def _broken() -> ImportRefused:
    return ImportRefused("这个 PDF 坏了，打不开。请重新导出或下载一份，再导入")


def _pages(document: pypdfium2.PdfDocument) -> list[Page]:
    if len(document) > MAX_PAGES:
        raise ImportRefused(f"这个 PDF 有 {len(document)} 页，最多 {MAX_PAGES} 页。请按期分成几个文件")
    pages, count = [], 0
    for number in range(len(document)):
        page = _page(document[number], number + 1)
        count += sum(len(piece.text) for piece in page.pieces)
        if count > MAX_CHARACTERS:
            raise ImportRefused(
                f"这个 PDF 超过 {MAX_CHARACTERS // 10_000} 万字，一期最多这么多。请按期分成几个文件"
            )
        pages.append(page)
    return pages


def _page(page: pypdfium2.PdfPage, number: int) -> Page:
    width, height = page.get_size()
    turned = _Turned(page.get_rotation(), *page.get_mediabox())
    pieces = tuple(_pieces(page, turned))
    pictures, is_scanned = [], False
    for picture in _pictures(page, turned):
        share = (picture.right - picture.left) * (picture.top - picture.bottom) / max(1.0, width * height)
        if share < _WHOLE_PAGE:
            pictures.append(picture)
        elif not pieces:
            is_scanned = True
            pictures.append(picture)
    return Page(number, width, height, pieces, tuple(pictures), is_scanned)


class _Turned:
    """Places on a page as it is shown: landscape pages are often written upright and turned."""

    def __init__(self, rotation: int, left: float, bottom: float, right: float, top: float) -> None:
        self.rotation = rotation
        self._box = left, bottom, right, top

    def place(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self._box
        return {
            90: (y - bottom, right - x),
            180: (right - x, top - y),
            270: (top - y, x - left),
        }.get(self.rotation, (x - left, y - bottom))

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        (a, b), (c, d) = self.place(x0, y0), self.place(x1, y1)
        return min(a, c), min(b, d), max(a, c), max(b, d)


# --- Text ----------------------------------------------------------------------------------------------


def _pieces(page: pypdfium2.PdfPage, turned: _Turned) -> Iterator[Piece]:
    """Yields the pieces in the order in which the page draws them. What is written aslant (a watermark) is none."""
    textpage = page.get_textpage()
    raw, styles = textpage.raw, dict[int, _Style]()
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    piece: Piece | None = None
    for index in range(textpage.count_chars()):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if code in (0, 10, 13):
            if piece:
                yield piece
            piece = None
            continue
        char = _char(code)
        if char.isspace():
            if piece and not piece.text.endswith(" "):
                piece = replace(piece, text=f"{piece.text} ")
            continue
        style = _style_of(raw, index, styles, turned)
        if not style.is_level:
            continue
        pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
        pdfium.FPDFText_GetLooseCharBox(raw, index, box)
        left, _, right, _ = turned.box(box.left, box.bottom, box.right, box.top)
        _, baseline = turned.place(x.value, y.value)
        if piece and _goes_on(piece, left, baseline, style):
            text = piece.text
            if (
                left - piece.right > 0.25 * style.size
                and not text.endswith(" ")
                and (text[-1] + char).isascii()
            ):
                text += " "
            piece = replace(piece, text=text + char, right=max(piece.right, right))
            continue
        if piece:
            yield piece
        piece = Piece(char, left, right, baseline, style.size, style.is_bold)
    if piece:
        yield piece


def _char(code: int) -> str:
    """A character; a hyphen at a line's end is 2 to PDFium, half a pair or what no font names a replacement."""
    if code == 2:
        return "-"
    return "\N{REPLACEMENT CHARACTER}" if 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)


def _goes_on(piece: Piece, left: float, baseline: float, style: _Style) -> bool:
    return (
        abs(piece.baseline - baseline) < 0.1 * style.size
        and abs(piece.size - style.size) < 0.05 * style.size
        and piece.is_bold == style.is_bold
        and -0.5 * style.size < left - piece.right < 0.6 * style.size
    )


def _style_of(raw: pdfium.FPDF_TEXTPAGE, index: int, styles: dict[int, _Style], turned: _Turned) -> _Style:
    """Size and weight are those of the text object: many characters share one."""
    text = pdfium.FPDFText_GetTextObject(raw, index)
    key = ctypes.addressof(text.contents) if text else 0
    if key not in styles:
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(raw, index, matrix)
        angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
        size = pdfium.FPDFText_GetFontSize(raw, index) * math.hypot(matrix.c, matrix.d)
        is_level = abs((angle - turned.rotation + 180) % 360 - 180) < 5
        styles[key] = _Style(max(1.0, size), _is_bold(text), is_level)
    return styles[key]


def _is_bold(text: pdfium.FPDF_PAGEOBJECT) -> bool:
    """By the font's name, weight or flags, or because its outline is drawn, too, as Word does it."""
    if not text:
        return False
    if pdfium.FPDFTextObj_GetTextRenderMode(text) == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE:
        return True
    font = pdfium.FPDFTextObj_GetFont(text)
    buffer = ctypes.create_string_buffer(200)
    pdfium.FPDFFont_GetBaseFontName(font, buffer, 200)
    name = buffer.value.decode("utf-8", "replace").lower()
    flags = pdfium.FPDFFont_GetFlags(font)
    return (
        any(word in name for word in _BOLD_NAMES)
        or pdfium.FPDFFont_GetWeight(font) >= _BOLD
        or (flags > 0 and bool(flags & _BOLD_FLAG))
    )


# --- Pictures ------------------------------------------------------------------------------------------


def _pictures(page: pypdfium2.PdfPage, turned: _Turned) -> Iterator[Picture]:
    for count, found in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=5)):
        if count > MAX_OBJECTS:
            return
        left, bottom, right, top = turned.box(*found.get_bounds())
        if right - left >= _LEAST_PICTURE and top - bottom >= _LEAST_PICTURE:
            yield Picture(left, bottom, right, top, _file_of(found))


def _file_of(found: pypdfium2.PdfImage) -> bytes:
    """The picture as a JPEG, as it lies in the file, or as a PNG of its pixels; nothing when it is too large."""
    width, height = found.get_px_size()
    if not 0 < width * height <= MAX_PIXELS:
        return b""
    try:
        if found.get_filters() == ["DCTDecode"]:
            return bytes(found.get_data(decode_simple=False))
        picture: Image.Image = found.get_bitmap(render=False).to_pil()
        picture.save(out := io.BytesIO(), "PNG", compress_level=1)
    except (pypdfium2.PdfiumError, ValueError, OSError, AssertionError):
        return b""
    return out.getvalue()
