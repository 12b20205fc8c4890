"""Versions of an issue with its articles: kept at every save, read again, restored.

django-reversion stores them (decision 17): a revision says who, when and what, and holds the issue, its articles
and its figures as they then were. Reading one back, and restoring it, is ours: two articles may not share a
position even for a moment, addresses must stay, and restoring must not publish.
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
from django.db.models import F, Model, QuerySet
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


class RestoreRefused(Exception):
    """A version that can not be restored as things are. Editors read it: why, and what to do."""


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


# --- Restoring -----------------------------------------------------------------------------------------


def restore(revision: Revision, issue_id: int, user: AbstractBaseUser | None = None) -> Issue:
    """Makes the issue what it was in `revision`, brings it back when it was deleted, and returns it.

    Articles keep their ids, and so their addresses. What members see does not change by it: a published issue
    stays published with the restored text, a deleted one comes back as a draft. Raises RestoreRefused when
    another issue has its title and dates.
    """
    kept = snapshot(revision, issue_id)
    what = f"恢复到 {_said(revision.date_created)} 的版本"
    _refuse_taken(kept.issue)
    with transaction.atomic():
        issue = Issue.objects.select_for_update().filter(pk=issue_id).first()
        if issue is not None:
            keep_unrecorded(issue)
            for name in (
                "title",
                "start_date",
                "end_date",
                "columnist",
                "introduction",
                "sign_off",
                "source_url",
            ):
                setattr(issue, name, kept.issue[name])
            issue.save()
        else:
            issue = _issue_again(kept.issue)
            what = "从回收站恢复"
        _restore_articles(issue, kept)
        keep(issue, what, user)
    return Issue.objects.get(pk=issue_id)


def restore_article(revision: Revision, article_id: int, user: AbstractBaseUser | None = None) -> Article:
    """Brings a deleted article back into its issue, as the last one, with its address and figures.

    Raises RestoreRefused when its issue is gone too.
    """
    found = revision.version_set.get_for_object_reference(Article, article_id).get()
    issue = Issue.objects.filter(pk=found.field_dict["issue_id"]).first()
    if issue is None:
        raise RestoreRefused("这一篇所在的期也删除了。请先恢复那一期。")
    kept = snapshot(revision, issue.pk)
    values = kept.article(article_id)
    assert values is not None  # noqa: S101 - the version was just found
    with keeping(issue, f"从回收站恢复《{values['title']}》", user):
        last = issue.articles.order_by("-position").values_list("position", flat=True).first() or 0
        article = _article_again(issue, values, position=last + 1)
        _restore_figures(kept, {article.pk})
    return article


@dataclass(frozen=True, slots=True)
class Deletion:
    """What was deleted, as it last was, and the revision that tells who did it when."""

    version: Version
    by: Revision


def deletion_of(model: type[Model], object_id: str) -> Deletion | None:
    """The deletion of the issue or article with this id; None when no version of it was ever kept."""
    if not object_id.isdecimal():
        return None
    kept = Version.objects.get_for_object_reference(model, int(object_id))
    version = kept.select_related("revision__user").order_by("-pk").first()
    return _deletion(version) if version else None


def deleted_issues() -> list[Deletion]:
    """Every issue that was deleted, the last one first."""
    gone = Version.objects.get_deleted(Issue).select_related("revision__user").order_by("-pk")
    return [_deletion(version) for version in gone]


def deleted_articles() -> list[Deletion]:
    """Every article that was deleted from an issue that is still there, the last one first."""
    gone = Version.objects.get_deleted(Article).select_related("revision__user").order_by("-pk")
    issues = set(Issue.objects.values_list("pk", flat=True))
    return [_deletion(version) for version in gone if version.field_dict["issue_id"] in issues]


def _deletion(version: Version) -> Deletion:
    """An issue's last version says that it was deleted; an article is missing from the version after its last."""
    by = version.revision
    if issue_id := version.field_dict.get("issue_id"):
        by = revisions_of(issue_id).filter(pk__gt=by.pk).last() or by
    return Deletion(version, by)


def _refuse_taken(values: Values) -> None:
    same = Issue.objects.filter(**{name: values[name] for name in ("title", "start_date", "end_date")})
    if other := same.exclude(pk=values["id"]).first():
        raise RestoreRefused(
            f"现在有另一期的刊名和起止日期与它相同：{other}。请先改动那一期的刊名或日期，再恢复。"
        )


def _issue_again(values: Values) -> Issue:
    issue = Issue(**{**values, "status": Issue.Status.DRAFT, "publish_at": values["published_at"]})
    if Issue.objects.filter(slug=issue.slug).exists():
        issue.slug = ""  # another issue of that day has taken it: save() finds a free one
    issue.version += 1  # so that a form from before the deletion is known to be out of date
    issue.save(force_insert=True)
    return issue


def _restore_articles(issue: Issue, kept: Snapshot) -> None:
    existing = {article.pk: article for article in issue.articles.all()}
    wanted = {values["id"] for values in kept.articles}
    for pk in existing.keys() - wanted:
        existing[pk].delete()
    issue.articles.update(position=F("position") + OUT_OF_THE_WAY)
    for values in kept.articles:
        article = existing.get(values["id"])
        if article is None:
            _article_again(issue, values, position=values["position"])
            continue
        for name in ("position", "title", "body", "source", "source_url"):
            setattr(article, name, values[name])
        article.save()
    _restore_figures(kept, wanted)


def _article_again(issue: Issue, values: Values, *, position: int) -> Article:
    article = Article(**{**values, "issue_id": issue.pk, "position": position})
    article.save(force_insert=True)
    return article


def _restore_figures(kept: Snapshot, article_ids: set[int]) -> None:
    """Figures that are gone come back with their ids: bodies name them. Their files were never deleted."""
    wanted = [values for values in kept.figures if values["article_id"] in article_ids]
    there = set(
        Figure.objects.filter(pk__in=[values["id"] for values in wanted]).values_list("pk", flat=True)
    )
    for values in wanted:
        if values["id"] not in there:
            Figure(**values).save(force_insert=True)


def _content_of(values: Values) -> dict[str, Any]:
    return {name: _kept(value) for name, value in values.items() if name not in _NOT_CONTENT}


def _kept(value: Any) -> Any:
    """A value as it comes back from a version: JSON keeps milliseconds, the database microseconds."""
    if isinstance(value, dt.datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    return value


def _said(when: dt.datetime) -> str:
    return timezone.localtime(when).strftime("%Y-%m-%d %H:%M")
