"""Numbers that articles state, in the JSON API."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from archive.api import (
    ArticleReference,
    IssueReference,
    PageOfRows,
    PageParameters,
    article_reference,
)
from archive.problems import PROBLEMS
from archive.published import MAX_ID
from claims import listing
from claims.models import Claim
from claims.reading import Kind, Qualifier
from glossary.topics import term_of
from search.pages.api import Day

router = Router(tags=["数字"])


class FigureParameters(PageParameters):
    topic: str | None = Field(
        None,
        pattern=r"^[-a-zA-Z0-9_]{1,100}$",
        description="只要说这个话题的：话题的代号，见 /topics。",
        json_schema_extra={"example": "taijidian"},
    )
    article: int | None = Field(None, ge=1, le=MAX_ID, description="只要这篇文章里的：文章的编号。")
    kind: Kind | None = Field(
        None,
        description="只要这一种：money 金额，percent 比例，node 工艺节点，capacity 容量与产能，date 日期。",
    )
    since: Day | None = Field(None, description="只要这一天起的各期里的：一期的最后一天不早于它。")
    until: Day | None = Field(None, description="只要到这一天为止的各期里的。")


class FigureSubject(Schema):
    slug: str
    name: str


class Figure(Schema):
    kind: Kind
    low: float | None = Field(
        description="数，按 unit 换算过：金额以元、美元为单位，工艺节点为 nm，功率为 W。日期没有。"
    )
    high: float | None = Field(description="范围的上端；不是范围时，与 low 相同。")
    since: dt.date | None = Field(description="日期的第一天；别的种类没有。")
    until: dt.date | None = Field(description="日期的最后一天。")
    unit: str = Field(description="货币代码（ISO 4217）、%、pp（百分点）、nm、GB、GB/s、W、片/月……")
    qualifier: Qualifier = Field(description="约、超过、不足；没有时为空。")
    written: str = Field(description="原文的写法。")
    text: str = Field(description="同一种写法，给人看。")
    sentence: str = Field(description="它所在的句子。")
    start: int = Field(description="它在句子里的位置，从 0 数，以字为单位。")
    end: int
    subject: FigureSubject | None = Field(description="说的是哪个话题；不能肯定时没有。")
    article: ArticleReference
    issue: IssueReference
    url: str = Field(description="那一段的网址，从 / 开始。")


class FigurePage(PageOfRows):
    results: list[Figure]


@router.get(
    "/figures", response={200: FigurePage, **PROBLEMS}, summary="文章里的数字，各带原句", url_name="figures"
)
def figures(request: HttpRequest, parameters: Query[FigureParameters]) -> dict[str, Any]:
    """What published articles state in numbers, each with its sentence, the newest issue first."""
    claims = listing.stated(
        topic=None if parameters.topic is None else term_of(parameters.topic),
        article=parameters.article,
        kind=parameters.kind,
        since=parameters.since,
        until=parameters.until,
    )
    answer = parameters.answer(claims)
    return answer | {"results": [_figure(claim) for claim in answer["results"]]}


def _figure(claim: Claim) -> Figure:
    return Figure.model_validate(
        claim.as_data()
        | {
            "start": claim.start,
            "end": claim.end,
            "subject": claim.subject and {"slug": claim.subject.slug, "name": claim.subject.name},
            "article": article_reference(claim.article),
            "issue": IssueReference.from_orm(claim.article.issue),
            "url": claim.address,
        }
    )
