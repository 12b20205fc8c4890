"""Queries that must hold: each is asked as a member asks it, and its article must come first.

a published issue changes ─ after the commit, after the index ─┐
the index was built anew ─ config/chores, within a minute ─────┴─► run_all ─► what fails, on the admin's front page
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection, transaction
from django.utils import timezone

from archive.models import Article
from insight.models import GoldenQuery
from search.indexing.state import index_state
from search.results.service import Asked, find


def run_all() -> list[GoldenQuery]:
    """Asks every golden query and keeps its outcome. Returns those that fail."""
    checked = list(GoldenQuery.objects.select_related("article"))
    for golden in checked:
        _check(golden)
    GoldenQuery.objects.bulk_update(checked, ["outcome", "first_title", "checked_at"])
    return [golden for golden in checked if golden.outcome != GoldenQuery.Outcome.MET]


class RunAfterRebuild:
    """Asks every golden query once for each generation of the index: call it every so often."""

    def __init__(self) -> None:
        self._generation = ""

    def __call__(self) -> None:
        state = index_state()
        if state.is_ready and state.generation != self._generation:
            run_all()
            self._generation = state.generation


def check(golden: GoldenQuery) -> bool:
    """Asks one golden query and keeps its outcome. Returns whether it is met."""
    _check(golden)
    golden.save(update_fields=["outcome", "first_title", "checked_at"])
    return golden.outcome == GoldenQuery.Outcome.MET


def _check(golden: GoldenQuery) -> None:
    found = find(Asked(golden.query, page_size=1))
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


def run_after_change(article_ids: Collection[int], texts: Collection[Article]) -> None:
    """Asks every golden query after the commit, once for all changes of a transaction.

    Follows every change of articles (ARCHIVE_FOLLOWERS), behind the search: the index takes in the change first.
    """
    if article_ids and not any(entry[1] is _run_after_commit for entry in connection.run_on_commit):
        transaction.on_commit(_run_after_commit, robust=True)


def _run_after_commit() -> None:
    run_all()
