"""Makes an issue what it was in a version, and brings back what was deleted.

    Revision ─ versions.snapshot ─► the issue and its articles, as they then were ─► saved, and kept as a version

Two articles may not share a position even for a moment, addresses must stay, and restoring must not publish.
"""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Model
from reversion.models import Revision, Version

from archive import audit
from archive.changes import changing
from archive.editing import make_room
from archive.models import Article, Figure, Issue
from archive.moments import local_time
from archive.versions import (
    ARTICLE_CONTENT,
    ISSUE_FIELDS,
    OUT_OF_THE_WAY,
    Snapshot,
    Values,
    kept_issues,
    members_of,
    snapshot,
)

_KEPT = ("position", *ARTICLE_CONTENT)


class RestoreRefused(Exception):
    """A version that can not be restored as things are. Editors read it: why, and what to do."""


def restore(revision: Revision, issue_id: int, by: AbstractBaseUser | None = None) -> Issue:
    """Makes the issue what it was in `revision`, brings it back when it was deleted, and returns it.

    Articles keep their ids, and so their addresses. What members see does not change by it: a published issue
    stays published with the restored text, a deleted one comes back as a draft. Raises RestoreRefused when
    another issue has its title and dates.
    """
    kept = _whole(revision, issue_id)
    _refuse_taken(kept.issue)
    with transaction.atomic():
        issue = Issue.objects.select_for_update().filter(pk=issue_id).first()
        if issue is None:
            issue, what = _issue_again(kept.issue), "从回收站恢复"
        else:
            what = f"恢复到 {local_time(revision.date_created)} 的版本"
        with changing(issue, what, by) as written:
            written.texts = write(issue, kept)
            audit.note("restored", issue, by, what)
    return Issue.objects.get(pk=issue_id)


def write(issue: Issue, kept: Snapshot) -> list[Article]:
    """Makes the issue what `kept` says, within `changing`; returns the articles that it saved.

    An article without an id becomes a new one. What is as it should be is not saved: it was not changed.
    """
    for name in ISSUE_FIELDS:
        setattr(issue, name, kept.issue[name])
    issue.save()
    return _restore_articles(issue, kept)


def restore_article(revision: Revision, article_id: int, by: AbstractBaseUser | None = None) -> Article:
    """Brings a deleted article back into its issue, at the place that it had, with its address and figures.

    One that is there already is returned as it is. Raises RestoreRefused when its issue is gone too.
    """
    found = revision.version_set.get_for_object_reference(Article, article_id).get()
    issue = Issue.objects.filter(pk=found.field_dict["issue_id"]).first()
    if issue is None:
        raise RestoreRefused("这一篇所在的期也在回收站里，请先恢复那一期。")
    kept = _whole(revision, issue.pk)
    values = kept.article(article_id)
    assert values is not None  # noqa: S101 - the version was just found
    with changing(issue, f"从回收站恢复《{values['title']}》", by) as written:
        there = Article.objects.filter(pk=article_id).first()
        if there is not None:  # by a second click
            return there
        article = _article_again(issue, values, position=make_room(issue, values["position"]))
        _restore_figures(kept, {article.pk})
        written.texts = [article]  # and those behind it moved down
        audit.note("restored", article, by, "从回收站恢复")
    return article


def bring_back(version: Version, by: AbstractBaseUser | None = None) -> Issue | Article:
    """Restores the deleted issue or article whose version this is, and returns it; one that is there stays as it is."""
    model = version.content_type.model_class()
    if model is Issue:
        there = Issue.objects.filter(pk=version.object_id).first()
        return there or restore(version.revision, int(version.object_id), by)
    return restore_article(version.revision, int(version.object_id), by)


class Deletion(NamedTuple):
    """What was deleted, as it last was, and the revision that tells who did it when."""

    version: Version
    by: Revision


def issue_of_article(object_id: str) -> int | None:
    """The id of the issue of an article, of a deleted one too; None when there never was such an article."""
    if not (object_id.isdecimal() and len(object_id) < 19):
        return None
    there = Article.objects.filter(pk=object_id).values_list("issue_id", flat=True).first()
    if there is not None:
        return there
    gone = deletion_of(Article, object_id)
    return gone.version.field_dict["issue_id"] if gone else None


def deletion_of(model: type[Model], object_id: str) -> Deletion | None:
    """The deletion of the issue or article with this id; None when no version of it was ever kept."""
    if not (object_id.isdecimal() and len(object_id) < 19):
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
    """An issue's last version says that it was deleted; an article is missing from a version after its last row."""
    issue_id = version.field_dict.get("issue_id")
    if issue_id is None:
        return Deletion(version, version.revision)
    later = kept_issues(issue_id).filter(revision__gt=version.revision_id).order_by("pk")
    without = (row.revision for row in later.select_related("revision__user") if not _has(row, version))
    return Deletion(version, next(without, version.revision))


def _has(issue: Version, article: Version) -> bool:
    members = members_of(issue)
    return members is not None and int(article.object_id) in members["articles"]


def _whole(revision: Revision, issue_id: int) -> Snapshot:
    """The issue as it was; refused when versions that it needs were deleted by something that knows none of this."""
    kept = snapshot(revision, issue_id)
    if kept.is_incomplete:
        raise RestoreRefused("这个版本已经不完整：它用到的更早的版本被删除了。请选一个更新的版本。")
    return kept


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
    return issue


def _restore_articles(issue: Issue, kept: Snapshot) -> list[Article]:
    existing = {article.pk: article for article in issue.articles.all()}
    wanted = {values["id"] for values in kept.articles}
    for pk in existing.keys() - wanted:
        existing[pk].delete()
    moved = [
        values["id"]
        for values in kept.articles
        if values["id"] in existing and existing[values["id"]].position != values["position"]
    ]
    issue.articles.filter(pk__in=moved).update(position=F("position") + OUT_OF_THE_WAY)
    restored = []
    for values in kept.articles:
        article = existing.get(values["id"])
        if article is None:
            restored.append(_article_again(issue, values, position=values["position"]))
        elif any(getattr(article, name) != values[name] for name in _KEPT):
            for name in _KEPT:
                setattr(article, name, values[name])
            article.save()
            restored.append(article)
    _restore_figures(kept, wanted)
    return restored


def _article_again(issue: Issue, values: Values, *, position: int) -> Article:
    article = Article(**{**values, "issue_id": issue.pk, "position": position})
    article.save(force_insert=True)
    return article


def _restore_figures(kept: Snapshot, article_ids: set[int]) -> None:
    """Figures that are gone come back with their ids: bodies name them. Their files were never deleted."""
    wanted = [values for values in kept.figures if values["article_id"] in article_ids]
    there = Figure.objects.in_bulk([values["id"] for values in wanted])
    for values in wanted:
        if values["id"] not in there:
            Figure(**values).save(force_insert=True)
