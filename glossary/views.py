"""Views of the topics: the list of all, and a page for each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from archive.addresses import keep_only, parameters
from archive.charts import Column, bars
from archive.csv_file import csv_response, weekly_csv
from archive.models import Article
from archive.timeline import UNIT_NAMES, Period, Timeline
from glossary import topics
from glossary.forms import TopicsAsked, TopicsForm
from glossary.models import Term
from glossary.topics import Companion, MentioningArticle, Passage, Rise, Topic

TOPICS_PER_PAGE = 120
ARTICLES_PER_PAGE = 15
MOST_RISING = 8
"""Rising topics that are shown above the list."""


class TopicPeriod(NamedTuple):
    """A period of a topic's time: how many articles mention it, and where they are listed."""

    period: Period
    articles: int
    url: str


def topic_list(request: HttpRequest) -> HttpResponse:
    """Lists the topics by use, by rise or by letter, of all kinds or one, or those with a writing that holds `?q=`."""
    keep_only(request, TopicsForm.base_fields)
    asked = TopicsForm(request.GET).asked()
    everything = list(topics.topics().values())
    rising = topics.rising()
    chosen = _chosen(everything, asked)
    of_kind = _in_order([topic for topic in chosen if asked.kind in ("", topic.kind)], rising, asked.sort)
    letters = sorted({letter_of(topic) for topic in of_kind}) if asked.sort == "name" else []
    if letters and asked.letter:
        of_kind = [topic for topic in of_kind if letter_of(topic) == asked.letter]
    page = Paginator(of_kind, TOPICS_PER_PAGE).get_page(asked.page)
    shown = list(page.object_list)
    return render(
        request,
        "glossary/topic_list.html",
        {
            "asked": asked,
            "total": len(everything),
            "found": len(of_kind),
            "page": page,
            "groups": [(letter, list(group)) for letter, group in groupby(shown, letter_of)]
            if asked.sort == "name"
            else [("", shown)],
            "letters": letters,
            "kinds": _kinds(chosen),
            "sorts": TopicsForm.SORTS,
            "rises": {rise.topic.pk: rise for rise in rising},
            "rising": [] if asked != TopicsAsked() else rising[:MOST_RISING],
        },
    )


class TopicPage:
    """What the page of a topic shows; read when the page asks for it, which has most of it kept."""

    def __init__(self, term: Term, number: int) -> None:
        self._term = term
        self.number = number

    @cached_property
    def mentioning(self) -> list[MentioningArticle]:
        return topics.mentioning(self._term)

    @cached_property
    def page(self) -> Page[MentioningArticle]:
        return Paginator(self.mentioning, ARTICLES_PER_PAGE).get_page(self.number)

    @cached_property
    def articles(self) -> list[tuple[Article, Passage]]:
        """Those of this page, each with what it says of the topic."""
        shown = (self._read.get(found.pk) for found in self.page.object_list)
        return [(article, topics.passage(article, self._term)) for article in shown if article]

    @property
    def first(self) -> Article | None:
        return self._read.get(self.mentioning[-1].pk) if self.mentioning else None

    @property
    def latest(self) -> Article | None:
        return self._read.get(self.mentioning[0].pk) if self.mentioning else None

    @property
    def rows(self) -> list[TopicPeriod]:
        """The periods with articles, newest first."""
        return [row for row in reversed(self._rows) if row.articles]

    @property
    def unit(self) -> str:
        return UNIT_NAMES[self._rows[0].period.unit if self._rows else "week"]

    @property
    def chart(self) -> SafeString:
        return _chart(self._rows)

    @property
    def companions(self) -> list[Companion]:
        return topics.companions(self._term, self.mentioning) if self.page.number == 1 else []

    @cached_property
    def _rows(self) -> list[TopicPeriod]:
        return _rows(self._term, self.mentioning)

    @cached_property
    def _read(self) -> dict[int, Article]:
        pks = [found.pk for found in (*self.page.object_list, *self.mentioning[:1], *self.mentioning[-1:])]
        return Article.objects.published().select_related("issue").in_bulk(pks)


def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows a topic: what it is, when it was mentioned, with what, and the articles that mention it."""
    term = get_object_or_404(Term.objects.with_pending().prefetch_related("aliases"), slug=slug)
    if term.pk not in topics.topics():
        raise Http404(f"no published article mentions {term.name}")
    keep_only(request, ["page"])
    topic = TopicPage(term, TopicsForm(request.GET).asked().page)
    asked_for = parameters([("q", term.name)])
    return render(
        request, "glossary/topic_detail.html", {"term": term, "topic": topic, "asked_for": asked_for}
    )


def topic_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """How many articles mention a topic, by week, whatever the chart shows."""
    term = topics.term_of(slug)
    days = topics.articles_by_day()
    weeks = Timeline.over(days[0][0], days[-1][0], "week")
    mentioned = weeks.counts((found.end_date, 1) for found in topics.mentioning(term))
    return csv_response(f"{term.slug}.csv", weekly_csv(weeks, weeks.counts(days), [(term.name, mentioned)]))


def letter_of(topic: Topic) -> str:
    """Returns the letter that a topic is listed under: that of its slug, `#` if it begins with a digit."""
    first = topic.slug[0].upper()
    return first if first.isalpha() else "#"


def _chosen(everything: Sequence[Topic], asked: TopicsAsked) -> list[Topic]:
    if not asked.q.strip():
        return list(everything)
    written = set(Term.objects.written(asked.q).values_list("pk", flat=True))
    return [topic for topic in everything if topic.pk in written]


def _in_order(chosen: Sequence[Topic], rising: Sequence[Rise], sort: str) -> list[Topic]:
    if sort == "rise":
        pks = {topic.pk for topic in chosen}
        return [rise.topic for rise in rising if rise.topic.pk in pks]
    if sort == "name":
        return sorted(chosen, key=lambda topic: (letter_of(topic), topic.slug))
    return sorted(chosen, key=lambda topic: (-topic.articles, topic.slug))


def _kinds(chosen: Sequence[Topic]) -> list[tuple[str, str, int]]:
    """Returns every kind that has topics, with its label and number: `("company", "公司", 12)`."""
    counted = [
        (kind.value, str(kind.label), sum(topic.kind == kind for topic in chosen)) for kind in Term.Kind
    ]
    return [row for row in counted if row[2]]


def _rows(term: Term, mentioning: Sequence[MentioningArticle]) -> list[TopicPeriod]:
    days = topics.articles_by_day()
    if not days:
        return []
    timeline = Timeline.over(days[0][0], days[-1][0])
    counts = timeline.counts((found.end_date, 1) for found in mentioning)
    return [
        TopicPeriod(period, number, _search(term, period))
        for period, number in zip(timeline.periods, counts, strict=True)
    ]


def _search(term: Term, period: Period) -> str:
    asked = [("q", term.name), ("term", term.name), ("since", period.first), ("until", period.last)]
    return f"{reverse('search:results')}?{parameters(asked)}"


def _chart(rows: Sequence[TopicPeriod]) -> SafeString:
    columns = [Column(row.period.label, f"{row.period.name}：{row.articles} 篇", row.url) for row in rows]
    return bars(columns, [row.articles for row in rows])
