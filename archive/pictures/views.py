"""The pictures of articles and issues, and how any is answered."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from archive.metadata import description_of
from archive.models import Article, Issue
from archive.pictures.drawing import Picture, draw
from archive.punctuation import full_width
from archive.templatetags.archive_tags import dates_text


def of_article(request: HttpRequest, pk: int) -> HttpResponse:
    """Draws an article: its title, and what it says first."""
    article = get_object_or_404(Article.objects.published().select_related("issue"), pk=pk)
    issue = article.issue
    kicker = " · ".join(filter(None, [issue.title, dates_text(issue), article.section]))
    return answer(Picture(kicker, article.title, text=description_of(article)))


def of_issue(request: HttpRequest, slug: str) -> HttpResponse:
    """Draws an issue: its days, and its first headlines."""
    issue = get_object_or_404(Issue.objects.published(), slug=slug)
    headlines = [article.title for article in issue.articles.headings().order_by("position")]
    kicker = " · ".join(filter(None, [issue.title, f"共 {len(headlines)} 篇", issue.columnist]))
    return answer(Picture(kicker, dates_text(issue), lines=headlines))


def answer(picture: Picture) -> HttpResponse:
    """Answers with a picture. Pages of others show it: that is what it is for."""
    if settings.FULL_WIDTH_PUNCTUATION:
        lines = [full_width(line) for line in picture.lines]
        picture = replace(
            picture, title=full_width(picture.title), text=full_width(picture.text), lines=lines
        )
    response = HttpResponse(draw(picture), content_type="image/png")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
