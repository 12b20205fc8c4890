"""The state of something in the database, by a name that is another one after every change of it.

What is made from that something (a matcher of the words, a page) is kept under this name, and is as good as
new while the name stands: one query of one row tells.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models.signals import post_delete, post_save

AnyModel = TypeVar("AnyModel", bound=models.Model)


class RevisionManager(models.Manager[Any]):
    def current(self) -> str:
        """The state that this transaction sees; empty before the first change."""
        return self.values_list("value", flat=True).first() or ""

    def locked(self) -> str:
        """As `current`; and no other transaction renews it before this one ends."""
        return self.select_for_update().values_list("value", flat=True).first() or ""

    def renew(self) -> None:
        """Notes a change in the transaction that makes it; others that would, wait for its end."""
        self.bulk_create(
            [self.model(pk=1, value=uuid.uuid4().hex)],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["value"],
        )


class AbstractRevision(models.Model):
    """One row: another value after every change, in the transaction that makes it.

    Random rather than counted: a count that was rolled back comes again, for another state, and a process that
    saw it before would keep what it made of it for ever.
    """

    value = models.CharField(max_length=32)

    objects = RevisionManager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.value


class Revision(AbstractRevision):
    """The state of issues, articles and figures, drafts included: one that is withdrawn changes it too."""

    class Meta:
        verbose_name = verbose_name_plural = "文库版本"


class TrackedQuerySet(models.QuerySet[AnyModel]):
    """Renews the archive's revision where Django sends no signal: what is written in bulk."""

    def update(self, **values: Any) -> int:
        with transaction.atomic(using=self.db):
            count = super().update(**values)
            Revision.objects.renew()
        return count

    def bulk_create(self, objs: Iterable[AnyModel], *args: Any, **options: Any) -> list[AnyModel]:
        with transaction.atomic(using=self.db):
            created = super().bulk_create(objs, *args, **options)
            Revision.objects.renew()
        return created


def track(*models_: type[models.Model]) -> None:
    """Has every save and deletion of these models renew the archive's revision. Called once, when the app is ready."""
    for model in models_:
        post_save.connect(_renew, sender=model, dispatch_uid="archive.revisions")
        post_delete.connect(_renew, sender=model, dispatch_uid="archive.revisions")


def _renew(sender: type[models.Model], **kwargs: Any) -> None:
    Revision.objects.renew()
