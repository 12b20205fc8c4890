"""search: the site's own search, a page of it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Annotated, Literal
from urllib.parse import urldefrag

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.http import urlencode
from pydantic import Field, PrivateAttr

from archive.markdown import Absolute, escaped, excerpt
from assistants.tools.base import Answer, Arguments, Citation, Day, Page, Text, Tool
from search.results.meaning import similar_in_meaning
from search.results.request import SearchRequest
from search.results.service import Hit, SearchResults, find

PAGE_SIZE = 10
MOST_VALUES = 10
Values = Annotated[tuple[Text, ...], Field(max_length=MOST_VALUES)]


class SearchArguments(Arguments):
    q: Annotated[
        Text, Field(min_length=1, description="关键词：空格＝都要有，OR＝任一，-词＝不要，引号＝一字不差。")
    ]
    sort: Literal["relevance", "newest", "oldest"] = Field("relevance", description="相关、最新、最早。")
    since: Day | None = Field(None, description="只要这一天起的，例如 2025-01-01。")
    until: Day | None = Field(None, description="只要到这一天为止的。")
    topic: Values = Field((), description="只要提到这些话题的，例如 台积电；都要提到。")
    section: Values = Field((), description="只要这些分栏的。")
    columnist: Values = Field((), description="只要这些栏目作者的。")
    page: Page = 1


class Result(Citation):
    """An article that answers."""

    id: int = Field(description="文章的编号：read_article 用它。")
    passage: str = Field(description="最相关的一段原文。")
    missing: list[str] = Field(description="放宽的结果：这一篇不含的词。")
    _marked: str = PrivateAttr("")

    @classmethod
    def of_hit(cls, hit: Hit, absolute: Absolute) -> Result:
        cited = Citation.of(hit.article, absolute)
        anchor = urldefrag(hit.url).fragment
        result = cls(
            **cited.model_dump() | {"url": cited.url + (f"#{anchor}" if anchor else "")},
            id=hit.article.pk,
            passage=html.unescape(strip_tags(hit.snippet)),
            missing=list(hit.missing),
        )
        result._marked = excerpt(hit.snippet).replace("\n", "\n> ")
        return result


class SearchAnswer(Answer):
    query: str
    total: int = Field(description="一共有几篇。")
    page: int
    pages: int
    notice: str = Field(description="这次搜索有什么要说明的：改搜了什么、放宽了什么、按哪些日期。")
    results: list[Result]
    similar: list[Citation] = Field(description="按意思猜的，不一定含这些词，不算在结果里。")
    url: str = Field(description="网站上同样的搜索。")

    def markdown(self) -> str:
        pages = f"第 {self.page} 页，共 {self.pages} 页"
        head = f"“{escaped(self.query)}”：{self.total} 篇，{pages}。{escaped(self.notice)}"
        parts = [head, *(_told(result) for result in self.results)]
        if self.similar:
            parts += ["意思可能相近的（猜的，不算在结果里）：", *(f"- {one.link}" for one in self.similar)]
        return "\n\n".join([*parts, f"网站上的搜索：<{self.url}>"])


def _told(result: Result) -> str:
    lacks = f"（不含：{escaped('、'.join(result.missing))}）" if result.missing else ""
    return f"### {result.link}{lacks}\n编号 {result.id}\n\n> {result._marked}"


def search(given: SearchArguments, absolute: Absolute) -> SearchAnswer:
    """Searches as the page does."""
    asked = SearchRequest(
        given.q,
        sort=given.sort,
        since=given.since,
        until=given.until,
        term=given.topic,
        section=given.section,
        columnist=given.columnist,
        page=given.page,
        page_size=PAGE_SIZE,
    )
    found = find(asked)
    shown = [(name, value) for name, value in asked.parameters() if name not in ("page", "page_size")]
    total = found.total if found else 0
    return SearchAnswer(
        query=asked.q,
        total=total,
        page=found.page if found else 1,
        pages=max(1, -(-total // PAGE_SIZE)),
        notice=_notice(found),
        results=[Result.of_hit(hit, absolute) for hit in _hits(found)],
        similar=[Citation.of(article, absolute) for article in similar_in_meaning(asked, found)],
        url=absolute(f"{reverse('search:results')}?{urlencode(shown)}"),
    )


def _hits(found: SearchResults | None) -> Sequence[Hit]:
    return [*found.results, *found.verbatim] if found else []


def _notice(found: SearchResults | None) -> str:
    if found is None:
        return "没有要找的词。"
    said = [found.notice]
    if found.corrected:
        said.append(f"没有“{found.typed.text}”，已改搜“{found.corrected.query}”。")
    if found.is_relaxed:
        said.append("没有文章全都符合，这些含其中一部分词，见各篇“不含”。")
    said += [f"{date.label}：当作日期，只要那些天的各期。" for date in found.typed.dates]
    if found.verbatim:
        said.append(f"最后 {len(found.verbatim)} 篇不在这些天，但一字不差含有整个关键词。")
    return "".join(said)


SEARCH = Tool(
    "search",
    "搜索文库",
    "在半导体周报文库里搜索文章，每页 10 篇，每篇有最相关的一段原文和出处（标题、刊名、日期、网址）。"
    "关键词尽量短：公司、产品、工艺的名称；有别名的（台积电、TSMC）会一起找。要全文，再用 read_article。",
    SearchArguments,
    SearchAnswer,
    search,
)
