"""Finds a title at the beginning of its own paragraph: `【标题】正文`, a bold sentence or a link with text after it."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from archive.characters import without_invisible
from archive.parsing.document import Line
from archive.richtext import Node, parse, to_html

LABEL = re.compile(r"[【〖『「](?P<label>[^【】〖〗『』「」]{1,60})[】〗』」]\s*")
LABELS = "【〖"
"""Brackets that set a title or a label apart from what follows; `「甲微电子」完成融资` is a title as a whole."""
LINK = re.compile(r"\[(?P<text>[^\[\]]{1,300})\]\((?P<address>https?://[^\s()]{1,500})\)")
_BOLD = re.compile(r"\*\*[^*]{2,120}\*\*|__[^_]{2,120}__")
_MARKED = re.compile(
    r"(?:<(?:ul|p)>|<ol(?: start=\"\d{1,4}\")?>)(?:<li>)?(?:<p>)?<(?P<tag>strong|a)(?: [^<>]{1,1000})?>"
    r"(?:<strong>)?(?P<text>[^<>]{2,300})<"
)
LABEL_BEFORE_BAR = re.compile(r"(?:\*\*|__)?(?P<label>[^\W\d_]{2,8})(?:\*\*|__)?\s?[|丨]\s?(?=\S)")
"""A label, a bar, and then the title."""
TOPIC = re.compile(r"#(?P<label>[^#\s]{1,10})#\s*(?=\S)")
"""A topic as social networks write it, and then the title."""
_LONGEST_NAME = 12
_EDGES = " \t\u3000\xa0：:，,—–-|丨"


def find_lead(line: Line, folded: str, begin: int, end: int) -> int:
    """Returns where the title at the beginning of a paragraph ends, 0 when all of the line is of one kind.

    >>> find_lead(Line(1, ""), "【甲厂扩产】甲厂宣布扩产。", 0, 13)
    6
    """
    label = LABEL.match(folded, begin, end)
    if label and label[0][0] in LABELS and "。" in folded[label.end() : end]:
        return label.end()
    found = _BOLD.match(folded, begin, end) or LINK.match(folded, begin, end)
    lead = found.end() if found else 0
    if not lead and (marked := _MARKED.match(line.html or "")):
        words = unescape(marked["text"]).strip()
        lead = begin + len(words) if words and line.text.startswith(words, begin) else 0
    if lead - begin <= _LONGEST_NAME and folded[lead:end].lstrip(" *_").startswith(("|", "丨")):
        return 0  # a label before the title: `**政策** | 甲地新政`
    return lead if folded[lead:end].strip(_EDGES) else 0


def after_lead(line: Line, lead: int) -> Line:
    """Returns what the paragraph says after its title, without the colon or dash between them."""
    text = line.text[lead:].lstrip(_EDGES).strip()
    return replace(line, text=text, html=_last(line.html, _count(text)) if line.html else line.html)


def before(line: Line, end: int) -> Line:
    """Returns what the paragraph says before `end`."""
    text = line.text[:end].rstrip()
    if not line.html:
        return replace(line, text=text)
    root = parse(line.html, is_stored=True)
    # Numbers and dashes before list items are in the text and not in the HTML: the end is what is counted.
    _keep(root, _count("".join(_texts(root))) - _count(line.text[end:]))
    return replace(line, text=text, html=to_html(root))


def _count(text: str) -> int:
    return sum(not char.isspace() for char in without_invisible(text))


def _last(html: str, count: int) -> str:
    """Returns the last `count` visible characters of a paragraph, in the elements that they stand in."""
    root = parse(html, is_stored=True)
    _drop(root, _count("".join(_texts(root))) - count)
    for tag in ("ul", "ol", "li"):
        children = [child for child in root.children if not isinstance(child, str) or child.strip()]
        if len(children) == 1 and isinstance(children[0], Node) and children[0].tag == tag:
            inner = [child for child in children[0].children if isinstance(child, Node) and child.tag == "li"]
            if tag == "li" or len(inner) == 1:
                root.children = children[0].children
    is_block = any(isinstance(child, Node) and child.tag in ("p", "ul", "ol") for child in root.children)
    return to_html(root) if is_block else f"<p>{to_html(root).strip()}</p>"


def _texts(node: Node) -> list[str]:
    texts: list[str] = []
    for child in node.children:
        texts += [child] if isinstance(child, str) else _texts(child)
    return texts


def _drop(node: Node, count: int) -> int:
    """Takes the first `count` visible characters out of the tree, and what is empty then; returns how many are left."""
    kept: list[Node | str] = []
    for child in node.children:
        if count <= 0:
            kept.append(child)
        elif isinstance(child, str):
            place = 0
            while place < len(child) and count:
                count -= _count(child[place])
                place += 1
            rest = child[place:]
            kept += [rest] if rest.strip() else []
        else:
            count = _drop(child, count)
            kept += [child] if child.children else []
    node.children = kept
    return count


def _keep(node: Node, count: int) -> int:
    """Keeps the first `count` visible characters of the tree; returns how many of them are still wanted."""
    kept: list[Node | str] = []
    for child in node.children:
        if count <= 0:
            break
        if isinstance(child, Node):
            kept.append(child)
            count = _keep(child, count)
            continue
        place = 0
        while place < len(child) and count:
            count -= _count(child[place])
            place += 1
        kept.append(child[:place])
    node.children = kept
    return count
