"""HTML (a saved page, what Word and Markdown were turned into) → lines for the parser. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.body import allowed, is_safe_address, shown
from archive.characters import without_invisible
from archive.parsing import Line, ParseWarning
from archive.reading.data_addresses import bitmap_in, data_address
from archive.reading.result import Reading
from archive.refusal import ImportRefused
from archive.richtext import Node, parse, to_html

MAX_MARKUP = 2 * 1024**2
BLOCK_TAGS = frozenset(
    "p h1 h2 h3 h4 h5 h6 div section article main header footer aside nav center address pre dl dt dd".split()
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}charset\s{0,20}=\s{0,20}["']?([\w-]+)|<\?xml[^>]{0,100}encoding=["']([\w-]+)""",
    re.IGNORECASE,
)
_KEPT_BLOCKS = frozenset(
    "ul ol li table caption thead tbody tfoot tr th td blockquote figure figcaption".split()
)
_PARAGRAPHS = BLOCK_TAGS | _KEPT_BLOCKS
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_BREAK_IN_CHINESE = re.compile(rf"(?<=[{_CHINESE}])[ \t\r\f]*\n[ \t\r\n\f]*(?=[{_CHINESE}])")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_DATA = re.compile(r"""(["'])\s*data:.*?\1|=\s*data:[^\s>]*""", re.IGNORECASE | re.DOTALL)
"""What may be the address of an image: before a page is read, all this is left out of its size, then what was one."""
_BOLD = re.compile(r"font-weight:(?:bold|[6-9]00)")


def declared_charset(data: bytes) -> str:
    """The encoding that a page names in its first lines, empty when it names none."""
    found = _DECLARED.search(data[:4096])
    return (found[1] or found[2]).decode("ascii", "replace") if found else ""


def read_html(html: str, images: Mapping[str, bytes] | None = None) -> Reading:
    """Returns the paragraphs, lists, tables and figures of a page as lines.

    A line's number is the number of its paragraph, empty ones counted: the lines of the source are not what
    an editor sees. Images that came along (`data:`) become figures in their place; images that stay on
    another site are left out with a warning, because their host would learn who reads what. `images` are
    those that were taken out before, by the names that they have in `html`.
    """
    size = len(html.encode("utf-8", "replace"))
    _check_size(size - sum(len(found[0].encode("utf-8", "replace")) for found in _DATA.finditer(html)))
    root = parse(html)
    _check_size(size - sum(len(data_address(image.attrs)) for image in root.find("img")))
    if content := _with_id(root, "js_content"):  # a saved WeChat page: the rest is buttons
        title = _with_id(root, "activity-name")
        root = Node("", {}, [*([Node("h1", {}, [title])] if title else []), content])
    walker = _Walker(images)
    walker.walk(root)
    walker.end_line()
    return Reading(tuple(walker.lines), walker.used, tuple(walker.warnings))


def _check_size(size: int) -> None:
    if size > MAX_MARKUP:
        limit = f"最多 {MAX_MARKUP // 1024**2} MB"
        raise ImportRefused(f"网页代码有 {size / 1024**2:.1f} MB（图片不算），{limit}。请只保留正文再导入")


def _with_id(root: Node, name: str) -> Node | None:
    return next((node for node in root.find() if node.attrs.get("id") == name), None)


def collapse(text: str) -> str:
    """White space as a browser shows it; a line break between two Chinese characters is none.

    >>> collapse("先进\\n  封装 and\\n more")
    '先进封装 and more'
    """
    return _SPACES.sub(" ", _BREAK_IN_CHINESE.sub("", text))


@dataclass(slots=True)
class _Found:
    """A line on its way: `<tag>inner</tag>`, or what stands in `inner` when it is a block kept whole."""

    number: int
    text: str
    tag: str
    inner: str
    level: int
    is_bold: bool


class _Walker:
    """Goes through the tree once and writes a line for each paragraph that it comes past."""

    def __init__(self, images: Mapping[str, bytes] | None) -> None:
        self.warnings: list[ParseWarning] = []
        self.used: dict[str, bytes] = {}
        self._found: list[_Found] = []
        self._images = images or {}
        self._may_hold_images = images is None
        self._number = 0
        self._list_number = 0
        self._open = [Node("")]
        """The paragraph so far, and the formatting that is open in it."""
        self._text: list[str] = []
        self._bold = 0
        self._has_plain = False
        self._level = 0

    @property
    def lines(self) -> Iterator[Line]:
        return (
            Line(found.number, found.text, _enclosed(found.tag, found.inner), found.level, found.is_bold)
            for found in self._found
        )

    def walk(self, node: Node) -> None:
        for child in node.children:
            if isinstance(child, str):
                self._add_text(child)
            else:
                self._element(child)

    def _element(self, node: Node) -> None:
        if node.tag == "br":
            if not self.end_line():
                self._number += 1
        elif node.tag == "hr":
            self.end_line()
        elif node.tag == "img":
            self._figure(node, None)
        elif node.tag == "figure" and (image := next(node.find("img"), None)):
            self._figure(image, next(node.find("figcaption"), None))
        elif node.tag in ("ul", "ol"):
            self._list(node)
        elif node.tag in ("table", "blockquote") and not _is_layout(node):
            self._block(node)
        elif node.tag in _PARAGRAPHS:
            self._paragraph(node)
        else:
            self._formatted(node)

    def _paragraph(self, node: Node) -> None:
        self.end_line()
        before, level = self._number, self._level
        self._level = _HEADINGS.get(node.tag, level)
        self._bold += _is_bold(node)
        self.walk(node)
        self.end_line()
        self._bold -= _is_bold(node)
        self._level = level
        if self._number == before and (node.tag == "p" or self._level):
            self._number += 1  # an empty paragraph: the gap that the reader sees

    def _formatted(self, node: Node) -> None:
        kept = _inline(node)
        self._bold += _is_bold(node)
        if kept:
            self._open[-1].children.append(kept)
            self._open.append(kept)
        self.walk(node)
        if kept:
            self._open.pop()
        self._bold -= _is_bold(node)

    def _add_text(self, text: str) -> None:
        shown = collapse(text)
        self._open[-1].children.append(shown)
        self._text.append(shown)
        if without_invisible(shown).strip() and not self._bold:
            self._has_plain = True

    def end_line(self) -> bool:
        """Writes down the paragraph so far, and starts the next one with the formatting still open."""
        text = without_invisible("".join(self._text)).strip()
        paragraph, *formatting = self._open
        if text:
            tag = f"h{self._level}" if self._level else "p"
            _drop_empty(paragraph)
            self._add(text, tag, paragraph, is_bold=not self._has_plain)
        self._open = [Node(""), *(Node(node.tag, node.attrs) for node in formatting)]
        for outer, inner in zip(self._open, self._open[1:], strict=False):
            outer.children.append(inner)
        self._text, self._has_plain = [], False
        return bool(text)

    def _add(self, text: str, tag: str, node: Node, *, is_bold: bool = False) -> None:
        self._number += 1
        level = _HEADINGS.get(tag, 0)
        self._found.append(_Found(self._number, text, tag, to_html(node).strip(), level, is_bold))

    # --- Lists, tables, figures ------------------------------------------------------------------------

    def _list(self, node: Node) -> None:
        items = [child for child in node.children if isinstance(child, Node) and child.tag == "li"]
        if len(items) == 1 and not any(items[0].find("ul", "ol")):
            self._single_item(node, items[0])
        elif any(any(item.find("h1", "h2", "h3")) or len([*item.find("p")]) > 2 for item in items):
            self._paragraph(node)  # a list that lays out whole articles
        else:
            self._block(node)

    def _single_item(self, node: Node, item: Node) -> None:
        """A numbered heading looks like this in Word: a list of one, and each list counts on from the last."""
        if node.tag == "ol":
            start = node.attrs.get("start", "")
            is_number = start.isascii() and start.isdecimal() and len(start) <= 4
            self._list_number = int(start) if is_number else self._list_number + 1
        self.end_line()
        before = len(self._found)
        self._paragraph(item)
        if len(self._found) == before + 1 and "<figure" not in (found := self._found[-1]).inner:
            attrs = ""
            if node.tag == "ol":
                attrs = "" if self._list_number == 1 else f' start="{self._list_number}"'
                found.text = f"{self._list_number}. {found.text}"
            found.tag, found.inner = "", f"<{node.tag}{attrs}><li>{found.inner}</li></{node.tag}>"

    def _block(self, node: Node) -> None:
        """A list, table or quotation, kept whole."""
        self.end_line()
        for image in node.find("img"):
            if not self._take_image(image):
                image.attrs.pop("src", None)
        block = _block(node)
        text = _text(block)
        if text or any(block.find("img")):
            self._add(text, "", allowed(block))

    def _figure(self, image: Node, caption: Node | None) -> None:
        self.end_line()
        level, self._level = self._level, 0
        if self._take_image(image):
            alt = collapse(image.attrs.get("alt", "")).strip()[:300]
            figure = Node("figure", {}, [Node("img", {"src": image.attrs["src"], "alt": alt})])
            text = _text(_block(caption)) if caption else ""
            if caption:
                figure.children.append(Node("figcaption", {}, [text]))
            self._add(text, "", figure)
        elif caption:
            self.walk(caption)
            self.end_line()
        self._level = level

    def _take_image(self, image: Node) -> bool:
        """Whether the image came along; when not, says so."""
        remote = image.attrs.get("data-src", "")
        source = image.attrs.get("src", "")
        if not remote and source in self._images:
            self.used[source] = self._images[source]
            return True
        if self._may_hold_images and not remote and (bitmap := bitmap_in(data_address(image.attrs))):
            image.attrs["src"] = f"figure:{len(self.used)}"
            self.used[image.attrs["src"]] = bitmap
            return True
        line = self._number + 1
        if not remote and (source.startswith("figure:") or data_address(image.attrs)):
            code, message = (
                "figure-unsupported",
                "这张图不是 PNG、JPEG、WebP 或 GIF，没有导入。请在原文里换成 PNG 图片，再导入一次。",
            )
        else:
            host = _host(remote or source)
            where = f"在别的网站上（{host}）" if host else "不在这个文件里"
            code, message = "figure-remote", f"这张图{where}，没有导入。请把图片放进 Word 文件，再导入一次。"
        self.warnings.append(ParseWarning(line, code, message))
        return False


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


# --- What an element means -------------------------------------------------------------------------------


def _is_bold(node: Node) -> bool:
    style = "".join(node.attrs.get("style", "").lower().split())
    return node.tag in ("b", "strong") or _BOLD.search(style) is not None


def _inline(node: Node) -> Node | None:
    """An empty element that keeps what this inline one means, bold or a link; None when it is only dress."""
    if node.tag == "a":
        href = node.attrs.get("href", "")
        leads_out = href.startswith(("http://", "https://", "mailto:")) and is_safe_address(href)
        return Node("a", {"href": href}) if leads_out else None
    if node.tag in ("em", "i", "sub", "sup"):
        return Node(node.tag)
    return Node("strong") if _is_bold(node) else None


def _is_layout(node: Node) -> bool:
    """Whether a table or quotation only puts a page together: headings in it, one cell, many paragraphs."""
    if any(node.find("table", "h1", "h2", "h3")):
        return True
    if node.tag == "blockquote":
        return len([*node.find("p")]) > 10
    cells = [*node.find("td", "th")]
    return len(cells) <= 1 or any(len([*cell.find("p")]) > 4 for cell in cells)


def _enclosed(tag: str, inner: str) -> str:
    return f"<{tag}>{inner}</{tag}>" if tag else inner


def _drop_empty(node: Node) -> None:
    """Takes out formatting that holds nothing: `<strong></strong>` left where a line was broken."""
    children: list[Node | str] = []
    for child in node.children:
        if isinstance(child, Node) and child.tag != "br":
            _drop_empty(child)
            if all(isinstance(inner, str) and not inner.strip() for inner in child.children):
                children += child.children
                continue
        children.append(child)
    node.children = children


def _text(block: Node) -> str:
    """What a reader sees of a block, on one line; words of two cells or items never run together."""
    return " ".join(shown(block).split())


def _block(node: Node) -> Node:
    """A list, table or quotation in the elements that a body may hold; paragraphs within it become lines."""
    _put_block(node, into := Node(""))
    return into


def _put_block(node: Node, into: Node) -> None:
    if node.tag in ("br", "img"):
        if node.tag == "br" or node.attrs.get("src"):
            names = ("src", "alt") if node.tag == "img" else ()
            into.children.append(Node(node.tag, {name: node.attrs.get(name, "") for name in names}))
        return
    copy: Node | None = Node(node.tag, node.attrs) if node.tag in _KEPT_BLOCKS else None
    if not copy and node.tag not in BLOCK_TAGS:
        copy = _inline(node)
    if copy:
        into.children.append(copy)
    place = copy or into
    has_content = False
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
        return node.tag in _PARAGRAPHS
    child = node.children[at]
    return isinstance(child, Node) and (child.tag in _PARAGRAPHS or child.tag == "br")
