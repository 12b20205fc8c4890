"""Queries that must hold: each is asked as a member asks it, and its article must come first.

an article or its issue changes ─┐
the index was built anew ────────┴─► a task (insight/tasks) ─► run_all ─► what fails, on the admin's front page
"""

from __future__ import annotations

from django.utils import timezone

from insight.models import GoldenQuery
from search.results.request import SearchRequest
from search.results.service import find


def run_all() -> list[GoldenQuery]:
    """Asks every golden query and keeps its outcome. Returns those that fail."""
    checked = list(GoldenQuery.objects.select_related("article"))
    for golden in checked:
        _check(golden)
    GoldenQuery.objects.bulk_update(checked, ["outcome", "first_title", "checked_at"])
    return [golden for golden in checked if golden.outcome != GoldenQuery.Outcome.MET]


def check(golden: GoldenQuery) -> bool:
    """Asks one golden query and keeps its outcome. Returns whether it is met."""
    _check(golden)
    golden.save(update_fields=["outcome", "first_title", "checked_at"])
    return golden.outcome == GoldenQuery.Outcome.MET


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
        golden.outcome = GoldenQuery.Outcome.MET if first == expected else GoldenQuery.Outcome.OTHER
