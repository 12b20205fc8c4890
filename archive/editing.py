"""Saving and deleting issues and articles: admin, desk and commands call these; nobody writes past them."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, QuerySet

from archive import audit, versions
from archive.changes import articles_changed, changing, is_visible
from archive.figures import NewFiles
from archive.images import PreparedImage
from archive.models import Article, Figure, Issue
from archive.versions import OUT_OF_THE_WAY


def save_article(article: Article, by: AbstractBaseUser | None = None) -> None:
    """Saves an article, a new one or one that is there, and keeps a version of its issue."""
    what = f"新建《{article}》" if article._state.adding else f"修改《{article.title}》"
    with changing(article.issue, what, by) as written:
        article.save()
        written.texts, written.article_ids = [article], [article.pk]
        assert written.before is not None  # noqa: S101 - an article's issue was saved before it
        written.after = written.before.with_article(article, article.issue.version)


def save_issue(
    issue: Issue,
    articles: Collection[Article] = (),
    deleted: Collection[Article] = (),
    by: AbstractBaseUser | None = None,
) -> None:
    """Saves an issue with those of its articles that changed, whatever places they change with one another.

    The articles behind a deleted one move up, unless they were given new places with it.
    """
    with changing(issue, "新建" if issue._state.adding else "修改", by) as written:
        issue.save()
        for article in deleted:
            article.delete()
            audit.note("deleted", f"《{article.title}》", by, str(issue))
        before = written.before.articles if written.before else ()
        stored = {values["id"]: values["position"] for values in before}
        moved = [one.pk for one in articles if stored.get(one.pk, one.position) != one.position]
        Article.objects.filter(pk__in=moved).update(position=F("position") + OUT_OF_THE_WAY)
        for article in articles:
            article.issue = issue
            article.save()
        _close_gaps(issue, [article.position for article in deleted])
        written.texts = [*articles]


def delete_article(article: Article, by: AbstractBaseUser | None = None) -> None:
    """Deletes an article, and those behind it move up.

    The version that is kept of its issue has it no more, and earlier ones bring it back.
    """
    with changing(article.issue, f"删除《{article.title}》", by):
        position = Article.objects.values_list("position", flat=True).get(pk=article.pk)
        article.delete()
        _close_gaps(article.issue, [position])
        audit.note("deleted", f"《{article.title}》", by, str(article.issue))


def make_room(issue: Issue, position: int) -> int:
    """Returns where an article that comes back finds its place: `position`, from which the others move down.

    Behind the last article when it stood further down than that. Called within a change of the issue.
    """
    behind = issue.articles.filter(position__gte=position)
    if not behind.exists():
        last = issue.articles.order_by("-position").values_list("position", flat=True).first() or 0
        return last + 1
    if issue.articles.filter(position=position).exists():
        _move(behind, 1)
    return position


def _close_gaps(issue: Issue, positions: Collection[int]) -> None:
    """Moves up what stands behind places that are free now, the last place first."""
    for position in sorted(positions, reverse=True):
        if not issue.articles.filter(position=position).exists():
            _move(issue.articles.filter(position__gt=position), -1)


def _move(articles: QuerySet[Article], places: int) -> None:
    """Moves articles by so many places. In two steps: no two may share one, not even half-way through."""
    moved = list(articles.values_list("pk", flat=True))
    for step in (OUT_OF_THE_WAY, places - OUT_OF_THE_WAY):
        Article.objects.filter(pk__in=moved).update(position=F("position") + step)


def delete_issue(issue: Issue, by: AbstractBaseUser | None = None) -> None:
    """Deletes an issue with its articles; its last version brings it back."""
    with transaction.atomic():
        stored = Issue.objects.select_for_update().get(pk=issue.pk)
        before = versions.keep_deletion(stored, by)
        issue.delete()
        articles_changed(
            [values["id"] for values in before.articles],
            issue_ids=[stored.pk],
            is_visible=is_visible(before),
        )
        audit.note("deleted", str(stored), by, f"{len(before.articles)} 篇")


def attach_figure(article: Article, image: PreparedImage, alt: str = "") -> Figure:
    """Stores an image for an article. It becomes visible where the text places it; the same image is one figure."""
    with NewFiles() as files, transaction.atomic():
        # Of two clicks, the second finds the figure there.
        issue = Issue.objects.select_for_update().get(pk=article.issue_id)
        figure = article.figures.filter(sha256=image.sha256).first() or Figure(article=article)
        files.store(figure, image, alt)
        # Else members see it once the text is changed.
        if issue.is_published and issue.articles.filter(body__contains=figure.get_absolute_url()).exists():
            articles_changed(())
    return figure
