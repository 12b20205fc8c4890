"""Reads the source of an article: a line `来源：…` or an address, under the heading or at the end."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.parsing.rows import Row

_SOURCE = re.compile(
    r"[(\[【*\-—\s]{0,3}(?:本文|信息|文章|消息|新闻|资料|内容|稿件|素材|原文|图文)?(?:来源|来自|出处|链接|原文|网址|转自|转载自|source|via)"
    r"\s?[\])】]?\s?(?P<colon>[:丨|/])?\s?(?P<said>[^。]{1,300}?)[)\]】*]{0,3}$",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s<>\"'，。；）)】》]+", re.IGNORECASE)
_LONGEST = 400


def read_source(row: Row) -> tuple[str, str] | None:
    """Returns the name and address of the source that the row gives, None when it gives none.

    >>> from archive.parsing.document import Line
    >>> from archive.parsing.rows import prepare_rows
    >>> [read_source(row) for row in prepare_rows([Line(1, "（来源：集微网）"), Line(2, "来源于客户的订单增加。")])]
    [('集微网', ''), None]
    """
    text = row.line.text
    if row.is_block or len(text) > _LONGEST:
        return None
    bare = _URL.match(row.core)
    if bare and bare.end() == len(row.core):
        return "", row.core
    found = _SOURCE.match(row.core)
    if not found or not found["colon"]:
        return None
    said = text[row.start + found.start("said") : row.start + found.end("said")].strip()
    address = _URL.search(said)
    if not address:
        return said, ""
    name = (said[: address.start()] + said[address.end() :]).strip(" ,，:：()（）|-—")
    return name, address[0]


def find_issue_url(rows: Iterable[Row]) -> str:
    """Returns the address of the whole digest (`原文链接：https://…`) in these rows; empty when there is none."""
    for row in rows:
        found = read_source(row)
        if found and found[1]:
            return found[1]
    return ""
