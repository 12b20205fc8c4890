"""The body of an article: clean rich text, and the blocks (paragraphs, lists, tables, figures) it is made of.

A body is HTML that went through `clean`. Nothing else may be stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from django.utils.safestring import SafeString

from archive.parsing.document import Line
from archive.refusal import ImportRefused
from archive.richtext import Node, parse, to_html
from archive.subheads import subhead_levels

ALLOWED_TAGS = frozenset(
    "p h2 h3 h4 ul ol li blockquote strong b em i sub sup br a table caption thead tbody tr th td "
    "figure figcaption img hr".split()
)
ALLOWED_ATTRIBUTES = {
    "a": ("href", "title"),
    "img": ("src", "alt", "width", "height"),
    "th": ("colspan", "rowspan"),
    "td": ("colspan", "rowspan"),
    "ol": ("start",),
}
SCHEMES = ("http", "https", "mailto")
MAX_BODY = 500_000
"""Characters of a body, markup included in what a form sends."""
LINE_TAGS = frozenset("p h2 h3 h4 li tr caption figcaption blockquote br hr table figure ul ol".split())
"""Tags that end a line of visible text: words on both sides of one never run together."""
_ONE_WRITING = {"b": "strong", "i": "em", "h2": "h3", "tfoot": "tbody"}
_PARTS = {"table": ("thead", "tbody"), "thead": ("tr",), "tbody": ("tr",), "tr": ("td", "th")}
"""What stands directly in a table, in a section of it, in a row."""
_TABLE_TAGS = frozenset("caption thead tbody tr th td".split())
_ENDED_BY = {
    **dict.fromkeys(("p", "h3", "h4"), LINE_TAGS - {"br", "caption", "figcaption", "tr"}),
    "li": frozenset({"li"}),
}
_SPACE = " \t\n\f\r"
OWN_IMAGES = re.compile(r"/figures/(?:desk/)?[0-9]{1,18}/")
"""The whole address, of figures and of those that still lie at the desk.

`/figures/../admin/logout/` is one that a reader's browser would call with his cookies."""
_NAMED_IMAGES = re.compile(rf"{OWN_IMAGES.pattern}|figure:[0-9]{{1,9}}")


class Block(NamedTuple):
    """One top-level element of a body.

    `anchor` is its address within the article's page (`p3`), `text` what a reader sees of it, with a line
    for each line (list items, table rows).
    """

    anchor: str
    tag: str
    html: SafeString
    text: str


@dataclass(slots=True)
class Piece:
    """What a line of the source became on its way into a body, and that line; several lines may become one list."""

    node: Node
    line: int


def clean(html: str) -> str:
    """Returns `html` with only what a body may hold; scripts and styles go with their content.

    >>> clean('<p onclick="x()">昇腾<b>910C</b><script>x()</script></p>')
    '<p>昇腾<strong>910C</strong></p>'

    What has two writings gets the one that the body editor writes; what the editor can not hold becomes what it
    can: the caption of a table is a paragraph before it, or an edit would turn it into a row. An image stays
    only when it is a figure of ours: a remote one would tell its host who reads what. Raises ImportRefused for
    what nests too deep. A form is cleaned before its transaction begins, and inside it the answer is known.
    """
    cleaned = _cleaned(html)
    if isinstance(cleaned, ImportRefused):
        raise cleaned
    return cleaned


@lru_cache(maxsize=8)
def _cleaned(html: str) -> str | ImportRefused:
    try:
        return written(allowed(parse(html), OWN_IMAGES))
    except ImportRefused as refused:
        return refused


def written(node: Node) -> str:
    """A tree as it is stored."""
    return to_html(node).replace("\u00a0", "&nbsp;")


def named(html: str) -> Node:
    """The tree of what a body may hold, images that came along (`figure:0`) too: `archive.figures` places them."""
    return allowed(parse(html), _NAMED_IMAGES)


def allowed(node: Node, images: re.Pattern[str] = _NAMED_IMAGES) -> Node:
    """A nameless node of what a body may hold of this one; images whose address is one of `images` stay."""
    sieve = _Sieve(images)
    sieve.put(node, into := Node(""), in_link=False)
    return into


class _Sieve:
    """Copies of a tree what the allow-list names, and puts tables and figures into the one form that is stored."""

    def __init__(self, images: re.Pattern[str]) -> None:
        self._images = images

    def put(self, node: Node, into: Node, *, in_link: bool) -> None:
        tag = _ONE_WRITING.get(node.tag, node.tag)
        if tag == "table":
            table = Node("table")
            self._put_parts(node, table, into, in_link=in_link)
            into.children.append(table)
        elif tag == "img":
            attrs = self._attrs(node)
            if attrs.get("src"):
                into.children.append(Node("img", attrs))
        elif tag == "figure":
            self._put_children(node, figure := Node("figure"), in_link=in_link)
            self._put_figure(figure, into)
        elif tag in ALLOWED_TAGS and tag not in _TABLE_TAGS and not (tag == "a" and in_link):
            copy = Node(tag, self._attrs(node))
            self._put_children(node, copy, in_link=in_link or tag == "a")
            into.children += _without_blocks(copy)
        else:
            self._put_children(node, into, in_link=in_link)

    def _put_children(self, node: Node, into: Node, *, in_link: bool) -> None:
        for child in node.children:
            if isinstance(child, str):
                into.children.append(child)
            else:
                self.put(child, into, in_link=in_link)

    def _put_figure(self, figure: Node, into: Node) -> None:
        """A figure around a table is the table, and its caption a paragraph; an empty one is nothing."""
        contents = [child for child in figure.children if isinstance(child, Node) or child.strip()]
        if any(isinstance(child, Node) and child.tag == "table" for child in contents):
            for child in contents:
                if isinstance(child, Node) and child.tag == "figcaption":
                    child.tag = "p"
            into.children += contents
        elif contents:
            into.children.append(figure)

    def _put_parts(self, node: Node, part: Node, before: Node, *, in_link: bool) -> None:
        """Fills a table, a section or a row; as in a browser, what belongs in none of them goes before the table."""
        place = part  # or a section or row that the source left out
        for child in node.children:
            if isinstance(child, str):
                (before if child.strip(_SPACE) else place).children.append(child)
                continue
            tag = _ONE_WRITING.get(child.tag, child.tag)
            if tag == "caption":
                self._put_children(child, paragraph := Node("p"), in_link=in_link)
                before.children.append(paragraph)
            elif tag in _PARTS[part.tag]:
                place = part
                copy = Node(tag, self._attrs(child))
                part.children.append(copy)
                if tag in _PARTS:
                    self._put_parts(child, copy, before, in_link=in_link)
                else:
                    self._put_children(child, copy, in_link=in_link)
            elif tag in _TABLE_TAGS and part.tag != "tr":
                if place is part:
                    place = Node("tbody" if part.tag == "table" else "tr")
                    part.children.append(place)
                self._put_parts(Node("", {}, [child]), place, before, in_link=in_link)
            else:
                self.put(child, before, in_link=in_link)

    def _attrs(self, node: Node) -> dict[str, str]:
        names = ALLOWED_ATTRIBUTES.get(node.tag, ())
        attrs = {name: value for name, value in node.attrs.items() if name in names}
        if node.tag == "a":
            if not is_safe_address(attrs.get("href", "")):
                del attrs["href"]
            attrs["rel"] = "noopener nofollow"
        elif not self._images.fullmatch(attrs.get("src", "")):
            attrs.pop("src", None)
        return attrs


def _without_blocks(node: Node) -> Iterator[Node]:
    """A paragraph or heading that holds none: as in a browser, a block within it ends it."""
    ends = _ENDED_BY.get(node.tag, frozenset())
    open_node = node if not node.children else Node(node.tag, node.attrs)
    for child in node.children:
        if isinstance(child, Node) and child.tag in ends:
            if open_node.children:
                yield open_node
            yield child
            open_node = Node(node.tag, node.attrs)
        else:
            open_node.children.append(child)
    if open_node.children or not node.children:
        yield open_node


def is_safe_address(address: str) -> bool:
    """Whether an address has no scheme, or one that only leads to a page or a letter.

    Browsers pass over control characters and white space in it: `java\\tscript:` is a scheme too.
    """
    read = "".join(char for char in address if char > " ")
    scheme, colon, _ = read.partition(":")
    if not colon or any(mark in scheme for mark in "/?#"):
        return True
    try:
        urlsplit(read)
    except ValueError:  # an unclosed `[` of an IPv6 host
        return False
    return scheme.lower() in SCHEMES


def from_text(lines: Iterable[str]) -> str:
    """Returns the body for plain text: a paragraph a line, subheads where the text clearly has some.

    >>> from_text(["带宽 < 2TB", "", "量产"])
    '<p>带宽 &lt; 2TB</p>\\n<p>量产</p>'
    """
    return to_html(tree_from([Line(0, line) for line in lines]))


def tree_from(lines: Sequence[Line]) -> Node:
    """The same as a tree, for lines of which some are rich text: a line for each piece."""
    children = [child for piece in pieces_of(lines) for child in ("\n", piece.node)]
    return allowed(Node("", {}, children[1:]))


def pieces_of(lines: Sequence[Line]) -> list[Piece]:
    """Returns the pieces of the body for these lines.

    Heading levels of the source become h3 and h4 (an article's title stands above them), and lists that were
    read item by item become one list again.
    """
    levels = sorted({line.level for line in lines if line.level})
    pieces: list[Piece] = []
    for is_rich, run in groupby(lines, key=lambda line: line.html is not None):
        some = [*run]
        pieces += _rich(some, levels) if is_rich else _plain(some)
    return _joined(pieces)


def _plain(lines: Sequence[Line]) -> Iterator[Piece]:
    texts = [(text, line.number) for line in lines if (text := line.text.strip())]
    for (text, number), level in zip(texts, subhead_levels([text for text, _ in texts]), strict=True):
        yield Piece(Node(f"h{level}" if level else "p", {}, [text]), number)


def _rich(lines: Sequence[Line], levels: list[int]) -> Iterator[Piece]:
    for line in lines:
        node = parse(line.html or "")
        if len(node.children) == 1 and isinstance(node.children[0], Node):
            node = node.children[0]
        if line.level and node.tag[:1] == "h" and node.tag[1:].isdecimal():
            node.tag = "h3" if line.level == levels[0] else "h4"
        yield Piece(node, line.number)


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Joins what was one list: `<ul>甲</ul><ul>乙</ul>`, `<ol>1</ol><ol start=2>2</ol>`.

    A numbered paragraph that stands alone stays a paragraph.
    """
    joined: list[Piece] = []
    next_number = 0
    for piece in pieces:
        number = _number_of(piece.node)
        last = joined[-1].node if joined else Node("")
        if (number and number == next_number) or (piece.node.tag == last.tag == "ul"):
            last.children += piece.node.children
        else:
            joined.append(piece)
        next_number = number + 1 if number else 0
    for piece in joined:
        if number := _number_of(piece.node):
            [item] = piece.node.find("li")
            piece.node = Node("p", {}, [f"{number}. ", *item.children])
    return joined


def _number_of(node: Node) -> int:
    """The number of a list of one item, 0 for everything else."""
    start = node.attrs.get("start", "1")
    is_one = node.tag == "ol" and len(node.children) == 1 and len([*node.find("li")]) == 1
    return int(start) if is_one and start.isdecimal() and len(start) <= 4 else 0


@lru_cache(maxsize=256)  # a page of results reads twenty bodies, and the next page often the same
def blocks_of(body: str) -> Sequence[Block]:
    """Returns the top-level elements of a stored body, in order."""
    return tuple(blocks_in(parse(body, is_stored=True)))


def text_of(body: str) -> str:
    """Returns the text of a stored body, a line a paragraph: what a JSON week calls its body.

    >>> text_of("<h3>背景</h3><p>带宽 &lt; <strong>2TB</strong></p>")
    '背景\\n带宽 < 2TB'
    """
    return "\n".join(block.text for block in blocks_of(body) if block.text)


def text_in(tree: Node) -> str:
    """The same of a tree."""
    return "\n".join(block.text for block in blocks_in(tree) if block.text)


def blocks_in(tree: Node) -> Iterator[Block]:
    """The top-level elements of a tree of what a body may hold; loose text is a paragraph of its own."""
    number = 0
    for child in tree.children:
        if isinstance(child, str):
            if not child.strip():
                continue
            child = Node("p", {}, [child.strip()])
        number += 1
        # Safe: a body went through clean() before it was stored, and to_html escapes.
        yield Block(f"p{number}", child.tag, SafeString(to_html(child)), shown(child))


def shown(node: Node) -> str:
    """What a reader sees of one element, with a line for each line."""
    if len(node.children) == 1 and isinstance(text := node.children[0], str):  # as most paragraphs are
        return text.replace("\n", " ").strip()
    texts: list[str] = []
    _add_texts(node, texts)
    return "\n".join(filter(None, map(str.strip, "".join(texts).split("\n"))))


def _add_texts(node: Node, texts: list[str]) -> None:
    edge = "\n" if node.tag in LINE_TAGS else ""
    texts.append(edge or (" " if node.tag in ("td", "th") else ""))
    for child in node.children:
        if isinstance(child, str):
            texts.append(child.replace("\n", " "))
        else:
            _add_texts(child, texts)
    texts.append(edge)


def with_addresses(body: str, change: Callable[[str], str]) -> str:
    """Returns a clean body with the address of every link and figure as `change` gives it."""
    tree = parse(body, is_stored=True)
    for node in tree.find("a", "img"):
        for name in ("href", "src"):
            if name in node.attrs:
                node.attrs[name] = change(node.attrs[name])
    return written(tree)


def with_figures_at(body: str, change: Callable[[str], str]) -> str:
    """Returns a clean body with the address of every figure of ours as `change` gives it."""
    return with_addresses(body, lambda address: change(address) if OWN_IMAGES.fullmatch(address) else address)


def with_absolute_addresses(body: str, base: str) -> str:
    """Returns a clean body with the full address of every link and figure, to be read elsewhere than on its page.

    >>> with_absolute_addresses('<p>图见 src="/x"：<img src="/figures/3/" alt=""></p>', "https://example.org/articles/4/")
    '<p>图见 src="/x"：<img src="https://example.org/figures/3/" alt=""></p>'
    """

    def full(address: str) -> str:
        try:
            return urljoin(base, address)
        except ValueError:  # no address at all, like http://[
            return address

    return with_addresses(body, full)


def figure_number(image: Node, below: str = "/figures/") -> int:
    """The number of the figure that an image shows, 0 when it shows none of those below this address."""
    address = image.attrs.get("src", "")
    number = address.removeprefix(below).removesuffix("/")
    is_one = address == f"{below}{number}/" and number.isascii() and number.isdecimal() and len(number) < 19
    return int(number) if is_one else 0
