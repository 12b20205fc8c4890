"""Knows a page of HTML by its content, and takes out what stands around it: navigation, header, footer. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.body import shown
from archive.parsing import ParseWarning
from archive.richtext import Node

_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,100}(?:<\?xml[^>]{0,200}>\s{0,100})?(?:<!doctype html|<html[\s>])", re.IGNORECASE
)
_TAGS = frozenset({"nav", "footer", "aside", "header"})
_NAMES = frozenset(
    "nav navbar navigation menu breadcrumb breadcrumbs header footer sidebar toolbar comments "
    "site-header site-footer".split()
)
_CONTENT = ("h1", "h2", "article", "main")
_LONGEST_SHOWN = 40


def is_page(data: bytes) -> bool:
    """Whether the content is a whole page of HTML.

    >>> is_page(b"<!DOCTYPE html><html>"), is_page("<半导体一周要闻>".encode())
    (True, False)
    """
    return _PAGE.match(data[:1000]) is not None


def take_out_frame(root: Node) -> list[ParseWarning]:
    """Takes the frame out of the tree, and returns a warning that says what it was."""
    texts = " ".join(text for node in _taken_out(root) if (text := " ".join(shown(node).split())))
    if not texts:
        return []
    told = texts if len(texts) <= _LONGEST_SHOWN else texts[:_LONGEST_SHOWN] + "…"
    message = f"网页的导航和页脚没有读入（{told}）。请看看有没有漏掉正文。"
    return [ParseWarning(None, "page-frame-left-out", message)]


def _taken_out(node: Node) -> Iterator[Node]:
    kept: list[Node | str] = []
    for child in node.children:
        if isinstance(child, Node) and _is_frame(child):
            yield child
            continue
        if isinstance(child, Node):
            yield from _taken_out(child)
        kept.append(child)
    node.children = kept


def _is_frame(node: Node) -> bool:
    names = {node.attrs.get("id", "").lower(), *node.attrs.get("class", "").lower().split()}
    if node.tag not in _TAGS and not (node.tag in ("div", "ul", "section") and names & _NAMES):
        return False
    return node.tag in ("nav", "footer") or not any(node.find(*_CONTENT))
