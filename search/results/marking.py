"""Where a query's hits stand in one article: what the article's page marks when a search led there."""

from __future__ import annotations

from itertools import islice

from archive.models import Article
from glossary.vocabulary import current_vocabulary
from search.results.highlighting import Highlighter
from search.results.reading import read

MAX_MARKS = 300
"""Marks that one page shows: more would mark everything, and nothing."""


def marks_in(article: Article, q: str) -> list[dict[str, str | int]]:
    """Returns the hits of query `q` in the body of `article`, in order: the block, and where in it.

    `start` and `end` count the characters of the block that are no white space. That is what a browser and we may
    disagree about: it is between list items, cells and lines.
    """
    highlighter = Highlighter(read(q).marked, current_vocabulary())
    marks = ((block, mark) for block in article.blocks for mark in highlighter.marks(block.text))
    return [
        {
            "block": block.anchor,
            "start": _visible(block.text[: mark.start]),
            "end": _visible(block.text[: mark.end]),
        }
        for block, mark in islice(marks, MAX_MARKS)
    ]


def _visible(text: str) -> int:
    return sum(not character.isspace() for character in text)
