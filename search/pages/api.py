"""Search, suggestions and trends in the JSON API."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import BeforeValidator

from archive.api import ArticleReference, IssueReference, article_reference
from archive.problems import Problem
from search.pages.forms import MAX_PAGE_SIZE, PAGE_SIZE, SearchForm
from search.results.autocomplete import complete
from search.results.facets import facet_names
from search.results.service import Hit, find
from search.results.trends import MAX_QUERIES, MAX_QUERY_LENGTH, weekly

router = Router(tags=["检索"])


def _written_as_a_day(value: object) -> object:
    """Refuses what pydantic takes for a day besides: `0`, `1740000000`, `2025-03-21T00:00`."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("write a day as 2025-03-21")
    return value


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Day = Annotated[dt.date, BeforeValidator(_written_as_a_day)]


class SearchParameters(Schema):
    q: str = Field(
        "",
        description="检索词。空格＝都要，OR＝任一，-词＝不含，引号＝一字不差。",
        json_schema_extra={"example": "HBM4"},
    )
    sort: Literal["relevance", "newest", "oldest"] = Field("relevance", description="相关、最新、最早。")
    year: int | None = Field(None, ge=1900, le=9999, description="只要这一年的。")
    month: int | None = Field(None, ge=1, le=12, description="只要这个月的；和 year 一起用。")
    since: Day | None = Field(
        None,
        description="只要这一天起的：一期的最后一天不早于它。",
        json_schema_extra={"example": "2025-01-01"},
    )
    until: Day | None = Field(
        None,
        description="只要到这一天为止的：一期的最后一天不晚于它。",
        json_schema_extra={"example": "2025-03-31"},
    )
    term: str | None = Field(None, max_length=100, description="只要提到这个词条的；词条的任何写法都行。")
    columnist: str | None = Field(None, max_length=100, description="只要这位栏目作者的。")
    page: int = Field(1, ge=1, le=1_000_000, description="第几页；超过最后一页，就是最后一页。")
    page_size: int = Field(PAGE_SIZE, ge=1, le=MAX_PAGE_SIZE, description="每页几条。")


class SearchResult(ArticleReference):
    snippet: str = Field(description="HTML：原文已转义，命中处在 <mark> 中。")
    score: float
    issue: IssueReference


class Correction(Schema):
    query: str
    total: int


class SearchAnswer(Schema):
    query: str
    total: int
    page: int
    page_size: int
    took_ms: float = Field(description="用了多少毫秒。")
    relaxed: bool = Field(description="没有一篇全都符合，这些是符合大部分词的。")
    corrected: Correction | None = Field(description="原来的词一篇也没有，这些是按可能想找的词找的。")
    facets: dict[str, list[dict[str, str | int]]] = Field(
        description='按 year、month、term、columnist 分，各有几篇：{"year": [{"value": "2025", "count": 3}]}。'
    )
    results: list[SearchResult]


# Operation ids are part of what programs hold on to: they stay when modules move.
@router.get(
    "/search",
    response={200: SearchAnswer, 422: Problem},
    summary="检索文章",
    operation_id="search_api_search",
)
def search(request: HttpRequest, parameters: Query[SearchParameters]) -> SearchAnswer:
    """The same search as the page's. Nothing asked, nothing found: `total` is 0."""
    asked = SearchForm(parameters.dict(exclude_none=True)).search_request()
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


class TrendParameters(Schema):
    q: list[Annotated[str, Field(min_length=1, max_length=MAX_QUERY_LENGTH)]] = Field(
        min_length=1,
        max_length=MAX_QUERIES,
        description=f"要比较的检索词，写法同检索；可以有 {MAX_QUERIES} 个：q=HBM3E&q=HBM4。",
        json_schema_extra={"example": ["HBM3E", "HBM4"]},
    )


class TrendLine(Schema):
    query: str
    total: int
    counts: list[int] = Field(description="每周有几篇，和 weeks 一一对应。")


class TrendAnswer(Schema):
    weeks: list[dt.date] = Field(description="各周的星期一，从最早到最新，中间不缺。")
    articles: list[int] = Field(description="每周一共收录几篇。")
    trends: list[TrendLine]


@router.get(
    "/trends",
    response={200: TrendAnswer, 422: Problem},
    summary="热度：每周的文章数",
    url_name="trends",
    operation_id="search_api_trends",
)
def trends(request: HttpRequest, parameters: Query[TrendParameters]) -> TrendAnswer:
    """How many articles of each week answer each query, over the whole archive."""
    found = weekly(parameters.q)
    if found is None:
        lines = [TrendLine(query=query, total=0, counts=[]) for query in parameters.q]
        return TrendAnswer(weeks=[], articles=[], trends=lines)
    return TrendAnswer(
        weeks=[period.first for period in found.timeline.periods],
        articles=list(found.articles),
        trends=[
            TrendLine(query=trend.query, total=trend.total, counts=list(trend.counts))
            for trend in found.trends
        ],
    )


class SuggestParameters(Schema):
    q: str = Field("", description="已经输入的字。", json_schema_extra={"example": "tjd"})
    script: Literal["hans", "hant"] = Field("hans", description="hant：给人看的字换成繁体。")


class Suggestion(Schema):
    text: str
    label: str
    url: str
    count: int | None = Field(description="提到它的文章数；文章没有这一项。")
    writing: str = Field(description="按哪个写法找到的；就是名称本身时为空。")


class Suggestions(Schema):
    query: str
    suggestions: list[Suggestion]


@router.get(
    "/suggest",
    response={200: Suggestions, 422: Problem},
    summary="边输入边提示",
    url_name="suggest",
    operation_id="search_api_suggestions",
)
def suggestions(request: HttpRequest, parameters: Query[SuggestParameters]) -> dict[str, object]:
    """Terms that what is typed begins, by letters, pinyin or initials, then articles with it in their title."""
    found = complete(parameters.q)
    if parameters.script == "hant":
        found = [suggestion.in_traditional() for suggestion in found]
    return {"query": parameters.q, "suggestions": found}


def _result(hit: Hit) -> SearchResult:
    return SearchResult(
        **article_reference(hit.article).dict(),
        snippet=hit.snippet,
        score=round(hit.score, 4),
        issue=IssueReference.from_orm(hit.article.issue),
    )
