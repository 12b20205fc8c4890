"""What a person should know before an issue goes live: what must be mended, what is missing, what is worth a look.

    check(issue)    everything, for the page that asks before publishing
    holding(issue)  only what keeps the issue from going live: asked by each way to publish, by hand or by the clock

Other rooms add what only they know: functions of `PUBLICATION_CHECKS`, each from an issue and its articles to findings.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.module_loading import import_string

from archive.article_matching import same_articles
from archive.body import figure_number
from archive.missing_figures import missing_in, place_of
from archive.models import Article, Figure, Issue
from archive.parsing import DateRange, Line, ParsedArticle
from archive.parsing.findings import about_articles, about_dates_in_headings, about_figures
from archive.richtext import parse

USUAL_DAYS = range(5, 8)
"""Of a weekly digest: Monday to Friday, to Saturday or to Sunday."""
SOON = dt.timedelta(days=7)
LONG_AGO = dt.timedelta(days=365)
SHOWN_ISSUES = 5
_ABOUT_AN_ARTICLE = {"article-empty": "没有正文。请补上，或删除这一篇。"}
"""The parser's warnings that speak of a line of the source, in words for a stored article."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person should know, with the article or the other issue that it is about."""

    code: str
    """A stable name, e.g. `figure-missing`."""
    message: str
    article: Article | None = None
    other: Issue | None = None
    key: str = ""
    """By which a missing figure is said to be known."""
    is_known: bool = False

    def __str__(self) -> str:
        place = f"第 {self.article.position} 篇《{self.article.title}》：" if self.article else ""
        return f"{place}{self.message}"


@dataclass(frozen=True, slots=True)
class PublicationCheck:
    """What the page shows before an issue is published."""

    issue: Issue
    articles: Sequence[Article]
    must_be_mended: list[Finding]
    missing: list[Finding]
    """Figures that are missing, those that are known too."""
    notices: list[Finding]

    @property
    def sections(self) -> list[tuple[str, int]]:
        """Names of the sections with how many articles each has, in their order; articles without one as `""`."""
        return list(Counter(article.section for article in self.articles).items())

    @property
    def unknown(self) -> list[Finding]:
        """Figures that are missing and that nobody has said to know of."""
        return [finding for finding in self.missing if not finding.is_known]


def check(issue: Issue) -> PublicationCheck:
    """Returns everything that a person should know before the issue is published."""
    articles = _articles(issue)
    notices = [*_about_dates(issue), *_about_texts(issue, articles), *_about_doubles(articles)]
    for path in settings.PUBLICATION_CHECKS:
        notices += import_string(path)(issue, articles)
    return PublicationCheck(
        issue, articles, list(_to_be_mended(articles)), list(_about_missing(articles)), notices
    )


def holding(issue: Issue, knowing: Collection[str] = ()) -> list[Finding]:
    """Returns what keeps the issue from going live, when the missing figures of the keys `knowing` are known."""
    articles = _articles(issue)
    missing = [one for one in _about_missing(articles) if not one.is_known and one.key not in knowing]
    return [*_to_be_mended(articles), *missing]


def _articles(issue: Issue) -> list[Article]:
    return list(issue.articles.select_related("issue").order_by("position"))


# --- What holds an issue -------------------------------------------------------------------------------


def _to_be_mended(articles: Sequence[Article]) -> Iterator[Finding]:
    if not articles:
        yield Finding("no-articles", "还没有文章。请先添加文章。")
    shown = {article.pk: _figures_in(article) for article in articles}
    numbers = {number for numbers in shown.values() for number in numbers}
    owners = dict(Figure.objects.filter(pk__in=numbers).values_list("pk", "article_id"))
    public = set(Article.objects.published().filter(pk__in={*owners.values()}).values_list("pk", flat=True))
    visible = public | {article.pk for article in articles}
    for article in articles:
        broken = [number for number in shown[article.pk] if owners.get(number) not in visible]
        if broken:
            yield Finding(
                "figure-broken",
                f"正文里有 {len(broken)} 张图片成员看不到（不在文库里，或属于没有发布的文章）。请重新插入，或删除。",
                article,
            )


def _figures_in(article: Article) -> list[int]:
    if "<img" not in article.body:
        return []
    return [
        number
        for image in parse(article.body, is_stored=True).find("img")
        if (number := figure_number(image))
    ]


def _about_missing(articles: Sequence[Article]) -> Iterator[Finding]:
    for article in articles:
        for one in missing_in(article):
            message = f"{place_of(article, one)}缺一张图片。{one.reason}"
            key = f"{article.pk}:{one.number}"
            yield Finding("figure-missing", message, article, key=key, is_known=one.is_known)


# --- What is worth a look ------------------------------------------------------------------------------


def _about_dates(issue: Issue) -> Iterator[Finding]:
    today = timezone.localdate()
    ends = date_format(issue.end_date, "Y年n月j日")
    if issue.end_date > today + SOON:
        yield Finding(
            "dates-future", f"结束日期 {ends} 还有 {(issue.end_date - today).days} 天才到。请核对日期。"
        )
    if issue.end_date < today - LONG_AGO:
        yield Finding(
            "dates-past", f"结束日期 {ends} 已经过去一年多了。补录旧刊不用管；不是旧刊，请核对年份。"
        )
    days = (issue.end_date - issue.start_date).days + 1
    if days not in USUAL_DAYS:
        yield Finding("dates-not-a-week", f"起止日期一共 {days} 天，不是一周。请核对日期。")
    overlapping = Issue.objects.filter(start_date__lte=issue.end_date, end_date__gte=issue.start_date)
    for other in overlapping.exclude(pk=issue.pk)[:SHOWN_ISSUES]:
        yield Finding("dates-overlap", f"日期与另一期重叠（{other.get_status_display()}）：", other=other)


def _about_texts(issue: Issue, articles: Sequence[Article]) -> Iterator[Finding]:
    """The parser's own rules, asked of what is stored: a line number stands for an article's place."""
    parsed = [
        ParsedArticle(
            article.title,
            tuple(Line(place, block.text, str(block.html)) for block in article.blocks),
            place,
            source_url=article.source_url,
        )
        for place, article in enumerate(articles)
    ]
    if not parsed:
        return
    for warning in (
        *about_articles(parsed),
        *about_figures(parsed),
        *about_dates_in_headings(DateRange(issue.start_date, issue.end_date, 0, 0), parsed),
    ):
        message = _ABOUT_AN_ARTICLE.get(warning.code, warning.message)
        yield Finding(warning.code, message, articles[warning.line or 0])


def _about_doubles(articles: Sequence[Article]) -> Iterator[Finding]:
    for first, second in same_articles(articles):
        yield Finding(
            "article-twice", f"和第 {first.position} 篇《{first.title}》多半是同一篇。请删除一篇。", second
        )
