"""The search page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator

from archive.models import Article
from search.pages import help as search_help
from search.pages.days import DaysPanel
from search.pages.feeds import SearchFeed
from search.pages.forms import SearchForm
from search.pages.links import Link, chips_of, facet_links, filters_set, suggestion_links, url_of
from search.pages.signals import is_typing, opened, searched
from search.query.query import Query
from search.results.autocomplete import complete
from search.results.explanation import explain
from search.results.facets import facets_of
from search.results.marking import marks_in
from search.results.meaning import similar_in_meaning
from search.results.reading import read
from search.results.request import SearchRequest
from search.results.service import SearchResults, find
from search.results.zero_results import NO_SUGGESTIONS
from search.results.zero_results import suggest as suggest_looser

MANY_LINKS = 40
"""With facets, a page has at least so many links that repeat the query; without them, some."""
SOME_LINKS = 20
MOST_EXPLAINED = 20
"""Parts of a query that are explained: who pastes a text asks about its beginning."""


def results(request: HttpRequest) -> HttpResponse:
    """Answers `?q=`; without it, shows how to ask."""
    form = SearchForm(request.GET)
    asked = form.search_request()
    # The links to other pages repeat what was asked for, and nothing else.
    request.GET = QueryDict(urlencode([*asked.parameters()]))
    is_short = asked.is_short_enough_for(SOME_LINKS)
    found = find(asked)
    if found and not is_typing(request):
        searched.send_robust(sender=None, request=request, asked=asked, found=found)
    query = found.query if found else read(asked.q)
    own = url_of(replace(asked, explain=False))
    return render(
        request,
        "search/results.html",
        {
            "q": asked.q,
            "q_in_short": Truncator(asked.q).chars(60),
            "asked": asked,
            "found": found,
            "refusals": form.refusals(),
            "page": _page(found, asked),
            "feed_url": SearchFeed().feed_url(asked) if asked.q and is_short else "",
            "is_long": not is_short,
            "own_url": f"{reverse('search:results')}{own}",
            "markdown_url": f"{reverse('search:markdown')}{own}",
            "most_explained": MOST_EXPLAINED,
            **_panel(found, asked),
            "filters_set": filters_set(asked),
            "all_issues_url": f"{url_of(asked)}&issues=all",
            "explanation": explain(query)[:MOST_EXPLAINED] if found and asked.explain and is_short else [],
            **_suggested(query, asked if found and not found.is_answered and is_short else None),
            "similar": similar_in_meaning(asked, found),
            "tips": None if found else search_help.several_words(),
            "chips": chips_of(asked, found.typed.dates if found else ()),
            **_literal_urls(found, asked),
            "kept": [item for item in asked.parameters() if item[0] not in ("q", "page", "explain")],
            "sorts": [
                {
                    "label": label,
                    "url": url_of(replace(asked, sort=sort, page=1)),
                    "is_current": sort == asked.sort,
                }
                for sort, label in SearchForm.SORTS
            ]
            if is_short
            else [],
        },
    )


def marks(request: HttpRequest, pk: int) -> JsonResponse:
    """Where the hits of `?q=` stand in an article, for its page to mark them."""
    article = get_object_or_404(Article.objects.published(), pk=pk)
    asked = SearchForm(request.GET).search_request()
    opened.send_robust(sender=None, request=request, article=article, q=asked.q)
    return JsonResponse({"marks": marks_in(article, asked.q)})


def opensearch(request: HttpRequest) -> HttpResponse:
    """How a browser searches the archive from its address bar."""
    return render(
        request, "search/opensearch.xml", content_type="application/opensearchdescription+xml; charset=utf-8"
    )


def completions(request: HttpRequest) -> JsonResponse:
    """What a browser completes in its address bar: `["HBM", ["HBM4", "HBM3E"]]`."""
    typed = SearchForm(request.GET).search_request().q
    texts = [found.text for found in complete(typed) if found.kind in ("term", "title")]
    return JsonResponse([typed, texts], safe=False, content_type="application/x-suggestions+json")


def help_page(request: HttpRequest) -> HttpResponse:
    """How to ask, with an example of each form that can be tried."""
    return render(request, "search/help.html", {"groups": search_help.groups()})


def _panel(found: SearchResults | None, asked: SearchRequest) -> dict[str, Any]:
    """The filters, where there is something to filter and room for the links."""
    if not found or not asked.is_short_enough_for(MANY_LINKS):
        return {}
    # What is left out is left out of what is shown, not of what was typed by mistake.
    shown = replace(asked, q=found.corrected.query) if found.corrected else asked
    facets = facet_links(facets_of(found.counted, asked), asked, shown)
    if not facets and found.total < 2:
        return {}
    return {"facets": facets, "days": DaysPanel.of(asked, found.counted)}


def _suggested(query: Query, asked: SearchRequest | None) -> dict[str, list[Link]]:
    suggested = suggest_looser(query, asked) if asked else NO_SUGGESTIONS
    return {
        "parts": suggestion_links(suggested.parts, asked) if asked else [],
        "looser": suggestion_links(suggested.looser, asked) if asked else [],
    }


def _literal_urls(found: SearchResults | None, asked: SearchRequest) -> dict[str, str]:
    """Searches for the characters of a query with dates: the dates alone in quotation marks, or all of it."""
    if found is None or not found.typed.dates:
        return {}
    literally = found.typed.literally
    whole = literally if '"' in asked.q else f'"{found.typed.text}"'
    return {
        "literal_url": url_of(replace(asked, q=literally, page=1)),
        "verbatim_url": url_of(replace(asked, q=whole, page=1)),
    }


def _page(found: SearchResults | None, asked: SearchRequest) -> Page[int] | None:
    if found is None:
        return None
    return Paginator(range(found.total), asked.page_size).page(found.page)
