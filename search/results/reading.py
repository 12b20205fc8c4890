"""A query read with what the site knows: its glossary, and the days of its issues."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from archive.models import Issue
from archive.revisions import known_revision
from glossary.vocabulary import current_vocabulary
from search.query.parser import parse
from search.query.periods import needs_issue_days
from search.query.query import Query


def read(text: str) -> Query:
    """Returns what was typed as the search understands it."""
    days = _issue_days(known_revision()) if needs_issue_days(text) else ()
    return parse(text, current_vocabulary(), issue_days=days)


@lru_cache(maxsize=2)
def _issue_days(revision: str) -> tuple[dt.date, ...]:
    """The last days of the published issues, ascending."""
    days = Issue.objects.published().order_by("end_date").values_list("end_date", flat=True)
    return tuple(days.distinct())
