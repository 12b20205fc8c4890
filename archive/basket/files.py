"""Exports a basket as Markdown, HTML or a Word document. Each clipping has its citation and address."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Sequence
from typing import Any

import docx
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from PIL import Image

from archive.basket.items import Absolute, Clipping, printable
from archive.body import Block, figure_number, shown, with_addresses
from archive.models import Figure
from archive.richtext import parse

TITLE = "剪报"
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
_LINE_START = re.compile(r"^(\s*)(?=[-+=])", re.MULTILINE)
_ITEM_START = re.compile(r"^(\s*\d+)(?=[.)])", re.MULTILINE)
_RED = RGBColor(0xAB, 0x24, 0x17)
_SOFT = RGBColor(0x5A, 0x5D, 0x63)


def day_in_words(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# --- Markdown ------------------------------------------------------------------------------------------


def as_markdown(clippings: Sequence[Clipping], day: dt.date, absolute: Absolute) -> str:
    """Returns CommonMark. Tables and figures stay HTML, which CommonMark lets through."""
    parts = [f"# {TITLE}", f"{settings.SITE_NAME}，{day_in_words(day)}"]
    for clipping in clippings:
        parts.append(f"## {_markdown_text(clipping.article.title)}")
        parts += [_markdown_block(block, absolute) for block in clipping.blocks]
        if clipping.item.note:
            parts.append(f"**批注：** {_markdown_text(clipping.item.note)}")
        parts.append(f"来源：{_markdown_text(clipping.citation)}，<{clipping.address}>")
    return printable("\n\n".join(parts)) + "\n"


def _markdown_text(text: str) -> str:
    r"""Escapes text for Markdown.

    >>> _markdown_text("2*3 [a] <b>\n- c\n3. d")
    '2\\*3 \\[a\\] \\<b\\>\n\\- c\n3\\. d'
    """
    escaped = _SPECIAL.sub(r"\\\1", text)
    return _ITEM_START.sub(r"\1\\", _LINE_START.sub(r"\1\\", escaped))


def _markdown_block(block: Block, absolute: Absolute) -> str:
    if block.tag in ("table", "figure", "img"):
        return with_whole_addresses(block.html, absolute)
    lines = [_markdown_text(line) for line in block.text.split("\n")]
    if block.tag in ("h2", "h3", "h4"):
        return f"### {' '.join(lines)}"
    if block.tag == "ul":
        return "\n".join(f"- {line}" for line in lines)
    if block.tag == "ol":
        return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
    if block.tag == "blockquote":
        return "\n".join(f"> {line}" for line in lines)
    return "\\\n".join(lines) if block.tag != "hr" else "---"


def with_whole_addresses(html: str, absolute: Absolute) -> SafeString:
    """Returns HTML with full addresses of its figures, so that they show wherever the file is opened."""
    return mark_safe(  # noqa: S308 - a block of a clean body, written anew
        with_addresses(
            html, lambda address: absolute(address) if address.startswith("/figures/") else address
        )
    )


# --- A page --------------------------------------------------------------------------------------------


def as_html(clippings: Sequence[Clipping], day: dt.date, absolute: Absolute) -> str:
    """Returns a self-contained HTML page; only figures are loaded from the site."""
    page = render_to_string(
        "archive/basket_file.html",
        {
            "title": TITLE,
            "day": day_in_words(day),
            "site": settings.SITE_NAME,
            "clippings": [
                (clipping, [with_whole_addresses(block.html, absolute) for block in clipping.blocks])
                for clipping in clippings
            ],
        },
    )
    return printable(page)


# --- A Word document -----------------------------------------------------------------------------------


def as_docx(clippings: Sequence[Clipping], day: dt.date, absolute: Absolute) -> bytes:
    """Returns the bytes of a .docx; figures are in it. (`absolute` is not used: nothing is linked.)"""
    document = docx.Document()
    _set_fonts(document)
    document.core_properties.title = TITLE
    document.core_properties.author = settings.SITE_NAME
    document.add_heading(TITLE, 0)
    document.add_paragraph(f"{settings.SITE_NAME}，{day_in_words(day)}")
    figures = _figures(clippings)
    for clipping in clippings:
        document.add_heading(printable(clipping.article.title), 1)
        for block in clipping.blocks:
            _add_block(document, block, figures)
        if clipping.item.note:
            note = document.add_paragraph()
            label = note.add_run("批注：")
            label.bold, label.font.color.rgb = True, _RED
            note.add_run(clipping.item.note)
        source = document.add_paragraph().add_run(printable(f"来源：{clipping.citation}，{clipping.address}"))
        source.font.size, source.font.color.rgb = Pt(9), _SOFT
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_fonts(document: Document) -> None:
    """Sets the fonts: Word needs one for Latin and another for Chinese text."""
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style: Any = document.styles[name]
        style.font.name = "Times New Roman"
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), "宋体")
        if name != "Normal":
            style.font.color.rgb = RGBColor(0, 0, 0)


def _add_block(document: Document, block: Block, figures: dict[int, Figure]) -> None:
    lines = printable(block.text).split("\n")
    if block.tag == "table":
        _add_table(document, block.html)
        return
    for number in _figure_numbers(block):
        if number in figures:
            document.add_picture(_picture(figures[number]), width=Cm(min(14.5, figures[number].width / 40)))
    if block.tag in ("h2", "h3", "h4"):
        document.add_heading(" ".join(lines), 2)
        return
    styles = {"ul": "List Bullet", "ol": "List Number", "blockquote": "Quote", "figure": "Caption"}
    for line in filter(None, lines):
        document.add_paragraph(line, style=styles.get(block.tag))


def _add_table(document: Document, html: str) -> None:
    """Adds a table. The text of a spanning cell goes into its first cell; the others stay empty."""
    rows = [
        [" ".join(printable(shown(cell)).split("\n")) for cell in row.find("td", "th")]
        for row in parse(html).find("tr")
    ]
    width = max(map(len, rows), default=0)
    if not width:
        return
    table = document.add_table(len(rows), width, style="Table Grid")
    for row, cells in zip(rows, table.rows, strict=True):
        for text, cell in zip(row, cells.cells, strict=False):
            cell.text = text
    document.add_paragraph()


def _figures(clippings: Sequence[Clipping]) -> dict[int, Figure]:
    """Returns the figures in the blocks by id; only figures of the clipped articles."""
    articles = {clipping.article.pk for clipping in clippings}
    ids = [number for clipping in clippings for block in clipping.blocks for number in _figure_numbers(block)]
    return Figure.objects.filter(article__in=articles).in_bulk(ids) if ids else {}


def _figure_numbers(block: Block) -> list[int]:
    return [number for image in parse(block.html).find("img") if (number := figure_number(image))]


def _picture(figure: Figure) -> io.BytesIO:
    """Returns the image as PNG or JPEG, which Word can show."""
    with figure.image.open("rb") as file:
        data = file.read()
    if figure.image_format != "webp":
        return io.BytesIO(data)
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.save(out, "PNG")
    out.seek(0)
    return out


WRITERS: dict[str, tuple[Callable[[Sequence[Clipping], dt.date, Absolute], str | bytes], str]] = {
    "docx": (as_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "md": (as_markdown, "text/markdown; charset=utf-8"),
    "html": (as_html, "text/html; charset=utf-8"),
}
"""Suffix → the function that writes such a file, and its media type."""
