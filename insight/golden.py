"""Queries that must hold: each is asked as a member asks it, and its article must come first.

an article or its issue changes ─┐
the index was built anew ────────┴─► a task (insight/tasks) ─► run ─► what fails, on the admin's front page
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from insight.models import GoldenQuery
from search.results.request import SearchRequest
from search.results.service import find


def run(chosen: Iterable[GoldenQuery] | None = None) -> list[GoldenQuery]:
    """Asks golden queries (all, when None) and keeps their outcomes. Returns those that fail."""
    checked = list(GoldenQuery.objects.select_related("article") if chosen is None else chosen)
    for golden in checked:
        _check(golden)
    GoldenQuery.objects.bulk_update(checked, ["outcome", "first_title", "checked_at"])
    return [golden for golden in checked if golden.outcome != GoldenQuery.Outcome.MET]


def _check(golden: GoldenQuery) -> None:
    found = find(SearchRequest(golden.query, page_size=1))
    first = found.results[0].article if found and found.results else None
    expected = golden.expected()
    golden.first_title = first.title if first else ""
    golden.checked_at = timezone.now()
    if expected is None:
        golden.outcome = GoldenQuery.Outcome.HIDDEN
    elif first is None:
        golden.outcome = GoldenQuery.Outcome.NOTHING
    else:
        golden.outcome = GoldenQuery.Outcome.MET if first.pk == expected.pk else GoldenQuery.Outcome.OTHER
