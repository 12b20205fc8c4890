"""Finds what the archive already holds of a week on the desk: the same week, other issues of its days, its articles."""

from __future__ import annotations

from dataclasses import dataclass

from archive.importing import find_issue
from archive.models import Article, Issue
from archive.week import Week
from desk.state import Card, State
from insight.duplicates import SHOWN, near_duplicates


@dataclass(frozen=True, slots=True)
class Earlier:
    """An article of the archive that a card resembles: it has the card's title, or holds `percent` of its text."""

    article: Article
    has_same_title: bool
    percent: int
    """0 when only the title is the same."""


def same_week(state: State) -> Issue | None:
    """Returns the issue of the archive that has the same title and dates."""
    if not (state.title and state.start_date and state.end_date):
        return None
    return find_issue(Week(state.title, state.start_date, state.end_date, ()))


def same_days(state: State) -> list[Issue]:
    """Returns issues with other titles and the very same days: perhaps this week, its title mistyped."""
    if not (state.start_date and state.end_date):
        return []
    found = Issue.objects.filter(start_date=state.start_date, end_date=state.end_date)
    return list(found.exclude(title=state.title)[:SHOWN])


def earlier_coverage(state: State) -> dict[int, list[Earlier]]:
    """Returns for each card (by key) the articles of the archive that resemble it, the most alike first.

    Cheap to ask again: `insight.duplicates` keeps what it found for a text.
    """
    of_title: dict[str, list[Article]] = {}
    titles = [card.title for card in state.cards if card.title]
    for article in Article.objects.headings().filter(title__in=titles).select_related("issue"):
        of_title.setdefault(article.title, []).append(article)
    alike = near_duplicates([_text(card) for card in state.cards])
    found = {}
    for card, similar in zip(state.cards, alike, strict=True):
        percents = {each.article: each.percent for each in similar}
        named = of_title.get(card.title, [])
        articles = list(dict.fromkeys([*percents, *named]))[:SHOWN]
        found[card.key] = [
            Earlier(article, article in named, percents.get(article, 0)) for article in articles
        ]
    return found


def _text(card: Card) -> str:
    return "\n".join([card.title, *(paragraph.text for paragraph in card.paragraphs)])
