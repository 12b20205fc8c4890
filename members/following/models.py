"""What people follow, and the order in which articles arrived."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.http import QueryDict

from archive.models import Article

MAX_KEY = 600
MAX_NAME = 60


class Arrival(models.Model):
    """An article became visible for the first time. Its number is a place in the order of all that arrive.

    Once for each article, whatever becomes of it: one that is withdrawn and published again, or deleted and restored,
    is no news, so the row outlives the article.
    """

    article = models.OneToOneField(
        Article, models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name="文章"
    )
    arrived_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "新文章"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk}: {self.article_id}"


class Follow(models.Model):
    """A search or a topic that a member follows."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="成员")
    key = models.CharField("关注的", max_length=MAX_KEY)
    """members.following.subjects: `q=HBM4&year=2025`, or `topic=taijidian`."""
    name = models.CharField("名称", max_length=MAX_NAME, blank=True)
    """What its owner calls it; empty: as the search or the topic is called."""
    position = models.PositiveIntegerField("次序", default=0)
    seen = models.PositiveBigIntegerField("读到第几篇", default=0)
    """The number of the last arrival that was marked as read."""
    is_paused = models.BooleanField("暂停", default=False)
    created_at = models.DateTimeField("关注的时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "关注"
        ordering = ["position", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="follow_once")]

    def __str__(self) -> str:
        return self.name or self.typed

    @property
    def typed(self) -> str:
        """What was typed, or the topic's address: what is left of a subject that is no more."""
        given = QueryDict(self.key)
        return given.get("q") or given.get("topic") or self.key
