"""The outbox: what has changed in the archive and is not in the index yet."""

from __future__ import annotations

from typing import Self

from django.db import models

from archive.models import Article


class ChangeQuerySet(models.QuerySet["Change"]):
    def withdrawn(self) -> Self:
        """Changes that took an article away from members. The index may still hold it: never show it."""
        return self.exclude(article_id__in=Article.objects.published().values("pk"))


class Change(models.Model):
    """An article that must be read again. Written in the transaction that changes it, gone once indexed.

    It holds no foreign key: the change may have been a deletion.
    """

    article_id = models.BigIntegerField("文章", db_index=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "待更新"

    def __str__(self) -> str:
        return f"文章 {self.article_id}"
