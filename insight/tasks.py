"""What the worker does for editors: asks the golden queries, and forgets old searches."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.utils import timezone
from django_tasks import task

from archive.models import Issue
from insight import golden, log
from worker.backend import enqueue_once
from worker.schedules import next_slot

GOLDEN_SECONDS = 60
"""The golden queries are asked once for all that is published within so long: they take seconds of computing."""


@task(queue_name="long")
def check_golden_queries() -> None:
    """Asks every golden query and keeps its outcome."""
    golden.run_all()


@task()
def delete_old_searches() -> None:
    """Deletes what the search log may not keep any longer."""
    log.prune()


def connect_signals() -> None:
    """Listens to changes of issues. Called once, when the app is ready."""
    post_save.connect(_issue_saved, sender=Issue, dispatch_uid="insight.tasks")


def _issue_saved(sender: type[Issue], instance: Issue, **kwargs: Any) -> None:
    enqueue_once(check_golden_queries, run_after=next_slot(timezone.now(), GOLDEN_SECONDS))
