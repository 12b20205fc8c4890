"""Batches of back issues: their files, and the weeks that were read in them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.urls import reverse
from django.utils import timezone

from archive.models import Issue
from archive.parsing import ParseWarning

KEPT_DAYS = 30
"""How long a batch that nobody touches is kept."""


class BatchQuerySet(models.QuerySet["Batch"]):
    def of(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Returns the batches that this user may see: their own, and for who may publish all of them."""
        return self.all() if user.has_perm("archive.publish_issue") else self.filter(user_id=user.pk)  # type: ignore[union-attr]

    def old(self, now: dt.datetime) -> Self:
        """Returns the batches that nobody touched for so long that they go."""
        return self.filter(touched_at__lt=now - dt.timedelta(days=KEPT_DAYS))


class Batch(models.Model):
    """What an editor brought at once: a folder, files, or a zip of them. It goes some time after the last touch."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="batches", verbose_name="编辑"
    )
    key = models.UUIDField("表单标识", default=uuid.uuid4, unique=True, editable=False)
    """From the form that sent it: a form that is sent twice, or in parcels, is one batch."""
    name = models.CharField("名称", max_length=100, blank=True)
    """Of its first folder or file."""
    created_at = models.DateTimeField("收到的时间", default=timezone.now)
    sent_at = models.DateTimeField("传完的时间", null=True)
    """None while parcels of it are still to come: a page is read with the pictures that lie beside it."""
    passed_over = models.JSONField("没有当周报读的文件", default=list)
    touched_at = models.DateTimeField("最近动过", default=timezone.now)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "整批导入"
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name}（{timezone.localtime(self.created_at):%Y-%m-%d %H:%M}）"

    def get_absolute_url(self) -> str:
        return reverse("desk:batch", args=[self.pk])

    @property
    def goes_at(self) -> dt.datetime:
        """Returns when it is deleted unless somebody touches it before."""
        return self.touched_at + dt.timedelta(days=KEPT_DAYS)


class BatchFile(models.Model):
    """A file of a batch: as it was sent (`is_raw`), and then, zips opened and pages with their pictures, to be read.

    What it holds is read once: `read_at` says when, and from then on its weeks are there.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="files", verbose_name="整批导入")
    path = models.CharField("文件", max_length=400)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("内容校验值", max_length=64)
    is_raw = models.BooleanField("还没有拆开", default=False)
    is_named = models.BooleanField("逐个选的", default=False)
    """Whether somebody chose this very file, and not a folder that it lies in: then it is never passed over."""
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    read_at = models.DateTimeField("读过的时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "整批导入的文件"
        ordering = ["path", "id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "path", "sha256"], name="batch_file_once"),
        ]

    def __str__(self) -> str:
        return self.path


class BatchContent(models.Model):
    """What stands in a file, apart from it so that a list of files does not load it.

    In the database, as a desk's images are: whichever worker reads it has it, and it goes with its batch.
    """

    file = models.OneToOneField(BatchFile, models.CASCADE, related_name="content", verbose_name="文件")
    data = models.BinaryField("内容")

    class Meta:
        verbose_name = verbose_name_plural = "整批导入的内容"

    def __str__(self) -> str:
        return f"内容 {self.pk}"


class BatchWeekQuerySet(models.QuerySet["BatchWeek"]):
    def stored_as(self, issue: Issue, held: str = "") -> None:
        """Notes that these weeks became this issue, and what keeps it from going live when it was meant to."""
        self.update(state=BatchWeek.State.STORED, issue=issue, problem=held)

    def taken_back(self) -> None:
        """Notes that what these weeks became was taken back: they wait for a person again."""
        self.update(state=BatchWeek.State.READ, issue=None, problem="")


class BatchWeek(models.Model):
    """A week that a file of a batch holds; or the file itself, when nothing in it can be read.

    READ → ACCEPTED → STORED, or back to READ with a `problem`; READ, REFUSED ↔ SKIPPED. A week may go over a desk
    instead: then it is STORED when that is.
    """

    class State(models.TextChoices):
        REFUSED = "refused", "读不了"
        READ = "read", "待定"
        ACCEPTED = "accepted", "等着存"
        STORED = "stored", "已存入"
        SKIPPED = "skipped", "不要"

    file = models.ForeignKey(BatchFile, models.CASCADE, related_name="weeks", verbose_name="文件")
    place = models.PositiveIntegerField("文件里的第几期", default=0)
    state = models.CharField("状态", max_length=10, choices=State, default=State.READ)
    title = models.CharField("刊名", max_length=200, blank=True)
    start_date = models.DateField("开始日期", null=True)
    end_date = models.DateField("结束日期", null=True)
    articles = models.PositiveIntegerField("篇数", default=0)
    sections = models.JSONField("各栏篇数", default=list)
    notices = models.JSONField("提醒", default=list)
    digest = models.CharField("文字校验值", max_length=64, blank=True)
    problem = models.TextField("为什么不能存", blank=True)
    line = models.PositiveIntegerField("第几行", null=True)
    is_for_desk = models.BooleanField("能到导入台改", default=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁收下的"
    )
    is_to_publish = models.BooleanField("存入就发布", default=False)
    issue = models.ForeignKey(Issue, models.SET_NULL, null=True, related_name="+", verbose_name="存成的期")
    desk = models.ForeignKey(
        "desk.Desk", models.SET_NULL, null=True, related_name="batch_weeks", verbose_name="导入台"
    )

    objects = BatchWeekQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "整批导入的期"
        ordering = ["file__path", "file_id", "place"]
        constraints = [models.UniqueConstraint(fields=["file", "place"], name="batch_week_once")]

    def __str__(self) -> str:
        named = bool(self.title and self.start_date and self.end_date)
        return f"{self.title} {self.start_date}—{self.end_date}" if named else self.file.path

    @property
    def warnings(self) -> list[ParseWarning]:
        """Returns what the parser doubted."""
        return [ParseWarning(*notice) for notice in self.notices]
