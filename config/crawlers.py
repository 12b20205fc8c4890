"""Answers crawlers: sitemaps of the pages, and robots.txt."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from archive.sitemaps import ArticleSitemap, IssueSitemap, NamedPages, YearSitemap
from glossary.sitemaps import TopicSitemap
from members.access import is_closed

SITEMAPS = {
    "pages": NamedPages(
        "archive:home",
        "archive:issue-list",
        "glossary:topic-list",
        "trends:show",
        "search:results",
        "search:help",
        "api-1:openapi-view",
    ),
    "years": YearSitemap(),
    "issues": IssueSitemap(),
    "articles": ArticleSitemap(),
    "topics": TopicSitemap(),
}

_RULES = """\
User-agent: *
# Searches, and articles with a search's hits marked: without end, and nothing that is not in the articles.
Disallow: /search/?
Disallow: /search/feed.atom
Disallow: /search/completions/
Disallow: /search/marks/
Disallow: /search/results.md
Disallow: /trends/*?
# What stands beside a shared link.
Allow: /trends/picture.png
Allow: /articles/*/picture.png
Disallow: /trends/trends.csv
Disallow: /topics/?
Disallow: /topics/*/figures/?
Disallow: /topics/*/figures.csv
Disallow: /articles/*?
Disallow: /articles/*/report/
Disallow: /articles/*.md
Disallow: /qr.svg
Disallow: /articles/*/figures.csv
# The same as the pages, for programs; and rooms for editors.
Allow: /api/v1/docs
Disallow: /api/
Disallow: /admin/
"""


def robots(request: HttpRequest) -> HttpResponse:
    """Answers with robots.txt, which names the sitemap; a closed archive has nothing for crawlers."""
    if is_closed():
        return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    return HttpResponse(f"{_RULES}\nSitemap: {sitemap}\n", content_type="text/plain; charset=utf-8")
