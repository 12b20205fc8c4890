"""The worker's own task."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from worker.models import Task

DONE_KEPT = dt.timedelta(days=7)
FAILED_KEPT = dt.timedelta(days=90)


@task()
def delete_old_tasks() -> None:
    """Deletes the rows of tasks that were done a week ago, or failed months ago."""
    now = timezone.now()
    is_old = Q(state=Task.State.DONE, finished_at__lt=now - DONE_KEPT)
    is_old |= Q(state=Task.State.FAILED, finished_at__lt=now - FAILED_KEPT)
    Task.objects.filter(is_old).delete()
