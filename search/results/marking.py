"""Where a query's hits stand in one article: what the article's page marks when a search led there."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from archive.models import Article
from glossary.vocabulary import current_vocabulary
from search.query.parser import parse
from search.results.highlighting import Highlighter

MAX_MARKS = 300
"""Marks that one page shows: more would mark everything, and nothing."""


@dataclass(frozen=True)
class PlacedMark:
    """A hit in a block: `start` and `end` count the characters of the block that are no white space.

    White space is what a browser and we may disagree about: it is between list items, cells and lines.
    """

    block: str
    start: int
    end: int


def marks_in(article: Article, q: str) -> list[dict[str, str | int]]:
    """Returns the hits of query `q` in the body of `article`, in order, as `PlacedMark` fields."""
    highlighter = Highlighter(parse(q, current_vocabulary()).tree, current_vocabulary())
    marks = [
        PlacedMark(block.anchor, _visible(block.text[: mark.start]), _visible(block.text[: mark.end]))
        for block in article.blocks
        for mark in highlighter.marks(block.text)
    ]
    return [asdict(mark) for mark in marks[:MAX_MARKS]]


def _visible(text: str) -> int:
    return sum(not character.isspace() for character in text)
