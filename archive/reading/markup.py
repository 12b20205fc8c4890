"""What an element of a page means: bold, a link, a block that is kept whole. Pure."""

from __future__ import annotations

import re

from archive.body import is_safe_address, shown
from archive.richtext import Node

BLOCK_TAGS = frozenset(
    "p h1 h2 h3 h4 h5 h6 div section article main header footer aside nav center address pre dl dt dd".split()
)
KEPT_BLOCKS = frozenset(
    "ul ol li table caption thead tbody tfoot tr th td blockquote figure figcaption".split()
)
PARAGRAPHS = BLOCK_TAGS | KEPT_BLOCKS
_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_BREAK_IN_CHINESE = re.compile(rf"(?<=[{_CHINESE}])[ \t\r\f]*\n[ \t\r\n\f]*(?=[{_CHINESE}])")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_BOLD = re.compile(r"font-weight:(?:bold|[6-9]00)")


def collapse(text: str) -> str:
    """White space as a browser shows it; a line break between two Chinese characters is none.

    >>> collapse("先进\\n  封装 and\\n more")
    '先进封装 and more'
    """
    return _SPACES.sub(" ", _BREAK_IN_CHINESE.sub("", text))


def is_bold(node: Node) -> bool:
    style = "".join(node.attrs.get("style", "").lower().split())
    return node.tag in ("b", "strong") or _BOLD.search(style) is not None


def inline(node: Node) -> Node | None:
    """An empty element that keeps what this inline one means, bold or a link; None when it is only dress."""
    if node.tag == "a":
        href = node.attrs.get("href", "")
        leads_out = href.startswith(("http://", "https://", "mailto:")) and is_safe_address(href)
        return Node("a", {"href": href}) if leads_out else None
    if node.tag in ("em", "i", "sub", "sup"):
        return Node(node.tag)
    return Node("strong") if is_bold(node) else None


def drop_empty(node: Node) -> None:
    """Takes out formatting that holds nothing: `<strong></strong>` left where a line was broken."""
    children: list[Node | str] = []
    for child in node.children:
        if isinstance(child, Node) and child.tag != "br":
            drop_empty(child)
            if all(isinstance(inner, str) and not inner.strip() for inner in child.children):
                children += child.children
                continue
        children.append(child)
    node.children = children


def words_of(block: Node) -> str:
    """What a reader sees of a block, on one line; words of two cells or items never run together."""
    return " ".join(shown(block).split())


def kept_block(node: Node) -> Node:
    """A list, table or quotation in the elements that a body may hold; paragraphs within it become lines."""
    _put_block(node, into := Node(""))
    return into


def _put_block(node: Node, into: Node) -> None:
    if node.tag in ("br", "img"):
        if node.tag == "br" or node.attrs.get("src"):
            names = ("src", "alt") if node.tag == "img" else ()
            into.children.append(Node(node.tag, {name: node.attrs.get(name, "") for name in names}))
        return
    copy: Node | None = Node(node.tag, node.attrs) if node.tag in KEPT_BLOCKS else None
    if not copy and node.tag not in BLOCK_TAGS:
        copy = inline(node)
    if copy:
        into.children.append(copy)
    place = copy or into
    has_content = False
    if label := node.attrs.get("data-word-label"):
        place.children.append(label)
    for at, child in enumerate(node.children):
        if isinstance(child, str):
            shown = collapse(child)
            if _is_edge(node, at + 1):
                shown = shown.rstrip()
            if _is_edge(node, at - 1):
                shown = shown.lstrip()
            if not (node.tag in ("ul", "ol", "table", "thead", "tbody", "tr") and not shown.strip()):
                place.children.append(shown)
                has_content = has_content or bool(shown.strip())
            continue
        if child.tag in BLOCK_TAGS and has_content:
            place.children.append(Node("br"))
        _put_block(child, place)
        has_content = has_content or child.tag not in ("br", "hr")


def _is_edge(node: Node, at: int) -> bool:
    """Whether white space next to this place shows nothing: a block or line break stands there, or this block ends."""
    if not 0 <= at < len(node.children):
        return node.tag in PARAGRAPHS
    child = node.children[at]
    return isinstance(child, Node) and (child.tag in PARAGRAPHS or child.tag == "br")
