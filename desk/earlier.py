"""Finds what the archive already holds of a week on the desk: the same week, other issues of its days, its articles."""

from __future__ import annotations

from archive.importing import find_issue
from archive.models import Issue
from archive.week import Week
from desk.state import State
from insight.duplicates import SHOWN, Earlier, earlier_articles


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
    """Returns for each card (by key) the articles of the archive that resemble it, the most alike first."""
    found = earlier_articles([(card.title, card.text) for card in state.cards])
    return {card.key: earlier for card, earlier in zip(state.cards, found, strict=True)}
