"""Exports a basket as Markdown, HTML or a Word document. Each clipping has its citation and address.

Clippings of one article that follow each other stand under one heading, and the citation is given once.
"""

from __future__ import annotations

import datetime as dt
import io
import logging
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

import docx
from django.conf import settings
from django.template.loader import render_to_string
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from PIL import Image

from archive.basket.items import Absolute, Clipping, printable
from archive.body import Block, figure_number, shown
from archive.markdown import block as markdown_block
from archive.markdown import escaped, with_whole_addresses
from archive.media import MediaUnavailable
from archive.models import Figure
from archive.richtext import parse

logger = logging.getLogger(__name__)

TITLE = "剪报"
_NOTE, _SOURCE = "批注", "来源"
"""Styles of a Word document."""
_A4 = Cm(21), Cm(29.7)
_RED = RGBColor(0xAB, 0x24, 0x17)
_SOFT = RGBColor(0x5A, 0x5D, 0x63)


def _by_article(clippings: Sequence[Clipping], day: dt.date) -> Iterator[list[tuple[Clipping, str]]]:
    """Yields the neighbours of one article, each with what is said of its source in front of its address."""
    for _, neighbours in groupby(clippings, key=lambda clipping: clipping.article.pk):
        first, *others = neighbours
        cited = [(first, f"来源：{first.citation(day)}. "), *((other, "来源：同上. ") for other in others)]
        yield [(clipping, printable(source)) for clipping, source in cited]


def day_in_words(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# --- Markdown ------------------------------------------------------------------------------------------


def as_markdown(clippings: Sequence[Clipping], day: dt.date, absolute: Absolute) -> str:
    """Returns CommonMark. Tables and figures stay HTML, which CommonMark lets through."""
    parts = [f"# {TITLE}", f"{settings.SITE_NAME}，{day_in_words(day)}"]
    for group in _by_article(clippings, day):
        parts.append(f"## {escaped(group[0][0].article.title)}")
        for clipping, source in group:
            parts += [markdown_block(block, absolute) for block in clipping.blocks]
            if clipping.item.note:
                parts.append(f"**批注：** {escaped(clipping.item.note)}")
            parts.append(f"{escaped(source)}<{clipping.address}>")
    return printable("\n\n".join(parts)) + "\n"


# --- A page --------------------------------------------------------------------------------------------


def as_html(clippings: Sequence[Clipping], day: dt.date, absolute: Absolute) -> str:
    """Returns a self-contained HTML page; only figures are loaded from the site."""
    page = render_to_string(
        "archive/basket_file.html",
        {
            "title": TITLE,
            "day": day_in_words(day),
            "site": settings.SITE_NAME,
            "groups": [
                [
                    (
                        clipping,
                        [with_whole_addresses(block.html, absolute) for block in clipping.blocks],
                        source,
                    )
                    for clipping, source in group
                ]
                for group in _by_article(clippings, day)
            ],
        },
    )
    return printable(page)


# --- A Word document -----------------------------------------------------------------------------------


def as_docx(clippings: Sequence[Clipping], day: dt.date, absolute: Absolute) -> bytes:
    """Returns the bytes of a .docx; figures are in it. (`absolute` is not used: nothing is linked.)"""
    document = docx.Document()
    document.sections[0].page_width, document.sections[0].page_height = _A4
    _set_fonts(document)
    _add_styles(document)
    document.core_properties.title = TITLE
    document.core_properties.author = settings.SITE_NAME
    document.add_heading(TITLE, 0)
    document.add_paragraph(f"{settings.SITE_NAME}，{day_in_words(day)}")
    figures = _figures(clippings)
    for group in _by_article(clippings, day):
        document.add_heading(printable(group[0][0].article.title), 1)
        for clipping, source in group:
            for block in clipping.blocks:
                _add_block(document, block, figures)
            if clipping.item.note:
                note = document.add_paragraph(style=_NOTE)
                note.add_run("批注：").bold = True
                note.add_run(clipping.item.note)
            document.add_paragraph(f"{source}{clipping.address}", style=_SOURCE)
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


def _add_styles(document: Document) -> None:
    """Adds the styles of notes and sources, so that whoever has the file can restyle or take them out at once."""
    note: Any = document.styles.add_style(_NOTE, WD_STYLE_TYPE.PARAGRAPH)
    source: Any = document.styles.add_style(_SOURCE, WD_STYLE_TYPE.PARAGRAPH)
    for style in (note, source):
        style.base_style, style.quick_style = document.styles["Normal"], True
    note.font.color.rgb = _RED
    note.paragraph_format.left_indent = Cm(0.75)
    source.font.size, source.font.color.rgb = Pt(9), _SOFT


def _add_block(document: Document, block: Block, figures: dict[int, Figure]) -> None:
    lines = printable(block.text).split("\n")
    if block.tag == "table":
        _add_table(document, block.html)
        return
    for number in _figure_numbers(block):
        if number in figures and (picture := _picture(figures[number])):
            document.add_picture(picture, width=Cm(min(14.5, figures[number].width / 40)))
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


def _picture(figure: Figure) -> io.BytesIO | None:
    """Returns the image as PNG or JPEG, which Word can show; None when its file is gone."""
    try:
        with figure.image.open("rb") as file:
            data = file.read()
    except FileNotFoundError:
        logger.error("figure %s: its file %s is gone; a backup may have it", figure.pk, figure.image.name)  # noqa: TRY400
        return None
    except MediaUnavailable as error:
        logger.warning("figure %s can not be read: %s", figure.pk, error)
        return None
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
