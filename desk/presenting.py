"""Prepares the desk for its page: source lines with what became of them, cards with their warnings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from archive.body import blocks_of
from archive.models import Issue
from desk.checks import MUST_BE_MENDED, name_of, warnings_of
from desk.earlier import Earlier, earlier_coverage, same_days, same_week
from desk.figures import alt_of, caption_of
from desk.forms import CardForm, WeekForm
from desk.models import Desk
from desk.state import Card, Paragraph, State

_DROPPED = "已拿掉"


@dataclass(frozen=True, slots=True)
class ShownWarning:
    """A warning as the page shows it."""

    name: str
    message: str
    line: int | None
    must_be_mended: bool


@dataclass(frozen=True, slots=True)
class ShownParagraph:
    """A paragraph as the page shows it."""

    key: int
    html: SafeString
    tag: str
    line: int | None
    missing: str
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card as the page shows it. `position` counts from 1."""

    card: Card
    position: int
    is_first: bool
    is_last: bool
    form: CardForm
    pieces: list[ShownParagraph]
    characters: int
    notices: list[ShownWarning]
    earlier: list[Earlier]


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the source: what it was taken for, where it lies now, and what is doubted.

    `place` is empty where it is the same as that of the line above; `key` is the piece's.
    """

    number: int
    text: str
    kind: str
    place: str
    key: int | None
    is_dropped: bool
    notices: list[ShownWarning]


@dataclass(frozen=True, slots=True)
class ShownDesk:
    """Everything that the page shows."""

    desk: Desk
    state: State
    week: WeekForm
    introduction: list[ShownParagraph]
    cards: list[ShownCard]
    sign_off: list[ShownParagraph]
    lines: list[ShownLine]
    general: list[ShownWarning]
    notice_count: int
    missing_count: int
    same_week: Issue | None
    same_days: list[Issue]

    @property
    def first_notice(self) -> str:
        """Returns the id of the element with the first warning."""
        return next(
            (f"l{line.number}" for line in self.lines if line.notices and not self.general), "notices"
        )


def show(desk: Desk) -> ShownDesk:
    """Makes everything that the page shows out of a desk."""
    state = desk.state
    warnings = warnings_of(state, desk.first_warnings)
    notices = [
        ShownWarning(name_of(warning), warning.message, warning.line, warning.code in MUST_BE_MENDED)
        for warning in warnings
    ]
    known_lines = {line.number for line in desk.lines}
    by_line: defaultdict[int | None, list[ShownWarning]] = defaultdict(list)
    for notice in notices:
        by_line[notice.line if notice.line in known_lines else None].append(notice)
    earlier = earlier_coverage(state)
    return ShownDesk(
        desk=desk,
        state=state,
        week=WeekForm.of(state),
        introduction=_pieces(state.introduction),
        cards=[
            _card(card, position, len(state.cards), by_line, earlier)
            for position, card in enumerate(state.cards, start=1)
        ],
        sign_off=_pieces(state.sign_off),
        lines=list(_lines(desk, _places(state), by_line)),
        general=by_line.get(None, []),
        notice_count=len(notices),
        missing_count=sum(1 for paragraph in state.paragraphs() if paragraph.missing),
        same_week=same_week(state),
        same_days=same_days(state),
    )


def _card(
    card: Card,
    position: int,
    count: int,
    by_line: Mapping[int | None, Sequence[ShownWarning]],
    earlier: Mapping[int, list[Earlier]],
) -> ShownCard:
    lines = dict.fromkeys([card.line, *(paragraph.line for paragraph in card.paragraphs)])
    pieces = _pieces(card.paragraphs)
    return ShownCard(
        card=card,
        position=position,
        is_first=position == 1,
        is_last=position == count,
        form=CardForm.of(card),
        pieces=pieces,
        characters=sum(len("".join(paragraph.text.split())) for paragraph in card.paragraphs),
        notices=[notice for line in lines if line for notice in by_line.get(line, [])],
        earlier=earlier.get(card.key, []),
    )


def _pieces(paragraphs: Iterable[Paragraph]) -> list[ShownParagraph]:
    pieces = []
    for paragraph in paragraphs:
        blocks = blocks_of(paragraph.html)
        # Safe: every paragraph is a block of a cleaned body (desk.opening, desk.views.rewrite).
        html = mark_safe("".join(block.html for block in blocks))  # noqa: S308
        is_figure = paragraph.tag == "figure"
        pieces.append(
            ShownParagraph(
                paragraph.key,
                html,
                paragraph.tag,
                paragraph.line,
                paragraph.missing,
                alt_of(paragraph.html) if is_figure else "",
                caption_of(paragraph.html) if is_figure else "",
            )
        )
    return pieces


def _lines(
    desk: Desk,
    places: Mapping[int, tuple[str, int | None]],
    by_line: Mapping[int | None, list[ShownWarning]],
) -> Iterator[ShownLine]:
    above = ""
    for line in desk.lines:
        place, key = places.get(line.number, ("", None))
        yield ShownLine(
            line.number,
            line.text,
            line.kind,
            place if place != above else "",
            key,
            place == _DROPPED,
            by_line.get(line.number, []),
        )
        above = place


def _places(state: State) -> dict[int, tuple[str, int | None]]:
    """Returns for each line of the source where it is now, in words, and the key of the piece."""
    found: dict[int, tuple[str, int | None]] = {}

    def note(place: str, pieces: Iterable[tuple[int | None, int]]) -> None:
        for line, key in pieces:
            if line is not None:
                found.setdefault(line, (place, key))

    def all_of(card: Card) -> list[tuple[int | None, int]]:
        return [
            (card.line, card.key),
            *((paragraph.line, paragraph.key) for paragraph in card.paragraphs),
        ]

    note("导语", ((paragraph.line, paragraph.key) for paragraph in state.introduction))
    for position, card in enumerate(state.cards, start=1):
        note(f"第 {position} 篇", all_of(card))
    note("尾注", ((paragraph.line, paragraph.key) for paragraph in state.sign_off))
    for card in state.dropped:
        note(_DROPPED, all_of(card))
    return found
