"""What was handed to the chief editors: a week as it is, or a change to what members see (decision 37).

The rows are also the record of it: who handed over what when, what became of it, who said what.
"""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

LONGEST_NOTE = 1000
"""Characters of a note or a comment."""


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Proposals of issues that are there: those of a deleted one wait for it to be restored."""

    def of_existing(self) -> Self:
        from archive.models import Issue

        return self.filter(Exists(Issue.objects.filter(pk=OuterRef("issue_id"))))

    def pending(self) -> Self:
        """What waits for a chief editor, the oldest first."""
        waiting = self.of_existing().filter(outcome=Proposal.Outcome.PENDING)
        return waiting.select_related("issue", "author").order_by("created_at", "pk")

    def open_for(self, user_id: int | None) -> Self:
        """What waits, and what was sent back to this user, who has not read it yet: for the top of a form."""
        waiting = Q(outcome=Proposal.Outcome.PENDING)
        back = Q(outcome=Proposal.Outcome.RETURNED, author=user_id, read_at=None)
        return self.filter(waiting | back).select_related("issue", "author", "closed_by").order_by("pk")


class Proposal(models.Model):
    """A week, or a change of a published or scheduled issue, that waits for a chief editor or did.

    `changes` is a `archive.delta.Delta` as JSON; empty: the whole week, which is a draft in review.
    """

    class Outcome(models.TextChoices):
        PENDING = "pending", "待审"
        ACCEPTED = "accepted", "已采用"
        RETURNED = "returned", "已退回"
        WITHDRAWN = "withdrawn", "已收回"

    # Without constraints: a deleted issue or article can be restored under its id, and then this belongs to it again.
    issue = models.ForeignKey(
        "archive.Issue",
        models.DO_NOTHING,
        db_constraint=False,
        related_name="proposals",
        verbose_name="期",
    )
    article = models.ForeignKey(
        "archive.Article",
        models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="proposals",
        verbose_name="文章",
    )
    """The one article that it changes; None: the issue itself, several, or a new one."""
    what = models.CharField("改动", max_length=400)
    changes = models.JSONField("改动的内容", default=dict)
    note = models.TextField("附言", blank=True, max_length=LONGEST_NOTE)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁交的"
    )
    created_at = models.DateTimeField("时间", auto_now_add=True)
    outcome = models.CharField("结果", max_length=10, choices=Outcome, default=Outcome.PENDING)
    comment = models.TextField("批注", blank=True, max_length=LONGEST_NOTE)
    closed_at = models.DateTimeField("处理时间", null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="处理的人"
    )
    read_at = models.DateTimeField("看到批注的时间", null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "送审"
        ordering = ["-created_at", "-id"]
        default_permissions = ()
        indexes = [models.Index(fields=["outcome", "created_at"], name="proposal_by_outcome")]

    def __str__(self) -> str:
        return self.what

    @property
    def is_pending(self) -> bool:
        return self.outcome == self.Outcome.PENDING

    @property
    def is_returned(self) -> bool:
        return self.outcome == self.Outcome.RETURNED

    @property
    def is_week(self) -> bool:
        """Whether it is a whole week to be published, not a change."""
        return not self.changes

    @property
    def author_name(self) -> str:
        """What people call its author."""
        return name_of(self.author)

    @property
    def closer_name(self) -> str:
        """What people call whoever accepted it, sent it back or took it back."""
        return name_of(self.closed_by)


def name_of(user: Any) -> str:
    """What people call a user: the full name, or else the one they log in with."""
    return (user.get_full_name() or user.get_username()) if user is not None else "已删除的账号"
