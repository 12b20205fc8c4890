"""Schedules: a task that runs again and again is a row of its own, and survives every restart."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from worker.machine import machine_id
from worker.models import Task


def next_slot(now: dt.datetime, every: float, offset: float = 0) -> dt.datetime:
    """Returns the next moment of a fixed grid after `now`: nothing drifts, and what was missed is not made up for.

    >>> next_slot(dt.datetime(2026, 11, 29, 10, 17, tzinfo=dt.UTC), 1800).isoformat()
    '2026-11-29T10:30:00+00:00'
    >>> next_slot(dt.datetime(2026, 11, 29, 10, 17, tzinfo=dt.UTC), 86400, 3 * 3600).isoformat()
    '2026-11-30T03:00:00+00:00'
    """
    past = int((now.timestamp() - offset) // every)
    return dt.datetime.fromtimestamp((past + 1) * every + offset, dt.UTC)


def write_schedules() -> None:
    """Makes the rows what settings.WORKER_TASKS says. A run that is due or was missed stays due, once."""
    now, keys = timezone.localtime(), []
    for name, options in settings.WORKER_TASKS.items():
        if every := options.get("every"):
            at = dt.datetime.combine(now, dt.time.fromisoformat(options.get("at", "00:00")), now.tzinfo)
            machine = machine_id() if options.get("only_here") else ""
            row = Task(name=name, lane=import_string(name).queue_name, machine=machine, every=every)
            row.key, row.offset = f"schedule {name} {machine}", at.timestamp() % every
            row.run_at = next_slot(now, every, row.offset)
            grid = ["lane", "every", "offset"]
            Task.objects.bulk_create([row], update_conflicts=True, unique_fields=["key"], update_fields=grid)
            # A shorter interval than before, or a clock that was ahead.
            later = Task.objects.filter(key=row.key, state=Task.State.READY, run_at__gt=row.run_at)
            later.update(run_at=row.run_at)
            keys.append(row.key)
    ours = Task.objects.filter(every__isnull=False, machine__in=["", machine_id()])
    ours.exclude(key__in=keys).delete()
