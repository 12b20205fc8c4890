"""The outbox: what has changed in the archive and is not in the index yet."""

from __future__ import annotations

from django.db import models


class Change(models.Model):
    """An article that must be read again. Written in the transaction that changes it, gone once indexed.

    It holds no foreign key: the change may have been a deletion.
    """

    article_id = models.BigIntegerField("文章", db_index=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "待更新"

    def __str__(self) -> str:
        return f"文章 {self.article_id}"
