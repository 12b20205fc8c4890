"""Makes PDF files as publishers do: columns, running heads, tables, pictures, passwords; and scans."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
WIDTH, HEIGHT = A4
MARGIN = 60.0
GUTTER = 24.0
_WORDS = re.compile(r"[!-~]+ ?|.", re.DOTALL)
_STOP = re.compile("[，。、；：！？”）]")


@dataclass(slots=True)
class Layout:
    """How a document is set."""

    columns: int = 1
    size: float = 11
    leading: float = 17
    indent: int = 2
    """Characters by which the first line of a paragraph is set in."""
    gap: float = 0
    """Points between paragraphs."""
    head: str = ""
    foot: str = ""
    """What stands on every page; `{}` is its number."""


@dataclass
class Maker:
    """Sets paragraphs one below the other, column by column, page by page."""

    layout: Layout = field(default_factory=Layout)
    password: str = ""

    def __post_init__(self) -> None:
        self._out = io.BytesIO()
        encryption = StandardEncryption(self.password) if self.password else None
        self._canvas = Canvas(self._out, pagesize=A4, encrypt=encryption, pageCompression=1)
        self._page = 0
        self._column = 0
        self._top = self._y = HEIGHT - 80
        self._begin_page()

    @property
    def _width(self) -> float:
        columns = self.layout.columns
        return (WIDTH - 2 * MARGIN - (columns - 1) * GUTTER) / columns

    @property
    def _x(self) -> float:
        return MARGIN + self._column * (self._width + GUTTER)

    def _begin_page(self) -> None:
        self._page += 1
        self._canvas.setFont(FONT, 9)
        self._canvas.drawString(MARGIN, HEIGHT - 40, self.layout.head.format(self._page))
        self._canvas.drawCentredString(WIDTH / 2, 36, self.layout.foot.format(self._page))
        self._column, self._top = 0, HEIGHT - 80
        self._y = self._top

    def _make_room(self, height: float) -> None:
        if self._y - height >= 60:
            return
        if self._column + 1 < self.layout.columns:
            self._column, self._y = self._column + 1, self._top
        else:
            self._canvas.showPage()
            self._begin_page()

    def title(self, text: str, size: float = 22) -> None:
        """A line across all columns; to be set before them."""
        self._canvas.setFont(FONT, size)
        self._canvas.drawCentredString(WIDTH / 2, self._y, text)
        self._y -= size * 1.8
        self._top = self._y

    def heading(self, text: str, size: float = 14) -> None:
        """A line in a larger size."""
        self._make_room(size * 4)
        self._y -= size * 0.6
        self._lines(text, size, size * 1.5, 0)
        self._y -= size * 0.3

    def bold(self, text: str) -> None:
        """A line in the size of the text, its outline drawn, too: how Word makes bold what has no bold font."""
        self._make_room(self.layout.leading)
        line = self._canvas.beginText(self._x, self._y)
        line.setFont(FONT, self.layout.size)
        line.setTextRenderMode(2)
        line.textOut(text)
        line.setTextRenderMode(0)
        self._canvas.drawText(line)
        self._y -= self.layout.leading

    def paragraph(self, text: str) -> None:
        """A paragraph, its lines as long as the column is wide."""
        self._lines(text, self.layout.size, self.layout.leading, self.layout.indent)
        self._y -= self.layout.gap

    def _lines(self, text: str, size: float, leading: float, indent: int) -> None:
        for place, line in enumerate(self._cut(text, size, indent)):
            self._make_room(leading)
            self._canvas.setFont(FONT, size)
            self._canvas.drawString(self._x + (indent * size if place == 0 else 0), self._y, line)
            self._y -= leading

    def _cut(self, text: str, size: float, indent: int) -> Iterator[str]:
        line, width = "", self._width - indent * size
        for word in _WORDS.findall(text):  # a Latin word stays whole, and commas begin no line
            if line and pdfmetrics.stringWidth(line + word.rstrip(), FONT, size) > width + size * bool(
                _STOP.match(word)
            ):
                yield line
                line, width = "", self._width
            line += word
        yield line

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """A table without rules."""
        for row in rows:
            self._make_room(self.layout.leading)
            self._canvas.setFont(FONT, self.layout.size)
            for place, cell in enumerate(row):
                self._canvas.drawString(self._x + 10 + place * self._width / len(row), self._y, cell)
            self._y -= self.layout.leading

    def power(self, text: str, exponent: str, rest: str) -> None:
        """A line with a raised number."""
        x, size = self._x, self.layout.size
        for part, high, its_size in ((text, 0, size), (exponent, 4, size * 0.6), (rest, 0, size)):
            self._canvas.setFont(FONT, its_size)
            self._canvas.drawString(x, self._y + high, part)
            x += pdfmetrics.stringWidth(part, FONT, its_size)
        self._y -= self.layout.leading

    def picture(self, data: bytes, height: float = 100) -> None:
        """A picture between paragraphs."""
        self._make_room(height + 20)
        self._y -= height
        self._canvas.drawImage(ImageReader(io.BytesIO(data)), self._x, self._y, width=150, height=height)
        self._y -= self.layout.leading

    def scan(self, data: bytes) -> None:
        """A page that is one picture."""
        self._canvas.drawImage(ImageReader(io.BytesIO(data)), 0, 0, width=WIDTH, height=HEIGHT)
        self.new_page()

    def watermark(self, text: str) -> None:
        """Words across the page, aslant."""
        self._canvas.saveState()
        self._canvas.translate(200, 300)
        self._canvas.rotate(45)
        self._canvas.setFont(FONT, 60)
        self._canvas.drawString(0, 0, text)
        self._canvas.restoreState()

    def new_page(self) -> None:
        """Goes on at the top of the next page."""
        self._canvas.showPage()
        self._begin_page()

    def data(self) -> bytes:
        """The file."""
        self._canvas.showPage()
        self._canvas.save()
        return self._out.getvalue()
