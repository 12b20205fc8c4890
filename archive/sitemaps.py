"""Sitemaps for search engines: every page worth finding, with when it changed."""

from __future__ import annotations

import datetime as dt

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from archive.models import Article, Issue


class NamedPages(Sitemap):  # type: ignore[type-arg]
    """Single pages, by the names of their URL patterns."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def items(self) -> tuple[str, ...]:
        return self._names

    def location(self, item: str) -> str:
        return reverse(item)


class YearSitemap(Sitemap):  # type: ignore[type-arg]
    """The years that have issues."""

    def items(self) -> list[int]:
        return [row["year"] for row in Issue.objects.published().years()]

    def location(self, item: int) -> str:
        return reverse("archive:issue-year", args=[item])


class IssueSitemap(Sitemap):  # type: ignore[type-arg]
    limit = 10_000

    def items(self) -> QuerySet[Issue]:
        return Issue.objects.published().with_changed_at()

    def lastmod(self, item: Issue) -> dt.datetime:
        changed: dt.datetime = item.changed_at  # type: ignore[attr-defined]
        return max(changed, item.public_since)


class ArticleSitemap(Sitemap):  # type: ignore[type-arg]
    limit = 10_000

    def items(self) -> QuerySet[Article]:
        # Only what the list shows: 10,000 bodies are 20 MB.
        fields = ("updated_at", "issue__published_at", "issue__created_at")
        return Article.objects.published().select_related("issue").only(*fields).order_by("pk")

    def lastmod(self, item: Article) -> dt.datetime:
        return item.changed_at
