"""Topics in the JSON API (DESIGN §7): terms that published articles mention."""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import Max, Min
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Path, Query, Router, Schema

from archive.api import ArticleReference, IssueReference, PageParameters, article_reference, issue_reference
from archive.problems import PROBLEMS, Problem
from glossary.models import Term, TermQuerySet

NEWEST_ARTICLES = 20

router = Router(tags=["词条"])

Kind = Literal["company", "product", "process", "technology", "person", "organisation", "place"]


class TopicParameters(PageParameters):
    kind: Kind | None = Field(None, description="只要这一类。")


class TopicPath(Schema):
    slug: str = Field(pattern=r"^[-a-zA-Z0-9_]{1,100}$", description="词条的地址，见 /topics。")


class TopicSummary(Schema):
    slug: str
    name: str
    kind: Kind
    article_count: int = Field(description="提到它的文章数。")
    url: str = Field(description="词条页的地址，从 / 开始。")


class TopicPage(Schema):
    total: int
    page: int
    page_size: int
    results: list[TopicSummary]


class MentioningArticle(ArticleReference):
    issue: IssueReference


class TopicDetail(TopicSummary):
    aliases: list[str] = Field(description="别的写法。")
    note: str
    first_mentioned: str = Field(description="最早提到它的一期的结束日期。")
    latest_mentioned: str
    articles: list[MentioningArticle] = Field(
        description=f"最近 {NEWEST_ARTICLES} 篇；全部的，用 /search?q=…&term=… 查。"
    )


@router.get(
    "/topics", response={200: TopicPage, 422: Problem}, summary="词条，提到最多的在前", url_name="topics"
)
def topics(request: HttpRequest, parameters: Query[TopicParameters]) -> TopicPage:
    """Every term that a published article mentions, the most mentioned first."""
    terms = _mentioned().order_by("-article_count", "name")  # type: ignore[misc]
    if parameters.kind:
        terms = terms.filter(kind=parameters.kind)
    page = parameters.of(terms)
    return TopicPage(
        total=page.paginator.count,
        page=page.number,
        page_size=parameters.page_size,
        results=[TopicSummary(**_summary(term)) for term in page],
    )


@router.get("/topics/{slug}", response={200: TopicDetail, **PROBLEMS}, summary="一个词条", url_name="topic")
def topic(request: HttpRequest, path: Path[TopicPath]) -> TopicDetail:
    """One term: its writings, when it was mentioned, and its newest articles."""
    term = get_object_or_404(_mentioned(), slug=path.slug)
    articles = term.published_articles().select_related("issue")
    days = articles.order_by().aggregate(first=Min("issue__end_date"), latest=Max("issue__end_date"))
    return TopicDetail(
        **_summary(term),
        aliases=[alias.text for alias in term.aliases.all()],
        note=term.note,
        first_mentioned=str(days["first"]),
        latest_mentioned=str(days["latest"]),
        articles=[
            MentioningArticle(**article_reference(article).dict(), issue=issue_reference(article.issue))
            for article in articles.defer("body")[:NEWEST_ARTICLES]
        ],
    )


def _mentioned() -> TermQuerySet:
    """Terms that members can know of, with their counts."""
    return Term.objects.with_counts().filter(article_count__gt=0)  # type: ignore[misc]


def _summary(term: Term) -> dict[str, Any]:
    return {
        "slug": term.slug,
        "name": term.name,
        "kind": term.kind,
        "article_count": term.article_count,  # type: ignore[attr-defined]
        "url": term.get_absolute_url(),
    }
