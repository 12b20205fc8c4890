"""Half-width punctuation between Han characters: shown full-width, stored as it was pasted.

    台积电扩产,价格上涨    is shown as    台积电扩产，价格上涨

The page is changed as it leaves, one character for one, so that addresses, anchors and the places of marks stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from archive.page_text import Kind, Part, parts_of

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_FULL = "、。〈-】〔-〛“”‘’…—！（），．：；？"
"""Punctuation that is as wide as a Han character."""
_MARKS = ",;:?!"
_BETWEEN = re.compile(rf"(?<=[{_HAN}])[{_MARKS}](?=[{_HAN}{_FULL}])|(?<=[{_FULL}])[{_MARKS}](?=[{_HAN}])")
_BRACKETS = re.compile(
    rf"(?<=[{_HAN}{_FULL}])\((?=[{_HAN}])([^()\n]*)(?<=[{_HAN}])\)(?=[{_HAN}{_FULL}]|[{_MARKS}][{_HAN}])"
)
_AROUND = 6
"""Characters of a change that are shown on either side."""
_WIDE = str.maketrans(",;:?!", "，；：？！")
_TAGS = "(?:<[^<>]*>)*"
_MAY_STAND = re.compile(rf"[{_HAN}{_FULL}]{_TAGS}(?:[{_MARKS}]{_TAGS}[{_HAN}{_FULL}]|\({_TAGS}[{_HAN}])")
"""A cheap prefilter without false negatives: most pages have some, and most of a page has none."""
_INLINE = frozenset("a abbr b bdi cite em i mark small span strong sub sup u wbr".split())
"""Elements that do not part the words around them."""
_EDGE = re.compile(rf"</?(?!(?:{'|'.join(sorted(_INLINE))})[^A-Za-z0-9])[A-Za-z]", re.IGNORECASE)
"""Where a tag begins that parts the words around it."""
_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")


def full_width(text: str) -> str:
    """Returns `text` with full-width punctuation where Han characters stand on both sides; as long as before.

    >>> full_width("今天,台积电(中国)宣布:扩产!产能增加1,000片, HBM, 3:1")
    '今天，台积电（中国）宣布：扩产！产能增加1,000片, HBM, 3:1'

    Brackets change together or not at all:

    >>> full_width("台积电(TSMC)扩产,英特尔(美国),三星")
    '台积电(TSMC)扩产，英特尔（美国），三星'
    """
    return _BETWEEN.sub(lambda found: found[0].translate(_WIDE), _BRACKETS.sub(r"（\1）", text))


class Change(NamedTuple):
    """A stretch of text around punctuation that is shown otherwise."""

    before: str
    after: str


def changes_in(text: str) -> list[Change]:
    """Returns what `full_width` changes in a text, each place with some characters around it.

    >>> changes_in("今天,台积电宣布扩产")
    [Change(before='今天,台积电宣布扩', after='今天，台积电宣布扩')]
    """
    wide = full_width(text)
    changed = [at for at, (one, other) in enumerate(zip(text, wide, strict=True)) if one != other]
    found: list[Change] = []
    stop = 0
    for at in changed:
        if at >= stop:
            start, stop = max(0, at - _AROUND), at + _AROUND + 1
            found.append(Change(*(" ".join(one[start:stop].split()) for one in (text, wide))))
    return found


def page_in_full_width(html: str) -> str:
    """Returns an HTML page (or a feed) with full-width punctuation in what people see and hear of it.

    >>> page_in_full_width('<p title="甲,乙">甲<mark>,乙</mark>,<a href="/?q=甲,乙">丙</a></p><p>,丁</p>')
    '<p title="甲，乙">甲<mark>，乙</mark>，<a href="/?q=甲,乙">丙</a></p><p>,丁</p>'
    """
    pieces: list[str] = []
    done = 0
    while found := _MAY_STAND.search(html, done):
        start = _edge_before(html, found.start(), done)
        edge = _EDGE.search(html, found.end())
        stop = edge.start() if edge else len(html)
        pieces += [html[done:start], _in_full_width(html[start:stop])]
        done = stop
    return "".join([*pieces, html[done:]]) if pieces else html


def _edge_before(html: str, at: int, least: int) -> int:
    """Returns where the last tag at or before this place begins that parts words; `least` where none does."""
    while (at := html.rfind("<", least, at + 1)) >= 0:
        if _EDGE.match(html, at):
            return at
        at -= 1
    return least


def _in_full_width(html: str) -> str:
    """The same for a piece of a page between two tags that part words."""
    parts = parts_of(html)
    texts = [part.text for part in parts]
    for run in _runs(parts):
        changed = full_width("".join(texts[number] for number in run))
        for number in run:
            texts[number], changed = changed[: len(texts[number])], changed[len(texts[number]) :]
    return "".join(texts)


def _runs(parts: list[Part]) -> Iterator[list[int]]:
    """Yields the texts that a reader sees in one go, as numbers of parts: inline elements do not end one."""
    run: list[int] = []
    for number, part in enumerate(parts):
        if part.kind is Kind.TEXT:
            run.append(number)
        elif part.kind is Kind.SPOKEN:
            yield [number]
        elif (name := _TAG_NAME.match(part.text)) and name[1].lower() not in _INLINE:
            yield run
            run = []
    yield run


class FullWidthPunctuationMiddleware(MiddlewareMixin):
    """Shows members' pages and feeds with full-width punctuation, unless FULL_WIDTH_PUNCTUATION is off.

    What an editor saves must be what he saw, so the editors' room stays as it is; so does a file, because it quotes,
    and the API, whose texts are what is stored.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = response.get("Content-Type", "").startswith(("text/html", "application/atom+xml"))
        if not settings.FULL_WIDTH_PUNCTUATION or not is_page or not isinstance(response, HttpResponse):
            return response
        match = request.resolver_match
        is_of_editors = bool(match and match.route.startswith("admin/"))
        if not is_of_editors and not response.has_header("Content-Disposition"):
            before = response.content.decode()
            after = page_in_full_width(before)
            if after is not before:
                response.content = after.encode()
        return response
