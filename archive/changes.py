"""What follows every change of the archive, by name and in order; each use case writes its change inside `changing`.

    changing ─ locks the issue, keeps what no version has ─► the change itself ─► the issue's version number
             ─► articles_changed: the archive's revision, then each function of ARCHIVE_FOLLOWERS
             ─► each of PUBLICATION_FOLLOWERS, when articles become visible by it ─► a version is kept

Work on what members do not see leaves the revision and the index as they are: else everyone could tell by the ETag of
a page that someone works, and when.

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


def articles_changed(
    article_ids: Collection[int],
    texts: Collection[Article] = (),
    issue_ids: Collection[int] = (),
    *,
    is_visible: bool = True,
) -> None:
    """Renews the archive's revision and calls the followers. Called in the transaction of the change.

    `article_ids` are articles that were written or deleted, or whose issue was; `texts` those whose text is new;
    `issue_ids` issues of which members now read other words of their own (archive.issue_text), or none any more.
    With `is_visible`, members may have seen something of it before, or may from now on. Who says that it is not holds
    the lock of the issue: it could be published meanwhile. Of what nobody sees the followers hear the texts alone.
    """
    if is_visible:
        Revision.objects.renew()
    else:
        article_ids = issue_ids = ()
    for path in settings.ARCHIVE_FOLLOWERS:
        import_string(path)(article_ids, texts, issue_ids)


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
            [issue.pk] if _own_words(written.before) != _own_words(after) else [],
            is_visible=is_visible(written.before) or is_visible(after),
        )
        if arrived := _visible_articles(after) - _visible_articles(written.before):
            for path in settings.PUBLICATION_FOLLOWERS:
                import_string(path)(arrived)
        versions.keep(written.before, after, what, by)


def is_visible(issue: Snapshot | None) -> bool:
    """Whether members may see it: `published()`, of an issue at a moment."""
    return issue is not None and issue.issue["status"] == Issue.Status.PUBLISHED


def _visible_articles(issue: Snapshot | None) -> set[int]:
    return {article["id"] for article in issue.articles} if issue and is_visible(issue) else set()


def _has_new_text(before: Snapshot | None, article: Article) -> bool:
    old = before.article(article.pk) if before else None
    seen = ("title", "body", "section", "source")
    return old is None or any(old[name] != getattr(article, name) for name in seen)


_OF_THE_ISSUE = (
    "title",
    "slug",
    "start_date",
    "end_date",
    "columnist",
    "introduction",
    "sign_off",
    "status",
)


def _own_words(issue: Snapshot | None) -> object:
    """What members read of an issue beside its articles: its fields, and its sections in their order."""
    if issue is None:
        return None
    fields = [issue.issue[name] for name in _OF_THE_ISSUE]
    return fields, [*dict.fromkeys(article.get("section", "") for article in issue.articles)]
