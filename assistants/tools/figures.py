"""figures: numbers that articles state, each with its sentence and its source."""

from __future__ import annotations

import datetime as dt

from django.core.paginator import Paginator
from django.urls import reverse
from pydantic import BaseModel, Field

from archive.markdown import Absolute, escaped
from archive.published import MAX_ID
from assistants.tools.base import Answer, Arguments, Citation, Day, NothingThere, Page, Text, Tool
from assistants.tools.topics import find_term, no_such
from claims import listing
from claims.models import Claim
from claims.reading import Kind, Qualifier

PAGE_SIZE = 20
MOST_OF_SENTENCE = 300
"""Characters; what is longer is cut around the number."""


class FiguresArguments(Arguments):
    topic: Text | None = Field(
        None, description="说的是谁：名称或别名，例如 台积电、TSMC。不写，就是全部，或 article 里的。"
    )
    article: int | None = Field(None, ge=1, le=MAX_ID, description="只要这篇文章里的：文章的编号。")
    kind: Kind | None = Field(
        None, description="money 金额，percent 比例，node 工艺节点，capacity 容量与产能，date 日期。"
    )
    since: Day | None = Field(None, description="只要这一天起的各期，例如 2025-01-01。")
    until: Day | None = Field(None, description="只要到这一天为止的各期。")
    page: Page = 1


class Stated(BaseModel):
    kind: Kind
    low: float | None = Field(description="换算成 unit 以后的数；日期没有。")
    high: float | None = Field(description="范围的上端；不是范围时，与 low 相同。")
    since: dt.date | None = Field(description="日期的第一天；别的种类没有。")
    until: dt.date | None
    unit: str = Field(description="货币代码（ISO 4217）、%、pp（百分点）、nm、GB、GB/s、W、片/月……")
    qualifier: Qualifier = Field(description="约、以上、以下；没有时为空。")
    written: str = Field(description="原文的写法。")
    text: str = Field(description="同一种写法。")
    subject: str | None = Field(description="说的是谁；句子里不能肯定时没有，请自己看句子。")
    sentence: str = Field(description="它所在的句子。")
    source: Citation


class FiguresAnswer(Answer):
    total: int
    page: int
    pages: int
    results: list[Stated]
    url: str = Field(description="网站上的这些数字；没有这一页时为空。")

    def markdown(self) -> str:
        if not self.results:
            return "没有这样的数字。"
        rows = [
            f"- **{escaped(one.text)}**"
            f"（{escaped(one.subject or '没有说明是谁的')}）\n  > {escaped(one.sentence)}\n  {one.source.link}"
            for one in self.results
        ]
        where = f"网站上：<{self.url}>" if self.url else ""
        head = f"{self.total} 个数字，第 {self.page} 页，共 {self.pages} 页。由程序按规则读出，请以原句为准。"
        return "\n\n".join(filter(None, [head, "\n".join(rows), where]))


def figures(given: FiguresArguments, absolute: Absolute) -> FiguresAnswer:
    """Lists numbers, those of the newest issue first. Raises NothingThere for a topic that there is not."""
    term = None
    if given.topic:
        found = find_term(given.topic)
        if found is None:
            raise NothingThere(no_such(given.topic))
        term = found[0]
    claims = listing.stated(
        topic=term, article=given.article, kind=given.kind, since=given.since, until=given.until
    )
    page = Paginator(claims, PAGE_SIZE).get_page(given.page)
    return FiguresAnswer(
        total=page.paginator.count,
        page=page.number,
        pages=page.paginator.num_pages,
        results=[_stated(claim, absolute) for claim in page.object_list],
        url=absolute(reverse("claims:topic-figures", args=[term.slug])) if term else "",
    )


def _stated(claim: Claim, absolute: Absolute) -> Stated:
    source = Citation.of(claim.article, absolute)
    return Stated.model_validate(
        claim.as_data()
        | {
            "subject": claim.subject.name if claim.subject else None,
            "sentence": _shortened(claim),
            "source": source.model_copy(update={"url": absolute(claim.address)}),
        }
    )


def _shortened(claim: Claim) -> str:
    """The sentence, or as much of it around the number as an answer has room for."""
    if len(claim.sentence) <= MOST_OF_SENTENCE:
        return claim.sentence
    start = max(0, claim.start - MOST_OF_SENTENCE // 2)
    end = start + MOST_OF_SENTENCE
    return f"{'…' if start else ''}{claim.sentence[start:end]}{'…' if end < len(claim.sentence) else ''}"


FIGURES = Tool(
    "figures",
    "查数字",
    "文章里写明的金额、比例、工艺节点、容量与产能、日期，换算成同一单位，各带原句和出处，新的在前。"
    "只有句子里能肯定时才说是谁的数；要某家公司的，写 topic。",
    FiguresArguments,
    FiguresAnswer,
    figures,
)
