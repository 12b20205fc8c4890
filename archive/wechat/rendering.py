"""Bodies as WeChat's editor takes them in: a tree of a body → a tree of paragraphs, tables and pictures. Pure.

Three things are not as they stand on our pages:

- A link is a number, and its address a note at the end: WeChat drops links that lead out of it.
- A list is paragraphs with typed markers: WeChat resets the markers of lists, their levels and their numbers.
- Pictures are in the HTML itself (`data:`), or left out and reported: drafts have no public address.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from archive.body import shown
from archive.named_gaps import GAP
from archive.richtext import Node
from archive.wechat.look import WIDE_FROM, Look

WECHAT_HOST = "mp.weixin.qq.com"
"""Links to other posts are the only ones that WeChat keeps."""
PHONE_WIDTH = 375
"""Pixels. What is at least as wide fills the screen either way."""
INLINE = frozenset("strong b em i sub sup br a img".split())
_SAME = {"b": "strong", "i": "em"}
_HEADS = {"h2": ("h4", "subhead"), "h3": ("h4", "subhead"), "h4": ("h5", "minor-subhead")}
_PARTS = frozenset({"thead", "tbody", "tr"})
_BULLETS = ("•", "◦", "▪")
_LONGEST_LABEL = 40


class Place(NamedTuple):
    """Where something stands: the article's number in the post, the paragraph's in its body; 0 is nowhere."""

    article: int = 0
    paragraph: int = 0


NOWHERE = Place()


class Remark(NamedTuple):
    """What WeChat drops or shows otherwise: its kind (a key of `checks.KINDS`), its place, what it is about."""

    kind: str
    place: Place
    about: str = ""


class Picture(NamedTuple):
    """A picture as it goes into the post."""

    address: str
    """A `data:` address."""
    size: int
    """In bytes."""
    width: int
    was_webp: bool = False


@dataclass
class Renderer:
    """Writes the parts of one post; footnotes and remarks add up over all of them."""

    look: Look
    pictures: Mapping[str, Picture]
    """By the addresses that bodies name."""
    base: str = ""
    """The full address of the page that links of a body start from."""
    place: Place = NOWHERE
    remarks: list[Remark] = field(default_factory=list)
    notes: dict[str, tuple[int, str]] = field(default_factory=dict)
    """The address of each footnote, with its number and the words that it stood behind."""
    shown_pictures: list[Picture] = field(default_factory=list)

    def element(self, tag: str, role: str, *children: Node | str) -> Node:
        """An element with the style of its role."""
        return Node(tag, {"style": self.look.style(role)}, [*children])

    def paragraphs(self, text: str, role: str) -> list[Node]:
        """A paragraph for each line of a plain text."""
        return [self.element("p", role, line.strip()) for line in text.splitlines() if line.strip()]

    # --- Bodies ----------------------------------------------------------------------------------------

    def body(self, tree: Node) -> list[Node]:
        """The paragraphs of a body that is stored."""
        blocks: list[Node] = []
        paragraph = 1
        for run in _runs(tree.children):
            self.place = self.place._replace(paragraph=paragraph)
            visible = [child for child in run if isinstance(child, Node) or child.strip()]
            for child in visible:
                for gap in GAP.finditer(child if isinstance(child, str) else shown(child)):
                    self._remark("gap", gap[0])
            blocks += self._blocks(run, self.look.style("text"))
            paragraph += len(visible)
        return blocks

    def _blocks(self, children: Iterable[Node | str], style: str) -> list[Node]:
        """Blocks for whatever an element holds; what stands loose between blocks becomes a paragraph of this style."""
        blocks: list[Node] = []
        for run in _runs(children):
            match run:
                case [Node() as block] if not _is_loose(block):
                    blocks += self._block(block, style)
                case _:
                    blocks += self._paragraph(run, style)
        return blocks

    def _paragraph(self, children: list[Node | str], style: str) -> list[Node]:
        inline = [*self._inline(children)]
        is_empty = all(isinstance(child, str) and not child.strip() for child in inline)
        return [] if is_empty else [Node("p", {"style": style}, inline)]

    def _block(self, node: Node, style: str) -> list[Node]:
        match node.tag:
            case "h2" | "h3" | "h4" if not _holds_blocks(node):
                tag, role = _HEADS[node.tag]
                return [self.element(tag, role, *self._inline(node.children))]
            case "ul" | "ol":
                return self._list(node, 0)
            case "blockquote":
                quoted = self._blocks(node.children, self.look.style("quoted"))
                return [self.element("blockquote", "quote", *quoted)]
            case "table":
                return [self._table(node)]
            case "figure":
                return self._figure(node)
            case "figcaption":
                return self._blocks(node.children, self.look.style("caption"))
            case "hr":
                return [self.element("hr", "rule")]
        return self._blocks(node.children, style)

    def _figure(self, node: Node) -> list[Node]:
        """A figure; its caption stays where it is: above a table, below a picture."""
        centred = "margin:0;text-align:center"
        blocks: list[Node] = []
        run: list[Node | str] = []
        for child in node.children:
            if isinstance(child, Node) and child.tag == "figcaption":
                blocks += [*self._blocks(run, centred), *self._block(child, "")]
                run = []
            else:
                run.append(child)
        blocks += self._blocks(run, centred)
        return [self.element("section", "figure", *blocks)] if blocks else []

    # --- Lists -----------------------------------------------------------------------------------------

    def _list(self, node: Node, level: int) -> list[Node]:
        start = node.attrs.get("start", "1")
        number = int(start) if start.isdecimal() and len(start) < 6 else 1
        blocks: list[Node] = []
        for child in node.children:
            if isinstance(child, Node) and child.tag == "li":
                marker = f"{number}." if node.tag == "ol" else _BULLETS[min(level, len(_BULLETS) - 1)]
                blocks += self._item(child, f"{marker}\u2002", level)
                number += 1
            else:
                blocks += self._in_item(child, level)
        return blocks

    def _item(self, node: Node, marker: str, level: int) -> list[Node]:
        """An item: its marker stands in its first paragraph, or alone when it begins with something else."""
        blocks: list[Node] = []
        run: list[Node | str] = []
        for child in node.children:
            if isinstance(child, Node) and child.tag in ("ul", "ol"):
                blocks += self._blocks(run, self.look.item(level, is_first=False))
                run = []
                blocks += self._list(child, level + 1)
            else:
                run.append(child)
        blocks += self._blocks(run, self.look.item(level, is_first=False))
        first = self.look.item(level, is_first=True)
        if (
            blocks
            and blocks[0].tag == "p"
            and blocks[0].attrs["style"] == self.look.item(level, is_first=False)
        ):
            blocks[0] = Node("p", {"style": first}, [marker, *blocks[0].children])
        else:
            blocks.insert(0, Node("p", {"style": first}, [marker]))
        return blocks

    def _in_item(self, child: Node | str, level: int) -> list[Node]:
        if isinstance(child, Node) and child.tag in ("ul", "ol"):
            return self._list(child, level + 1)
        return self._blocks([child], self.look.item(level, is_first=False))

    # --- Tables ----------------------------------------------------------------------------------------

    def _table(self, node: Node) -> Node:
        columns = max((_columns(row) for row in node.find("tr")), default=0)
        if columns >= WIDE_FROM:
            self._remark("wide-table", f"{columns} 列")
        table = Node("table", {"style": self.look.table(columns)}, [*self._rows(node)])
        return self.element("section", "table-frame", table)

    def _rows(self, node: Node) -> Iterator[Node]:
        for child in node.children:
            if isinstance(child, str):
                continue  # between cells there is only white space: `body.allowed` sees to it
            if child.tag in _PARTS:
                yield Node(child.tag, {}, [*self._rows(child)])
            else:
                yield self._cell(child)

    def _cell(self, node: Node) -> Node:
        role = "head-cell" if node.tag == "th" else "cell"
        spans = {name: value for name, value in node.attrs.items() if name in ("colspan", "rowspan")}
        blocks = self._blocks(node.children, self.look.style("in-cell"))
        children: list[Node | str] = [*blocks]
        if len(blocks) == 1 and blocks[0].tag == "p":
            children = blocks[0].children
        return Node(node.tag, {**spans, "style": self.look.style(role)}, children)

    # --- What stands in a line -------------------------------------------------------------------------

    def _inline(self, children: Iterable[Node | str]) -> Iterator[Node | str]:
        for child in children:
            if isinstance(child, str):
                yield child
            elif child.tag == "img":
                yield from self._image(child)
            elif child.tag == "a":
                yield from self._link(child)
            elif child.tag == "br":
                yield Node("br")
            else:
                tag = _SAME.get(child.tag, child.tag)
                yield self.element(tag, tag, *self._inline(child.children))

    def _image(self, node: Node) -> Iterator[Node]:
        picture = self.pictures.get(node.attrs.get("src", ""))
        alt = node.attrs.get("alt", "")
        if picture is None:
            self._remark("picture-missing", alt)
            return
        width = node.attrs.get("width", "")
        if width.isdecimal() and len(width) < 6 and int(width) < min(picture.width, PHONE_WIDTH):
            self._remark("picture-wider", alt)
        self.shown_pictures.append(picture)
        yield Node("img", {"src": picture.address, "alt": alt, "style": self.look.style("picture")})

    def _link(self, node: Node) -> Iterator[Node | str]:
        address = node.attrs.get("href", "")
        if not address or address.startswith("#"):
            if address:
                self._remark("link-in-page", shown(node))
            yield from self._inline(node.children)
            return
        yield from self.link(address, shown(node), [*self._inline(node.children)])

    def link(self, address: str, label: str, children: list[Node | str]) -> list[Node | str]:
        """The words of a link, and the number of its note; without one where the words are the address."""
        full = self._full(address)
        if _host(full) == WECHAT_HOST:
            link = self.element("a", "link", *children)
            link.attrs["href"] = full
            return [link]
        if _bare(label) == _bare(full):
            return children
        number, _ = self.notes.setdefault(full, (len(self.notes) + 1, label))
        return [*children, self.element("sup", "mark", f"[{number}]")]

    def footnotes(self) -> list[Node]:
        """The notes that the numbers of links stand for."""
        if not self.notes:
            return []
        lines = [
            self.element("p", "note", f"[{number}] {_short(label)}{address}")
            for address, (number, label) in self.notes.items()
        ]
        return [self.element("section", "notes", self.element("p", "notes-head", "文中链接"), *lines)]

    def _full(self, address: str) -> str:
        try:
            return urljoin(self.base, address).removeprefix("mailto:")
        except ValueError:  # no address at all, like http://[
            return address

    def _remark(self, kind: str, about: str = "") -> None:
        self.remarks.append(Remark(kind, self.place, about))


def _runs(children: Iterable[Node | str]) -> Iterator[list[Node | str]]:
    """Each block by itself, and together what stands loose between two."""
    for is_loose, run in groupby(children, key=_is_loose):
        if is_loose:
            yield [*run]
        else:
            yield from ([block] for block in run)


def _is_loose(child: Node | str) -> bool:
    return isinstance(child, str) or (child.tag in INLINE and not _holds_blocks(child))


def _holds_blocks(node: Node) -> bool:
    return any(child.tag not in INLINE for child in node.find())


def _columns(row: Node) -> int:
    spans = [
        cell.attrs.get("colspan", "1")
        for cell in row.children
        if isinstance(cell, Node) and cell.tag in ("td", "th")
    ]
    return sum(int(span) if span.isdecimal() and len(span) < 4 else 1 for span in spans)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _bare(address: str) -> str:
    """An address as people write it in a text: without scheme and last slash."""
    return address.strip().removeprefix("https://").removeprefix("http://").rstrip("/")


def _short(label: str) -> str:
    words = " ".join(label.split())
    if not words:
        return ""
    return f"{words if len(words) <= _LONGEST_LABEL else words[:_LONGEST_LABEL] + '…'}："
