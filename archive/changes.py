"""Tells who wants to know which articles changed, where Django itself sends no signal: written in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models, transaction
from django.dispatch import Signal

from archive.revisions import TrackedQuerySet

AnyModel = TypeVar("AnyModel", bound=models.Model)

articles_changed = Signal()
"""Sent with `article_ids`, articles that were written by `QuerySet.update`, `bulk_update` or `bulk_create`, or whose
issue was; in the same transaction. Saves and deletions send Django's own signals."""


class AnnouncingQuerySet(TrackedQuerySet[AnyModel]):
    """Announces what it writes in bulk."""

    def article_ids(self) -> Iterable[int]:
        """The articles that a change of these rows changes."""
        raise NotImplementedError

    def update(self, **values: Any) -> int:
        with transaction.atomic(using=self.db):
            articles = list(self.article_ids())  # before: afterwards the rows may not match any more
            count = super().update(**values)
            _announce(articles)
        return count

    def bulk_create(self, objs: Iterable[AnyModel], *args: Any, **options: Any) -> list[AnyModel]:
        with transaction.atomic(using=self.db):
            created = super().bulk_create(objs, *args, **options)
            rows = self.model._default_manager.filter(pk__in=[row.pk for row in created if row.pk])
            assert isinstance(rows, AnnouncingQuerySet)  # noqa: S101 - the manager of these models is made from it
            _announce(list(rows.article_ids()))
        return created


def _announce(articles: list[int]) -> None:
    if articles:
        articles_changed.send(sender=AnnouncingQuerySet, article_ids=articles)
