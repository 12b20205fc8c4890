"""Markdown → lines for the parser, each with the number of its line in the file. Pure.

A line is a paragraph, as in plain text. The items of an ordered list stay lines of their own, because `1. 华为昇腾`
may as well be an article's heading: only the parser, which sees the whole document, can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from markdown_it import MarkdownIt
from markdown_it.token import Token

from archive.parsing import Line, ParseWarning, Reading, read_lines
from archive.reading.data_addresses import bitmap_in
from archive.reading.html import read_html
from archive.refusal import ImportRefused

MAX_LINES = 20_000
MAX_LINE = 20_000
_RULE = "---"
_LONGEST_METADATA = 60
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
_HEADING = re.compile(r" {0,3}(#{1,6})(?:\s+|(?=[^#\s\d]))(.*?)[\s#]*")
_NUMBERED = re.compile(r" {0,3}(\d{1,4})\. +(\S.*)")
_ITEM = re.compile(r" {0,3}(?:[-*+]\s|>)")
_DATA_LINK = re.compile(r"\]\(\s*(data:[^)\s]*)", re.IGNORECASE)
_BLOCKS = {"table_open", "blockquote_open", "fence"}


def read_markdown(text: str) -> Reading:
    """Returns the lines of a Markdown file; a table or a quotation is one line, a list a line for each item.

    >>> [(line.number, line.text, line.html) for line in read_markdown("## 1. 台积电\\n\\n**扩产**了").lines]
    [(1, '1. 台积电', '<h2>1. 台积电</h2>'), (3, '扩产了', '<p><strong>扩产</strong>了</p>')]
    """
    text, images = take_out_images(text)
    checked = _checked_lines(text)
    above = _metadata(checked)
    lines = [
        Line(number, line.strip()) for number, line in enumerate(checked[:above], start=1) if line.strip()
    ]
    source, numbers = _without_lazy_lines(
        ["" if place < above else line for place, line in enumerate(checked)]
    )
    blocks = dict(_blocks("\n".join(source)))
    used: dict[str, bytes] = {}
    warnings: list[ParseWarning] = []
    place = 0
    while place < len(source):
        end, html = blocks.get(place, (place + 1, ""))
        for offset, piece in enumerate([html] if html else _lines_as_html(source[place:end])):
            reading = read_html(piece, images)
            number = numbers[place + offset]
            used.update(reading.images)
            lines.extend(_marked(replace(line, number=number), piece) for line in reading.lines)
            warnings.extend(replace(warning, line=number) for warning in reading.warnings)
        place = end
    return Reading(tuple(lines), used, tuple(warnings))


def _metadata(source: list[str]) -> int:
    """How many lines the front matter takes, its rules included: to Markdown it would be a heading."""
    if not source or source[0].strip("\ufeff \t") != _RULE:
        return 0
    ends = (place for place, line in enumerate(source[:_LONGEST_METADATA]) if place and line.strip() == _RULE)
    end = next(ends, 0)
    return end + 1 if any(":" in line for line in source[1:end]) else 0


def take_out_images(text: str) -> tuple[str, dict[str, bytes]]:
    """Replaces each `data:` image by a name and returns the files; of other kinds only the name stays.

    >>> take_out_images('![产能](data:image/png;base64,iVBO)')
    ('![产能](figure:0)', {'figure:0': b'\\x89PN'})
    """
    images: dict[str, bytes] = {}
    numbers = count()

    def name(found: re.Match[str]) -> str:
        label = f"figure:{next(numbers)}"
        if data := bitmap_in(found[1]):
            images[label] = data
        return f"]({label}"

    return _DATA_LINK.sub(name, text), images


def _checked_lines(text: str) -> list[str]:
    """The lines, when there are not so many, nor so long ones, that reading them would take minutes."""
    lines = text.splitlines()
    if len(lines) > MAX_LINES:
        raise ImportRefused(f"Markdown 文件有 {len(lines)} 行，最多 {MAX_LINES} 行。请分成几个文件")
    for number, line in enumerate(lines, start=1):
        if len(line) > MAX_LINE:
            raise ImportRefused(
                f"这一行有 {len(line)} 个字，Markdown 文件一行最多 {MAX_LINE} 个。请分成几段", line=number
            )
    return lines


def _without_lazy_lines(source: list[str]) -> tuple[list[str], list[int]]:
    """The lines with a blank one after each list and quotation, and the number that each has in the file.

    Markdown takes an unindented line below `- 如有疑问` into the list. Here a line is a paragraph.
    """
    lines: list[str] = []
    numbers: list[int] = []
    is_inside = False
    for number, line in enumerate(source, start=1):
        is_item = _ITEM.match(line) is not None
        if is_inside and not is_item and line.strip() and not line[0].isspace():
            lines.append("")
            numbers.append(number)
            is_inside = False
        is_inside = is_item or (is_inside and bool(line.strip()))
        lines.append(line)
        numbers.append(number)
    return lines, numbers


def _marked(line: Line, piece: str) -> Line:
    """A list item with the mark that it has in the file: to the parser it is then the line that it is in a .txt."""
    is_bare = piece.startswith("<ul>") and not line.text.startswith("- ")
    return replace(line, text=f"- {line.text}") if is_bare else line


def _blocks(text: str) -> Iterator[tuple[int, tuple[int, str]]]:
    """Yields (first line, (line after the last, HTML)) of what can not be read line by line; code: no HTML."""
    tokens = _MARKDOWN.parse(text)
    is_bulleted = False
    for place, token in enumerate(tokens):
        if token.level == 0 and token.nesting == 1:
            is_bulleted = token.type == "bullet_list_open"
        if not token.map:
            continue
        start, end = token.map
        if token.level == 1 and token.type == "list_item_open" and is_bulleted:
            yield start, (end, f"<ul>{_render(tokens, place)}</ul>")
        elif token.level == 0 and token.type in _BLOCKS:
            yield start, (end, "" if token.type == "fence" else _render(tokens, place))


def _render(tokens: list[Token], start: int) -> str:
    end = start
    while tokens[end].nesting != -1 or tokens[end].level != tokens[start].level:
        end += 1
    html: str = _MARKDOWN.renderer.render(tokens[start : end + 1], _MARKDOWN.options, {})
    return html


def _lines_as_html(source: list[str]) -> Iterator[str]:
    for line in source:
        if found := _HEADING.fullmatch(line):
            level = len(found[1])
            yield f"<h{level}>{_inline(found[2])}</h{level}>"
        elif found := _NUMBERED.fullmatch(line):
            yield f'<ol start="{found[1]}"><li>{_inline(found[2])}</li></ol>'
        elif set(line.strip()) <= set("-*_=`~ "):
            yield ""  # a rule, an underline, the fence of some code
        else:
            yield f"<p>{_inline(line)}</p>" if read_lines(line) else ""


def _inline(text: str) -> str:
    html: str = _MARKDOWN.renderInline(text.strip())
    return html
