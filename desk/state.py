"""The week on the import desk as immutable data. Pure: no database, no request.

Every piece has a key that never changes. A card's key is the key of its heading: when a heading turns out to be a
paragraph it stays the same piece, so that no operation can lose one or make two of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.safestring import SafeString, mark_safe

from archive.body import blocks_of, shown
from archive.richtext import parse

Part = Literal["introduction", "sign_off"]
PARTS: tuple[Part, ...] = ("introduction", "sign_off")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, list, table or figure; or the place of a figure that is missing."""

    key: int
    html: str = ""
    """One clean block of a body (`archive.body`); empty where a figure is missing."""
    line: int | None = None
    """Where it stands in the source."""
    missing: str = ""
    """Why the figure is not here, in Chinese; empty for everything that is here."""

    @property
    def text(self) -> str:
        """Returns the text that a reader sees, line by line."""
        return "\n".join(block.text for block in blocks_of(self.html))

    @property
    def tag(self) -> str:
        """Returns `p`, `h3`, `ul`, `table`, `figure` …; empty where a figure is missing."""
        blocks = blocks_of(self.html)
        return blocks[0].tag if blocks else ""

    @property
    def alt(self) -> str:
        """Returns what a figure's image says to those who can not see it."""
        return next((image.attrs.get("alt", "") for image in parse(self.html).find("img")), "")

    @property
    def caption(self) -> str:
        """Returns the text below a figure."""
        return next((shown(found) for found in parse(self.html).find("figcaption")), "")

    @property
    def markup(self) -> SafeString:
        """Returns its HTML for a page. Safe: it is a block of a cleaned body (desk.opening, desk.views.rewrite)."""
        return mark_safe(self.html)  # noqa: S308


@dataclass(frozen=True, slots=True)
class Card:
    """An article of the week."""

    key: int
    title: str
    paragraphs: tuple[Paragraph, ...] = ()
    marker: str = ""
    """The number as the source wrote it, `3.` or `（三）`: a heading that was none gets it back."""
    line: int | None = None
    source: str = ""
    source_url: str = ""
    section: str = ""

    @property
    def text(self) -> str:
        """Returns its title and its paragraphs, line by line."""
        return "\n".join([self.title, *(paragraph.text for paragraph in self.paragraphs)])

    def pieces(self) -> tuple[Card | Paragraph, ...]:
        """Returns the card for its heading, then its paragraphs."""
        return (self, *self.paragraphs)


@dataclass(frozen=True, slots=True)
class State:
    """The whole week on the desk."""

    title: str = ""
    start_date: dt.date | None = None
    end_date: dt.date | None = None
    columnist: str = ""
    source_url: str = ""
    introduction: tuple[Paragraph, ...] = ()
    cards: tuple[Card, ...] = ()
    sign_off: tuple[Paragraph, ...] = ()
    dropped: tuple[Card, ...] = ()
    settled: tuple[str, ...] = ()
    """Warnings that the editor has looked at: `code:line`."""
    next_key: int = 1
    other: State | None = None
    """The same week with another level of headings for its articles, when that is plausible too."""

    def card(self, key: int) -> Card | None:
        """Returns the card of this key, unless it is dropped."""
        return next((card for card in self.cards if card.key == key), None)

    def paragraphs(self) -> Iterator[Paragraph]:
        """Returns every paragraph on the desk in reading order, then those of dropped cards."""
        yield from self.introduction
        for card in self.cards:
            yield from card.paragraphs
        yield from self.sign_off
        for card in self.dropped:
            yield from card.paragraphs

    def keys(self) -> list[int]:
        """Returns the key of every heading and paragraph, once for each place where it is.

        A card without a title has no heading yet: its own key is no piece.
        """
        cards = [card.key for card in (*self.cards, *self.dropped) if card.title]
        return sorted([*cards, *(paragraph.key for paragraph in self.paragraphs())])

    def with_part(self, part: Part, paragraphs: tuple[Paragraph, ...]) -> State:
        """Returns the same week with another introduction or sign-off."""
        return replace(self, **{part: paragraphs})  # type: ignore[arg-type]

    def texts(self) -> dict[str, tuple[Paragraph, ...]]:
        """Returns the paragraphs of `introduction`, `sign_off` and each card, by its key."""
        parts = {"introduction": self.introduction, "sign_off": self.sign_off}
        return parts | {str(card.key): card.paragraphs for card in self.cards}
