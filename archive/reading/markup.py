"""Foreign HTML → HTML that is safe to work on: of bounded size and depth, well-formed, scripts gone. Pure."""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

import nh3

from archive.body import ALLOWED_TAGS, MAX_ENTITIES
from archive.refusal import ImportRefused

MAX_MARKUP = 2 * 1024**2
MAX_DEPTH = 200

BLOCK_TAGS = frozenset(
    "p h1 h2 h3 h4 h5 h6 div section article main header footer aside nav center address pre dl dt dd".split()
)
DROPPED_WITH_CONTENT = frozenset(
    "script style title template noscript iframe object svg math textarea select button audio video".split()
)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_END_TAG_OPTIONAL = frozenset(
    "p li dt dd tr td th thead tbody tfoot option colgroup rp rt html head body".split()
)
_RAW = re.compile(r"script|style|textarea|title|xmp|iframe|noembed|noframes", re.IGNORECASE)
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*+)>""")
_TAG_START = re.compile(r"</?[a-zA-Z]")
_DATA_SOURCE = re.compile(
    r"""(?<![\w-])src\s*=\s*(?:"\s*data:([^"]*)"|'\s*data:([^']*)'|data:([^\s>"']+))""", re.IGNORECASE
)
_DATA_LINK = re.compile(r"\]\(\s*data:([^)\s]*)", re.IGNORECASE)
_BITMAP = re.compile(r"image/(?:png|jpe?g|gif|webp)\s*;", re.IGNORECASE)


def take_out_images(html: str) -> tuple[str, dict[str, bytes]]:
    """Replaces each `data:` image by a name and returns the files; of other kinds only the name stays.

    >>> take_out_images('<img src="data:image/png;base64,iVBO">')
    ('<img src="figure:0">', {'figure:0': b'\\x89PN'})
    """
    return _take_out(_DATA_SOURCE, html, 'src="{}"')


def take_out_linked_images(markdown: str) -> tuple[str, dict[str, bytes]]:
    """The same for Markdown.

    >>> take_out_linked_images('![产能](data:image/png;base64,iVBO)')
    ('![产能](figure:0)', {'figure:0': b'\\x89PN'})
    """
    return _take_out(_DATA_LINK, markdown, "]({}")


def _take_out(pattern: re.Pattern[str], text: str, written: str) -> tuple[str, dict[str, bytes]]:
    images: dict[str, bytes] = {}
    count = 0

    def name(found: re.Match[str]) -> str:
        nonlocal count
        label = f"figure:{count}"
        count += 1
        data = _bitmap(next(value for value in found.groups() if value is not None))
        if data:
            images[label] = data
        return written.format(label)

    return pattern.sub(name, text), images


def _bitmap(uri: str) -> bytes:
    head, _, content = uri.partition(",")
    if not _BITMAP.match(f"{head.strip()};"):
        return b""
    raw = unquote_to_bytes(content)
    if not head.rstrip().lower().endswith(";base64"):
        return raw
    try:
        return base64.b64decode(b"".join(raw.split()), validate=True)
    except binascii.Error:
        return b""


def sanitise(html: str) -> str:
    """Returns well-formed HTML of known tags, what marks hidden text still on it.

    Size and depth are checked first: the sanitiser needs 19 s for 100,000 nested `<div>`, and as long for a
    million `&`.
    """
    size = len(html.encode())
    if size > MAX_MARKUP:
        limit = f"最多 {MAX_MARKUP // 1024**2} MB"
        raise ImportRefused(f"网页代码有 {size / 1024**2:.1f} MB（图片不算），{limit}。请只保留正文再导入")
    if html.count("&") > MAX_ENTITIES:
        raise ImportRefused(f"网页代码里的 & 超过 {MAX_ENTITIES} 个。请把正文复制到记事本，另存后再导入")
    check_depth(html)
    return nh3.clean(
        html,
        tags=set(ALLOWED_TAGS | BLOCK_TAGS | {"span", "font", "u"}),
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        attributes={
            "*": {"style", "hidden", "id"},
            "a": {"href", "title"},
            "img": {"src", "data-src", "alt"},
            "td": {"colspan", "rowspan"},
            "th": {"colspan", "rowspan"},
            "ol": {"start"},
        },
        url_schemes={"http", "https", "mailto", "figure"},
        link_rel=None,
    )


def check_depth(html: str) -> None:
    """Refuses what nests deeper than MAX_DEPTH, in one pass and without building a tree.

    It counts what is open by name, so it also sees formatting that is never closed (`<div><b>x</div>` a
    thousand times), which makes an HTML5 parser write a thousand copies of it.
    """
    open_tags: Counter[str] = Counter()
    depth = 0
    for closing, tag, is_empty, line in _tags(html):
        if tag in _VOID or tag in _END_TAG_OPTIONAL:
            continue
        if closing:
            if open_tags[tag]:
                open_tags[tag] -= 1
                depth -= 1
        elif not (is_empty and (open_tags["svg"] or open_tags["math"])):
            open_tags[tag] += 1
            depth += 1
            if depth > MAX_DEPTH:
                raise ImportRefused(
                    f"网页代码嵌套超过 {MAX_DEPTH} 层。请把正文复制到 Word 或记事本，另存后再导入",
                    line=html.count("\n", 0, line) + 1,
                )


def _tags(html: str) -> Iterator[tuple[bool, str, bool, int]]:
    """Yields (closes, name, is self-closing, offset) of each tag; comments and scripts are stepped over."""
    place = html.find("<")
    while place >= 0:
        end = place + 1
        if html.startswith("<!--", place):
            end = html.find("-->", place + 2) + 3
            if end < 3:
                return
        elif _TAG_START.match(html, place):
            found = _TAG.match(html, place)
            if not found:
                return  # a tag that is never closed swallows the rest
            tag = found[2].lower()
            yield bool(found[1]), tag, found[3].rstrip().endswith("/"), place
            end = found.end()
            if not found[1] and _RAW.fullmatch(tag):
                close = re.compile(f"</{tag}", re.IGNORECASE).search(html, end)
                if not close:
                    return
                end = close.start()
        place = html.find("<", end)
