"""Desks of editors, and the images on them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from pydantic import TypeAdapter

from archive.images import PreparedImage
from archive.models import Issue
from archive.parsing import ParseWarning
from desk.batches.models import Batch, BatchContent, BatchFile, BatchWeek
from desk.opening import Opened, SourceLine
from desk.operations import Operation, perform, replay
from desk.state import State

__all__ = [
    "Batch",
    "BatchContent",
    "BatchFile",
    "BatchWeek",
    "Desk",
    "DeskImage",
]  # Django looks for models here

STATE = TypeAdapter(State)
"""Reads and writes the JSON of a week. Not in `desk.state`, which each limited process loads: pydantic is slow."""


class DeskQuerySet(models.QuerySet["Desk"]):
    def open_of(self, user_id: int) -> Desk | None:
        """Returns the desk that this editor is at work on."""
        return self.filter(user_id=user_id, issue__isnull=True).order_by().first()

    def stored_of(self, user_id: int) -> Self:
        """Returns the desks of this editor that became issues, newest first."""
        return self.filter(user_id=user_id, issue__isnull=False)


class Desk(models.Model):
    """A week that an editor takes apart: what the parser read, and the operations since then.

    An editor has one that is open. Once it is stored it is kept beside its issue for a while, so that the import
    can be taken back. `fingerprint` then says what the issue was like.

    The state is not kept but made: the operations replayed from the beginning. Undoing is `done` less one; what
    was undone stays in `operations` until something else is done.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="desks", verbose_name="编辑"
    )
    name = models.CharField("来自", max_length=200)
    origin = models.JSONField("最初的样子")
    source = models.JSONField("原文")
    warnings = models.JSONField("提醒", default=list)
    operations = models.JSONField("做过的改动", default=list)
    done = models.PositiveIntegerField("做到第几步", default=0)
    updated_at = models.DateTimeField("修改时间", auto_now=True)
    issue = models.OneToOneField(
        Issue, models.CASCADE, null=True, blank=True, related_name="desk", verbose_name="存成的期"
    )
    fingerprint = models.CharField("内容校验值", max_length=64, blank=True)

    objects = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入台"
        ordering = ["-updated_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(issue__isnull=True), name="desk_one_open_each"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Returns the page about what this desk became."""
        return reverse("desk:stored", args=[self.pk])

    def put(self, opened: Opened) -> None:
        """Puts a week on the desk and replaces what is there."""
        self.origin = STATE.dump_python(opened.state, mode="json")
        self.source = [[line.number, line.text, line.kind] for line in opened.lines]
        self.warnings = [[warning.line, warning.code, warning.message] for warning in opened.warnings]
        self.operations, self.done = [], 0
        self.save()

    @property
    def state(self) -> State:
        """Returns the week as it is now: the operations replayed."""
        return replay(STATE.validate_python(self.origin), self.operations[: self.done])

    @property
    def lines(self) -> list[SourceLine]:
        """Returns the source, line by line."""
        return [SourceLine(*line) for line in self.source]

    @property
    def first_warnings(self) -> list[ParseWarning]:
        """Returns the warnings of the parser."""
        return [ParseWarning(*warning) for warning in self.warnings]

    @property
    def batch(self) -> Batch | None:
        """Returns the batch that its week came from, None when it came alone."""
        return Batch.objects.filter(files__weeks__desk=self).first()

    @property
    def can_undo(self) -> bool:
        return self.done > 0

    @property
    def can_redo(self) -> bool:
        return self.done < len(self.operations)

    def do(self, operation: Operation) -> State:
        """Performs an operation, saves it and returns the new state; raises OperationRefused if it makes no sense."""
        before = self.state
        state = perform(before, operation)
        if state != before:
            self.operations = [*self.operations[: self.done], dict(operation)]
            self.done += 1
            self.save(update_fields=["operations", "done", "updated_at"])
        return state

    def undo(self) -> bool:
        """Takes the last operation back. Returns whether there was one."""
        return self._go_to(self.done - 1)

    def redo(self) -> bool:
        """Repeats the operation that was undone last. Returns whether there was one."""
        return self._go_to(self.done + 1)

    def _go_to(self, done: int) -> bool:
        if not 0 <= done <= len(self.operations):
            return False
        self.done = done
        self.save(update_fields=["done", "updated_at"])
        return True


class DeskImage(models.Model):
    """An image on a desk, already fit to be shown. It is in the database, so that it is deleted with its desk."""

    desk = models.ForeignKey(Desk, models.CASCADE, related_name="images", verbose_name="导入台")
    data = models.BinaryField("图片")
    image_format = models.CharField("格式", max_length=4)
    width = models.PositiveIntegerField("宽（像素）")
    height = models.PositiveIntegerField("高（像素）")

    class Meta:
        verbose_name = verbose_name_plural = "导入台上的图片"

    def __str__(self) -> str:
        return f"图片 {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("desk:image", args=[self.pk])

    @classmethod
    def of(cls, desk: Desk, image: PreparedImage) -> Self:
        """Stores an image on this desk."""
        return cls.objects.create(desk=desk, **asdict(image))

    @property
    def prepared(self) -> PreparedImage:
        """Returns the image as `archive.importing` takes it."""
        return PreparedImage(bytes(self.data), self.image_format, self.width, self.height)
