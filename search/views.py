"""The search page."""

from __future__ import annotations

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from search.facets import chips_of, facets_of, url_with
from search.finding import Asked, Found, find
from search.forms import SearchForm


def results(request: HttpRequest) -> HttpResponse:
    """Answers `?q=`; without it, shows how to ask."""
    asked = SearchForm(request.GET).asked()
    found = find(asked)
    return render(
        request,
        "search/results.html",
        {
            "q": asked.q,
            "found": found,
            "page": _page(found, asked),
            "facets": facets_of(found.facets, asked, request.GET) if found else [],
            "chips": chips_of(asked, request.GET),
            "sorts": [
                {
                    "label": label,
                    "url": url_with(request.GET, sort=None if sort == "relevance" else sort),
                    "is_current": sort == asked.sort,
                }
                for sort, label in SearchForm.SORTS
            ],
        },
    )


def _page(found: Found | None, asked: Asked) -> Page[int] | None:
    if found is None:
        return None
    return Paginator(range(found.total), asked.page_size).page(found.page)
