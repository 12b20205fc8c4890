"""Scheduled publishing, by the worker."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django_tasks import task

from archive.models import Issue
from worker.backend import enqueue_once

NET_SECONDS = 300
"""How often `publish_due` runs by itself (settings.WORKER_TASKS)."""


class StillDue(Exception):
    """Issues whose time has come and that could not be published; the log has the reasons."""


@task()
def publish_due() -> None:
    """Publishes what is due, and has itself run again at the times that come before its next turn."""
    from archive import publishing  # it imports this module, to have a scheduled issue published

    publishing.publish_due()
    now = timezone.now()
    if late := Issue.objects.due(now).count():
        raise StillDue(f"{late} issues are due and could not be published")
    soon = Issue.objects.filter(
        status=Issue.Status.SCHEDULED, publish_at__range=(now, now + dt.timedelta(seconds=NET_SECONDS))
    )
    for when in {issue.publish_at for issue in soon}:
        if when is not None:
            publish_at(when)


def publish_at(when: dt.datetime) -> None:
    """Has the issues that are due at that time published at that time."""
    enqueue_once(publish_due.using(run_after=when), key=when.isoformat())
