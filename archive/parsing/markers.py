"""Finds the number in front of a heading or a list item, in all the ways in which editors write it.

To teach the parser another way of numbering, add a row to `_FAMILIES`; nothing else changes.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from archive.numerals import CHINESE, ROMAN, read_number


class Marker(NamedTuple):
    """A number at the start of a line.

    >>> find_marker("3.16项措施出台")
    Marker(family='1.', form='.', number=3, end=2, is_glued=True)
    """

    family: str
    """Forms that one list may mix: `1.` and `1、` are one family, `1)` is another."""
    form: str
    """The punctuation itself, so that a list in `1、` can be told from headings in `1.`."""
    number: int
    end: int
    """Where the text after the marker (and after its spaces) begins."""
    is_glued: bool
    """Whether a digit follows with nothing between: `3.16项…` may be number 3 or the figure 3.16."""


_DECIMAL = r"(?P<n>\d{1,3})"
_CHINESE = rf"(?P<n>[{CHINESE}]{{1,5}})"
_EITHER = rf"(?P<n>\d{{1,3}}|[{CHINESE}]{{1,5}})"

_WORDS = "one two three four five six seven eight nine ten".split()

_FAMILIES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (family, re.compile(pattern, re.IGNORECASE))
    for family, pattern in (
        ("0x01", r"(?P<form>0x)(?P<n>\d{1,3})(?![\da-f])\s?[.:、|丨-]?"),
        ("Q1", rf"(?P<form>q|问题?)\s?\.?\s?{_EITHER}\s?[.:、|丨]"),
        ("1️⃣", r"(?P<n>\d)\uFE0F?\u20E3(?P<form>)"),
        ("1.1", r"\d{1,2}(?P<form>\.)(?P<n>\d{1,2})\s+(?![\d亿万千百倍元美%])"),
        ("1.", rf"{_DECIMAL}\s?(?P<form>[.、。]|,(?!\d))(?:[、.](?!\d))?"),
        ("1)", rf"{_DECIMAL}\s?(?P<form>\)|】|\]|>|》)[、.]?"),
        (
            "(1)",
            rf"(?P<form>[(\[【〔〖「『<〈])\s?{_DECIMAL}\s?(?:/\s?\d{{1,2}}\s?)?[)\]】〕〗」』>〉][、.]?",
        ),
        (
            "-1-",
            r"(?P<form>//?|[-–—_#=~]{1,2})\s?(?P<n>\d{1,2})\s?(?:(?P=form)|(?<=//\d)\b|(?<=//\d\d)\b|(?<=// \d\d)\b)",
        ),
        ("1:", rf"{_DECIMAL}\s?(?P<form>:)(?!\d)"),
        (
            "PART 1",
            rf"(?P<form>part|no|number|№|top|news|chapter|story|item|vol|#)\s?\.?\s?(?P<n>\d{{1,3}}|[{ROMAN}]{{1,5}}|{'|'.join(_WORDS)})(?![\w%])\s?[.:、|丨)-]?",
        ),
        (
            "第一条",
            rf"(?P<form>第)\s?{_EITHER}\s?(?:条|篇|则|讯|弹|章|节|部分)(?:新闻|消息|要闻|资讯)?\s?[.:、,|丨]?",
        ),
        ("第一,", rf"(?P<form>第)\s?{_EITHER}\s?[、,:]"),
        ("其一", rf"(?P<form>其){_CHINESE}(?:\s?[.:、,|丨]|\s)\s?"),
        (
            "新闻一",
            rf"(?P<form>新闻|要闻|头条|资讯|热点|消息|快讯|动态|话题|事件)\s?{_EITHER}(?:\s?[.:、,|丨)]|\s|$)",
        ),
        ("一、", rf"{_CHINESE}(?:\s?(?P<form>[、.,:。])|\s(?=\S))"),
        ("(一)", rf"(?P<form>\(|【)\s?{_CHINESE}\s?[)】][、.]?"),
        ("一)", rf"{_CHINESE}\s?(?P<form>\))"),
        ("I.", rf"(?P<n>[{ROMAN}]{{1,5}})\s?(?P<form>[.、])(?!\w\.)"),
        ("I.", r"(?P<n>[Ⅰ-Ⅻ])\s?(?P<form>[|丨/:-]|\s(?=\S))"),
        ("A.", r"(?P<n>[A-H])\s?(?P<form>[.、)])(?!\w\.)"),
        (
            "01",
            r"(?P<n>\d{1,2})(?P<form>)(?:$|\s[|丨/·—_-](?=\s)|(?<=0\d)\s?[-–_\\](?!\d)|(?<=0\d)\s+|\s+(?!\d{3}(?![\d万亿])|[.,%])|\s?[|丨/·—](?!\d))",
        ),
        ("01x", r"(?P<n>\d{2})(?P<form>)(?=[^\W\d_])"),
    )
)
_CIRCLED = re.compile(r"(?P<char>[①-⑳❶-❿⓫-⓴⓵-⓾➀-➓⑴-⒇⒈-⒛㈠-㈩㊀-㊉])\s?[、.|丨:]?")


def find_marker(folded: str) -> Marker | None:
    """Returns the marker at the very start of a folded line, None when there is none.

    >>> find_marker("(十二)三星换帅").number, find_marker("2025年营收") , find_marker("第一季度")
    (12, None, None)
    """
    for family, pattern in _FAMILIES:
        if found := pattern.match(folded):
            number = _read(found["n"])
            if number is not None:
                return _marker(family, (found["form"] or "").lower(), number, folded, found.end())
    if found := _CIRCLED.match(folded):
        family, number = _read_circled(found["char"])
        return _marker(family, "", number, folded, found.end())
    return None


def _read(written: str) -> int | None:
    if written.lower() in _WORDS:
        return _WORDS.index(written.lower()) + 1
    return ord(written) - ord("A") + 1 if written in tuple("ABCDEFGH") else read_number(written)


def _marker(family: str, form: str, number: int, folded: str, end: int) -> Marker:
    spaces = len(folded) - end - len(folded[end:].lstrip()) if folded[end : end + 1].isspace() else 0
    is_glued = not spaces and folded[end : end + 1].isdigit()
    return Marker(family, form, number, end + spaces, is_glued)


def _read_circled(char: str) -> tuple[str, int]:
    """Returns family and number: `①` and `❶` are families of their own; `⒈` `⑴` `㈠` count as `1.` `(1)` `(一)`."""
    number = int(unicodedata.numeric(char))
    for first, last, family in (("⒈", "⒛", "1."), ("⑴", "⒇", "(1)"), ("㈠", "㈩", "(一)")):
        if first <= char <= last:
            return family, number
    return "❶" if char in "❶❷❸❹❺❻❼❽❾❿⓫⓬⓭⓮⓯⓰⓱⓲⓳⓴" else "①", number
