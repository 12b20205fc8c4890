"""Versions of an issue with its articles: kept at every change, and read again.

django-reversion's tables hold them: a revision says who, when and what; its rows are the issue, with the ids of all
that belonged to it, and those of its articles and figures that the change made different (decision 28). Reading one
back is ours, and so is restoring it (archive.restoring).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import reversion
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.db import router, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from reversion.models import Revision, Version

from archive.models import Article, Figure, Issue

UNRECORDED = "此前的内容"
"""What a version is called that was found, not made: saved by something that keeps no versions."""
OUT_OF_THE_WAY = 10_000
"""Added to positions while articles change places: two may not share one, not even half-way through."""
ISSUE_FIELDS = ("title", "start_date", "end_date", "columnist", "introduction", "sign_off", "source_url")
ARTICLE_FIELDS = ("title", "body", "section", "source", "source_url")
"""What editors write: of an issue, and of an article beside its place."""
ARTICLE_CONTENT = (*ARTICLE_FIELDS, "missing_figures")
"""All that an article has of its own, beside its place."""
_NOT_CONTENT = {"version", "updated_at", "preview_key"}

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An issue at a moment: its fields, its articles in order, and their figures, by field name."""

    issue: Values
    articles: tuple[Values, ...]
    figures: tuple[Values, ...]
    is_incomplete: bool = False
    """Whether rows of it were deleted with older versions."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Snapshot) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash(self.issue["id"])

    def article(self, pk: int) -> Values | None:
        return next((article for article in self.articles if article["id"] == pk), None)

    def with_article(self, article: Article, version: int) -> Snapshot:
        """The same with this article, which may be a new one, as version number `version`."""
        others = [values for values in self.articles if values["id"] != article.pk]
        issue = {**self.issue, "version": version}
        return _ordered(issue, [*others, values_of(article)], list(self.figures))

    def _content(self) -> tuple[Any, ...]:
        return _content_of(self.issue), [*map(_content_of, self.articles)], self.figures


def register() -> None:
    """Tells django-reversion which models have versions. Called once, when the app is ready."""
    # For its own commands: `createinitialrevisions` stores an issue with all that belongs to it. We follow nothing.
    reversion.register(Figure)
    reversion.register(Article, follow=["figures"])
    reversion.register(Issue, follow=["articles"])


# --- Keeping -------------------------------------------------------------------------------------------


def keep_unrecorded(issue: Issue) -> Snapshot:
    """Keeps what is stored and in no version, before it is changed. Returns the issue as it is stored.

    What was saved past the use cases (by SQL, in a shell) becomes a version like this, so that nothing is lost.
    """
    newest = kept_issues(issue.pk).first()
    now = current(issue)
    keep(_read(newest) if newest else None, now, UNRECORDED)
    return now


def keep(before: Snapshot | None, after: Snapshot, what: str, by: AbstractBaseUser | None = None) -> None:
    """Keeps the issue as it is after a change, with who, when and `what`; nothing when nothing changed."""
    if before != after:
        _store(before, after, what, by)


def keep_deletion(issue: Issue, by: AbstractBaseUser | None = None) -> Snapshot:
    """Notes who deletes the issue, and keeps it as it is. Called before it is deleted."""
    now = keep_unrecorded(issue)
    _store(now, now, "删除", by)
    return now


def prune(before: dt.datetime, keep_last: int) -> int:
    """Deletes versions made before that moment, but the last `keep_last` of each issue. Returns how many.

    What those that stay still need of them moves into the oldest that stays.
    """
    deleted = 0
    for issue_id in (
        Version.objects.get_for_model(Issue).order_by().values_list("object_id", flat=True).distinct()
    ):
        with transaction.atomic():
            kept = list(kept_issues(int(issue_id)))
            old = [row.revision_id for row in kept[keep_last:] if row.revision.date_created < before]
            if old and (staying := kept[: -len(old)]):
                needed = [row.pk for row in _rows_of(staying[-1])]
                Version.objects.filter(pk__in=needed).update(revision=staying[-1].revision_id)
            Revision.objects.filter(pk__in=old).delete()
        deleted += len(old)
    return deleted


def _store(before: Snapshot | None, after: Snapshot, what: str, by: AbstractBaseUser | None) -> None:
    """Writes the issue's row with the ids of all that belongs to it, and rows of what differs from `before`."""
    user = by if by is not None and by.pk is not None else None
    revision = Revision.objects.create(date_created=timezone.now(), comment=what, user=user)
    members = {"articles": _ids(after.articles), "figures": _ids(after.figures)}
    rows = [_row(revision, Issue(**after.issue), {"members": members})]
    for model, old, new in (
        (Article, before.articles if before else (), after.articles),
        (Figure, before.figures if before else (), after.figures),
    ):
        known = [_content_of(values) for values in old]
        rows += [_row(revision, model(**values)) for values in new if _content_of(values) not in known]
    Version.objects.bulk_create(rows)


def _row(revision: Revision, instance: Issue | Article | Figure, extra: Values | None = None) -> Version:
    data = serializers.serialize("json", [instance])
    if extra:  # django-reversion passes over what is no field of the model
        [content] = json.loads(data)
        data = json.dumps([{**content, "fields": content["fields"] | extra}], ensure_ascii=False)
    return Version(
        revision=revision,
        content_type=ContentType.objects.get_for_model(instance),
        object_id=str(instance.pk),
        db=router.db_for_write(type(instance)),
        format="json",
        serialized_data=data,
        object_repr=str(instance),
    )


def _ids(rows: tuple[Values, ...]) -> list[int]:
    return [values["id"] for values in rows]


# --- Reading -------------------------------------------------------------------------------------------


def kept_issues(issue_id: int) -> QuerySet[Version]:
    """The rows of an issue in its versions, newest first, each with its revision; those of a deleted one too."""
    kept: QuerySet[Version] = Version.objects.get_for_object_reference(Issue, issue_id)
    return kept.select_related("revision").order_by("-pk")


def revisions_of(issue_id: int) -> QuerySet[Revision]:
    """The versions of an issue, newest first; those of a deleted one too."""
    kept = kept_issues(issue_id).order_by().values("revision_id")
    revisions: QuerySet[Revision] = Revision.objects.filter(pk__in=kept)
    return revisions.select_related("user").order_by("-pk")


def snapshot(revision: Revision, issue_id: int) -> Snapshot:
    """The issue as it was in `revision`."""
    return _read(kept_issues(issue_id).get(revision=revision))


def current(issue: Issue) -> Snapshot:
    """The issue as it is, with what is stored of its articles now."""
    articles = [values_of(article) for article in issue.articles.all()]
    figures = [values_of(figure) for figure in Figure.objects.filter(article__issue=issue)]
    return _ordered(values_of(issue), articles, figures)


def at_version(issue_id: int, number: int) -> Snapshot | None:
    """The issue as it was when its `version` was `number`; None when that is not known any more.

    A save that changes nothing raises the number and keeps nothing: then the version before it is the same.
    """
    kept = kept_issues(issue_id)[:50]
    return next((_read(row) for row in kept if row.field_dict["version"] <= number), None)


def members_of(row: Version) -> dict[str, list[int]] | None:
    """Ids of the articles and figures that an issue had in a version; None in one that 0.1.0 stored."""
    [content] = json.loads(row.serialized_data)
    members: dict[str, list[int]] | None = content["fields"].get("members")
    return members


def _read(row: Version) -> Snapshot:
    """The issue of a version's row: each article and figure as its newest row up to there has it.

    A version of 0.1.0 holds all of them itself.
    """
    found = _rows_of(row)
    members = members_of(row)
    is_incomplete = members is not None and len(found) < sum(map(len, members.values()))
    articles = [row.field_dict for row in found if row.content_type_id == _type(Article).pk]
    articles = [values for values in articles if values["issue_id"] == int(row.object_id)]
    own = {values["id"] for values in articles}
    figures = [row.field_dict for row in found if row.content_type_id == _type(Figure).pk]
    figures = [values for values in figures if values["article_id"] in own]
    return _ordered(row.field_dict, articles, figures, is_incomplete=is_incomplete)


def _rows_of(row: Version) -> list[Version]:
    """The rows of the articles and figures of an issue's row."""
    members = members_of(row)
    rows = Version.objects.filter(db=row.db).order_by("pk")
    if members is None:
        rows = rows.filter(revision=row.revision_id)
    else:
        wanted = Q(content_type=_type(Article), object_id__in=list(map(str, members["articles"])))
        wanted |= Q(content_type=_type(Figure), object_id__in=list(map(str, members["figures"])))
        up_to = rows.filter(wanted, revision__lte=row.revision_id).order_by()
        newest = up_to.values("content_type", "object_id").annotate(newest=Max("pk")).values("newest")
        rows = rows.filter(pk__in=newest)
    return list(rows)


def _type(model: type[Article | Figure]) -> ContentType:
    return ContentType.objects.get_for_model(model)


def values_of(instance: Issue | Article | Figure) -> Values:
    """Its columns by name, as a version has them."""
    values = {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}
    return {name: getattr(value, "name", value) for name, value in values.items()}


def _ordered(
    issue: Values, articles: list[Values], figures: list[Values], *, is_incomplete: bool = False
) -> Snapshot:
    plain = [{name: getattr(value, "name", value) for name, value in figure.items()} for figure in figures]
    return Snapshot(
        issue,
        tuple(sorted(articles, key=lambda article: (article["position"], article["id"]))),
        tuple(sorted(plain, key=lambda figure: figure["id"])),
        is_incomplete,
    )


def _content_of(values: Values) -> dict[str, Any]:
    return {name: _kept(value) for name, value in values.items() if name not in _NOT_CONTENT}


def _kept(value: Any) -> Any:
    """A value as it comes back from a version: JSON keeps milliseconds, the database microseconds."""
    if isinstance(value, dt.datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    return value
