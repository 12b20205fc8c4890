"""The page of trends, and its numbers as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString

from archive.addresses import parameters
from archive.charts import Column, bars, lines
from archive.csv_file import csv_response, weekly_csv
from archive.pictures.addresses import attributes
from archive.timeline import UNIT_NAMES, Period, Timeline
from glossary.topics import articles_by_day, rising, topics
from search.pages.forms import TrendsForm
from search.results import trends
from search.results.trends import MAX_QUERIES, Trend, Trends

MOST_EXAMPLES = 6
MAX_LINK_BYTES = 3_600
"""Of a page of 80,000 with its style sheets, what the links of the periods may take to repeat the queries."""


class Cell(NamedTuple):
    """How many articles of a period answer a query, and the search that lists them."""

    articles: int
    url: str
    """Empty where the page would become too heavy by it."""


@dataclass(frozen=True)
class TrendPeriod:
    """A period: its cells, one for each query; `articles` is all that was published in it."""

    period: Period
    articles: int
    cells: Sequence[Cell]

    @property
    def anchor(self) -> str:
        return f"d{self.period.first}"


class Line(NamedTuple):
    """What the legend says of a query."""

    trend: Trend
    url: str
    peak: Period | None
    peak_count: int


def show(request: HttpRequest) -> HttpResponse:
    """The queries on one chart, and the same numbers in a table; without any, examples."""
    form = TrendsForm(request.GET)
    queries, years = form.queries(), form.last_years()
    found = trends.count(queries, years) if queries else None
    rows = _rows(found) if found else []
    has_links = bool(rows and rows[0].cells[0].url)
    asked = f"?{_parameters(queries, years)}" if queries else ""
    request.GET = QueryDict(asked[1:])  # what else was said, no link repeats
    return render(
        request,
        "search/trends.html",
        {
            "name": f"{'、'.join(queries)}的热度" if queries else "热度",
            "description": "看一个词或一句话，每周有多少篇文章提到（时间长时按月、季、年）。最多五个放在一张图上比较。",
            "address": f"{reverse('trends:show')}{asked}" if has_links or not found else "",
            "picture": attributes(f"{reverse('trends:picture')}{asked}", *(one.total for one in found.trends))
            if found
            else None,
            "queries": queries,
            "boxes": [*queries, "", ""][: min(max(len(queries) + 1, 2), MAX_QUERIES)],
            "years": years,
            "spans": [(span, label, f"?{_parameters(queries, span)}") for span, label in _spans()],
            "found": found,
            "has_links": has_links,
            "unit": UNIT_NAMES[found.timeline.unit] if found else "",
            "lines": [_line(trend, found) for trend in found.trends] if found else [],
            "rows": rows[::-1],
            "chart": _chart(rows) if found else "",
            "csv": f"{reverse('trends:csv')}{asked}",
            "examples": [] if queries else _examples(),
        },
    )


def articles(request: HttpRequest, code: str) -> HttpResponse:
    """Leads to the search for the articles of `?q=` in a period: `w2025-03-17`, the week in which that day lies."""
    queries = TrendsForm(request.GET).queries()
    unit = next((unit for unit in UNIT_NAMES if code.startswith(unit[0])), None)
    if unit is None or not queries:
        raise Http404(f"{code} is no period, or no query is given")
    try:
        day = dt.date.fromisoformat(code[1:])
        period = Timeline.over(day, day, unit).periods[0]
    except (ValueError, OverflowError):  # no day, or a week that ends after the last day that there is
        raise Http404(f"{code} is no period") from None
    asked = urlencode({"q": queries[0], "since": period.first, "until": period.last})
    return redirect(f"{reverse('search:results')}?{asked}")


def csv_file(request: HttpRequest) -> HttpResponse:
    """The same by week, whatever the chart shows, as Excel opens it."""
    form = TrendsForm(request.GET)
    queries = form.queries()
    found = trends.weekly(queries, form.last_years())
    if found is None:
        return csv_response("trends.csv", [["周", "从", "到", "全部文章", *queries]])
    series = [(trend.query, trend.counts) for trend in found.trends]
    return csv_response("trends.csv", weekly_csv(found.timeline, found.articles, series))


def _spans() -> list[tuple[int | None, str]]:
    """The spans of time to choose from: those that are shorter than the archive, and all of it."""
    days = articles_by_day()
    length = (days[-1][0] - days[0][0]).days if days else 0
    spans = [(years, label) for years, label in TrendsForm.YEARS if years is None or years * 365 < length]
    return spans if len(spans) > 1 else []


def _rows(found: Trends) -> list[TrendPeriod]:
    has_links = _may_repeat([trend.query for trend in found.trends], len(found.timeline.periods))
    return [
        TrendPeriod(
            period,
            found.articles[place],
            [
                Cell(trend.counts[place], _articles(trend.query, period) if has_links else "")
                for trend in found.trends
            ],
        )
        for place, period in enumerate(found.timeline.periods)
    ]


def _may_repeat(queries: Sequence[str], periods: int) -> bool:
    """Whether the page stays light when each period links to each query; of one query, the chart does so too."""
    length = sum(len(query.encode(errors="replace")) for query in queries)
    return length * periods * (2 if len(queries) == 1 else 1) <= MAX_LINK_BYTES


def _line(trend: Trend, found: Trends) -> Line:
    most = max(trend.counts)
    peak = found.timeline.periods[trend.counts.index(most)] if most else None
    return Line(trend, f"{reverse('search:results')}?{parameters([('q', trend.query)])}", peak, most)


def _chart(rows: Sequence[TrendPeriod]) -> SafeString:
    """One query is drawn as bars, several as lines. A period leads to its articles, of several queries to its row."""
    queries = len(rows[0].cells)
    columns = [
        Column(row.period.label, _said(row), (row.cells[0].url if queries == 1 else "") or f"#{row.anchor}")
        for row in rows
    ]
    series = [
        [row.cells[number].articles if row.articles else None for row in rows] for number in range(queries)
    ]
    return bars(columns, series[0]) if queries == 1 else lines(columns, series)


def _said(row: TrendPeriod) -> str:
    counts = "、".join(str(cell.articles) for cell in row.cells)
    return f"{row.period.name}：{counts} 篇" if row.articles else f"{row.period.name}：没有周报"


def _articles(query: str, period: Period) -> str:
    """The address of `articles` from the page of trends: of a search, it would be half as long again, 300 times."""
    return f"{period.unit[0]}{period.first}/?{parameters([('q', query)])}"


def _parameters(queries: Sequence[str], years: int | None) -> str:
    return parameters([*(("q", query) for query in queries), *([("years", years)] if years else [])])


def _examples() -> list[tuple[str, str]]:
    """Queries to try with their parameters: of what rises now or is mentioned most, alone and two by two."""
    names = [rise.topic.name for rise in rising()]
    names += [topic.name for topic in sorted(topics().values(), key=lambda topic: -topic.articles)]
    names = list(dict.fromkeys(names))[:MOST_EXAMPLES]
    pairs = [names[place : place + 2] for place in range(0, len(names) - 1, 2)]
    return [("、".join(queries), _parameters(queries, None)) for queries in pairs or [names] if queries]
