"""The search page."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from search.finding import Found, find
from search.forms import SearchForm


def results(request: HttpRequest) -> HttpResponse:
    """Answers `?q=`; without it, shows how to ask."""
    asked = SearchForm(request.GET).asked()
    found = find(**asked)
    return render(
        request,
        "search/results.html",
        {
            "q": asked["q"],
            "found": found,
            "page": _page(found, asked["page_size"]),
            "sorts": [
                {
                    "label": label,
                    "url": _url(request.GET, sort=None if sort == "relevance" else sort),
                    "is_current": sort == asked["sort"],
                }
                for sort, label in SearchForm.SORTS
            ],
            "chips": _chips(request.GET, asked),
        },
    )


def _page(found: Found | None, page_size: int) -> Page[int] | None:
    if found is None:
        return None
    return Paginator(range(found.total), page_size).page(found.page)


def _chips(parameters: QueryDict, asked: dict[str, Any]) -> list[dict[str, str]]:
    """The filters in force, each with the address of the same search without it."""
    chips = []
    if asked["year"]:
        chips.append({"label": f"{asked['year']} 年", "url": _url(parameters, year=None, month=None)})
        if asked["month"]:
            chips.append({"label": f"{asked['month']} 月", "url": _url(parameters, month=None)})
    if asked["columnist"]:
        chips.append({"label": asked["columnist"], "url": _url(parameters, columnist=None)})
    return chips


def _url(parameters: QueryDict, **changes: str | None) -> str:
    """The address of the same search with some parameters changed, from its first page."""
    changed = parameters.copy()
    for name, value in {"page": None, **changes}.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = value
    return f"?{changed.urlencode()}"
