"""What can be asked of the search: one form for the page and for the JSON."""

from __future__ import annotations

from typing import Any

from django import forms

from search.results.request import SearchRequest
from search.results.trends import MAX_QUERIES, MAX_QUERY_LENGTH

MAX_PAGE_SIZE = 100
PAGE_SIZE = 20
MAX_TYPED = 4_000
"""Characters of `q` that are taken over; still fewer are read. A page repeats them in each of its links."""


class SearchForm(forms.Form):
    """Reads `?q=&sort=&year=&month=&since=&until=&term=&columnist=&page=&page_size=`.

    A search is never refused: a parameter that makes no sense (`year=abc`, `page=0`) is left out.
    """

    SORTS = [("relevance", "相关"), ("newest", "最新"), ("oldest", "最早")]

    q = forms.CharField(required=False)
    sort = forms.ChoiceField(choices=SORTS, required=False)
    year = forms.IntegerField(min_value=1900, max_value=9999, required=False)
    month = forms.IntegerField(min_value=1, max_value=12, required=False)
    since = forms.DateField(input_formats=["%Y-%m-%d"], required=False)
    until = forms.DateField(input_formats=["%Y-%m-%d"], required=False)
    term = forms.CharField(max_length=100, required=False)
    columnist = forms.CharField(max_length=100, required=False)
    explain = forms.BooleanField(required=False)
    page = forms.IntegerField(min_value=1, max_value=1_000_000, required=False)
    page_size = forms.IntegerField(min_value=1, max_value=MAX_PAGE_SIZE, required=False)

    def search_request(self) -> SearchRequest:
        """Returns every parameter that makes sense, with defaults for the others.

        >>> SearchForm({"q": "HBM4", "year": "abc"}).search_request().year is None
        True
        """
        self.is_valid()
        given = self.cleaned_data
        return SearchRequest(
            q=(given.get("q") or "")[:MAX_TYPED],
            sort=given.get("sort") or "relevance",
            year=given.get("year"),
            month=given.get("month"),
            since=given.get("since"),
            until=given.get("until"),
            term=given.get("term") or "",
            columnist=given.get("columnist") or "",
            explain=bool(given.get("explain")),
            page=given.get("page") or 1,
            page_size=given.get("page_size") or PAGE_SIZE,
        )


class QueriesField(forms.Field):
    """Several queries, each under the same name: `?q=HBM3E&q=HBM4`. Empty ones and repetitions are left out."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        typed = (" ".join(text.split())[:MAX_QUERY_LENGTH].strip() for text in value or [])
        return list(dict.fromkeys(text for text in typed if text))[:MAX_QUERIES]


class TrendsForm(forms.Form):
    """Reads `?q=&q=&years=`. What makes no sense is left out; of too many queries the first are read."""

    YEARS = [(1, "近一年"), (3, "近三年"), (None, "全部")]

    q = QueriesField(required=False)
    years = forms.TypedChoiceField(
        choices=[("1", ""), ("3", "")], coerce=int, empty_value=None, required=False
    )

    def queries(self) -> list[str]:
        """Returns what was asked for.

        >>> from django.http import QueryDict
        >>> TrendsForm(QueryDict("q=HBM3E&q=&q=HBM4&q=HBM3E&years=7")).queries()
        ['HBM3E', 'HBM4']
        """
        self.is_valid()
        queries: list[str] = self.cleaned_data["q"]
        return queries

    def last_years(self) -> int | None:
        """Returns how many years back from the newest issue to look; None for all."""
        self.is_valid()
        return self.cleaned_data.get("years")
