"""Well-formed HTML → a tree of nodes; a node → clean HTML and the text that a reader sees. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from archive.body import VOID_TAGS
from archive.reading.markup import BLOCK_TAGS, MAX_DEPTH
from archive.refusal import ImportRefused

_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_BREAK_IN_CHINESE = re.compile(rf"(?<=[{_CHINESE}])[ \t\r\f]*\n[ \t\r\n\f]*(?=[{_CHINESE}])")
_SPACES = re.compile(r"[ \t\r\n\f]+")


@dataclass(slots=True)
class Node:
    """One element."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    @property
    def is_hidden(self) -> bool:
        return "hidden" in self.attrs or _HIDDEN.search(self.attrs.get("style", "")) is not None

    @property
    def is_bold(self) -> bool:
        return self.tag in ("b", "strong") or _BOLD.search(self.attrs.get("style", "")) is not None

    def find(self, *tags: str) -> Iterator[Node]:
        """Every visible element of one of these names below this one, in order."""
        for child in self.children:
            if isinstance(child, Node) and not child.is_hidden:
                if child.tag in tags:
                    yield child
                yield from child.find(*tags)

    def with_id(self, name: str) -> Node | None:
        """The first element that carries this id."""
        for child in self.children:
            if isinstance(child, Node):
                found = child if child.attrs.get("id") == name else child.with_id(name)
                if found:
                    return found
        return None

    @property
    def text(self) -> str:
        """What a reader sees, on one line; words of two cells or items never run together."""
        return " ".join("".join(_texts(self)).split())


def parse_tree(html: str) -> Node:
    """The tree of HTML that went through `sanitise`."""
    builder = _TreeBuilder()
    builder.feed(html)
    builder.close()
    return builder.root


def collapse(text: str) -> str:
    """White space as a browser shows it; a line break between two Chinese characters is none.

    >>> collapse("先进\\n  封装 and\\n more")
    '先进封装 and more'
    """
    return _SPACES.sub(" ", _BREAK_IN_CHINESE.sub("", text))


def inline_tags(node: Node) -> tuple[str, ...]:
    """The start tags that keep what this inline element means: `<strong>` for bold, `<a href>` for a link."""
    if node.tag == "a":
        href = node.attrs.get("href", "")
        return (f'<a href="{escape(href)}">',) if href.startswith(("http://", "https://", "mailto:")) else ()
    if node.tag in ("em", "i", "sub", "sup"):
        return (f"<{node.tag}>",)
    return ("<strong>",) if node.is_bold else ()


def end_tag(start_tag: str) -> str:
    """`</a>` for `<a href="…">`."""
    return f"</{start_tag[1:-1].split()[0]}>"


def block_html(node: Node) -> str:
    """A list, table or figure as HTML of the tags that a body may hold."""
    return "".join(_html(node)).strip()


_KEPT_BLOCKS = frozenset("ul ol li table caption thead tbody tr th td blockquote figure figcaption".split())
_KEPT_ATTRIBUTES = {"td": ("colspan", "rowspan"), "th": ("colspan", "rowspan"), "ol": ("start",)}


def _html(node: Node) -> Iterator[str]:
    if node.is_hidden:
        return
    if node.tag in ("br", "img"):
        if node.tag == "br":
            yield "<br>"
        elif src := node.attrs.get("src"):
            yield f'<img src="{escape(src)}" alt="{escape(node.attrs.get("alt", ""))}">'
        return
    if node.tag in _KEPT_BLOCKS:
        kept = ((name, node.attrs.get(name, "")) for name in _KEPT_ATTRIBUTES.get(node.tag, ()))
        starts: tuple[str, ...] = (
            f"<{node.tag}" + "".join(f' {name}="{escape(value)}"' for name, value in kept if value) + ">",
        )
    elif node.tag in BLOCK_TAGS:
        starts = ()
    else:
        starts = inline_tags(node)
    yield from starts
    in_table_or_list = node.tag in ("ul", "ol", "table", "thead", "tbody", "tr")
    has_content = False
    for place, child in enumerate(node.children):
        if isinstance(child, str):
            shown = collapse(child)
            if _is_edge(node, place + 1):
                shown = shown.rstrip()
            if _is_edge(node, place - 1):
                shown = shown.lstrip()
            if not (in_table_or_list and not shown.strip()):
                yield escape(shown, quote=False)
                has_content = has_content or bool(shown.strip())
            continue
        if child.tag in BLOCK_TAGS and has_content:
            yield "<br>"
        yield from _html(child)
        has_content = has_content or child.tag not in ("br", "hr")
    for start in reversed(starts):
        yield end_tag(start)


def _is_edge(node: Node, place: int) -> bool:
    """Whether white space next to this place shows nothing: a block or line break stands there, or this block ends."""
    if not 0 <= place < len(node.children):
        return node.tag in _KEPT_BLOCKS or node.tag in BLOCK_TAGS
    child = node.children[place]
    return isinstance(child, Node) and (
        child.tag in _KEPT_BLOCKS or child.tag in BLOCK_TAGS or child.tag == "br"
    )


def _texts(node: Node) -> Iterator[str]:
    if node.is_hidden:
        return
    is_line = node.tag in _KEPT_BLOCKS or node.tag in BLOCK_TAGS or node.tag == "br"
    if is_line:
        yield " "
    for child in node.children:
        if isinstance(child, str):
            yield collapse(child)
        else:
            yield from _texts(child)
    if is_line:
        yield " "


class _TreeBuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("root")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in VOID_TAGS:
            self._open.append(node)
            if len(self._open) > MAX_DEPTH + 1:
                raise ImportRefused(
                    f"网页代码嵌套超过 {MAX_DEPTH} 层。请把正文复制到 Word 或记事本，另存后再导入"
                )

    def handle_endtag(self, tag: str) -> None:
        if any(node.tag == tag for node in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)
