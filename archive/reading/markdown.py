"""Markdown → lines for the parser, each with the number of its line in the file. Pure.

A line is a paragraph, as in plain text. The items of an ordered list stay lines of their own, because `1. 华为昇腾`
may as well be an article's heading: only the parser, which sees the whole document, can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from archive.parsing import Line, ParseWarning, read_lines
from archive.reading.html import read_html
from archive.reading.result import Reading

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_HEADING = re.compile(r" {0,3}(#{1,6})(?:\s+|(?=[^#\s\d]))(.*?)[\s#]*")
_NUMBERED = re.compile(r" {0,3}(\d{1,4})\. +(\S.*)")
_BLOCKS = {"bullet_list_open", "table_open", "blockquote_open", "fence"}


def read_markdown(text: str) -> Reading:
    """Returns the lines of a Markdown file; lists, tables and quotations are one line each.

    >>> [(line.number, line.text, line.html) for line in read_markdown("## 1. 台积电\\n\\n**扩产**了").lines]
    [(1, '1. 台积电', '<h2>1. 台积电</h2>'), (3, '扩产了', '<p><strong>扩产</strong>了</p>')]
    """
    source = text.splitlines()
    blocks = dict(_blocks("\n".join(source)))
    lines: list[Line] = []
    images: dict[str, bytes] = {}
    warnings: list[ParseWarning] = []
    number = 0
    while number < len(source):
        end, html = blocks.get(number, (number + 1, ""))
        for place, piece in enumerate([html] if html else _lines_as_html(source[number:end])):
            reading = _renamed(read_html(piece), len(images))
            images.update(reading.images)
            line_number = number + 1 + place
            lines.extend(replace(line, number=line_number) for line in reading.lines)
            warnings.extend(replace(warning, line=line_number) for warning in reading.warnings)
        number = end
    return Reading(tuple(lines), images, tuple(warnings))


def _blocks(text: str) -> Iterator[tuple[int, tuple[int, str]]]:
    """Yields (first line, (line after the last, HTML)) of what can not be read line by line; code: no HTML."""
    tokens = _MARKDOWN.parse(text)
    for place, token in enumerate(tokens):
        if token.level == 0 and token.type in _BLOCKS and token.map:
            start, end = token.map
            yield start, (end, "" if token.type == "fence" else _render(tokens, place))


def _render(tokens: list[Token], start: int) -> str:
    end = start
    while tokens[end].nesting != -1 or tokens[end].level != 0:
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


def _renamed(reading: Reading, first: int) -> Reading:
    """The same reading with its images counted from `first`: each line was read alone."""
    if not reading.images:
        return reading
    names = {name: f"figure:{first + place}" for place, name in enumerate(reading.images)}

    def rename(found: re.Match[str]) -> str:
        return f'src="{names.get(found[1], found[1])}"'

    lines = (
        replace(line, html=re.sub(r'src="(figure:\d+)"', rename, line.html or "")) for line in reading.lines
    )
    return Reading(
        tuple(lines), {names[name]: data for name, data in reading.images.items()}, reading.warnings
    )
