"""The feed of a search: the newest articles that answer it."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from archive.feeds import MAX_ARTICLES, ArticlesFeed
from archive.models import Article
from search.pages.forms import SearchForm
from search.results.request import SearchRequest
from search.results.service import find


def parameters_of(asked: SearchRequest) -> str:
    """Returns what is asked for, and nothing of how it is shown: `q=HBM4&year=2025`."""
    return urlencode([("q", asked.q), *asked.filter_parameters()])


class SearchFeed(ArticlesFeed):
    """Reads the same parameters as the search page; the order is always by date."""

    def get_object(self, request: HttpRequest) -> SearchRequest:
        asked = SearchForm(request.GET).search_request()
        return replace(asked, sort="newest", explain=False, page=1, page_size=MAX_ARTICLES)

    def title(self, obj: SearchRequest) -> str:
        return f"搜索“{obj.q}” · {settings.SITE_NAME}"

    def subtitle(self, obj: SearchRequest) -> str:
        return f"符合这个搜索的最近 {MAX_ARTICLES} 篇文章"

    def link(self, obj: SearchRequest) -> str:
        return f"{reverse('search:results')}?{parameters_of(obj)}"

    def feed_url(self, obj: SearchRequest) -> str:
        return f"{reverse('search:feed')}?{parameters_of(obj)}"

    def items(self, obj: SearchRequest) -> list[Article]:
        """What answers the query as it was asked. What was corrected or relaxed is news of something else."""
        found = find(obj)
        if found is None or found.corrected or found.is_relaxed:
            return []
        articles = Article.objects.published().select_related("issue")
        read = articles.in_bulk([hit.article.pk for hit in found.results])
        return [read[hit.article.pk] for hit in found.results if hit.article.pk in read]
