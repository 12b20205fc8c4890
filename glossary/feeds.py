"""The Atom feed of a topic: the newest articles that mention a term."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from archive.feeds import MAX_ARTICLES, ArticlesFeed
from archive.models import Article
from glossary.models import Term
from glossary.topics import topics


class TopicFeed(ArticlesFeed):
    def get_object(self, request: HttpRequest, slug: str) -> Term:
        """Returns the term if a published article mentions it; else the feed is not found."""
        term = get_object_or_404(Term, slug=slug)
        if term.pk not in topics():
            raise Http404
        return term

    def title(self, obj: Term) -> str:
        return f"{obj.name} · {settings.SITE_NAME}"

    def subtitle(self, obj: Term) -> str:
        return f"提到“{obj.name}”的最近 {MAX_ARTICLES} 篇文章"

    def link(self, obj: Term) -> str:
        return obj.get_absolute_url()

    def feed_url(self, obj: Term) -> str:
        return reverse("glossary:topic-feed", args=[obj.slug])

    def items(self, obj: Term) -> list[Article]:
        return list(obj.published_articles().select_related("issue")[:MAX_ARTICLES])
