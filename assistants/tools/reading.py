"""read_article, read_issue: what an article says, and what an issue holds."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import Field

from archive.markdown import Absolute, escaped
from archive.markdown import body as body_in_markdown
from archive.models import Article, Issue
from archive.published import MAX_ID
from assistants.tools.base import Answer, Arguments, Citation, NothingThere, Text, Tool

PART = 12_000
"""Characters of a text that are answered at once: some thousand words."""
MOST_ARTICLES = 200
"""Articles of an issue that are listed; no digest has as many."""
MOST_OF_WORDS = 4000
"""Characters of an introduction or a sign-off."""
LATEST = "latest"
_IN_ADDRESS = re.compile(r"(?:.*/articles/)?([0-9]{1,18})/?(?:[?#].*)?", re.DOTALL)
_ISSUE_IN_ADDRESS = re.compile(r"(?:.*/issues/)?([0-9a-z-]{1,20})/?(?:[?#].*)?", re.DOTALL)


class ArticleArguments(Arguments):
    id: Annotated[int, Field(ge=1, le=MAX_ID)] | Text = Field(
        description="文章的编号（search 结果里的 id），或者它的网址。"
    )
    part: int = Field(1, ge=1, le=1000, description="第几部分：长文章分几部分，每次一部分。")


class ArticleAnswer(Citation, Answer):
    id: int
    position: int = Field(description="在这一期里的序号。")
    section: str
    columnist: str
    source: str
    source_url: str
    issue_url: str
    changed_at: dt.datetime
    body: str = Field(description="正文，Markdown。")
    part: int
    parts: int

    def markdown(self) -> str:
        lines = [f"# {escaped(self.title)}", f"出处：{escaped(self.text)}，<{self.url}>"]
        if self.source or self.source_url:
            lines.append(
                f"来源：{escaped(self.source)} {f'<{self.source_url}>' if self.source_url else ''}".rstrip()
            )
        if self.parts > 1:
            lines.append(f"（第 {self.part} 部分，共 {self.parts} 部分）")
        return "\n\n".join([*lines, self.body])


def read_article(given: ArticleArguments, absolute: Absolute) -> ArticleAnswer:
    """Reads a part of an article. Raises NothingThere."""
    found = _IN_ADDRESS.fullmatch(str(given.id))
    articles = Article.objects.published().select_related("issue")
    article = articles.filter(pk=int(found[1])).first() if found else None
    if article is None:
        raise NothingThere(f"没有“{given.id}”这篇文章：可能抄错了，也可能已经撤回。请用 search 再找。")
    whole = body_in_markdown(article.blocks, absolute)
    parts = max(1, -(-len(whole) // PART))
    if given.part > parts:
        raise NothingThere(f"这篇文章只有 {parts} 部分。请把 part 写成 1 到 {parts}。")
    return ArticleAnswer(
        **Citation.of(article, absolute).model_dump(),
        id=article.pk,
        position=article.position,
        section=article.section,
        columnist=article.issue.columnist,
        source=article.source,
        source_url=article.source_url,
        issue_url=absolute(article.issue.get_absolute_url()),
        changed_at=article.changed_at,
        body=whole[(given.part - 1) * PART : given.part * PART],
        part=given.part,
        parts=parts,
    )


class IssueArguments(Arguments):
    slug: Text = Field(
        LATEST,
        description="哪一期：它的代号（就是它的最后一天，例如 2025-03-21）、它的网址，或 latest（最新一期）。",
    )


class Heading(Citation):
    id: int
    position: int
    section: str


class IssueAnswer(Citation, Answer):
    slug: str
    start_date: dt.date
    columnist: str
    introduction: str
    sign_off: str
    article_count: int
    articles: list[Heading] = Field(description=f"目录，最多 {MOST_ARTICLES} 篇。")

    def markdown(self) -> str:
        by = f"栏目作者：{escaped(self.columnist)}" if self.columnist else ""
        contents = "\n".join(
            f"{one.position}\\. [{escaped(one.title)}](<{one.url}>)"
            f"（编号 {one.id}{f'，{escaped(one.section)}' if one.section else ''}）"
            for one in self.articles
        )
        more = self.article_count - len(self.articles)
        rest = f"还有 {more} 篇，见 <{self.url}>" if more else ""
        words = [f"# {escaped(self.issue)}", f"<{self.url}>", by, escaped(self.introduction), contents, rest]
        return "\n\n".join(filter(None, [*words, escaped(self.sign_off)]))


def read_issue(given: IssueArguments, absolute: Absolute) -> IssueAnswer:
    """Reads what an issue holds. Raises NothingThere."""
    issue = issue_of(given.slug)
    if issue is None:
        raise NothingThere(
            f"没有“{given.slug}”这一期。代号是一期的最后一天，例如 2025-03-21；最新一期写 latest。"
        )
    headings = list(issue.articles.headings().order_by("position")[: MOST_ARTICLES + 1])
    count = len(headings) if len(headings) <= MOST_ARTICLES else issue.articles.count()
    for article in headings:
        article.issue = issue
    return IssueAnswer(
        **Citation.of_issue(issue, absolute).model_dump(),
        slug=issue.slug,
        start_date=issue.start_date,
        columnist=issue.columnist,
        introduction=issue.introduction[:MOST_OF_WORDS],
        sign_off=issue.sign_off[:MOST_OF_WORDS],
        article_count=count,
        articles=[
            Heading(
                **Citation.of(article, absolute).model_dump(),
                id=article.pk,
                position=article.position,
                section=article.section,
            )
            for article in headings[:MOST_ARTICLES]
        ],
    )


def issue_of(name: str) -> Issue | None:
    """Returns the published issue of a slug, an address, or `latest`."""
    published = Issue.objects.published()
    if name == LATEST:
        return published.first()
    found = _ISSUE_IN_ADDRESS.fullmatch(name)
    return published.filter(slug=found[1]).first() if found else None


READ_ARTICLE = Tool(
    "read_article",
    "读一篇文章",
    "读一篇文章的全文（Markdown），带出处。长文章分几部分，用 part 读下一部分。",
    ArticleArguments,
    ArticleAnswer,
    read_article,
)
READ_ISSUE = Tool(
    "read_issue",
    "看一期的目录",
    "一期周报的导语、目录（每篇的编号、标题、分栏、网址）和尾注。不写 slug 就是最新一期。",
    IssueArguments,
    IssueAnswer,
    read_issue,
)
