"""HTML (a saved page, what Word and Markdown were turned into) → lines for the parser. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from archive.body import allowed
from archive.characters import without_invisible
from archive.parsing import Line, ParseWarning, Reading
from archive.reading.captions import join_captions
from archive.reading.data_addresses import address_of, bitmap_in, data_address, is_dot
from archive.reading.layout_tables import is_in_tables, opened
from archive.reading.list_labels import Label, label_of, label_word_lists, labelled
from archive.reading.markup import (
    BLOCK_TAGS,
    KEPT_BLOCKS,
    PARAGRAPHS,
    collapse,
    drop_empty,
    inline,
    is_bold,
    kept_block,
    words_of,
)
from archive.reading.page_frame import take_out_frame
from archive.reading.page_notes import NOTE, place_notes
from archive.reading.unprinted import about_left_out, count_hidden, keep_printed
from archive.refusal import ImportRefused
from archive.richtext import Node, parse, to_html

MAX_MARKUP = 2 * 1024**2
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}charset\s{0,20}=\s{0,20}["']?([\w-]+)|<\?xml[^>]{0,100}encoding=["']([\w-]+)""",
    re.IGNORECASE,
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DATA = re.compile(r"""(["'])\s*data:.*?\1|=\s*data:[^\s>]*""", re.IGNORECASE | re.DOTALL)
"""What may be the address of an image: before a page is read, all this is left out of its size, then what was one."""


def declared_charset(data: bytes) -> str:
    """The encoding that a page names in its first lines, empty when it names none."""
    found = _DECLARED.search(data[:4096])
    return (found[1] or found[2]).decode("ascii", "replace") if found else ""


def read_html(
    html: str, images: Mapping[str, bytes] | None = None, files: Mapping[str, bytes] | None = None
) -> Reading:
    """Returns the paragraphs, lists, tables and figures of a page as lines.

    A line's number is the number of its paragraph, empty ones counted: the lines of the source are not what
    an editor sees. Images that came along (`data:`) become figures in their place; images that stay on
    another site are left out with a warning, because their host would learn who reads what. `images` are
    those that were taken out before, by the names that they have in `html`; `files` those that came along with the
    page, by the addresses that it shows them from.
    """
    root = parse_page(html)
    if files:
        _put_in(root, files)
    notices = [*take_out_frame(root), *about_left_out(count_hidden(html))]
    reading = read_tree(root, images)
    return replace(reading, warnings=(*notices, *reading.warnings))


def _put_in(root: Node, files: Mapping[str, bytes]) -> None:
    """Puts the images that came along into the page."""
    for image in root.find("img"):
        addresses = image.attrs.get("src", ""), image.attrs.get("data-src", "")
        content = next((files[address] for address in addresses if address in files), b"")
        if address := address_of(content):
            image.attrs["src"] = address


def parse_page(html: str) -> Node:
    """Returns the tree of a page that is not too large: of a saved WeChat page only title and content."""
    size = len(html.encode("utf-8", "replace"))
    _check_size(size - sum(len(found[0].encode("utf-8", "replace")) for found in _DATA.finditer(html)))
    root = parse(html)
    _check_size(size - sum(len(data_address(image.attrs)) for image in root.find("img")))
    if content := _with_id(root, "js_content"):
        title = _with_id(root, "activity-name")
        root = Node("", {}, [*([Node("h1", {}, [title])] if title else []), content])
    return root


def read_tree(root: Node, images: Mapping[str, bytes] | None = None) -> Reading:
    """Returns the lines of a page that was parsed: what is not printed is left out, captions join their figures."""
    left_out = about_left_out(keep_printed(root))
    place_notes(root)
    label_word_lists(root)
    join_captions(root)
    walker = _Walker(images, may_hold_week=is_in_tables(root))
    walker.walk(root)
    walker.end_line()
    return Reading(tuple(walker.lines), walker.used, (*walker.warnings, *left_out))


def _check_size(size: int) -> None:
    if size > MAX_MARKUP:
        limit = f"最多 {MAX_MARKUP // 1024**2} MB"
        raise ImportRefused(f"网页代码有 {size / 1024**2:.1f} MB（图片不算），{limit}。请只保留正文再导入")


def _with_id(root: Node, name: str) -> Node | None:
    return next((node for node in root.find() if node.attrs.get("id") == name), None)


class _Walker:
    """Goes through the tree once and writes a line for each paragraph that it comes past."""

    def __init__(self, images: Mapping[str, bytes] | None, *, may_hold_week: bool) -> None:
        self.warnings: list[ParseWarning] = []
        self.used: dict[str, bytes] = {}
        self.lines: list[Line] = []
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
        self._may_hold_week = may_hold_week
        self._label: Label | None = None

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
        elif node.tag == "table":
            self._table(node)
        elif node.tag == "blockquote" and not _is_layout(node):
            self._block(node)
        elif node.tag in PARAGRAPHS:
            self._paragraph(node)
        else:
            self._formatted(node)

    def _paragraph(self, node: Node) -> None:
        self.end_line()
        before, level = self._number, self._level
        self._level = _HEADINGS.get(node.tag, level)
        self._bold += is_bold(node)
        self._label = label_of(node) or self._label
        self.walk(node)
        self.end_line()
        self._label = None if label_of(node) else self._label
        self._bold -= is_bold(node)
        self._level = level
        if self._number == before and (node.tag == "p" or self._level):
            self._number += 1  # an empty paragraph: the gap that the reader sees

    def _formatted(self, node: Node) -> None:
        kept = inline(node)
        self._bold += is_bold(node)
        if kept:
            self._open[-1].children.append(kept)
            self._open.append(kept)
        said = len(self._text)
        self.walk(node)
        if node.attrs.get("class") == NOTE:  # the mark of a footnote is no part of a title
            del self._text[said:]
        if kept:
            self._open.pop()
        self._bold -= is_bold(node)

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
            drop_empty(paragraph)
            self._add(text, tag, paragraph, is_bold=not self._has_plain)
            if self._label:
                self.lines[-1] = labelled(self.lines[-1], self._label)
                self._label = None
        self._open = [Node(""), *(Node(node.tag, node.attrs) for node in formatting)]
        for outer, inner in zip(self._open, self._open[1:], strict=False):
            outer.children.append(inner)
        self._text, self._has_plain = [], False
        return bool(text)

    def _add(self, text: str, tag: str, node: Node, *, is_bold: bool = False) -> None:
        self._number += 1
        html = _enclosed(tag, to_html(node).strip())
        self.lines.append(Line(self._number, text, html, _HEADINGS.get(tag, 0), is_bold))

    # --- Lists, tables, figures ------------------------------------------------------------------------

    def _list(self, node: Node) -> None:
        items = [child for child in node.children if isinstance(child, Node) and child.tag == "li"]
        is_long = any(_is_titled(item) and not _is_plain(item) for item in items)
        if len(items) == 1 and not is_long and not any(items[0].find("ul", "ol")):
            self._single_item(node, items[0])
        elif any(any(item.find("h1", "h2", "h3")) or len([*item.find("p")]) > 2 for item in items):
            self._paragraph(node)  # a list that lays out whole articles
        elif items and (all(map(_is_plain, items)) or all(map(_is_titled, items))):
            self._items(node, items)
        else:
            self._block(node)

    def _items(self, node: Node, items: list[Node]) -> None:
        """A line for each item, as in Markdown: only the parser can tell whether each is an article."""
        start = node.attrs.get("start", "")
        first = int(start) if start.isascii() and start.isdecimal() and len(start) <= 4 else 1
        for number, item in enumerate(items, start=first):
            attrs = {"start": str(number)} if node.tag == "ol" and number > 1 else {}
            before = len(self.lines)
            self._block(Node(node.tag, attrs, [item]))
            if len(self.lines) > before:
                mark = f"{number}. " if node.tag == "ol" else "- "
                self.lines[-1] = replace(self.lines[-1], text=mark + self.lines[-1].text)
        self._list_number = first + len(items) - 1 if node.tag == "ol" else self._list_number

    def _single_item(self, node: Node, item: Node) -> None:
        """A numbered heading looks like this in Word: a list of one, and each list counts on from the last."""
        if node.tag == "ol":
            start = node.attrs.get("start", "")
            is_number = start.isascii() and start.isdecimal() and len(start) <= 4
            self._list_number = int(start) if is_number else self._list_number + 1
        self.end_line()
        before = len(self.lines)
        self._paragraph(item)
        if len(self.lines) == before + 1 and "<figure" not in (html := self.lines[-1].html or ""):
            line, attrs, number = self.lines.pop(), "", ""
            if node.tag == "ol":
                attrs = "" if self._list_number == 1 else f' start="{self._list_number}"'
                number = f"{self._list_number}. "
            tag = f"h{line.level}" if line.level else "p"
            if html.startswith(f"<{tag}>") and html.endswith(f"</{tag}>"):  # no block kept whole
                html = html[len(tag) + 2 : -len(tag) - 3]
            whole = f"<{node.tag}{attrs}><li>{html}</li></{node.tag}>"
            self.lines.append(replace(line, text=f"{number}{line.text}", html=whole))

    def _table(self, table: Node) -> None:
        paragraphs = opened(table, may_be_week=self._may_hold_week)
        if paragraphs is None:
            self._block(table)
        else:
            self.end_line()
            self.walk(paragraphs)
            self.end_line()

    def _block(self, node: Node) -> None:
        """A list, table or quotation, kept whole."""
        self.end_line()
        for image in node.find("img"):
            if not self._take_image(image):
                image.attrs.pop("src", None)
        block = kept_block(node)
        text = words_of(block)
        if text or any(block.find("img")):
            self._add(text, "", allowed(block))

    def _figure(self, image: Node, caption: Node | None) -> None:
        self.end_line()
        level, self._level = self._level, 0
        if self._take_image(image):
            alt = collapse(image.attrs.get("alt", "")).strip()[:300]
            figure = Node("figure", {}, [Node("img", {"src": image.attrs["src"], "alt": alt})])
            text = words_of(kept_block(caption)) if caption else ""
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
        bitmap = bitmap_in(data_address(image.attrs)) if self._may_hold_images else b""
        if bitmap and not (remote and is_dot(bitmap)):
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


def _is_plain(item: Node) -> bool:
    """Whether a list item is one line of text."""
    said = [child for child in item.children if not isinstance(child, str) or child.strip()]
    has_blocks = any(isinstance(child, Node) and child.tag in BLOCK_TAGS for child in said)
    is_one = len([*item.find("p", "div")]) < 2 and not (has_blocks and len(said) > 1)
    return is_one and not any(item.find(*KEPT_BLOCKS, "img", "br"))


def _is_titled(item: Node) -> bool:
    """Whether a list item begins with a link or with bold words, as the items of a list of news do."""
    first = next((child for child in item.children if not isinstance(child, str) or child.strip()), None)
    while isinstance(first, Node) and first.tag in ("p", "div", "span", "section"):
        first = next((child for child in first.children if not isinstance(child, str) or child.strip()), None)
    return (
        isinstance(first, Node) and (first.tag == "a" or is_bold(first)) and bool(words_of(kept_block(first)))
    )


# --- What an element means -------------------------------------------------------------------------------


def _is_layout(quotation: Node) -> bool:
    """Whether a quotation only puts a page together: tables or headings in it, many paragraphs."""
    return any(quotation.find("table", "h1", "h2", "h3")) or len([*quotation.find("p")]) > 10


def _enclosed(tag: str, inner: str) -> str:
    return f"<{tag}>{inner}</{tag}>" if tag else inner
