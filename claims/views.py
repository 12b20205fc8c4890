"""The numbers of a topic on a page, and those of a topic or an article as a file."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property

from archive.addresses import keep_only
from archive.models import Article
from claims import listing
from claims.forms import FiguresAsked, FiguresForm
from claims.models import Claim
from claims.passages import Passage, passages
from claims.reading import KINDS
from glossary.models import Term
from glossary.topics import term_of

CLAIMS_PER_PAGE = 50
CSV_CHUNK = 500


class TopicFigures:
    """What the page shows; read when it asks for it, which has most of it kept."""

    def __init__(self, term: Term, asked: FiguresAsked) -> None:
        self._term = term
        self.asked = asked

    @cached_property
    def kinds(self) -> list[tuple[str, str, int]]:
        """Every kind that there is, with its name and how many."""
        rows = listing.stated(topic=self._term).order_by().values_list("kind").annotate(number=Count("pk"))
        counted = dict(rows)
        return [(kind, label, counted[kind]) for kind, label in KINDS.items() if kind in counted]

    @property
    def total(self) -> int:
        return sum(number for _, _, number in self.kinds)

    @cached_property
    def page(self) -> Page[Claim]:
        claims = listing.stated(topic=self._term, kind=self.asked.kind)
        return Paginator(claims, CLAIMS_PER_PAGE).get_page(self.asked.page)

    @property
    def passages(self) -> list[Passage]:
        return passages(self.page.object_list)


def topic_figures(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows what articles state of a topic in numbers, the newest first, each with its sentence."""
    term = term_of(slug)
    keep_only(request, FiguresForm.base_fields)
    figures = TopicFigures(term, FiguresForm(request.GET).asked())
    return render(request, "claims/topic_figures.html", {"term": term, "figures": figures})


def topic_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The same as a file, all of it."""
    term = term_of(slug)
    claims = listing.stated(topic=term, kind=FiguresForm(request.GET).asked().kind)
    return _file(request, claims.iterator(CSV_CHUNK), f"figures-{term.slug}.csv")


def article_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """What an article states in numbers, as a file."""
    article = get_object_or_404(Article.objects.published().select_related("issue"), pk=pk)
    claims = listing.of_article(article)
    named = Term.objects.in_bulk({claim.subject_id for claim in claims if claim.subject_id})
    for claim in claims:
        claim.subject = named.get(claim.subject_id or 0)
    return _file(request, claims, f"figures-article-{pk}.csv")


def _file(request: HttpRequest, claims: Iterable[Claim], name: str) -> StreamingHttpResponse:
    lines = listing.csv_lines(claims, request.build_absolute_uri("/").rstrip("/"))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
