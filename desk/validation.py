"""Warns the editor of what is doubtful in a week before it is stored. Pure: it reads the state and nothing else.

The parser's own rules are asked again after every operation, so that a warning goes when its cause does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive.parsing import DateRange, Line, ParsedArticle, ParseWarning
from archive.parsing.dates import LONGEST
from archive.parsing.findings import about_articles, about_dates_in_headings, about_figures, about_numbers
from archive.parsing.rows import prepare_rows
from desk.state import Card, State

_ONLY_OF_THE_SOURCE = {
    "dates-no-year",
    "dates-invalid",
    "dates-reckoned",
    "date-outside",
    "field-unknown",
    "section-text",
    "two-readings",
    "page-frame-left-out",
    "page-scanned",
    "year-from-name",
    "object-left-out",
    "hidden-left-out",
    "comments-left-out",
    "changes-accepted",
    "header-read",
}
"""Warnings that only the parser can give; all others are found again after every operation."""
ASKED_OF_STORED = {"article-empty", "heading-long", "figure-lost", "dates-too-long"}
"""Warnings that archive.publication_checks finds again in what was stored."""
MUST_BE_MENDED = {"title-missing", "dates-missing", "dates-reversed", "no-articles", "heading-missing"}
"""Warnings that prevent storing; the others are hints."""


def warnings_of(state: State, first: Iterable[ParseWarning]) -> list[ParseWarning]:
    """Returns the warnings that hold now and were not settled, by line; `first` are the parser's own."""
    has_dates = state.start_date is not None and state.end_date is not None
    headings = {card.line for card in state.cards}
    found = list(_about_the_week(state))
    for warning in first:
        is_of_heading = warning.code == "date-outside" and warning.line in headings
        is_answered = has_dates and warning.code in ("dates-no-year", "dates-invalid")
        is_answered |= warning.code == "two-readings" and state.other is None
        if warning.code in _ONLY_OF_THE_SOURCE and not is_of_heading and not is_answered:
            found.append(warning)
    found.extend(_about_cards(state))
    unsettled = [warning for warning in found if name_of(warning) not in state.settled]
    return sorted(unsettled, key=lambda warning: warning.line or 0)


def name_of(warning: ParseWarning) -> str:
    """Returns the name by which a warning is settled.

    >>> name_of(ParseWarning(12, "number-missing", "缺少编号3。"))
    'number-missing:12'
    """
    return f"{warning.code}:{warning.line or 0}"


def _about_the_week(state: State) -> Iterator[ParseWarning]:
    start, end = state.start_date, state.end_date
    if not state.title:
        yield ParseWarning(None, "title-missing", "还没有刊名。请在“本期”里填上。")
    if start is None or end is None:
        yield ParseWarning(None, "dates-missing", "还没有起止日期。请在“本期”里选好开始日期和结束日期。")
    elif start > end:
        yield ParseWarning(None, "dates-reversed", f"开始日期 {start} 晚于结束日期 {end}。请在“本期”里改好。")
    elif (end - start).days + 1 > LONGEST:
        days = (end - start).days + 1
        yield ParseWarning(None, "dates-too-long", f"这一期有 {days} 天，多半是日期写错了。请核对。")
    if not state.cards:
        yield ParseWarning(None, "no-articles", "还没有文章。请在每篇文章的第一段上点“从这里起是新的一篇”。")
    for position, card in enumerate(state.cards, start=1):
        if not card.title:
            yield ParseWarning(card.line, "heading-missing", f"第 {position} 篇还没有标题。请填上。")


def _about_cards(state: State) -> Iterator[ParseWarning]:
    shown = [_as_parsed(card) for card in state.cards]
    yield from about_articles(shown) if shown else ()
    yield from about_dates_in_headings(DateRange(state.start_date, state.end_date, 0, 0), shown)
    yield from about_figures(shown)
    # In the order of the source, with dropped cards: what the editor moved or dropped leaves no gap in the numbers.
    numbered = [card for card in (*state.cards, *state.dropped) if card.line is not None]
    numbered.sort(key=lambda card: card.line or 0)
    yield from about_numbers([_as_parsed(card) for card in numbered])


def _as_parsed(card: Card) -> ParsedArticle:
    """Returns the card in the form that the parser's rules take."""
    [row] = prepare_rows([Line(1, f"{card.marker} {card.title}")])
    lines = tuple(
        Line(paragraph.line or card.line or 0, paragraph.text, paragraph.html or paragraph.missing)
        for paragraph in card.paragraphs
    )
    number = row.marker.number if card.marker and row.marker else None
    return ParsedArticle(card.title, lines, card.line or 0, number, card.section, source_url=card.source_url)
