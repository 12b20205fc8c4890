"""What follows every change of the archive, by name and in order; each use case writes its change inside `changing`.

    changing ─ locks the issue, keeps what no version has ─► the change itself ─► the issue's version number
             ─► articles_changed: the archive's revision, then each function of ARCHIVE_FOLLOWERS ─► a version is kept

All of it is one transaction. What is written past the use cases (a shell, loaddata) tells nobody: `check_index --fix`
finds and mends what it left behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.module_loading import import_string

from archive import versions
from archive.models import Article, Issue
from archive.revisions import Revision
from archive.versions import Snapshot


def articles_changed(article_ids: Collection[int], texts: Collection[Article] = ()) -> None:
    """Renews the archive's revision and calls the followers. Called in the transaction of the change.

    `article_ids` are articles that were written or deleted, or whose issue was; `texts` those whose text is new.
    """
    Revision.objects.renew()
    for path in settings.ARCHIVE_FOLLOWERS:
        import_string(path)(article_ids, texts)


@dataclass(slots=True)
class Written:
    """What a use case says about its change, for those that follow."""

    before: Snapshot | None
    """The issue before the change; None for a new one."""
    texts: list[Article] = field(default_factory=list)
    """Articles that were saved."""
    after: Snapshot | None = None
    """The issue after the change, from who knows it without reading it again."""
    article_ids: Collection[int] | None = None
    """Articles that changed; None: all that the issue had or has."""


@contextmanager
def changing(issue: Issue, what: str, by: AbstractBaseUser | None = None) -> Iterator[Written]:
    """Around a change of an issue or its articles: see the head of this module."""
    with transaction.atomic():
        stored = None if issue._state.adding else Issue.objects.select_for_update().get(pk=issue.pk)
        written = Written(versions.keep_unrecorded(stored) if stored else None)
        if stored:
            issue.version = stored.version + 1
        yield written
        if stored:
            Issue.objects.filter(pk=issue.pk).update(version=issue.version)
        after = written.after or versions.current(Issue.objects.get(pk=issue.pk))
        both = [*(written.before.articles if written.before else ()), *after.articles]
        changed = written.article_ids
        articles_changed(
            {article["id"] for article in both} if changed is None else changed,
            [article for article in written.texts if _has_new_text(written.before, article)],
        )
        versions.keep(written.before, after, what, by)


def _has_new_text(before: Snapshot | None, article: Article) -> bool:
    old = before.article(article.pk) if before else None
    return old is None or any(old[name] != getattr(article, name) for name in ("title", "body", "source"))
