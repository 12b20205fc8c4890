"""HTML (a saved page, what Word and Markdown were turned into) → lines for the parser. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from urllib.parse import urlsplit

from archive.characters import without_invisible
from archive.parsing import Line, ParseWarning
from archive.reading.markup import BLOCK_TAGS, sanitise, take_out_images
from archive.reading.result import Reading
from archive.reading.tree import Node, block_html, collapse, end_tag, inline_tags, parse_tree

_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)|<\?xml[^>]{0,100}encoding=["']([\w-]+)""", re.IGNORECASE
)
_PARAGRAPHS = BLOCK_TAGS | {"table", "caption", "tr", "td", "th", "blockquote", "figure", "figcaption", "li"}
_HEADING = re.compile(r"h[1-6]")


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
    if images is None:
        html, images = take_out_images(html)
    root = parse_tree(sanitise(html))
    if content := root.with_id("js_content"):  # a saved WeChat page: the rest is buttons
        title = root.with_id("activity-name")
        root = Node("root", {}, [*([Node("h1", {}, [title])] if title else []), content])
    walker = _Walker(images)
    walker.walk(root)
    walker.end_line()
    return Reading(tuple(walker.lines), walker.used, tuple(walker.warnings))


class _Walker:
    """Goes through the tree once and writes a line for each paragraph that it comes past."""

    def __init__(self, images: Mapping[str, bytes]) -> None:
        self.lines: list[Line] = []
        self.warnings: list[ParseWarning] = []
        self.used: dict[str, bytes] = {}
        self._images = images
        self._number = 0
        self._list_number = 0
        self._html: list[str] = []
        self._text: list[str] = []
        self._inline: list[str] = []
        self._bold = 0
        self._has_plain = False
        self._level = 0

    def walk(self, node: Node) -> None:
        for child in node.children:
            if isinstance(child, str):
                self._add_text(child)
            elif not child.is_hidden:
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
        if _HEADING.fullmatch(node.tag):
            self._level = int(node.tag[1])
        self._bold += node.is_bold
        self.walk(node)
        self.end_line()
        self._bold -= node.is_bold
        self._level = level
        if self._number == before and (node.tag == "p" or self._level):
            self._number += 1  # an empty paragraph: the gap that the reader sees

    def _formatted(self, node: Node) -> None:
        tags = inline_tags(node)
        self._bold += node.is_bold
        self._html.extend(tags)
        self._inline.extend(tags)
        self.walk(node)
        for tag in reversed(tags):
            self._inline.pop()
            self._html.append(end_tag(tag))
        self._bold -= node.is_bold

    def _add_text(self, text: str) -> None:
        shown = collapse(text)
        self._html.append(escape(shown, quote=False))
        self._text.append(shown)
        if without_invisible(shown).strip() and not self._bold:
            self._has_plain = True

    def end_line(self) -> bool:
        """Writes down the paragraph so far, and starts the next one with the formatting still open."""
        text = " ".join(without_invisible("".join(self._text)).split(" ")).strip()
        if text:
            closing = "".join(end_tag(tag) for tag in reversed(self._inline))
            inner = _trim("".join(self._html) + closing)
            tag = f"h{self._level}" if self._level else "p"
            self._add(text, f"<{tag}>{inner}</{tag}>", is_bold=not self._has_plain)
        self._html, self._text, self._has_plain = list(self._inline), [], False
        return bool(text)

    def _add(self, text: str, html: str, *, is_bold: bool = False) -> None:
        self._number += 1
        level = self._level if html.startswith("<h") else 0
        self.lines.append(Line(self._number, text, html, level, is_bold))

    # --- Lists, tables, figures ------------------------------------------------------------------------

    def _list(self, node: Node) -> None:
        children = (child for child in node.children if isinstance(child, Node))
        items = [child for child in children if child.tag == "li" and not child.is_hidden]
        if len(items) == 1 and not any(items[0].find("ul", "ol")):
            self._single_item(node, items[0])
        elif any(any(item.find("h1", "h2", "h3")) or len([*item.find("p")]) > 2 for item in items):
            self._paragraph(node)  # a list that lays out whole articles
        else:
            self._block(node)

    def _single_item(self, node: Node, item: Node) -> None:
        """A numbered heading looks like this in Word: a list of one, and each list counts on from the last."""
        if node.tag == "ol":
            start = re.fullmatch("[0-9]{1,4}", node.attrs.get("start", ""))
            self._list_number = int(start[0]) if start else self._list_number + 1
        self.end_line()
        before = len(self.lines)
        self._paragraph(item)
        if len(self.lines) == before + 1 and "<figure" not in (self.lines[-1].html or ""):
            line = self.lines[-1]
            inner = re.sub(r"^<(p|h\d)>(.*)</\1>$", r"\2", line.html or "", flags=re.DOTALL)
            number = self._list_number
            if node.tag == "ol":
                attr = "" if number == 1 else f' start="{number}"'
                html, text = f"<ol{attr}><li>{inner}</li></ol>", f"{number}. {line.text}"
            else:
                html, text = f"<ul><li>{inner}</li></ul>", line.text
            self.lines[-1] = replace(line, text=text, html=html)

    def _block(self, node: Node) -> None:
        """A list, table or quotation, kept whole."""
        self.end_line()
        for image in node.find("img"):
            if not self._take_image(image):
                image.attrs.pop("src", None)
        if node.text or any("src" in image.attrs for image in node.find("img")):
            self._add(node.text, block_html(node))

    def _figure(self, image: Node, caption: Node | None) -> None:
        self.end_line()
        level, self._level = self._level, 0
        if self._take_image(image):
            alt = escape(collapse(image.attrs.get("alt", "")).strip()[:300])
            below = f"<figcaption>{escape(caption.text, quote=False)}</figcaption>" if caption else ""
            html = f'<figure><img src="{image.attrs["src"]}" alt="{alt}">{below}</figure>'
            self._add(caption.text if caption else "", html)
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
        line = self._number + 1
        if source.startswith("figure:") and not remote:
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


def _is_layout(node: Node) -> bool:
    """Whether a table or quotation only puts a page together: headings in it, one cell, many paragraphs."""
    if any(node.find("table", "h1", "h2", "h3")):
        return True
    if node.tag == "blockquote":
        return len([*node.find("p")]) > 10
    cells = [*node.find("td", "th")]
    return len(cells) <= 1 or any(len([*cell.find("p")]) > 4 for cell in cells)


def _trim(html: str) -> str:
    """Without formatting that holds nothing: `<strong></strong>` left where a line was broken."""
    before = ""
    while before != html:
        before = html
        html = re.sub(r"<(\w+)(?: [^<>]*)?>(\s*)</\1>", r"\2", html)
    return html.strip()
