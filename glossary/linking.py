"""Links the first mention of each term in an article to its topic page.

    block html ─► its pieces: tags and text ─► the visible text ─► matcher ─► places in one piece ─► links

The body stays as it is stored; only the page shows the links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from archive.body import LINE_TAGS, Block
from archive.models import Article
from glossary.current import current_matcher
from glossary.matching import Match
from glossary.models import Term

MAX_GLOSS = 60
"""Characters of a gloss at most: readers only glance at it."""
_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([a-z0-9]+)")
_CLOSED = frozenset({"a", "h2", "h3", "h4"})
"""No term is linked within these: links do not nest, and headings stay plain."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of text of a block: `block html[at]`, standing in the block's visible text from `start` on."""

    at: int
    text: str
    start: int
    may_link: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def linked_blocks(article: Article) -> list[Block]:
    """Returns the article's blocks with the first mention of each term as a link to its topic page."""
    blocks = article.blocks
    read = [_read(block.html) for block in blocks]
    matcher = current_matcher()
    matches = [matcher.find("".join(texts)) for _, _, texts in read]
    terms = _terms({match.term for found in matches for match in found})
    seen: set[int] = set()
    return [
        _with_links(block, html, pieces, found, terms, seen)
        for block, (html, pieces, _), found in zip(blocks, read, matches, strict=True)
    ]


def _read(html: str) -> tuple[list[str], list[_Piece], list[str]]:
    """Cuts a block's clean HTML into tags and text; returns these, its pieces of text, and its visible text."""
    parts = _TAG.split(html)
    pieces: list[_Piece] = []
    visible: list[str] = []
    length = closed = 0
    for at, part in enumerate(parts):
        is_tag = at % 2 == 1
        if is_tag:
            named = _NAME.match(part)
            name = named[1] if named else ""
            if name in _CLOSED:
                closed += -1 if part.startswith("</") else 1
            text = "\n" if name in LINE_TAGS or name in ("td", "th") else ""
        else:
            text = unescape(part)
            pieces.append(_Piece(at, text, length, not closed))
        visible.append(text)
        length += len(text)
    return parts, pieces, visible


def _with_links(
    block: Block,
    parts: list[str],
    pieces: Sequence[_Piece],
    matches: Iterable[Match],
    terms: Mapping[int, SafeString],
    seen: set[int],
) -> Block:
    chosen: dict[int, list[tuple[_Piece, Match]]] = {}
    for match in matches:
        if match.term in seen or match.term not in terms:
            continue
        piece = next(
            (piece for piece in pieces if piece.start <= match.start and match.end <= piece.end), None
        )
        if piece and piece.may_link:
            seen.add(match.term)
            chosen.setdefault(piece.at, []).append((piece, match))
    if not chosen:
        return block
    for at, found in chosen.items():
        parts[at] = _linked(found, terms)
    # Safe: the parts come from a clean body, and every text between them is escaped in _linked.
    return block._replace(html=mark_safe("".join(parts)))  # noqa: S308


def _linked(found: list[tuple[_Piece, Match]], terms: Mapping[int, SafeString]) -> str:
    """Returns a piece of text with links around its matches, which come in order."""
    piece = found[0][0]
    html: list[str] = []
    done = 0
    for _, match in found:
        start, end = match.start - piece.start, match.end - piece.start
        html += [
            escape(piece.text[done:start], quote=False),
            format_html("{}{}</a>", terms[match.term], piece.text[start:end]),
        ]
        done = end
    return "".join([*html, escape(piece.text[done:], quote=False)])


def _terms(ids: set[int]) -> dict[int, SafeString]:
    """Returns the opening tag of the link of each term."""
    return {
        term.pk: format_html('<a class="term" href="{}" title="{}">', term.get_absolute_url(), gloss(term))
        for term in Term.objects.filter(pk__in=ids).prefetch_related("aliases")
    }


def gloss(term: Term) -> str:
    """Returns what a reader should know of a term in passing: `公司：全球最大的晶圆代工厂`.

    Without a note, its other names: `公司，又作 TSMC、台積電`.
    """
    kind = term.get_kind_display()
    if term.note:
        text = f"{kind}：{' '.join(term.note.split())}"
    else:
        names = "、".join(alias.text for alias in term.aliases.all())
        text = f"{kind}，又作 {names}" if names else kind
    return text if len(text) <= MAX_GLOSS else f"{text[: MAX_GLOSS - 1]}…"
