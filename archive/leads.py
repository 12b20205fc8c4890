"""What a list of issues says of each: its headlines and its sections."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from archive.models import Article, Issue

MOST_TITLES = 3
"""The lead headline, and two more."""
MOST_TITLE = 34
"""Characters of a headline after the lead: a line on a phone, and what a year of weeks may weigh."""


class Lead(NamedTuple):
    """The lead headline of an issue, those after it, shortened, and the names of its sections in their order."""

    title: str
    others: tuple[str, ...]
    sections: tuple[str, ...]


def with_leads(issues: Iterable[Issue]) -> None:
    """Gives each issue its `lead`: None for one without articles. One query, of values, for all of them."""
    by_pk = {issue.pk: issue for issue in issues}
    articles = Article.objects.filter(issue__in=by_pk).order_by("issue", "position")
    rows = articles.values_list("issue", "title", "section")
    leads = {pk: _lead(list(group)) for pk, group in groupby(rows, key=itemgetter(0))}
    for pk, issue in by_pk.items():
        issue.lead = leads.get(pk)  # type: ignore[attr-defined]


def _lead(rows: list[tuple[int, str, str]]) -> Lead:
    titles = [title for _, title, _ in rows[:MOST_TITLES]]
    others = tuple(
        title if len(title) <= MOST_TITLE else f"{title[: MOST_TITLE - 1]}…" for title in titles[1:]
    )
    return Lead(titles[0], others, tuple(dict.fromkeys(section for _, _, section in rows if section)))
