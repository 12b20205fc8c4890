"""A Word file → lines: mammoth reads what `conversion` made of it."""

from __future__ import annotations

import io
from dataclasses import replace

import mammoth

from archive.parsing import Line, ParseWarning, Reading
from archive.reading.html import parse_page, read_tree
from archive.reading.page_header import with_header
from archive.reading.page_notes import NOTE
from archive.reading.unprinted import about_left_out
from archive.reading.word.conversion import MARK, convert
from archive.reading.word.notes import NOTE_STYLE
from archive.reading.word.package import Package, check_package
from archive.reading.word.xml import RESAVE
from archive.refusal import ImportRefused
from archive.richtext import Node

STYLES = f"""
p[style-name='Title'] => h1:fresh
p[style-name='caption'] => p.caption:fresh
r[style-name='{NOTE_STYLE}'] => sup.{NOTE}
b => strong
i => em
"""


def read_docx(data: bytes) -> Reading:
    """Returns the lines of a Word file, as Word shows them; notices say what was left out."""
    check_package(data)
    try:
        converted = convert(Package(data))
        root = parse_page(_to_html(converted.package))
    except (MemoryError, ImportRefused):
        raise
    except RecursionError:
        raise ImportRefused(f"这个 Word 文件里的内容嵌套太深，读不了。{RESAVE}，或只留下正文") from None
    except Exception:  # noqa: BLE001 - whatever mammoth and the parsers below it meet in a damaged file
        raise ImportRefused(f"这个 Word 文件坏了，读不了。{RESAVE}") from None
    _label(root)
    reading = read_tree(root)
    reading = with_header(reading, converted.header, "Word")
    notices = [*about_left_out(converted.left_out), *_about_gaps(reading.lines, converted.gaps)]
    return replace(reading, warnings=(*reading.warnings, *notices))


def _to_html(package: bytes) -> str:
    result = mammoth.convert_to_html(
        io.BytesIO(package),
        style_map=STYLES,
        ignore_empty_paragraphs=False,
        include_embedded_style_map=False,
        external_file_access=False,
    )
    html: str = result.value
    return html


def _label(root: Node) -> None:
    """Gives each numbered paragraph its number, in the way in which `read_tree` takes it from any page."""
    for node in root.find("p", "h1", "h2", "h3", "h4", "h5", "h6"):
        first = node.children[0] if node.children else ""
        if isinstance(first, Node) and (name := first.attrs.get("id", "")).startswith(MARK):
            node.children.pop(0)
            list_id, number, label = name.removeprefix(MARK).split(":", 2)
            if not node.children:  # a cell with a number and no more
                node.children = [label.strip()]
                continue
            node.attrs.update(
                {"data-word-list": list_id, "data-word-number": number, "data-word-label": label}
            )


def _about_gaps(lines: tuple[Line, ...], gaps: list[str]) -> list[ParseWarning]:
    """Says of each gap where it is; gaps of a page header are in no line."""
    found = []
    waiting = [*dict.fromkeys(gaps)]
    for line in lines:
        for words in waiting if "〔" in line.text else ():
            message = f"这里有一处没有导入：{words}。请在 Word 里把它另存为图片再插入，或在这里补上。"
            found += [ParseWarning(line.number, "object-left-out", message)] * (words in line.text)
    return found
