"""Finding and changing the pieces of a state: what the operations are made of. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape

from archive.parsing import Line
from archive.parsing.rows import prepare_rows
from desk.state import PARTS, Card, Paragraph, State

LONGEST_HEADING = 80
"""A paragraph longer than this is text: a card that begins with it still needs a title."""


class OperationRefused(Exception):
    """An operation that makes no sense now. Editors read it: what is wrong and what to do."""


def refuse_stale() -> OperationRefused:
    """The refusal of what names a piece that is no longer where it was."""
    return OperationRefused("这里刚刚改过，这一步没有执行。请看最新内容再试。")


def find_card(state: State, key: int) -> Card:
    """The card of this key; refused when there is none."""
    card = state.card(key)
    if card is None:
        raise refuse_stale()
    return card


def place_of(state: State, key: int) -> int:
    """Its place among the cards, from 0."""
    return state.cards.index(find_card(state, key))


def card_at(state: State, place: int) -> Card:
    """The first card (0) or the last (-1); refused when there are none."""
    if not state.cards:
        raise OperationRefused("还没有文章。请先在一段上点“从这里起是新的一篇”。")
    return state.cards[place]


def with_card(state: State, card: Card) -> State:
    """The state with this card in place of the one of its key."""
    return replace(state, cards=tuple(card if other.key == card.key else other for other in state.cards))


def cut(paragraphs: tuple[Paragraph, ...], key: int) -> tuple[tuple[Paragraph, ...], tuple[Paragraph, ...]]:
    """What stands before the paragraph of this key, and the rest; no rest when it is not there."""
    for place, paragraph in enumerate(paragraphs):
        if paragraph.key == key:
            return paragraphs[:place], paragraphs[place:]
    return paragraphs, ()


def cut_at(
    paragraphs: tuple[Paragraph, ...], key: int
) -> tuple[tuple[Paragraph, ...], tuple[Paragraph, ...]]:
    """As `cut`; refused when the paragraph is not there."""
    before, after = cut(paragraphs, key)
    if not after:
        raise refuse_stale()
    return before, after


def with_heading(card: Card) -> tuple[Paragraph, ...]:
    """The card's pieces as text: its heading is a paragraph. The source line is kept as one, too."""
    words = f"{card.marker} {card.title}".strip()
    heading = [Paragraph(card.key, f"<p>{escape(words, quote=False)}</p>", card.line)] if words else []
    return (*heading, *card.paragraphs)


def new_card(state: State, pieces: tuple[Paragraph, ...]) -> tuple[State, Card]:
    """A card of these pieces; the first is its heading when it is short text on one line."""
    first = pieces[0]
    text = first.text
    is_heading = first.tag in ("p", "h3", "h4") and "\n" not in text and 0 < len(text) <= LONGEST_HEADING
    if not is_heading:
        card = Card(state.next_key, "", pieces, line=first.line)
        return replace(state, next_key=state.next_key + 1), card
    [row] = prepare_rows([Line(1, text)])
    marker = text[: row.rest_start].strip() if row.marker else ""
    title = text[row.rest_start :].strip() if row.marker else text
    if not title:
        marker, title = "", text
    return state, Card(first.key, title, pieces[1:], marker, first.line)


def with_paragraphs(state: State, target: str, paragraphs: tuple[Paragraph, ...]) -> State:
    """The state with other paragraphs in a card (its key), `introduction` or `sign_off`, which it has."""
    for part in PARTS:
        if target == part:
            return state.with_part(part, paragraphs)
    return with_card(state, replace(find_card(state, int(target)), paragraphs=paragraphs))


def with_paragraph(state: State, key: int, change: Callable[[Paragraph], tuple[Paragraph, ...]]) -> State:
    """The state with one paragraph changed into what `change` makes of it."""

    for target, paragraphs in state.texts().items():
        before, after = cut(paragraphs, key)
        if after:
            return with_paragraphs(state, target, (*before, *change(after[0]), *after[1:]))
    raise refuse_stale()
