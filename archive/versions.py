"""Versions of an issue with its articles: kept at every save, and read again.

django-reversion stores them (decision 17): a revision says who, when and what, and holds the issue, its articles
and its figures as they then were. Reading one back is ours, and so is restoring it (archive.restoring).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import reversion
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from reversion.models import Revision, Version

from archive.models import Article, Figure, Issue

UNRECORDED = "此前的内容"
"""What a version is called that was found, not made: saved by something that keeps no versions."""
OUT_OF_THE_WAY = 10_000
"""Added to positions while articles change places: two may not share one, not even half-way through."""
_NOT_CONTENT = {"version", "updated_at", "preview_key"}

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An issue at a moment: its fields, its articles in order, and their figures, by field name."""

    issue: Values
    articles: tuple[Values, ...]
    figures: tuple[Values, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Snapshot) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash(self.issue["id"])

    def article(self, pk: int) -> Values | None:
        return next((article for article in self.articles if article["id"] == pk), None)

    def _content(self) -> tuple[Any, ...]:
        return _content_of(self.issue), [*map(_content_of, self.articles)], self.figures


def register() -> None:
    """Says what belongs to a version, and counts the versions of an issue. Called once, when the app is ready."""
    reversion.register(Figure)
    reversion.register(Article, follow=["figures"])
    reversion.register(Issue, follow=["articles"])
    post_save.connect(_article_changed, sender=Article, dispatch_uid="archive.versions")
    post_delete.connect(_article_changed, sender=Article, dispatch_uid="archive.versions")


def _article_changed(sender: type[Article], instance: Article, **kwargs: Any) -> None:
    # Not by Issue.objects: that announces a change of all articles of the issue, and the count is no content.
    Issue._base_manager.filter(pk=instance.issue_id).update(version=F("version") + 1)


# --- Keeping -------------------------------------------------------------------------------------------


@contextmanager
def keeping(issue: Issue, what: str, user: AbstractBaseUser | None = None) -> Iterator[None]:
    """Around a change of an issue or its articles: afterwards it is a version, with who, when and `what`.

    What was saved past this module (by SQL, in a shell) becomes a version first, so that nothing is lost.
    """
    with transaction.atomic():
        keep_unrecorded(issue)
        yield
        keep(issue, what, user)


def keep(issue: Issue, what: str, user: AbstractBaseUser | None = None) -> None:
    """Keeps the issue as it is now, unless its newest version is just that."""
    if (newest := revisions_of(issue.pk).first()) and snapshot(newest, issue.pk) == current(issue.pk):
        return
    with reversion.create_revision(manage_manually=True):
        reversion.set_date_created(timezone.now())
        reversion.set_comment(what)
        if user is not None and user.pk is not None:
            reversion.set_user(user)
        reversion.add_to_revision(Issue.objects.get(pk=issue.pk))


def keep_unrecorded(issue: Issue) -> None:
    """Keeps what is stored and in no version, before it is changed."""
    if issue.pk is not None and Issue.objects.filter(pk=issue.pk).exists():
        keep(issue, UNRECORDED)


def keep_deletion(issue: Issue, user: AbstractBaseUser | None = None) -> None:
    """Notes who deletes the issue, and keeps it as it is. Called before it is deleted."""
    keep_unrecorded(issue)
    with reversion.create_revision(manage_manually=True):
        reversion.set_date_created(timezone.now())
        reversion.set_comment("删除")
        if user is not None:
            reversion.set_user(user)
        reversion.add_to_revision(Issue.objects.get(pk=issue.pk))


# --- Reading -------------------------------------------------------------------------------------------


def revisions_of(issue_id: int) -> QuerySet[Revision]:
    """The versions of an issue, newest first; those of a deleted one too."""
    kept = Version.objects.get_for_object_reference(Issue, issue_id)
    revisions: QuerySet[Revision] = Revision.objects.filter(pk__in=kept.values("revision_id"))
    return revisions.select_related("user").order_by("-pk")


def snapshot(revision: Revision, issue_id: int) -> Snapshot:
    """What `revision` holds of the issue."""
    issue: Values = {}
    articles: list[Values] = []
    figures: list[Values] = []
    for version in revision.version_set.select_related("content_type"):
        values = version.field_dict
        model = version.content_type.model
        if model == "issue" and values["id"] == issue_id:
            issue = values
        elif model == "article" and values["issue_id"] == issue_id:
            articles.append(values)
        elif model == "figure":
            figures.append(values)
    own = {article["id"] for article in articles}
    return _ordered(issue, articles, [figure for figure in figures if figure["article_id"] in own])


def current(issue_id: int) -> Snapshot:
    """The issue as it is stored now."""
    issue = Issue.objects.get(pk=issue_id)
    articles = [_values(article) for article in issue.articles.all()]
    figures = [_values(figure) for figure in Figure.objects.filter(article__issue=issue)]
    return _ordered(_values(issue), articles, figures)


def at_version(issue_id: int, number: int) -> Snapshot | None:
    """The issue as it was when its `version` was `number`; None when that is not known any more.

    A save that changes nothing raises the number and keeps nothing: then the version before it is the same.
    """
    for revision in revisions_of(issue_id)[:50]:
        kept = snapshot(revision, issue_id)
        if kept.issue["version"] <= number:
            return kept
    return None


def _values(instance: Issue | Article | Figure) -> Values:
    values = {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}
    return {name: getattr(value, "name", value) for name, value in values.items()}


def _ordered(issue: Values, articles: list[Values], figures: list[Values]) -> Snapshot:
    plain = [{name: getattr(value, "name", value) for name, value in figure.items()} for figure in figures]
    return Snapshot(
        issue,
        tuple(sorted(articles, key=lambda article: (article["position"], article["id"]))),
        tuple(sorted(plain, key=lambda figure: figure["id"])),
    )


def _content_of(values: Values) -> dict[str, Any]:
    return {name: _kept(value) for name, value in values.items() if name not in _NOT_CONTENT}


def _kept(value: Any) -> Any:
    """A value as it comes back from a version: JSON keeps milliseconds, the database microseconds."""
    if isinstance(value, dt.datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    return value
