"""The search page."""

from __future__ import annotations

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, render

from archive.addresses import keep_only
from archive.models import Article
from glossary.vocabulary import current_vocabulary
from search.pages import help as search_help
from search.pages.feeds import SearchFeed
from search.pages.forms import SearchForm
from search.pages.links import Link, chips_of, facet_links, suggestion_links, url_with
from search.pages.signals import opened, searched
from search.query.parser import Query, parse
from search.results.autocomplete import complete
from search.results.explanation import explain
from search.results.facets import facets_of
from search.results.marking import marks_in
from search.results.request import SearchRequest
from search.results.service import SearchResults, find
from search.results.zero_results import NO_SUGGESTIONS
from search.results.zero_results import suggest as suggest_looser

MANY_LINKS = 70
"""With facets, a page has so many links that repeat the query; without them, some."""
SOME_LINKS = 20
MOST_EXPLAINED = 20
"""Parts of a query that are explained: who pastes a text asks about its beginning."""


def results(request: HttpRequest) -> HttpResponse:
    """Answers `?q=`; without it, shows how to ask."""
    keep_only(request, SearchForm.base_fields)
    asked = SearchForm(request.GET).search_request()
    is_short, is_very_short = asked.is_short_enough_for(SOME_LINKS), asked.is_short_enough_for(MANY_LINKS)
    found = find(asked)
    if found:
        searched.send_robust(sender=None, request=request, asked=asked, found=found)
    parameters = request.GET.copy()
    parameters["q"] = asked.q
    query = parse(found.corrected.query if found and found.corrected else asked.q, current_vocabulary())
    return render(
        request,
        "search/results.html",
        {
            "q": asked.q,
            "found": found,
            "page": _page(found, asked),
            "feed_url": SearchFeed().feed_url(asked) if asked.q and is_short else "",
            "is_long": not is_short,
            "most_explained": MOST_EXPLAINED,
            "facets": facet_links(facets_of(found.facets, found.total, asked), parameters)
            if found and is_very_short
            else [],
            "explanation": explain(query)[:MOST_EXPLAINED] if found and asked.explain and is_short else [],
            **_suggested(query, asked if found and not found.total and is_short else None, parameters),
            "tips": None if found else search_help.several_words(),
            "chips": chips_of(asked, parameters),
            "sorts": [
                {
                    "label": label,
                    "url": url_with(parameters, sort=None if sort == "relevance" else sort),
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
    return render(request, "search/opensearch.xml", content_type="application/opensearchdescription+xml")


def completions(request: HttpRequest) -> JsonResponse:
    """What a browser completes in its address bar: `["HBM", ["HBM4", "HBM3E"]]`."""
    typed = SearchForm(request.GET).search_request().q
    texts = [suggestion.text for suggestion in complete(typed)]
    return JsonResponse([typed, texts], safe=False, content_type="application/x-suggestions+json")


def help_page(request: HttpRequest) -> HttpResponse:
    """How to ask, with an example of each form that can be tried."""
    return render(request, "search/help.html", {"groups": search_help.groups()})


def _suggested(query: Query, asked: SearchRequest | None, parameters: QueryDict) -> dict[str, list[Link]]:
    suggested = suggest_looser(query, asked) if asked else NO_SUGGESTIONS
    return {
        "parts": suggestion_links(suggested.parts, parameters),
        "looser": suggestion_links(suggested.looser, parameters),
    }


def _page(found: SearchResults | None, asked: SearchRequest) -> Page[int] | None:
    if found is None:
        return None
    return Paginator(range(found.total), asked.page_size).page(found.page)
