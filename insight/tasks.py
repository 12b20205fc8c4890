"""What the worker does for editors: asks the golden queries, and forgets old searches."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone
from django_tasks import task

from archive.models import Article
from insight import golden, log
from worker.backend import enqueue_once
from worker.schedules import next_slot

GOLDEN_SECONDS = 60
"""The golden queries are asked once for all that changes within so long: they take seconds of computing."""


@task(queue_name="long")
def check_golden_queries() -> None:
    """Asks every golden query and keeps its outcome."""
    golden.run()


@task()
def delete_old_searches() -> None:
    """Deletes what the search log may not keep any longer."""
    log.prune()


def check_after_change(
    article_ids: Collection[int], texts: Collection[Article], issue_ids: Collection[int]
) -> None:
    """Has the golden queries asked soon. Follows every change of articles (ARCHIVE_FOLLOWERS)."""
    if article_ids:
        enqueue_once(check_golden_queries.using(run_after=next_slot(timezone.now(), GOLDEN_SECONDS)))
