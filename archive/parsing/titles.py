"""Reads the title of a heading: without number, label, address and the marks of Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from archive.parsing.leads import LABEL, LINK
from archive.parsing.markers import find_marker
from archive.parsing.outline import Head
from archive.parsing.rows import Row
from archive.parsing.sources import HREF
from archive.parsing.text import fold

_ADDRESS_AT_END = re.compile(
    r"[\s(（\[【]{0,3}(?P<address>https?://[^\s<>\"'，。；（）()【】》]{1,500})[)）\]】]?$", re.IGNORECASE
)
_CALL = re.compile(
    r"[，,。;；（(\[\s]{1,3}(?:阅读原文|查看详情|详情|链接|原文|来源|全文|仓库|link|source)[）)\]]?[。.]?$",
    re.IGNORECASE,
)
_SOURCE_AT_END = re.compile(
    r"\s?[（(【\[]\s?(?:来源|來源|source|via)\s?[:：]\s?(?P<name>[^（）()【】]{2,30})[)）\]】]$",
    re.IGNORECASE,
)
_MARKS = re.compile(r"\*\*|__|`")
_LONGEST_ADDRESS = 520


def read_title(rows: Sequence[Row], head: Head) -> tuple[str, str, str]:
    """Returns the title, the address that it links to or ends with, and the source that it ends with."""
    row = rows[head.row]
    begin = max(head.cut, row.start)
    title = row.line.text[begin : head.tail].strip() if head.tail else row.words(begin)
    for index in range(head.row + 1, head.body_row):
        title = _joined(title, rows[index].words(rows[index].start))
    address = ""
    if link := LINK.search(title):
        address = link["address"]
        title = LINK.sub(lambda found: found["text"], title)
    elif found := _ADDRESS_AT_END.search(title[-_LONGEST_ADDRESS:]):
        address = found["address"]
        title = title[: len(title) - len(found[0])].rstrip()
    elif href := HREF.search(row.line.html or ""):
        address = unescape(href[1])
        title = _CALL.sub("", title) or title
    source = ""
    if (credit := _SOURCE_AT_END.search(title)) and credit.start():
        source = credit["name"].strip()
        title = title[: credit.start()]
    title = _MARKS.sub("", title).strip() if "*" in title or "__" in title or "`" in title else title
    if enclosed := LABEL.fullmatch(title):
        title = enclosed["label"].strip()
        inner = find_marker(fold(title))
        title = title[inner.end :] if inner and inner.form and not inner.is_glued else title
    if head.tail:
        title = title.rstrip("。.；;，,：: ") or title
    return title or address, address, source


def ends_with_address(row: Row) -> bool:
    """Whether the line is a title with an address behind it.

    >>> from archive.parsing.rows import prepare_rows
    >>> from archive.parsing.text import read_lines
    >>> lines = "甲厂扩产 https://a.example/1\\nhttps://a.example/1"
    >>> [ends_with_address(row) for row in prepare_rows(read_lines(lines))]
    [True, False]
    """
    found = _ADDRESS_AT_END.search(row.core, max(0, len(row.core) - _LONGEST_ADDRESS))
    return found is not None and found.start() > 0 and not row.is_block


def _joined(first: str, second: str) -> str:
    needs_space = (
        first[-1:].isascii() and first[-1:].isalnum() and second[:1].isascii() and second[:1].isalnum()
    )
    return f"{first} {second}" if needs_space else first + second
