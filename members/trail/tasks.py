"""What the worker does: events that are too old go."""

from __future__ import annotations

from django_tasks import task

from members.trail.models import Event


@task()
def delete_old_events() -> None:
    """Deletes the events that are older than TRAIL_DAYS."""
    Event.objects.prune()
