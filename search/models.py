"""The outbox: what has changed in the archive, in its order; and the articles that could not be indexed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import cast

from django.db import models
from django.db.models import F
from django.utils import timezone

from search.engines.documents import DocumentId, Kind


class Change(models.Model):
    """An article that changed, or an issue whose own words did, written in the transaction that changed it.

    Every index follows the sequence of changes by itself and remembers how far it is (search.engines.position), so that
    the indexes of several machines can follow one database. Changes go when they are old (search.indexing.outbox).
    It holds no foreign key: the change may have been a deletion.
    """

    article_id = models.BigIntegerField("文章", db_index=True)
    issue_id = models.BigIntegerField("期", default=0, db_default=0)
    """Of both, 0 is none."""
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "待更新"

    def __str__(self) -> str:
        return f"文章 {self.article_id}，期 {self.issue_id}"


FIRST_WAIT_SECONDS = 5
"""Before an article that failed once is tried again; twice as long after each further time."""
MAX_ATTEMPTS = 10
"""Then it stays aside until it changes or somebody asks for it: five seconds, doubled nine times, are 43 minutes."""
_LONGEST_WAIT = dt.timedelta(seconds=FIRST_WAIT_SECONDS * 2**MAX_ATTEMPTS)


class SetAsideQuerySet(models.QuerySet["SetAside"]):
    def due(self, index: str) -> set[DocumentId]:
        """What this index should try again now."""
        return {document for document, is_due in self.known(index).items() if is_due}

    def known(self, index: str) -> dict[DocumentId, bool]:
        """What this index has set aside, and whether it should be tried again now.

        One that seems due in a far future is due now: the clock was set back.
        """
        now = timezone.now()
        rows = self.filter(index=index).values_list("kind", "article_id", "next_try_at")
        return {
            DocumentId(cast(Kind, kind), pk): at is not None and not now < at <= now + _LONGEST_WAIT
            for kind, pk, at in rows
        }

    def forget(self, index: str, documents: Iterable[DocumentId]) -> None:
        """Deletes the rows of what the index has taken in."""
        for document in documents:
            self.filter(index=index, kind=document.kind, article_id=document.pk).delete()

    def record(
        self, index: str, errors: Mapping[int, str], *, changed: Iterable[int], kind: Kind = "article"
    ) -> None:
        """Notes that these articles (or issues) failed. One that has changed since starts counting anew."""
        known = self.filter(index=index, kind=kind, article_id__in=errors)
        before = dict(known.values_list("article_id", "attempts")) | dict.fromkeys(changed, 0)
        for article, error in errors.items():
            attempts = before.get(article, 0) + 1
            wait = dt.timedelta(seconds=FIRST_WAIT_SECONDS * 2 ** (attempts - 1))
            self.update_or_create(
                index=index,
                kind=kind,
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
    """An article or an issue that an index could not take in, so that the others need not wait for it."""

    index = models.CharField("索引", max_length=300)
    """Whose trouble it is: the machine and the folder of the index."""
    kind = models.CharField("种类", max_length=10, default="article", db_default="article")
    """Of the document: the name of its model."""
    article_id = models.BigIntegerField("文章编号")
    error = models.CharField("原因", max_length=MAX_ERROR_LENGTH)
    attempts = models.PositiveSmallIntegerField("试过几次")
    next_try_at = models.DateTimeField("下次再试", null=True, db_index=True)
    """None once it was tried often enough."""
    first_at = models.DateTimeField("最初发现", auto_now_add=True)
    last_at = models.DateTimeField("最近一次", auto_now=True)

    objects = SetAsideQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "搜不到的文章"
        ordering = [F("next_try_at").asc(nulls_first=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["index", "kind", "article_id"], name="set_aside_unique")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.article_id}：{self.error}"
