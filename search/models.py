"""The outbox: what has changed in the archive, in its order; and the articles that could not be indexed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Change(models.Model):
    """An article that changed, written in the transaction that changed it.

    Every index follows the sequence of changes by itself and remembers how far it is (search.engines.position), so that
    the indexes of several machines can follow one database. Changes go when they are old (search.indexing.outbox).
    It holds no foreign key: the change may have been a deletion.
    """

    article_id = models.BigIntegerField("文章", db_index=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "待更新"

    def __str__(self) -> str:
        return f"文章 {self.article_id}"


FIRST_WAIT_SECONDS = 5
"""Before an article that failed once is tried again; twice as long after each further time."""
MAX_ATTEMPTS = 10
"""Then it stays aside until it changes or somebody asks for it: five seconds, doubled nine times, are 43 minutes."""
_LONGEST_WAIT = dt.timedelta(seconds=FIRST_WAIT_SECONDS * 2**MAX_ATTEMPTS)


class SetAsideQuerySet(models.QuerySet["SetAside"]):
    def due(self, index: str) -> list[int]:
        """Articles that this index should try again now.

        One that seems due in a far future is due now: the clock was set back.
        """
        now = timezone.now()
        is_due = Q(next_try_at__lte=now) | Q(next_try_at__gt=now + _LONGEST_WAIT)
        return list(self.filter(is_due, index=index).values_list("article_id", flat=True))

    def record(self, index: str, errors: Mapping[int, str], *, changed: Iterable[int]) -> None:
        """Notes that these articles failed. One that has changed since starts counting anew."""
        before = dict(self.filter(index=index, article_id__in=errors).values_list("article_id", "attempts"))
        before |= dict.fromkeys(changed, 0)
        for article, error in errors.items():
            attempts = before.get(article, 0) + 1
            wait = dt.timedelta(seconds=FIRST_WAIT_SECONDS * 2 ** (attempts - 1))
            self.update_or_create(
                index=index,
                article_id=article,
                defaults={
                    "attempts": attempts,
                    "error": error[:MAX_ERROR_LENGTH],
                    "next_try_at": timezone.now() + wait if attempts < MAX_ATTEMPTS else None,
                },
            )

    def try_again(self) -> int:
        """Makes them due now, as if they had never failed. Returns how many."""
        return self.update(next_try_at=timezone.now(), attempts=0)


MAX_ERROR_LENGTH = 1000


class SetAside(models.Model):
    """An article that an index could not take in, so that the others need not wait for it."""

    index = models.CharField("索引", max_length=300)
    """Whose trouble it is: the machine and the folder of the index."""
    article_id = models.BigIntegerField("文章编号")
    error = models.CharField("原因", max_length=MAX_ERROR_LENGTH)
    attempts = models.PositiveSmallIntegerField("试过几次")
    next_try_at = models.DateTimeField("下次再试", null=True, db_index=True)
    """None once it was tried often enough."""
    first_at = models.DateTimeField("最初发现", auto_now_add=True)
    last_at = models.DateTimeField("最近一次", auto_now=True)

    objects = SetAsideQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "未能收录的文章"
        ordering = [F("next_try_at").asc(nulls_first=True), "pk"]
        constraints = [models.UniqueConstraint(fields=["index", "article_id"], name="set_aside_unique")]

    def __str__(self) -> str:
        return f"文章 {self.article_id}：{self.error}"
