"""What choosing the headings results in: where each article begins and which section it stands under."""

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
    title_rows: int = 1
    """How many rows number and title take up: 2 where the number stands alone, or the title runs on."""

    @property
    def body_row(self) -> int:
        """The first row after the heading."""
        return self.row + self.title_rows


@dataclass(frozen=True, slots=True)
class Outline:
    """The headings that one style of heading gives for the whole document, in order."""

    style: str
    heads: tuple[Head, ...]
    sections: tuple[int, ...] = ()
    """The rows of the section heads."""
