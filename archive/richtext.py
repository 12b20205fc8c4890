"""Rich text as one tree: HTML is read into it by lxml, and HTML is written from it. Pure.

    foreign HTML ─► parse ─► Node ─► what a reader sees, what a body may hold ─► to_html

Reading takes linear time: libxml2 neither repairs what nests wrongly by copying it, as the parsers of browsers must,
nor builds a tree of its own here (decision 22).
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from archive.refusal import ImportRefused

MAX_DEPTH = 200
VOID_TAGS = frozenset({"br", "hr", "img"})
DROPPED_WITH_CONTENT = frozenset(
    "script style title template noscript iframe object svg math textarea select button audio video".split()
)
_OURS = "rich-text"
"""Stands around everything that is read: libxml2 leaves out what comes before the first element of a page."""
_WHOLE_PAGE = frozenset({"html", "head", "body", _OURS})
_PLAIN = {f"<{tag}": (tag, f"/{tag}>") for tag in ("p", "h3", "h4")}


@dataclass(slots=True)
class Node:
    """One element. Neighbouring texts among its children are one text."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def find(self, *tags: str) -> Iterator[Node]:
        """Every element of one of these names below this one, in order; of any name when none is given."""
        waiting = self.children[::-1]
        while waiting:
            child = waiting.pop()
            if isinstance(child, Node):
                if not tags or child.tag in tags:
                    yield child
                waiting += child.children[::-1]


class _Builder:
    """What lxml's parser calls: each start has its end, those that the source left out too."""

    def __init__(self, *, may_refuse: bool) -> None:
        self._may_refuse = may_refuse
        self._texts: list[str] = []
        self.data = self._texts.append
        self.reset()

    def reset(self) -> None:
        self.line = 0
        self._root = Node("")
        self._open = [self._root]
        self._texts.clear()
        self._dropped = 0
        """How many elements are open whose content is not kept."""
        self._kept_texts = 0
        """How many texts there were before the first of these."""
        self._flat = 0
        """How many are open that are too deep to be nodes; their content is kept."""

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        if self._dropped or tag in DROPPED_WITH_CONTENT or (attrs and _is_hidden(attrs)):
            self._kept_texts = self._kept_texts if self._dropped else len(self._texts)
            self._dropped += 1
        elif tag not in _WHOLE_PAGE:
            if self._texts:
                self._end_text()
            if len(self._open) > MAX_DEPTH:
                self._go_too_deep()
                return
            node = Node(tag, dict(attrs) if attrs else {}, [])
            self._open[-1].children.append(node)
            self._open.append(node)

    def end(self, tag: str) -> None:
        if self._dropped:
            self._dropped -= 1
            del self._texts[self._kept_texts :]
        elif tag not in _WHOLE_PAGE:
            if self._texts:
                self._end_text()
            if self._flat:
                self._flat -= 1
            else:
                self._open.pop()

    def close(self) -> Node:
        self._end_text()
        return self._root

    def _go_too_deep(self) -> None:
        if self._may_refuse:
            raise ImportRefused(
                f"网页代码嵌套超过 {MAX_DEPTH} 层。请把正文复制到 Word 或记事本，另存后再导入",
                line=self.line,
            )
        self._flat += 1

    def _end_text(self) -> None:
        texts = self._texts
        if texts:
            self._open[-1].children.append(texts[0] if len(texts) == 1 else "".join(texts))
            texts.clear()


def _is_hidden(attrs: dict[str, str]) -> bool:
    style = "".join(attrs.get("style", "").lower().split())
    return "hidden" in attrs or "display:none" in style or "mso-hide:all" in style


def parse(html: str, *, is_stored: bool = False) -> Node:
    """Returns a nameless node with what is visible of a page, or a piece of one.

    What is too deep is refused, but not in a body that is stored.

    >>> [child.tag for child in parse("<p>甲<p>乙</p><script>x()</script>").children]
    ['p', 'p']
    """
    source = html.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    if not is_stored:
        return _Parser(may_refuse=True).read(io.StringIO(source))
    if plain := _plain_paragraphs(source):
        return plain
    parser = vars(_kept).pop("parser", None) or _Parser(may_refuse=False)
    tree: Node = parser.read([source])  # as one line: only what is refused is asked for its line
    _kept.parser = parser
    return tree


def _plain_paragraphs(body: str) -> Node | None:
    """Returns the tree of a body that is paragraphs of plain text, a line each, as most are; None for any other.

    The same tree as the parser's, in a quarter of its time: a page of results reads twenty bodies.
    """
    if "&" in body:
        return None
    children: list[Node | str] = []
    for line in body.split("\n"):
        start, _, rest = line.partition(">")
        text, _, end = rest.partition("<")
        tag, its_end = _PLAIN.get(start, ("", None))
        if end != its_end or not text:
            return None
        children += [Node(tag, {}, [text]), "\n"]
    return Node("", {}, children[:-1])


class _Parser:
    """A parser of lxml's, which takes longer to make than to read a short body with: it reads many."""

    def __init__(self, *, may_refuse: bool) -> None:
        self._builder = _Builder(may_refuse=may_refuse)
        self._lxml = etree.HTMLParser(
            target=self._builder, encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
        )

    def read(self, lines: Iterable[str]) -> Node:
        self._builder.reset()
        before = f"<{_OURS}>"
        for self._builder.line, line in enumerate(lines, start=1):
            self._lxml.feed((before + line).encode("utf-8", "replace"))
            before = ""
        self._lxml.feed(before)
        tree: Node = self._lxml.close()
        return tree


_kept = threading.local()
"""The parser of stored bodies of each thread; in its hands while it reads, so one that fails is not kept."""


def to_html(*nodes: Node | str) -> str:
    """The nodes as HTML, everything escaped that has to be; a nameless node is its children.

    >>> to_html(Node("a", {"href": 'x?"&'}, ["1 < 2"]), Node("br"))
    '<a href="x?&quot;&amp;">1 &lt; 2</a><br>'
    """
    pieces: list[str] = []
    _write(nodes, pieces)
    return "".join(pieces)


def _write(nodes: Iterable[Node | str], pieces: list[str]) -> None:
    for node in nodes:
        if isinstance(node, str):
            pieces.append(_escaped(node))
            continue
        if len(node.children) == 1 and not node.attrs and isinstance(text := node.children[0], str):
            # a plain paragraph, as most are
            pieces.append(f"<{node.tag}>{_escaped(text)}</{node.tag}>" if node.tag else _escaped(text))
            continue
        if node.attrs:
            attrs = "".join(f' {name}="{_escaped(value, quote=True)}"' for name, value in node.attrs.items())
            pieces.append(f"<{node.tag}{attrs}>")
        elif node.tag:
            pieces.append(f"<{node.tag}>")
        _write(node.children, pieces)
        if node.tag and node.tag not in VOID_TAGS:
            pieces.append(f"</{node.tag}>")


def _escaped(text: str, *, quote: bool = False) -> str:
    escaped = text
    if "&" in escaped:
        escaped = escaped.replace("&", "&amp;")
    if "<" in escaped or ">" in escaped:
        escaped = escaped.replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace('"', "&quot;") if quote else escaped
