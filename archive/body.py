"""The body of an article: clean rich text, and the blocks (paragraphs, lists, tables, figures) it is made of.

A body is HTML that went through `clean`. Nothing else may be stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from html.parser import HTMLParser
from itertools import groupby
from urllib.parse import urljoin

import nh3
from django.utils.safestring import SafeString, mark_safe

from archive.parsing.document import Line
from archive.subheads import subhead_levels

ALLOWED_TAGS = frozenset(
    "p h2 h3 h4 ul ol li blockquote strong b em i sub sup br a table caption thead tbody tr th td "
    "figure figcaption img hr".split()
)
ALLOWED_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}
MAX_ENTITIES = 100_000
"""How many `&` to give the sanitiser at most: its time grows with the square of their number (0.5 s for these)."""
VOID_TAGS = frozenset({"br", "hr", "img"})
LINE_TAGS = frozenset("p h2 h3 h4 li tr caption figcaption blockquote br hr table figure ul ol".split())
"""Tags that end a line of visible text: words on both sides of one never run together."""
_IMAGE_WITHOUT_SOURCE = re.compile(r'<img(?: (?:alt|width|height)="[^"]*")*>')
_EMPTY_FIGURE = re.compile(r"<figure>\s*</figure>")
_HEADING = re.compile(r"<h([1-6])>(.*)</h\1>", re.DOTALL)
_PLAIN_BLOCK = re.compile(r"<(p|h[34])>([^<]*)</\1>\s*")
_NUMBERED = re.compile(r'<ol(?: start="(\d{1,4})")?><li>((?:(?!<li>).)*)</li></ol>', re.DOTALL)
"""A list of one item."""


@dataclass(frozen=True, slots=True)
class Block:
    """One top-level element of a body.

    `anchor` is its address within the article's page (`p3`), `text` what a reader sees of it, with a line
    for each line (list items, table rows).
    """

    anchor: str
    tag: str
    html: SafeString
    text: str


_TABLE = r"<table>(?:(?!</table>).)*</table>"
_ONE_WRITING = [
    (re.compile(r"<(/?)b>"), r"<\1strong>"),
    (re.compile(r"<(/?)i>"), r"<\1em>"),
    (re.compile(r"<(/?)h2>"), r"<\1h3>"),
    (re.compile(rf"<figure>\s*({_TABLE})\s*</figure>", re.DOTALL), r"\1"),
    (
        re.compile(rf"<figure>\s*({_TABLE})\s*<figcaption>(.*?)</figcaption>\s*</figure>", re.DOTALL),
        r"\1<p>\2</p>",
    ),
    (re.compile(r"<table>\s*<caption>(.*?)</caption>", re.DOTALL), r"<p>\1</p><table>"),
]
"""Rewritings of what nh3 returns: its tags are well-formed, and these have no attributes."""


def clean(html: str) -> str:
    """Returns `html` with only what a body may hold; scripts and styles go with their content.

    >>> clean('<p onclick="x()">昇腾<b>910C</b><script>x()</script></p>')
    '<p>昇腾<strong>910C</strong></p>'

    What has two writings gets the one that the body editor writes; what the editor can not hold becomes what it
    can: the caption of a table is a paragraph before it, or an edit would turn it into a row. An image stays
    only when it is a figure of ours: a remote one would tell its host who reads what.
    nh3 (the Rust crate ammonia) does the work.
    """
    cleaned = nh3.clean(
        html,
        tags=set(ALLOWED_TAGS),
        attributes={tag: set(names) for tag, names in ALLOWED_ATTRIBUTES.items()},
        attribute_filter=_keep_own_images,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )
    for pattern, replacement in _ONE_WRITING:
        cleaned = pattern.sub(replacement, cleaned)
    return _EMPTY_FIGURE.sub("", _IMAGE_WITHOUT_SOURCE.sub("", cleaned))


def from_text(lines: Iterable[str]) -> str:
    """Returns the body for plain text: a paragraph a line, subheads where the text clearly has some.

    >>> from_text(["带宽 < 2TB", "", "量产"])
    '<p>带宽 &lt; 2TB</p>\\n<p>量产</p>'
    """
    shown = [line.strip() for line in lines if line.strip()]
    levels = subhead_levels(shown)
    return "\n".join(
        _element(f"h{level}" if level else "p", escape(line, quote=False))
        for line, level in zip(shown, levels, strict=True)
    )


def from_lines(lines: Sequence[Line]) -> str:
    """Returns the body for lines of which some are rich text; it still has to be cleaned.

    Heading levels of the source become h3 and h4 (an article's title stands above them), and lists that were
    read item by item become one list again.
    """
    levels = sorted({line.level for line in lines if line.level})
    pieces: list[str] = []
    for is_rich, run in groupby(lines, key=lambda line: line.html is not None):
        if is_rich:
            pieces.extend(_with_heading_level(line, levels) for line in run)
        else:
            pieces.append(from_text(line.text for line in run))
    return "\n".join(_join_bulleted(_join_numbered(pieces)))


def _with_heading_level(line: Line, levels: list[int]) -> str:
    html = line.html or ""
    found = _HEADING.fullmatch(html)
    if not (found and line.level):
        return html
    return _element("h3" if line.level == levels[0] else "h4", found[2])


def _join_bulleted(pieces: Iterable[str]) -> list[str]:
    joined: list[str] = []
    for piece in pieces:
        if joined and joined[-1].startswith("<ul>") and piece.startswith("<ul>"):
            joined[-1] = joined[-1].removesuffix("</ul>") + piece.removeprefix("<ul>")
        else:
            joined.append(piece)
    return joined


def _join_numbered(pieces: list[str]) -> Iterator[str]:
    """Joins `<ol>1</ol> <ol start=2>2</ol>`; a numbered paragraph that stands alone stays a paragraph."""
    run: list[tuple[int, str]] = []
    for piece in [*pieces, ""]:
        found = _NUMBERED.fullmatch(piece)
        number = int(found[1] or 1) if found else 0
        if run and not (found and number == run[-1][0] + 1):
            yield _numbered(run)
            run = []
        if found:
            run.append((number, found[2]))
        elif piece:
            yield piece


def _numbered(run: list[tuple[int, str]]) -> str:
    first, text = run[0]
    if len(run) == 1:
        return _element("p", f"{first}. {text}")
    start = "" if first == 1 else f' start="{first}"'
    return f"<ol{start}>" + "".join(_element("li", item) for _, item in run) + "</ol>"


def _element(tag: str, inner: str) -> str:
    return f"<{tag}>{inner}</{tag}>"


def blocks_of(body: str) -> list[Block]:
    """Returns the top-level elements of a stored body, in order."""
    return list(_blocks_of(body))


def text_of(body: str) -> str:
    """Returns the text of a stored body, a line a paragraph: what a JSON week calls its body.

    >>> text_of("<h3>背景</h3><p>带宽 &lt; <strong>2TB</strong></p>")
    '背景\\n带宽 < 2TB'
    """
    return "\n".join(block.text for block in blocks_of(body) if block.text)


@lru_cache(maxsize=256)  # a page of results reads twenty bodies, and the next page often the same
def _blocks_of(body: str) -> tuple[Block, ...]:
    return _plain_blocks(body) or _read_blocks(body)


def _plain_blocks(body: str) -> tuple[Block, ...]:
    """The blocks of a body that is paragraphs of plain text, as most are; none when it is anything else.

    The same as `_read_blocks` in a tenth of its time: a page of results reads twenty bodies.
    """
    blocks: list[Block] = []
    position = 0
    while found := _PLAIN_BLOCK.match(body, position):
        tag, text = found[1], unescape(found[2])
        html = _element(tag, escape(text, quote=False))
        # Safe: the body went through clean() before it was stored, and its text was escaped here.
        blocks.append(Block(f"p{len(blocks) + 1}", tag, mark_safe(html), text.replace("\n", " ").strip()))  # noqa: S308
        position = found.end()
    return tuple(blocks) if position == len(body) else ()


def _read_blocks(body: str) -> tuple[Block, ...]:
    reader = _BlockReader()
    reader.feed(body)
    reader.close()
    return tuple(reader.finish())


_TAG_WITH_ADDRESS = re.compile(r'<(?:a|img)(?: [a-z]+="[^"]*")*>')
_ADDRESS = re.compile(r' (href|src)="([^"]*)"')


def with_absolute_addresses(body: str, base: str) -> str:
    """Returns a clean body with the full address of every link and figure, to be read elsewhere than on its page.

    >>> with_absolute_addresses('<p>图见 src="/x"：<img src="/figures/3/" alt=""></p>', "https://example.org/articles/4/")
    '<p>图见 src="/x"：<img src="https://example.org/figures/3/" alt=""></p>'
    """

    def address(found: re.Match[str]) -> str:
        try:
            full = urljoin(base, unescape(found[2]))
        except ValueError:  # no address at all, like http://[
            return found[0]
        return f' {found[1]}="{escape(full)}"'

    return _TAG_WITH_ADDRESS.sub(lambda tag: _ADDRESS.sub(address, tag[0]), body)


def _keep_own_images(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src") and not value.startswith("/figures/"):
        return None
    return value


class _BlockReader(HTMLParser):
    """Cuts a clean body into its top-level elements; loose text becomes a paragraph of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[Block] = []
        self._open: list[str] = []
        self._html: list[str] = []
        self._text: list[str] = []
        self._tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._open:
            self._end_block()
            self._tag = tag
        if tag in LINE_TAGS:
            self._text.append("\n")
        elif tag in ("td", "th"):
            self._text.append(" ")
        self._html.append(self.get_starttag_text() or "")
        if tag not in VOID_TAGS:
            self._open.append(tag)
        elif not self._open:
            self._end_block()

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        while self._open.pop() != tag:
            pass
        self._html.append(f"</{tag}>")
        if tag in LINE_TAGS:
            self._text.append("\n")
        if not self._open:
            self._end_block()

    def handle_data(self, data: str) -> None:
        if not self._open and not self._html and not data.strip():
            return
        self._html.append(escape(data, quote=False))
        self._text.append(data.replace("\n", " "))

    def _end_block(self) -> None:
        html = "".join(self._html).strip()
        if html:
            text = "\n".join(
                line for line in (part.strip() for part in "".join(self._text).split("\n")) if line
            )
            if not self._tag:
                html = f"<p>{html}</p>"
            anchor = f"p{len(self._blocks) + 1}"
            # Safe: the body went through clean() before it was stored.
            self._blocks.append(Block(anchor, self._tag or "p", mark_safe(html), text))  # noqa: S308
        self._html, self._text, self._tag = [], [], ""

    def finish(self) -> list[Block]:
        self._end_block()
        return self._blocks
