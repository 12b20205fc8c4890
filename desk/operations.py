"""The operations of the import desk: functions from a state to the next one. Pure.

An operation is stored as its name and its arguments (`{"name": "merge", "card": 4}`); replaying them from the state
that the import began with gives the same state again. Undoing is replaying one less.

No operation but `rewrite`, `supply`, `insert` and `let_go` adds or takes away a piece: the others only move pieces.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from archive.punctuation import full_width, page_in_full_width
from desk.figure_html import figure_html, with_caption
from desk.pieces import (
    OperationRefused,
    card_at,
    cut,
    cut_at,
    find_card,
    new_card,
    place_of,
    refuse_stale,
    with_card,
    with_heading,
    with_paragraph,
    with_paragraphs,
)
from desk.rewriting import rewritten
from desk.state import PARTS, Paragraph, State

__all__ = ["OPERATIONS", "Operation", "OperationRefused", "arguments", "perform", "replay"]

Operation = Mapping[str, Any]


# --- The week ------------------------------------------------------------------------------------------


def describe(
    state: State, title: str, start_date: str, end_date: str, columnist: str, source_url: str
) -> State:
    """Sets the week's title, dates, columnist and source; dates as `2025-03-21`, empty when not known."""
    start, end = (dt.date.fromisoformat(day) if day else None for day in (start_date, end_date))
    return replace(
        state, title=title, start_date=start, end_date=end, columnist=columnist, source_url=source_url
    )


def settle(state: State, warning: str) -> State:
    """Hides a warning (`code:line`) that the editor has looked at."""
    return replace(state, settled=(*state.settled, warning))


def read_otherwise(state: State) -> State:
    """Takes the other reading of the source; this one becomes the other, with what was done to it."""
    if state.other is None:
        raise refuse_stale()
    next_key = max(state.next_key, state.other.next_key)
    return replace(state.other, other=replace(state, other=None), next_key=next_key)


# --- Cards ---------------------------------------------------------------------------------------------


def label(
    state: State, card: int, title: str, source: str, source_url: str, section: str | None = None
) -> State:
    """Sets a card's title, source and section; without a section it keeps the one that it has."""
    old = find_card(state, card)
    section = old.section if section is None else section
    return with_card(state, replace(old, title=title, source=source, source_url=source_url, section=section))


def merge(state: State, card: int) -> State:
    """Appends the card to what is above it: the article before, or the introduction.

    Its heading becomes a paragraph again, with the number that it had.
    """
    place = place_of(state, card)
    pieces = with_heading(state.cards[place])
    if place == 0:
        return replace(state, introduction=(*state.introduction, *pieces), cards=state.cards[1:])
    above = state.cards[place - 1]
    joined = replace(above, paragraphs=(*above.paragraphs, *pieces))
    return replace(state, cards=(*state.cards[: place - 1], joined, *state.cards[place + 1 :]))


def split(state: State, paragraph: int) -> State:
    """Begins a new card at this paragraph, which becomes its heading if it can be one."""
    for place, card in enumerate(state.cards):
        before, after = cut(card.paragraphs, paragraph)
        if after:
            state, new = new_card(state, after)
            above, new = replace(card, paragraphs=before), replace(new, section=card.section)
            return replace(state, cards=(*state.cards[:place], above, new, *state.cards[place + 1 :]))
    for part in PARTS:
        before, after = cut(getattr(state, part), paragraph)
        if after:
            state, new = new_card(state.with_part(part, before), after)
            cards = (new, *state.cards) if part == "introduction" else (*state.cards, new)
            return replace(state, cards=cards)
    raise refuse_stale()


def move(state: State, card: int, place: int) -> State:
    """Moves the card to `place`, counted from 0; a place beyond the ends is the end."""
    moved = find_card(state, card)
    others = [other for other in state.cards if other.key != card]
    others.insert(max(0, place), moved)
    return replace(state, cards=tuple(others))


def drop(state: State, card: int) -> State:
    """Leaves the card out of the issue. It stays in sight, to be put back."""
    dropped = find_card(state, card)
    return replace(
        state,
        cards=tuple(other for other in state.cards if other.key != card),
        dropped=(*state.dropped, dropped),
    )


def put_back(state: State, card: int) -> State:
    """Puts a dropped card back to its place in the order of the source."""
    found = next((dropped for dropped in state.dropped if dropped.key == card), None)
    if found is None:
        raise refuse_stale()
    place = next(
        (
            place
            for place, other in enumerate(state.cards)
            if found.line is not None and other.line is not None and other.line > found.line
        ),
        len(state.cards),
    )
    return replace(
        state,
        cards=(*state.cards[:place], found, *state.cards[place:]),
        dropped=tuple(dropped for dropped in state.dropped if dropped.key != card),
    )


# --- Introduction and sign-off -------------------------------------------------------------------------


def end_introduction(state: State, paragraph: int) -> State:
    """Moves this paragraph of the introduction and those below it to the beginning of the first article."""
    before, after = cut_at(state.introduction, paragraph)
    first = card_at(state, 0)
    state = with_card(state, replace(first, paragraphs=(*after, *first.paragraphs)))
    return replace(state, introduction=before)


def extend_introduction(state: State, paragraph: int) -> State:
    """Moves the first article down to this paragraph, heading and all, into the introduction."""
    first = card_at(state, 0)
    before, after = cut_at(first.paragraphs, paragraph)
    taken, left = (*before, after[0]), after[1:]
    introduction = (*state.introduction, *with_heading(replace(first, paragraphs=taken)))
    if not left:
        return replace(state, introduction=introduction, cards=state.cards[1:])
    state, new = new_card(state, left)
    return replace(state, introduction=introduction, cards=(new, *state.cards[1:]))


def begin_sign_off(state: State, paragraph: int) -> State:
    """Begins the sign-off at this paragraph of the last article."""
    last = card_at(state, -1)
    before, after = cut_at(last.paragraphs, paragraph)
    state = with_card(state, replace(last, paragraphs=before))
    return replace(state, sign_off=(*after, *state.sign_off))


def sign_off_with(state: State, card: int) -> State:
    """Turns the last card into the beginning of the sign-off."""
    last = find_card(state, card)
    if last != state.cards[-1]:
        raise OperationRefused("只有最后一篇能改成尾注。请先把这一篇移到最后。")
    return replace(state, cards=state.cards[:-1], sign_off=(*with_heading(last), *state.sign_off))


def shorten_sign_off(state: State, paragraph: int) -> State:
    """Moves the sign-off down to this paragraph into the last article."""
    before, after = cut_at(state.sign_off, paragraph)
    last = card_at(state, -1)
    state = with_card(state, replace(last, paragraphs=(*last.paragraphs, *before, after[0])))
    return replace(state, sign_off=after[1:])


# --- Text ----------------------------------------------------------------------------------------------


def rewrite(state: State, target: str, html: str) -> State:
    """Replaces the text of a card (its key), `introduction` or `sign_off`. `html` went through `body.clean`.

    What was not changed keeps its key and its line; places of missing figures stay after what they stood after.
    """
    old = state.texts().get(target)
    if old is None:
        raise refuse_stale()
    paragraphs, next_key = rewritten(old, html, state.next_key)
    return replace(with_paragraphs(state, target, paragraphs), next_key=next_key)


def widen(state: State) -> State:
    """Makes half-width punctuation between Han characters full-width, in the issue's title, headings and texts."""

    def wide(paragraph: Paragraph) -> Paragraph:
        return replace(paragraph, html=page_in_full_width(paragraph.html))

    return replace(
        state,
        title=full_width(state.title),
        introduction=tuple(map(wide, state.introduction)),
        sign_off=tuple(map(wide, state.sign_off)),
        cards=tuple(
            replace(card, title=full_width(card.title), paragraphs=tuple(map(wide, card.paragraphs)))
            for card in state.cards
        ),
    )


# --- Figures -------------------------------------------------------------------------------------------


def supply(state: State, paragraph: int, image: str, alt: str, caption: str, caption_from: int = 0) -> State:
    """Puts a figure where one was missing; the piece `caption_from` becomes its caption, when one is named."""
    state, caption = _taken_caption(state, caption, caption_from)
    html = figure_html(image, alt, caption)
    return with_paragraph(state, paragraph, lambda old: (replace(old, html=html, missing=""),))


def insert(state: State, after: int, image: str, alt: str, caption: str, caption_from: int = 0) -> State:
    """Inserts a figure behind a paragraph, or at the top of the card whose heading it follows."""
    state, caption = _taken_caption(state, caption, caption_from)
    new = Paragraph(state.next_key, figure_html(image, alt, caption))
    state = replace(state, next_key=state.next_key + 1)
    if card := state.card(after):
        return with_card(state, replace(card, paragraphs=(new, *card.paragraphs)))
    return with_paragraph(state, after, lambda old: (old, replace(new, line=old.line)))


def _taken_caption(state: State, caption: str, caption_from: int) -> tuple[State, str]:
    """The state without the piece that becomes a caption, and its words; a desk of before names none."""
    if not caption_from:
        return state, caption
    words: list[str] = []

    def taken(old: Paragraph) -> tuple[Paragraph, ...]:
        words.append(old.text)
        return ()

    return with_paragraph(state, caption_from, taken), words[0]


def caption(state: State, paragraph: int, alt: str, caption: str) -> State:
    """Sets the description and the caption of a figure."""

    def described(old: Paragraph) -> tuple[Paragraph, ...]:
        if old.tag != "figure":
            raise refuse_stale()
        return (replace(old, html=with_caption(old.html, alt, caption)),)

    return with_paragraph(state, paragraph, described)


def let_go(state: State, paragraph: int) -> State:
    """Removes a figure, or the place of a missing one."""

    def gone(old: Paragraph) -> tuple[Paragraph, ...]:
        if old.tag not in ("figure", ""):
            raise OperationRefused("这里只能删除图片。要删文字，请点“编辑正文”。")
        return ()

    return with_paragraph(state, paragraph, gone)


# --- By name -------------------------------------------------------------------------------------------

OPERATIONS: dict[str, Callable[..., State]] = {
    function.__name__: function
    for function in (
        describe,
        settle,
        read_otherwise,
        label,
        merge,
        split,
        move,
        drop,
        put_back,
        end_introduction,
        extend_introduction,
        begin_sign_off,
        sign_off_with,
        shorten_sign_off,
        rewrite,
        widen,
        supply,
        insert,
        caption,
        let_go,
    )
}


def arguments(name: str) -> list[str]:
    """Returns the names of an operation's arguments.

    >>> arguments("move")
    ['card', 'place']
    """
    return list(inspect.signature(OPERATIONS[name]).parameters)[1:]


def perform(state: State, operation: Operation) -> State:
    """Returns the state after one operation; raises OperationRefused when what it names is not there."""
    told = {name: value for name, value in operation.items() if name != "name"}
    return OPERATIONS[operation["name"]](state, **told)


def replay(origin: State, operations: Iterable[Operation]) -> State:
    """Returns the state after all the operations."""
    return reduce(perform, operations, origin)
