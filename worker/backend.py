"""Stores tasks in the site's database: the backend that django-tasks is configured with (settings.TASKS)."""

from __future__ import annotations

import json
from typing import Any

from django.utils import timezone
from django_tasks import TaskResult, TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task

from worker import models
from worker.machine import machine_id


class DatabaseBackend(BaseTaskBackend):
    """A task is a row, written in the caller's transaction: it is there when that commits, and only then.

    What became of it is for the admin to see. Nothing asks for it by the result's id, which django-tasks leaves open.
    """

    supports_defer = True

    def enqueue(self, task: Task[..., Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        row = _row(task, args, kwargs)
        row.save()
        call: dict[str, Any] = {"task": task, "args": args, "kwargs": kwargs, "backend": self.alias}
        runs: dict[str, Any] = {"status": TaskResultStatus.READY, "errors": [], "worker_ids": []}
        later: dict[str, Any] = {"started_at": None, "last_attempted_at": None, "finished_at": None}
        return TaskResult(id=str(row.pk), enqueued_at=row.enqueued_at, **call, **runs, **later)


def enqueue_once(task: Task[..., Any], *args: Any, key: str = "", only_here: bool = False) -> None:
    """Enqueues a task unless one with the same key waits already; then that one runs at the time of this call.

    The key is the task's name and arguments when none is given. A task that is running does not count as waiting:
    what changed since it began would be missed. With `only_here`, only a worker of this data directory runs it.
    """
    row = _row(task, args, {})
    row.machine = machine_id() if only_here else ""
    row.key = " ".join([row.name, key or json.dumps(row.args), row.machine]).strip()
    # The conflict is an update, not ignored: it locks the waiting row until the caller commits, so that no worker
    # runs it before it can see what the caller changed.
    again = ["run_at", "attempts", "args", "enqueued_at"]
    models.Task.objects.bulk_create([row], update_conflicts=True, unique_fields=["key"], update_fields=again)


def _row(task: Task[..., Any], args: Any, kwargs: Any) -> models.Task:
    run_at = task.run_after or timezone.now()
    return models.Task(name=task.module_path, lane=task.queue_name, run_at=run_at, args=args, kwargs=kwargs)
