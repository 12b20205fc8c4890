"""Tasks that wait, run, and are done."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class TaskQuerySet(models.QuerySet["Task"]):
    def failed(self) -> Self:
        """Tasks that were tried to the end, and schedules whose last run failed."""
        return self.filter(Q(state=Task.State.FAILED) | Q(state=Task.State.READY, attempts=0) & ~Q(error=""))


class Task(models.Model):
    """A call of a function, to be made by a worker: once, or on a schedule.

    READY → RUNNING (`run_at` is now the end of the lease) → SUCCESSFUL, FAILED, or READY again at a later `run_at`.
    """

    class State(models.TextChoices):
        """Those of django-tasks."""

        READY = "READY", "等待"
        RUNNING = "RUNNING", "正在运行"
        DONE = "SUCCESSFUL", "完成"
        FAILED = "FAILED", "失败"

    name = models.CharField("任务", max_length=200)
    args = models.JSONField("参数", default=list)
    kwargs = models.JSONField("命名参数", default=dict)
    lane = models.CharField("通道", max_length=20)
    machine = models.CharField("机器", max_length=40, blank=True)
    key = models.CharField(max_length=250, null=True, unique=True, editable=False)  # noqa: DJ001 - many rows without one
    every = models.FloatField("间隔（秒）", null=True)
    offset = models.FloatField(default=0, editable=False)
    run_at = models.DateTimeField("运行时间", default=timezone.now)
    state = models.CharField("状态", max_length=10, choices=State, default=State.READY)
    attempts = models.PositiveIntegerField("已试次数", default=0)
    worker = models.CharField("进程", max_length=80, blank=True)
    error = models.TextField("出错信息", blank=True)
    enqueued_at = models.DateTimeField("登记时间", default=timezone.now)
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-enqueued_at", "-pk"]
        indexes = [
            models.Index(fields=["run_at"], name="task_due", condition=Q(state__in=["READY", "RUNNING"])),
            models.Index(fields=["finished_at"], name="task_finished"),
        ]

    def __str__(self) -> str:
        return str(settings.WORKER_TASKS.get(self.name, {}).get("label", self.name))
