"""Search, suggestions and trends in the JSON API."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import BeforeValidator

from archive.api import ArticleReference, IssueReference, article_reference
from archive.models import Article
from archive.problems import Problem
from search.pages.forms import MAX_PAGE_SIZE, MAX_VALUE, MAX_VALUES, SearchForm
from search.results.autocomplete import complete
from search.results.facets import facet_names
from search.results.issues import IssueHit
from search.results.meaning import MOST, similar_in_meaning
from search.results.request import PAGE_SIZE
from search.results.service import Hit, find
from search.results.trends import MAX_QUERIES, MAX_QUERY_LENGTH, weekly

router = Router(tags=["搜索"])


def _written_as_a_day(value: object) -> object:
    """Refuses what pydantic takes for a day besides: `0`, `1740000000`, `2025-03-21T00:00`."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("write a day as 2025-03-21")
    return value


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Day = Annotated[dt.date, BeforeValidator(_written_as_a_day)]
MONTH = r"^([0-9]{4}-)?(0?[1-9]|1[0-2])$"
Value = Annotated[str, Field(max_length=MAX_VALUE)]


class SearchParameters(Schema):
    q: str = Field(
        "",
        description="关键词。空格＝都要，OR＝任一，-词＝不含，引号＝一字不差。",
        json_schema_extra={"example": "HBM4"},
    )
    sort: Literal["relevance", "newest", "oldest"] = Field("relevance", description="相关、最新、最早。")
    year: list[Annotated[int, Field(ge=1900, le=9999)]] = Field(
        [], max_length=MAX_VALUES, description="只要这一年的；可以有几个：year=2024&year=2025。"
    )
    month: list[Annotated[str, Field(pattern=MONTH)]] = Field(
        [],
        max_length=MAX_VALUES,
        description="只要这个月的，例如 2025-03；只写 3，是各年的 3 月。可以有几个。",
    )
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
    term: list[Value] = Field(
        [],
        max_length=MAX_VALUES,
        description="只要提到这个话题的；话题的任何写法都行。有几个时，都要提到。",
    )
    section: list[Value] = Field([], max_length=MAX_VALUES, description="只要这个分栏的；可以有几个。")
    columnist: list[Value] = Field([], max_length=MAX_VALUES, description="只要这位栏目作者的；可以有几位。")
    page: int = Field(1, ge=1, le=1_000_000, description="第几页；超过最后一页，就是最后一页。")
    page_size: int = Field(PAGE_SIZE, ge=1, le=MAX_PAGE_SIZE, description="每页几条。")


class SearchResult(ArticleReference):
    snippet: str = Field(description="HTML：原文已转义，命中处在 <mark> 中。")
    score: float
    issue: IssueReference
    missing: list[str] = Field(description="放宽的结果：这一篇不含的词。")


class Filter(Schema):
    text: str
    since: dt.date
    until: dt.date
    label: str


class IssueFound(IssueReference):
    url: str = Field(description="期的页面上符合之处的地址，从 / 开始。")
    snippet: str = Field(description="HTML：原文已转义，命中处在 <mark> 中。")


class Correction(Schema):
    query: str
    total: int


class SimilarArticle(ArticleReference):
    issue: IssueReference


class SearchAnswer(Schema):
    query: str
    total: int
    page: int
    page_size: int
    took_ms: float = Field(description="用了多少毫秒。")
    relaxed: bool = Field(description="没有文章全都符合，这些是含其中一部分词的；见 missing。")
    corrected: Correction | None = Field(description="原来的词一篇也没有，这些是按可能想找的词找的。")
    facets: dict[str, list[dict[str, str | int]]] = Field(
        description="按 year、month、section、term、columnist 分；count 是再加上这个条件以后的篇数："
        '{"year": [{"value": "2025", "count": 3}]}。'
    )
    filters: list[Filter] = Field(description="关键词里写的日期，已当作筛选条件：只要这些天的各期。")
    verbatim: list[SearchResult] = Field(
        description="不在这些天，但一字不差写着整个关键词的文章，最多三篇；不计入 total 和 facets。"
    )
    issues: list[IssueFound] = Field(
        description="自己的文字（刊名、日期、栏目作者、导语、分栏、尾注）就符合的期，最多三期；不计入 total。"
    )
    results: list[SearchResult]
    similar_in_meaning: list[SimilarArticle] = Field(
        description=f"按意思猜的，不一定含这些词：没有文章全都符合时才有，最多 {MOST} 篇，不算进 total。"
    )


# Operation ids are part of what programs hold on to: they stay when modules move.
@router.get(
    "/search",
    response={200: SearchAnswer, 422: Problem},
    summary="搜索文章",
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
        facets=facet_names(found.counted, asked) if found else {},
        filters=[
            Filter(text=date.typed, since=date.period.first, until=date.period.last, label=date.label)
            for date in found.typed.dates
        ]
        if found
        else [],
        verbatim=[_result(hit) for hit in found.verbatim] if found else [],
        issues=[_issue(hit) for hit in found.issues] if found else [],
        results=[_result(hit) for hit in found.results] if found else [],
        similar_in_meaning=[_similar(article) for article in similar_in_meaning(asked, found)],
    )


class TrendParameters(Schema):
    q: list[Annotated[str, Field(min_length=1, max_length=MAX_QUERY_LENGTH)]] = Field(
        min_length=1,
        max_length=MAX_QUERIES,
        description=f"要比较的关键词，写法同搜索；可以有 {MAX_QUERIES} 个：q=HBM3E&q=HBM4。",
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


Spans = list[tuple[int, int]]


class Suggestion(Schema):
    kind: Literal["term", "title", "columnist", "issue"] = Field(
        description="属于哪一组：词条、标题、栏目作者、期。"
    )
    text: str
    label: str
    url: str
    query: str = Field(description="选它以后搜索什么；文章和期没有关键词，为空。")
    count: int | None = Field(description="搜索它有几篇；文章和期没有这一项。")
    writing: str = Field(description="按哪个写法找到的；就是名称本身时为空。")
    marks: Spans = Field(description="text 里和输入相符的地方：[开始, 结束)，按字数，从 0 起。")
    writing_marks: Spans = Field(description="writing 里和输入相符的地方。")


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
    """Terms that the last word begins, by letters, pinyin or initials; titles with all of it; columnists, issues."""
    found = complete(parameters.q)
    if parameters.script == "hant":
        found = [suggestion.in_traditional() for suggestion in found]
    return {"query": parameters.q, "suggestions": found}


def _similar(article: Article) -> SimilarArticle:
    return SimilarArticle(**article_reference(article).dict(), issue=IssueReference.from_orm(article.issue))


def _result(hit: Hit) -> SearchResult:
    return SearchResult(
        **article_reference(hit.article).dict(),
        snippet=hit.snippet,
        score=round(hit.score, 4),
        issue=IssueReference.from_orm(hit.article.issue),
        missing=list(hit.missing),
    )


def _issue(hit: IssueHit) -> IssueFound:
    found = IssueReference.from_orm(hit.issue).dict() | {"url": hit.url}
    return IssueFound(**found, snippet=hit.snippet)
