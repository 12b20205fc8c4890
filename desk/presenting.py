"""Prepares the desk for its page: source lines with what became of them, cards with their warnings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from archive.punctuation import Change, changes_in
from desk.earlier import earlier_coverage, same_days, same_week
from desk.forms import WeekForm
from desk.models import Desk
from desk.opening import SourceLine
from desk.state import Card, Paragraph, State
from desk.validation import MUST_BE_MENDED, name_of, warnings_of
from insight.duplicates import Earlier

_DROPPED = "已移出"


class ShownWarning(NamedTuple):
    """A warning as the page shows it."""

    name: str
    message: str
    line: int | None
    must_be_mended: bool


class ShownCard(NamedTuple):
    """A card as the page shows it. `position` counts from 1."""

    card: Card
    position: int
    is_first: bool
    is_last: bool
    characters: int
    notices: list[ShownWarning]
    earlier: list[Earlier]


@dataclass(frozen=True, slots=True)
class ShownLine(SourceLine):
    """A line of the source: what it was taken for, where it lies now, and what is doubted.

    `place` is empty where it is the same as that of the line above; `key` is the piece's.
    """

    place: str
    key: int | None
    is_dropped: bool
    notices: list[ShownWarning]


def show(desk: Desk, state: State) -> dict[str, Any]:
    """Makes everything that the page shows out of a desk and the week as it is now."""
    warnings = warnings_of(state, desk.first_warnings)
    notices = [
        ShownWarning(name_of(warning), warning.message, warning.line, warning.code in MUST_BE_MENDED)
        for warning in warnings
    ]
    known_lines = {line.number for line in desk.lines}
    by_line: defaultdict[int | None, list[ShownWarning]] = defaultdict(list)
    for notice in notices:
        by_line[notice.line if notice.line in known_lines else None].append(notice)
    general = by_line.get(None, [])
    lines = list(_lines(desk, _places(state), by_line))
    earlier = earlier_coverage(state)
    return {
        "desk": desk,
        "state": state,
        "week": WeekForm.of(state),
        "cards": [
            _card(card, position, len(state.cards), by_line, earlier)
            for position, card in enumerate(state.cards, start=1)
        ],
        "lines": lines,
        "general": general,
        "notice_count": len(notices),
        "earlier_count": sum(map(len, earlier.values())),
        # The id of the element with the first warning.
        "first_notice": next(
            (f"l{line.number}" for line in lines if line.notices and not general), "notices"
        ),
        "missing_count": sum(1 for paragraph in state.paragraphs() if paragraph.missing),
        "half_width": _half_width(state),
        "same_week": same_week(state),
        "same_days": same_days(state),
    }


def _half_width(state: State) -> list[Change]:
    """Every place where members are shown full-width punctuation, before and after."""
    texts = [state.title, *(piece.text for piece in state.introduction)]
    texts += [
        text for card in state.cards for text in (card.title, *(piece.text for piece in card.paragraphs))
    ]
    texts += [piece.text for piece in state.sign_off]
    return [change for text in texts for change in changes_in(text)]


def _card(
    card: Card,
    position: int,
    count: int,
    by_line: Mapping[int | None, Sequence[ShownWarning]],
    earlier: Mapping[int, list[Earlier]],
) -> ShownCard:
    lines = dict.fromkeys([card.line, *(paragraph.line for paragraph in card.paragraphs)])
    return ShownCard(
        card=card,
        position=position,
        is_first=position == 1,
        is_last=position == count,
        characters=sum(len("".join(paragraph.text.split())) for paragraph in card.paragraphs),
        notices=[notice for line in lines if line for notice in by_line.get(line, [])],
        earlier=earlier.get(card.key, []),
    )


def _lines(
    desk: Desk,
    places: Mapping[int, tuple[str, int | None]],
    by_line: Mapping[int | None, list[ShownWarning]],
) -> Iterator[ShownLine]:
    above = ""
    for line in desk.lines:
        place, key = places.get(line.number, ("", None))
        shown, notices = place if place != above else "", by_line.get(line.number, [])
        yield ShownLine(line.number, line.text, line.kind, shown, key, place == _DROPPED, notices)
        above = place


def _places(state: State) -> dict[int, tuple[str, int | None]]:
    """Returns for each line of the source where it is now, in words, and the key of the piece."""
    places: list[tuple[str, Sequence[Card | Paragraph]]] = [
        ("导语", state.introduction),
        *((f"第 {position} 篇", card.pieces()) for position, card in enumerate(state.cards, start=1)),
        ("尾注", state.sign_off),
        *((_DROPPED, card.pieces()) for card in state.dropped),
    ]
    found: dict[int, tuple[str, int | None]] = {}
    for place, pieces in places:
        for piece in pieces:
            if piece.line is not None:
                found.setdefault(piece.line, (place, piece.key))
    return found
