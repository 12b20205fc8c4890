"""Topics in the JSON API: terms that published articles mention."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Path, Query, Router, Schema

from archive.api import ArticleReference, IssueReference, PageOfRows, PageParameters, article_reference
from archive.problems import PROBLEMS, Problem
from glossary.models import Term
from glossary.topics import Topic, mentioning, topics

NEWEST_ARTICLES = 20

router = Router(tags=["话题"])

Kind = Literal["company", "product", "process", "technology", "person", "organisation", "place"]


class TopicParameters(PageParameters):
    kind: Kind | None = Field(None, description="只要这一类。")


class TopicPath(Schema):
    slug: str = Field(
        pattern=r"^[-a-zA-Z0-9_]{1,100}$", description="话题的代号（网址里的那一段），见 /topics。"
    )


class TopicSummary(Schema):
    slug: str
    name: str
    kind: Kind
    article_count: int = Field(description="提到它的文章数。")
    url: str = Field(description="话题页的网址，从 / 开始。")


class TopicPage(PageOfRows):
    results: list[TopicSummary]


class MentioningArticle(ArticleReference):
    issue: IssueReference


class TopicDetail(TopicSummary):
    aliases: list[str] = Field(description="别的写法。")
    note: str
    first_mentioned: dt.date = Field(description="最早提到它的一期的结束日期。")
    latest_mentioned: dt.date
    articles: list[MentioningArticle] = Field(
        description=f"最近 {NEWEST_ARTICLES} 篇；全部的，用 /search?q=…&term=… 查。"
    )


@router.get(
    "/topics", response={200: TopicPage, 422: Problem}, summary="话题，提到最多的在前", url_name="topics"
)
def topic_list(request: HttpRequest, parameters: Query[TopicParameters]) -> dict[str, Any]:
    """Every term that a published article mentions, the most mentioned first."""
    chosen = [topic for topic in topics().values() if parameters.kind in (None, topic.kind)]
    chosen.sort(key=lambda topic: -topic.articles)  # and by pinyin among equals
    answer = parameters.answer(chosen)
    return answer | {"results": [_summary(topic) for topic in answer["results"]]}


@router.get("/topics/{slug}", response={200: TopicDetail, **PROBLEMS}, summary="一个话题", url_name="topic")
def topic_detail(request: HttpRequest, path: Path[TopicPath]) -> TopicDetail:
    """One term: its writings, when it was mentioned, and its newest articles."""
    term = get_object_or_404(Term, slug=path.slug)
    topic = topics().get(term.pk)
    if topic is None:
        raise Http404
    days = [article.end_date for article in mentioning(term)]
    newest = term.published_articles().select_related("issue").defer("body")[:NEWEST_ARTICLES]
    return TopicDetail(
        **_summary(topic),
        aliases=[alias.text for alias in term.aliases.all()],
        note=term.note,
        first_mentioned=days[-1],
        latest_mentioned=days[0],
        articles=[
            MentioningArticle(
                **article_reference(article).dict(), issue=IssueReference.from_orm(article.issue)
            )
            for article in newest
        ],
    )


def _summary(topic: Topic) -> dict[str, Any]:
    return {
        "slug": topic.slug,
        "name": topic.name,
        "kind": topic.kind,
        "article_count": topic.articles,
        "url": topic.url,
    }
