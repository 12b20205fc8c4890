"""Issues and articles in the JSON API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Path, Query, Router, Schema

from archive.body import with_absolute_addresses
from archive.models import Article, Issue
from archive.problems import PROBLEMS, Problem
from archive.published import MAX_ID, AnyArticle

MAX_PAGE_SIZE = 100
PAGE_SIZE = 20

router = Router(tags=["文库"])


class PageParameters(Schema):
    page: int = Field(1, ge=1, le=1_000_000, description="第几页；超过最后一页，就是最后一页。")
    page_size: int = Field(PAGE_SIZE, ge=1, le=MAX_PAGE_SIZE, description="每页几条。")

    def answer(self, rows: QuerySet[Any] | Sequence[Any]) -> dict[str, Any]:
        """Returns the page of `rows` that is asked for, and how many there are in all."""
        page = Paginator(rows, self.page_size).get_page(self.page)
        total = page.paginator.count
        return {"total": total, "page": page.number, "page_size": self.page_size, "results": list(page)}


class PageOfRows(Schema):
    total: int
    page: int
    page_size: int


class IssuePath(Schema):
    slug: str = Field(
        pattern=r"^[0-9a-z-]{1,20}$", description="期的代号（网址里的那一段），例如 2025-03-21。"
    )


class ArticlePath(Schema):
    id: int = Field(ge=1, le=MAX_ID, description="文章的编号。")


class IssueReference(Schema):
    slug: str
    title: str
    start_date: dt.date
    end_date: dt.date


class ArticleReference(Schema):
    id: int
    position: int = Field(description="在这一期里的序号。")
    title: str
    section: str = Field(description="所在的分栏；没有时为空。")
    url: str = Field(description="文章页的网址，从 / 开始。")


class IssueSummary(IssueReference):
    columnist: str = Field(description="栏目作者；没有时为空。")
    article_count: int
    url: str

    resolve_url = staticmethod(Issue.get_absolute_url)


class IssuePage(PageOfRows):
    results: list[IssueSummary]


class IssueDetail(IssueReference):
    columnist: str
    introduction: str
    sign_off: str
    source_url: str
    url: str
    articles: list[ArticleReference]

    resolve_url = staticmethod(Issue.get_absolute_url)

    @staticmethod
    def resolve_articles(issue: Issue) -> list[ArticleReference]:
        return [article_reference(article) for article in issue.articles.headings()]


class ArticleDetail(ArticleReference):
    issue: IssueReference
    body: str = Field(description="正文，HTML：只有段落、小标题、列表、表格、链接和图片，网址都是完整的。")
    text: str = Field(description="标题、正文、来源和分栏的文字，一行一段。")
    source: str
    source_url: str


@router.get("/issues", response={200: IssuePage, 422: Problem}, summary="各期，从新到旧", url_name="issues")
def issues(request: HttpRequest, parameters: Query[PageParameters]) -> dict[str, Any]:
    """Every published issue, newest first."""
    return parameters.answer(Issue.objects.published().with_article_count())


@router.get(
    "/issues/{slug}", response={200: IssueDetail, **PROBLEMS}, summary="一期和它的目录", url_name="issue"
)
def issue(request: HttpRequest, path: Path[IssuePath]) -> Issue:
    """One issue with its contents."""
    return get_object_or_404(Issue.objects.published(), slug=path.slug)


@router.get(
    "/articles/{id}", response={200: ArticleDetail, **PROBLEMS}, summary="一篇文章的全文", url_name="article"
)
def article(request: HttpRequest, path: Path[ArticlePath]) -> ArticleDetail:
    """One article with its whole text."""
    found = get_object_or_404(Article.objects.published().select_related("issue"), pk=path.id)
    return ArticleDetail(
        **article_reference(found).dict(),
        issue=IssueReference.from_orm(found.issue),
        body=with_absolute_addresses(found.body, request.build_absolute_uri(found.get_absolute_url())),
        text=found.text,
        source=found.source,
        source_url=found.source_url,
    )


def article_reference(article: AnyArticle) -> ArticleReference:
    """Names an article in the answer about something else."""
    return ArticleReference(
        id=article.pk,
        position=article.position,
        title=article.title,
        section=article.section,
        url=article.get_absolute_url(),
    )
