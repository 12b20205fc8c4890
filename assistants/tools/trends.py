"""trend: how many articles of each period answer a query, with the newest of them as evidence."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from django.urls import reverse
from django.utils.http import urlencode
from pydantic import BaseModel, Field

from archive.markdown import Absolute, escaped
from archive.timeline import MOST_PERIODS, UNIT_NAMES
from assistants.tools.base import Answer, Arguments, Citation, NothingThere, Text, Tool
from search.results.request import SearchRequest
from search.results.service import find
from search.results.trends import MAX_QUERIES, MAX_QUERY_LENGTH, Trends, count

EVIDENCE = 3
"""Articles that are named for each query."""
Query = Annotated[Text, Field(min_length=1, max_length=MAX_QUERY_LENGTH)]


class TrendArguments(Arguments):
    q: Annotated[tuple[Query, ...], Field(min_length=1, max_length=MAX_QUERIES)] = Field(
        description=f"要比较的关键词，写法同 search，最多 {MAX_QUERIES} 个。"
    )
    years: int | None = Field(None, ge=1, le=50, description="只看最近几年；不写就是全部。")


class Line(BaseModel):
    query: str
    total: int
    counts: list[int] = Field(description="每一段时间有几篇，和 periods 一一对应。")
    newest: list[Citation] = Field(description=f"最近的 {EVIDENCE} 篇。")


class TrendAnswer(Answer):
    unit: Literal["week", "month", "quarter", "year"]
    periods: list[dt.date] = Field(description=f"每一段时间的第一天，从早到晚，不缺，约 {MOST_PERIODS} 段。")
    articles: list[int] = Field(description="每一段时间一共收录几篇；0 是没有周报。")
    lines: list[Line]
    url: str = Field(description="网站上的这张图。")

    def markdown(self) -> str:
        unit = UNIT_NAMES[self.unit]
        head = " | ".join([f"{unit}（第一天）", *(_cell(line.query) for line in self.lines), "全部文章"])
        rows = [
            " | ".join(
                [str(day), *(str(line.counts[place]) for line in self.lines), str(self.articles[place])]
            )
            for place, day in enumerate(self.periods)
        ]
        table = "\n".join(
            [f"| {head} |", f"|{' --- |' * (len(self.lines) + 2)}", *(f"| {row} |" for row in rows)]
        )
        cited = [
            "\n".join(
                [
                    f"“{escaped(line.query)}”共 {line.total} 篇，最近的：",
                    *(f"- {one.link}" for one in line.newest),
                ]
            )
            for line in self.lines
        ]
        return "\n\n".join([f"每{unit}有几篇文章提到：", table, *cited, f"图：<{self.url}>"])


def trend(given: TrendArguments, absolute: Absolute) -> TrendAnswer:
    """Counts articles over time. Raises NothingThere in an empty archive."""
    queries = list(dict.fromkeys(given.q))
    found = count(queries, given.years)
    if found is None:
        raise NothingThere("文库里还没有文章。")
    asked: list[tuple[str, str | int]] = [
        *(("q", query) for query in queries),
        *([("years", given.years)] if given.years else []),
    ]
    return TrendAnswer(
        unit=found.timeline.unit,
        periods=[period.first for period in found.timeline.periods],
        articles=list(found.articles),
        lines=_lines(found, absolute),
        url=absolute(f"{reverse('trends:show')}?{urlencode(asked)}"),
    )


def _lines(found: Trends, absolute: Absolute) -> list[Line]:
    return [
        Line(
            query=one.query,
            total=one.total,
            counts=list(one.counts),
            newest=_newest(one.query, found, absolute) if one.total else [],
        )
        for one in found.trends
    ]


def _newest(query: str, found: Trends, absolute: Absolute) -> list[Citation]:
    first, last = found.timeline.periods[0].first, found.timeline.periods[-1].last
    asked = SearchRequest(query, sort="newest", since=first, until=last, page_size=EVIDENCE)
    answered = find(asked)
    return [Citation.of(hit.article, absolute) for hit in answered.results] if answered else []


def _cell(text: str) -> str:
    return escaped(" ".join(text.split()))


TREND = Tool(
    "trend",
    "看热度",
    "一个或几个关键词，每周（时间长时每月、每季、每年）有多少篇文章提到，以及最近的几篇作证据。"
    "篇数是这份周报的报道数，不是市场数据。",
    TrendArguments,
    TrendAnswer,
    trend,
)
