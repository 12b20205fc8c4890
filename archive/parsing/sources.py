"""Reads the source of an article: a line `来源：…` or an address, under the heading or at the end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import unescape

from archive.parsing.leads import LINK
from archive.parsing.rows import Row

_SOURCE = re.compile(
    r"[(\[【*\-—\s]{0,3}(?:本文|信息|文章|消息|新闻|资料|内容|稿件|素材|原文|图文)?(?:来源|来自|出处|链接|原文|网址|转自|转载自|source|via)"
    r"\s?[\])】]?\s?(?P<colon>[:丨|/])?\s?(?P<said>[^。]{1,300}?)[)\]】*]{0,3}$",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s<>\"'，。；）)】》]+", re.IGNORECASE)
HREF = re.compile(r'<a href="(https?://[^"]{1,500})"')
_CALLED = re.compile(
    r"[\W_]{0,6}(?:阅读原文|查看原文|原文(?:链接|地址)?|链接|查看(?:全文|详情)|详情|全文|来源|via|link|source)[\W_]{0,6}",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"[。！？!?”](?P<bracket>\s?[（(](?:(?:消息|信息|新闻)?来源\s?[:：]\s?)?(?P<name>[^（）()。]{2,20})[）)])。?$"
)
_LONGEST_CREDIT = 40
_LONGEST = 400


def read_source(row: Row) -> tuple[str, str] | None:
    """Returns the name and address of the source that the row gives, None when it gives none.

        >>> from archive.parsing.document import Line
        >>> from archive.parsing.leads import LINK
    from archive.parsing.rows import prepare_rows
        >>> [read_source(row) for row in prepare_rows([Line(1, "（来源：集微网）"), Line(2, "来源于客户的订单增加。")])]
        [('集微网', ''), None]
    """
    text = row.line.text
    if row.is_block or len(text) > _LONGEST:
        return None
    bare = _URL.match(row.core)
    if bare and bare.end() == len(row.core):
        return "", row.core
    linked = HREF.search(row.line.html or "")
    if linked and _CALLED.fullmatch(row.title):
        return "", unescape(linked[1])
    found = _SOURCE.match(row.core)
    if not found or not found["colon"]:
        return None
    said = text[row.start + found.start("said") : row.start + found.end("said")].strip()
    address = _URL.search(said)
    if markdown := LINK.search(said):
        return markdown["text"], markdown["address"]
    if not address:
        return said, unescape(linked[1]) if linked else ""
    name = (said[: address.start()] + said[address.end() :]).strip(" ,，:：()（）|-—")
    return name, address[0]


def find_credits(last_lines: Sequence[str]) -> list[tuple[int, str]]:
    """Returns for the last line of each article where its source in brackets begins, and the source.

    Only where most articles end like that it is a source: `…下半年投产。（某某社）`. 0 and empty where there is none.

    >>> find_credits(["甲厂扩产。（某某社）", "乙厂裁员。"]), find_credits(["甲厂扩产。（一期）", "乙。", "丙。"])
    ([(6, '某某社'), (0, '')], [(0, ''), (0, ''), (0, '')])
    """
    credits = []
    for line in last_lines:
        begin = max(0, len(line) - _LONGEST_CREDIT)
        found = _CREDIT.search(line, begin)
        credits.append((found.start("bracket"), found["name"].strip()) if found else (0, ""))
    count = sum(begin > 0 for begin, _ in credits)
    return credits if count and 2 * count >= len(credits) else [(0, "") for _ in credits]


def find_issue_url(rows: Iterable[Row]) -> str:
    """Returns the address of the whole digest (`原文链接：https://…`) in these rows; empty when there is none."""
    for row in rows:
        found = read_source(row)
        if found and found[1]:
            return found[1]
    return ""
