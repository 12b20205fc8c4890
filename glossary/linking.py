"""Links the first mention of each term in an article to its topic page.

    block html ─► its tree ─► its pieces of text ─► the visible text ─► matcher ─► places in one piece ─► links

The body stays as it is stored; only the page shows the links.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString

from archive.body import LINE_TAGS, Block
from archive.models import Article
from archive.richtext import Node, parse, to_html
from glossary.current import current_matcher
from glossary.matching import Match
from glossary.models import Term

MAX_GLOSS = 60
"""Characters of a gloss at most: readers only glance at it."""
_EDGES = LINE_TAGS | {"td", "th"}
_CLOSED = frozenset({"a", "h2", "h3", "h4"})
"""No term is linked within these: links do not nest, and headings stay plain."""


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """A text of a block: `parent.children[at]`, standing in the block's visible text from `start` on."""

    parent: Node
    at: int
    text: str
    start: int
    may_link: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class _BlockText:
    """A block as a tree, its pieces of text, and its visible text."""

    def __init__(self, block: Block) -> None:
        self.tree = parse(block.html, is_stored=True)
        self.pieces: list[_Piece] = []
        self._visible: list[str] = []
        self._length = 0
        self._read(self.tree, may_link=True)
        self.visible = "".join(self._visible)

    def _read(self, node: Node, *, may_link: bool) -> None:
        edge = "\n" if node.tag in _EDGES else ""
        self._add(edge)
        may_link = may_link and node.tag not in _CLOSED
        for at, child in enumerate(node.children):
            if isinstance(child, str):
                self.pieces.append(_Piece(node, at, child, self._length, may_link))
                self._add(child)
            else:
                self._read(child, may_link=may_link)
        self._add(edge)

    def _add(self, text: str) -> None:
        self._visible.append(text)
        self._length += len(text)


def linked_blocks(article: Article) -> list[Block]:
    """Returns the article's blocks with the first mention of each term as a link to its topic page."""
    blocks = article.blocks
    read = [_BlockText(block) for block in blocks]
    matcher = current_matcher()
    matches = [matcher.find(text.visible) for text in read]
    links = _links({match.term for found in matches for match in found})
    seen: set[int] = set()
    return [
        _with_links(block, text, found, links, seen)
        for block, text, found in zip(blocks, read, matches, strict=True)
    ]


def _with_links(
    block: Block, read: _BlockText, matches: Iterable[Match], links: Mapping[int, Node], seen: set[int]
) -> Block:
    chosen: dict[_Piece, list[Match]] = {}
    for match in matches:
        if match.term in seen or match.term not in links:
            continue
        piece = next((one for one in read.pieces if one.start <= match.start and match.end <= one.end), None)
        if piece and piece.may_link:
            seen.add(match.term)
            chosen.setdefault(piece, []).append(match)
    if not chosen:
        return block
    for piece, found in chosen.items():
        _put_links(piece, found, links)
    return block._replace(html=SafeString(to_html(read.tree)))  # safe: to_html escapes


def _put_links(piece: _Piece, found: list[Match], links: Mapping[int, Node]) -> None:
    """Puts links around the matches in a piece of text, which come in order."""
    done = 0
    linked = Node("")
    for match in found:
        start, end = match.start - piece.start, match.end - piece.start
        link = links[match.term]
        linked.children += [piece.text[done:start], Node("a", link.attrs, [piece.text[start:end]])]
        done = end
    linked.children.append(piece.text[done:])
    piece.parent.children[piece.at] = linked


def _links(ids: set[int]) -> dict[int, Node]:
    """Returns the empty link of each term."""
    return {
        term.pk: Node("a", {"class": "term", "href": term.get_absolute_url(), "title": gloss(term)})
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
