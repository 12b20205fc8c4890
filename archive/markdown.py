"""Writes what the archive shows as CommonMark: articles with their citation, passages with their hits.

Tables and figures stay HTML, which CommonMark lets through.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from archive.body import Block, shown, with_figures_at
from archive.models import Article
from archive.published import AnyArticle, AnyIssue
from archive.richtext import Node, parse
from archive.templatetags.archive_tags import dates_text

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~]|&(?=#?[0-9a-zA-Z]+;))")
_LINE_START = re.compile(r"^([^\S\n]*)(?=[-+=])", re.MULTILINE)
_ITEM_START = re.compile(r"^([^\S\n]*\d+)(?=[.)])", re.MULTILINE)
_TAG = re.compile(r"(<[^<>]*>)")
_MARKS = {"<mark>": "**", "</mark>": "**"}

Absolute = Callable[[str], str]
"""Turns a path of this site into a full address."""


def escaped(text: str) -> str:
    r"""Escapes text for Markdown.

    >>> escaped("2*3 [a] <b>\n- c\n3. d\nR&D &amp;")
    '2\\*3 \\[a\\] \\<b\\>\n\\- c\n3\\. d\nR&D \\&amp;'
    """
    text = _SPECIAL.sub(r"\\\1", text)
    return _ITEM_START.sub(r"\1\\", _LINE_START.sub(r"\1\\", text))


def excerpt(passage: SafeString) -> str:
    """Returns an excerpt (archive.excerpts) as Markdown, its hits in bold.

    >>> excerpt(SafeString('<span class="gap">…</span>&lt;<mark>HBM4</mark>*'))
    '…\\\\<**HBM4**\\\\*'
    """
    parts = _TAG.split(passage)
    return "".join(
        _MARKS.get(part, "") if part[:1] == "<" else escaped(html.unescape(part)) for part in parts
    )


def block(part: Block, absolute: Absolute) -> str:
    """Returns one element of a body."""
    if part.tag in ("table", "figure", "img"):
        return with_whole_addresses(part.html, absolute)
    lines = [escaped(line) for line in part.text.split("\n")]
    if part.tag in ("h2", "h3", "h4"):
        return f"### {' '.join(lines)}"
    if part.tag in ("ul", "ol"):
        return "\n".join(_list(next(parse(part.html, is_stored=True).find(part.tag))))
    if part.tag == "blockquote":
        return "\n".join(f"> {line}" for line in lines)
    return "\\\n".join(lines) if part.tag != "hr" else "---"


def _list(node: Node) -> Iterator[str]:
    """Yields the lines of a list, each item under its number; what is within an item is indented."""
    start = node.attrs.get("start", "1")
    # CommonMark knows numbers of at most nine digits.
    number = int(start) if start.isdecimal() and len(start) < 10 else 1
    for child in node.children:
        if isinstance(child, str) and not child.strip():
            continue
        item = child if isinstance(child, Node) else Node("li", {}, [child])
        marker = f"{number}. " if node.tag == "ol" else "- "
        number += 1
        within = [part for part in item.children if isinstance(part, Node) and part.tag in ("ul", "ol")]
        own = Node("li", {}, [part for part in item.children if not any(part is one for one in within)])
        first, *others = [
            *map(escaped, shown(own).split("\n")),
            *(line for one in within for line in _list(one)),
        ]
        yield marker + first
        yield from (" " * len(marker) + line for line in others)


def body(blocks: Sequence[Block], absolute: Absolute) -> str:
    """Returns a body, or some of its blocks."""
    return "\n\n".join(block(part, absolute) for part in blocks)


def whole(article: Article, absolute: Absolute) -> str:
    """Returns an article as a text of its own: title, citation, body."""
    return "\n\n".join(
        [f"# {escaped(article.title)}", cited(article, absolute), body(article.blocks, absolute), ""]
    )


def cited(article: AnyArticle, absolute: Absolute) -> str:
    """Returns where an article stands, as its page says it, with its address."""
    address = absolute(article.get_absolute_url())
    return f"出处：{escaped(citation(article))}，<{address}>"


def citation(article: AnyArticle) -> str:
    """Returns where an article stands: `“标题”，《刊名》2025年3月17日—21日第 3 篇，芯闻库`."""
    issue = article.issue
    place = f"《{issue.title}》{dates_text(issue)}第 {article.position} 篇"
    return f"“{article.title}”，{place}，{settings.SITE_NAME}"


def issue_name(issue: AnyIssue) -> str:
    """Returns `《刊名》2025年3月17日—21日`."""
    return f"《{issue.title}》{dates_text(issue)}"


def with_whole_addresses(clean: str, absolute: Absolute) -> SafeString:
    """Returns HTML with full addresses of its figures, so that they show wherever it is read."""
    return mark_safe(with_figures_at(clean, absolute))  # noqa: S308 - a block of a clean body, written anew
