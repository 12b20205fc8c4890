"""Saving and deleting issues and articles: admin, desk and commands call these; nobody writes past them."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F

from archive import versions
from archive.changes import articles_changed, changing
from archive.figures import NewFiles
from archive.images import PreparedImage
from archive.models import Article, Figure, Issue
from archive.versions import OUT_OF_THE_WAY


def save_article(article: Article, by: AbstractBaseUser | None = None) -> None:
    """Saves an article, a new one or one that is there, and keeps a version of its issue."""
    what = f"新增《{article}》" if article._state.adding else f"修改《{article.title}》"
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
    """Saves an issue with those of its articles that changed, whatever places they change with one another."""
    with changing(issue, "新建" if issue._state.adding else "修改", by) as written:
        issue.save()
        for article in deleted:
            article.delete()
        stored = {
            values["id"]: values["position"] for values in (written.before.articles if written.before else ())
        }
        moved = [
            article.pk for article in articles if stored.get(article.pk, article.position) != article.position
        ]
        Article.objects.filter(pk__in=moved).update(position=F("position") + OUT_OF_THE_WAY)
        for article in articles:
            article.issue = issue
            article.save()
        written.texts = [*articles]


def delete_article(article: Article, by: AbstractBaseUser | None = None) -> None:
    """Deletes an article; the version that is kept of its issue has it no more, and earlier ones bring it back."""
    with changing(article.issue, f"删除《{article.title}》", by) as written:
        written.article_ids = [article.pk]
        article.delete()


def delete_issue(issue: Issue, by: AbstractBaseUser | None = None) -> None:
    """Deletes an issue with its articles; its last version brings it back."""
    with transaction.atomic():
        stored = Issue.objects.select_for_update().get(pk=issue.pk)
        before = versions.keep_deletion(stored, by)
        issue.delete()
        articles_changed([values["id"] for values in before.articles])


def attach_figure(article: Article, image: PreparedImage, alt: str = "") -> Figure:
    """Stores an image for an article. It becomes visible where the text places it; the same image is one figure."""
    figure = article.figures.filter(sha256=image.sha256).first()
    with NewFiles() as files, transaction.atomic():
        figure = figure or Figure(article=article, sha256=image.sha256, image_format=image.image_format)
        figure.width, figure.height, figure.alt = image.width, image.height, alt[:300]
        files.store(figure, image.data)
        figure.save()
        articles_changed(())
    return figure
