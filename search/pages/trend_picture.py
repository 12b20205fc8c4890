"""The picture of a chart of trends, to stand beside a link to it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from archive.pictures.drawing import Picture, Series
from archive.pictures.views import answer
from archive.timeline import UNIT_NAMES
from search.pages.forms import TrendsForm
from search.results import trends


def of_trends(request: HttpRequest) -> HttpResponse:
    """Draws `?q=&q=&years=` as the page of trends does."""
    form = TrendsForm(request.GET)
    queries = form.queries()
    found = trends.count(queries, form.last_years()) if queries else None
    if found is None:
        raise Http404("no query is given, or nothing is published")
    series = [
        Series(
            f"{trend.query} {trend.total} 篇",
            [n if all_ else None for n, all_ in zip(trend.counts, found.articles, strict=True)],
        )
        for trend in found.trends
    ]
    first, last = found.timeline.periods[0].name, found.timeline.periods[-1].name
    kicker = f"热度 · 每{UNIT_NAMES[found.timeline.unit]}提到的文章"
    return answer(Picture(kicker, "、".join(queries), series=series, first=first, last=last))
