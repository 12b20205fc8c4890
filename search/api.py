"""The JSON API (DESIGN §7). Its documentation is served at /api/v1/docs."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from django.http import HttpRequest
from ninja import Field, NinjaAPI, Query, Schema
from ninja.openapi.docs import Swagger

from search.facets import facet_names
from search.finding import Hit, find
from search.forms import MAX_PAGE_SIZE, PAGE_SIZE, SearchForm
from search.suggest import suggest

api = NinjaAPI(
    title="芯闻库",
    version="1",
    description="半导体周报文库的公开接口：只读，只含已发布的内容。",
    docs=Swagger(settings={"validatorUrl": None}),
    docs_url="docs",
)


class SearchParameters(Schema):
    q: str = Field("", description="检索词。空格＝都要，OR＝任一，-词＝不含，引号＝一字不差。")
    sort: Literal["relevance", "newest", "oldest"] = "relevance"
    year: int | None = Field(None, ge=1900, le=9999)
    month: int | None = Field(None, ge=1, le=12)
    term: str | None = Field(None, max_length=100, description="词条，任何写法都行。")
    columnist: str | None = Field(None, max_length=100)
    page: int = Field(1, ge=1, le=1_000_000)
    page_size: int = Field(PAGE_SIZE, ge=1, le=MAX_PAGE_SIZE)


class IssueReference(Schema):
    slug: str
    title: str
    start_date: dt.date
    end_date: dt.date


class SearchResult(Schema):
    id: int
    title: str
    url: str
    snippet: str = Field(description="HTML：原文已转义，命中处在 <mark> 中。")
    score: float
    position: int
    issue: IssueReference


class Correction(Schema):
    query: str
    total: int


class SearchAnswer(Schema):
    query: str
    total: int
    page: int
    page_size: int
    took_ms: float
    relaxed: bool
    corrected: Correction | None
    facets: dict[str, list[dict[str, str | int]]]
    results: list[SearchResult]


@api.get("/search", response=SearchAnswer, summary="检索文章")
def search(request: HttpRequest, parameters: Query[SearchParameters]) -> SearchAnswer:
    """The same search as the page's. Nothing asked, nothing found: `total` is 0."""
    asked = SearchForm(parameters.dict(exclude_none=True)).asked()
    found = find(asked)
    return SearchAnswer(
        query=asked.q,
        total=found.total if found else 0,
        page=found.page if found else 1,
        page_size=asked.page_size,
        took_ms=found.took_ms if found else 0,
        relaxed=found.is_relaxed if found else False,
        corrected=Correction(query=found.corrected.query, total=found.corrected.total)
        if found and found.corrected
        else None,
        facets=facet_names(found.facets) if found else {},
        results=[_result(hit) for hit in found.results] if found else [],
    )


class Suggestion(Schema):
    text: str
    label: str
    url: str
    count: int | None = Field(description="提到它的文章数；文章没有这一项。")
    writing: str = Field(description="按哪个写法找到的；就是名称本身时为空。")


class Suggestions(Schema):
    query: str
    suggestions: list[Suggestion]


@api.get("/suggest", response=Suggestions, summary="边输入边提示", url_name="suggest")
def suggestions(request: HttpRequest, q: str = "") -> dict[str, object]:
    """Terms that `q` begins, by letters, pinyin or initials, then articles with it in their title."""
    return {"query": q, "suggestions": suggest(q)}


def _result(hit: Hit) -> SearchResult:
    issue = hit.article.issue
    return SearchResult(
        id=hit.article.pk,
        title=hit.article.title,
        url=hit.article.get_absolute_url(),
        snippet=hit.snippet,
        score=round(hit.score, 4),
        position=hit.article.position,
        issue=IssueReference(
            slug=issue.slug, title=issue.title, start_date=issue.start_date, end_date=issue.end_date
        ),
    )
