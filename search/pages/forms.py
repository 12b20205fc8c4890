"""What can be asked of the search: one form for the page and for the JSON."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.utils.text import Truncator

from glossary.folding import fold
from search.query.periods import read_period
from search.results.request import ANY_OF, FILTERS, PAGE_SIZE, SearchRequest
from search.results.trends import MAX_QUERIES, MAX_QUERY_LENGTH

MAX_PAGE_SIZE = 100
MAX_TYPED = 4_000
"""Characters of `q` that are taken over; still fewer are read. A page repeats them in each of its links."""
MAX_VALUES = 20
"""Values of one filter that are used."""
MAX_VALUE = 100
"""Characters of a value: no term and no columnist has more."""
MAX_TOLD = 3
"""Values of one filter that are told of as nonsense."""
_NO_DAY = "不是日期（写成 2025-03-21）"
_WHY = {
    "year": "不是年份（写成 2025）",
    "month": "不是月份（写成 3 或 2025-03）",
    "since": _NO_DAY,
    "until": _NO_DAY,
} | dict.fromkeys(("term", "section", "columnist"), "太长")


class Given(NamedTuple):
    """What was given for a filter: what of it makes sense, and what does not."""

    values: tuple[Any, ...]
    refused: tuple[str, ...]
    are_many: bool


class SharedFields(dict[str, forms.Field]):
    """The fields of a form, the same for everybody: each form would copy them, and nothing changes these."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return dict(self)


class FilterField(forms.Field):
    """The values of a filter, each under the same name: `?term=台积电&term=三星`. `read` returns None for nonsense."""

    widget = forms.MultipleHiddenInput

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__(required=False)
        self._read = read

    def clean(self, value: Any) -> Given:
        several = value if isinstance(value, list | tuple) else [] if value is None else [value]
        typed = dict.fromkeys(str(one).replace("\0", "") for one in several)
        read = {one: self._read(one) for one in typed if one.strip()}
        values = tuple(dict.fromkeys(one for one in read.values() if one is not None))
        refused = tuple(one for one, value in read.items() if value is None)
        return Given(values[:MAX_VALUES], refused[:MAX_TOLD], len(values) > MAX_VALUES)


def _year(typed: str) -> int | None:
    found = re.fullmatch(r"\s*((?:19|[2-9][0-9])[0-9]{2})年?\s*", fold(typed))
    return int(found[1]) if found else None


def _month(typed: str) -> str | None:
    """Reads `3` (of any year) and `2025-03`."""
    found = re.fullmatch(r"\s*(?:((?:19|[2-9][0-9])[0-9]{2})[-年.])?(1[0-2]|0?[1-9])月?\s*", fold(typed))
    if not found:
        return None
    return f"{found[1]}-{int(found[2]):02}" if found[1] else str(int(found[2]))


def _text(typed: str) -> str | None:
    return typed if len(typed) <= MAX_VALUE else None


def _days(typed: str) -> tuple[dt.date, dt.date] | None:
    """Reads a day, and whatever else the query language reads as days: `2025-03-21`, `2025年3月`, `2025.3.21`."""
    if len(typed) > MAX_VALUE:
        return None
    try:
        day = dt.date.fromisoformat(typed.strip())
    except ValueError:
        period = read_period(typed, dt.date.today())
        return (period.first, period.last) if period else None
    return day, day


class SearchForm(forms.Form):
    """Reads `?q=&sort=&year=&month=&since=&until=&term=&section=&columnist=&page=&page_size=`.

    A search is never refused: what makes no sense (`year=abc`, `page=0`) is left out, and `refusals` says so.
    """

    SORTS = [("relevance", "相关"), ("newest", "最新"), ("oldest", "最早")]

    q = forms.CharField(required=False)
    sort = forms.ChoiceField(choices=SORTS, required=False)
    year = FilterField(_year)
    month = FilterField(_month)
    since = FilterField(_days)
    until = FilterField(_days)
    term = FilterField(_text)
    section = FilterField(_text)
    columnist = FilterField(_text)
    explain = forms.BooleanField(required=False)
    issues = forms.ChoiceField(choices=[("all", "")], required=False)
    page = forms.IntegerField(min_value=1, max_value=1_000_000, required=False)
    page_size = forms.IntegerField(min_value=1, max_value=MAX_PAGE_SIZE, required=False)

    def search_request(self) -> SearchRequest:
        """Returns every parameter that makes sense, with defaults for the others.

        >>> SearchForm({"q": "HBM4", "year": ["abc", "2025"]}).search_request().year
        (2025,)
        """
        self.is_valid()
        given = self.cleaned_data
        since, until, _ = self._range()
        return SearchRequest(
            q=(given.get("q") or "")[:MAX_TYPED],
            sort=given.get("sort") or "relevance",
            since=since,
            until=until,
            explain=bool(given.get("explain")),
            all_issues=given.get("issues") == "all",
            page=given.get("page") or 1,
            page_size=given.get("page_size") or PAGE_SIZE,
            **{name: given[name].values for name in (*ANY_OF, "term")},
        )

    def refusals(self) -> list[str]:
        """Returns in words what was given as a filter and could not be used, or not as it was given."""
        self.is_valid()
        told = [
            f"“{Truncator(typed).chars(30)}”{_WHY[name]}，没有用上。"
            for name in FILTERS
            for typed in self.cleaned_data[name].refused
        ]
        if self._range()[2]:
            told.append("起止日期前后颠倒，已对调。")
        if any(self.cleaned_data[name].are_many for name in (*ANY_OF, "term")):
            told.append(f"条件太多，每一种只用前 {MAX_VALUES} 个。")
        return told

    def _range(self) -> tuple[dt.date | None, dt.date | None, bool]:
        """The first day of what the range begins with, the last of what it ends with, and whether they were swapped."""
        since, until = (self.cleaned_data[name].values[-1:] for name in ("since", "until"))
        is_swapped = bool(since and until and since[0][0] > until[0][1])
        if is_swapped:
            since, until = until, since
        return since[0][0] if since else None, until[0][1] if until else None, is_swapped


SearchForm.base_fields = SharedFields(SearchForm.base_fields)


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


TrendsForm.base_fields = SharedFields(TrendsForm.base_fields)
