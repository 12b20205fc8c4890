"""Figures that did not come along with an article: where each is missing, why, and whether an editor knows it.

An article carries them as plain data beside its body (`Article.missing_figures`). So its versions have them too, a
deleted article brings them back, and the body that members read holds nothing broken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from archive.body import blocks_of
from archive.named_gaps import gaps_in

if TYPE_CHECKING:
    from archive.models import Article

QUOTED = 24
"""Characters of a paragraph that are enough to find it again."""


@dataclass(frozen=True, slots=True)
class MissingFigure:
    """A figure that an article lacks. `number` tells it from the others of its article."""

    number: int
    after: str
    """How the paragraph begins that it stood after, or that names it; empty: it stood at the top."""
    reason: str
    """Why it is not here, in Chinese."""
    is_known: bool = False
    """Whether someone said that the article may be published without it."""


def missing_in(article: Article) -> list[MissingFigure]:
    """Returns the figures that the article lacks."""
    return [MissingFigure(**values) for values in article.missing_figures]


def as_stored(body: str, missing: Iterable[MissingFigure]) -> list[dict[str, object]]:
    """Returns what `Article.missing_figures` holds for an article with this body that came without these figures.

    What the text itself names as left out (`〔图表：产能〕`) is missing, too.
    """
    found = [*missing]
    said = {(one.after, one.reason) for one in found}
    for block in blocks_of(body):
        for words in gaps_in(block.text):
            named = MissingFigure(0, block.text[:QUOTED], f"{words}没有导入。")
            found += [] if (named.after, named.reason) in said else [named]
    return [asdict(replace(one, number=number)) for number, one in enumerate(found, 1)]


def without(article: Article, numbers: Collection[int]) -> list[dict[str, object]]:
    """Returns what the article lacks once those of these numbers were supplied, or are not wanted any more."""
    return [asdict(one) for one in missing_in(article) if one.number not in numbers]


def known(article: Article) -> list[dict[str, object]]:
    """Returns what the article lacks, each as something that is known."""
    return [asdict(replace(one, is_known=True)) for one in missing_in(article)]


def place_of(article: Article, missing: MissingFigure) -> str:
    """Returns where in the article a figure is missing, in words: `第 2 段“新厂设在嘉义……”之后`."""
    if not missing.after:
        return "正文开头"
    number = _paragraph(missing.after, [block.text for block in blocks_of(article.body)])
    quoted = f"“{missing.after.splitlines()[0]}{'……' if len(missing.after) == QUOTED else ''}”"
    return f"第 {number} 段{quoted}之后" if number else f"{quoted}之后（这一段后来改过）"


def _paragraph(after: str, texts: Sequence[str]) -> int:
    return next((number for number, text in enumerate(texts, 1) if text.startswith(after)), 0)
