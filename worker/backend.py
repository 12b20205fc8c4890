"""Stores tasks in the site's database: the backend that django-tasks is configured with (settings.TASKS)."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import TaskResult, TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.utils import normalize_json

from worker import models
from worker.machine import machine_id


class DatabaseBackend(BaseTaskBackend):
    """A task is a row, written in the caller's transaction: it is there when that commits, and only then."""

    supports_defer = True
    supports_get_result = True

    def enqueue(self, task: Task[..., Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        self.validate_task(task)
        row = _row(task, args, kwargs)
        row.save()
        return result_of(row, task)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        try:
            return result_of(models.Task.objects.get(pk=result_id))
        except (ObjectDoesNotExist, ValueError) as error:
            raise TaskResultDoesNotExist(result_id) from error


def enqueue_once(
    task: Task[..., Any],
    *args: Any,
    key: str = "",
    run_after: dt.datetime | None = None,
    only_here: bool = False,
) -> None:
    """Enqueues a task unless one with the same key waits already; then that one runs at the time of this call.

    The key is the task's name and arguments when none is given. A task that is running does not count as waiting:
    what changed since it began would be missed. With `only_here`, only a worker of this data directory runs it.
    """
    task.get_backend().validate_task(task)
    row = _row(task if run_after is None else task.using(run_after=run_after), args, {})
    row.machine = machine_id() if only_here else ""
    row.key = " ".join([row.name, key or json.dumps(row.args), row.machine]).strip()
    # The conflict is an update, not ignored: it locks the waiting row until the caller commits, so that no worker
    # runs it before it can see what the caller changed.
    models.Task.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["run_at", "attempts", "args", "enqueued_at"],
    )


def result_of(row: models.Task, task: Task[..., Any] | None = None) -> TaskResult[Any]:
    """Returns a row as django-tasks describes a task's state."""
    errors = [TaskError(exception_class_path="builtins.Exception", traceback=row.error)] if row.error else []
    return TaskResult(
        task=task or import_string(row.name),
        id=str(row.pk),
        status=TaskResultStatus(row.state),
        enqueued_at=row.enqueued_at,
        started_at=row.started_at,
        last_attempted_at=row.started_at,
        finished_at=row.finished_at,
        args=row.args,
        kwargs=row.kwargs,
        backend="default",
        errors=errors,
        worker_ids=[row.worker] * row.attempts,
    )


def _row(task: Task[..., Any], args: Any, kwargs: Any) -> models.Task:
    return models.Task(
        name=task.module_path,
        args=normalize_json(args),
        kwargs=normalize_json(kwargs),
        lane=task.queue_name,
        run_at=task.run_after or timezone.now(),
    )
