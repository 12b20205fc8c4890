"""The outline of a document: where each article begins, and the section that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of one article. Rows are indices, `cut` and `tail` offsets in the text of the row."""

    row: int
    cut: int = 0
    """Where the title begins in its row, after number or label."""
    number: int | None = None
    label: str = ""
    """What stood in brackets before the title: `头条` of `【头条】…`."""
    tail: int = 0
    """Where the title ends in its row and the body begins: of `【标题】正文`. 0 when the row holds no body."""
    title_rows: int = 1
    """The number of rows that number and title take: 2 where the number is alone on its line, or the title goes on."""

    @property
    def body_row(self) -> int:
        """The first row after the heading."""
        return self.row + self.title_rows


@dataclass(frozen=True, slots=True)
class Outline:
    """The headings of the whole document in one style, in order."""

    style: str
    heads: tuple[Head, ...]
    sections: tuple[int, ...] = ()
    """The rows of the section heads."""
    leaves: frozenset[int] = frozenset()
    """The rows of heads that look like the section heads: articles outside them."""
    days: bool = False
    """Whether the sections are days."""
