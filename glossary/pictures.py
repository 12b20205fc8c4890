"""The picture of a topic, to stand beside a link to it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from archive.pictures.drawing import Picture, Series
from archive.pictures.views import answer
from archive.timeline import Timeline
from glossary import topics
from glossary.models import Term


def of_topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Draws when a topic was mentioned, and how often."""
    term = get_object_or_404(Term, slug=slug)
    mentioning = topics.mentioning(term)
    if not mentioning:
        raise Http404(f"no published article mentions {term.name}")
    days = topics.articles_by_day()
    timeline = Timeline.over(days[0][0], days[-1][0])
    counts = timeline.counts((found.end_date, 1) for found in mentioning)
    published = timeline.counts(days)
    return answer(
        Picture(
            f"话题 · {term.get_kind_display()} · {len(mentioning)} 篇文章提到",
            term.name,
            series=[
                Series(term.name, [n if all_ else None for n, all_ in zip(counts, published, strict=True)])
            ],
            first=timeline.periods[0].name,
            last=timeline.periods[-1].name,
        )
    )
