"""A week to be imported: what readers of every kind of file produce, and its JSON form."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps

from archive.body import MAX_BODY, from_text, text_in, tree_from
from archive.images import PreparedImage, check_together, prepare_image
from archive.missing_figures import QUOTED, MissingFigure
from archive.parsing import ParsedArticle, ParsedIssue, ParseWarning
from archive.refusal import ImportRefused
from archive.richtext import to_html

MAX_ARTICLES = 1000
MAX_POSITION = 9999
ABOUT_FIGURES = {"figure-remote", "figure-unsupported"}
"""Warnings of a reader that a figure did not come along."""
_LONGEST_SECTION = 50
"""Characters of a section's name that are kept; a longer one is a sentence."""
STATES = ("draft", "scheduled", "published")
"""Of an issue: the values of `Issue.Status`, which reading a file does without."""
ISSUE_TEXTS = ("title", "columnist", "introduction", "sign_off", "source_url")
ARTICLE_TEXTS = ("title", "body", "section", "source", "source_url")
_LABELS = {
    "title": "标题",
    "columnist": "栏目作者",
    "introduction": "导语",
    "sign_off": "尾注",
    "section": "分栏",
    "source": "来源",
    "source_url": "链接",
    "body": "正文",
}


@dataclass(frozen=True, slots=True)
class WeekArticle:
    """An article. Its number is its place in `Week.articles`, from 1, unless `position` says otherwise."""

    title: str
    body: str = ""
    """The body as text, one line for each paragraph, as in the JSON week."""
    source: str = ""
    source_url: str = ""
    html: str = ""
    """The same body as rich text, when the file had some; its images are called `figure:0`, `figure:1`, …"""
    images: Mapping[str, bytes | PreparedImage] = field(default_factory=dict)
    """The files of those images, raw or already prepared."""
    position: int | None = None
    """Its number, if that differs from its place: an archive may have gaps."""
    line: int | None = field(default=None, compare=False)
    """The line of its heading in the file."""
    section: str = ""
    """The heading that it stands under; empty when the week has none, or above the first."""
    missing: tuple[MissingFigure, ...] = ()
    """Figures that did not come along."""

    @property
    def body_html(self) -> str:
        """Returns the body to be cleaned and stored, images not yet in place."""
        return self.html or from_text(self.body.splitlines())


@dataclass(frozen=True, slots=True)
class Week:
    """An issue as a file gives it. What the file leaves open is empty or None; `check_week` asks for it."""

    title: str
    start_date: dt.date | None
    end_date: dt.date | None
    articles: tuple[WeekArticle, ...]
    columnist: str = ""
    introduction: str = ""
    sign_off: str = ""
    source_url: str = ""
    status: str = ""
    """Of an exported week: the state that a new issue gets. Such a week is stored as it is written."""
    publish_at: dt.datetime | None = None
    slug: str = ""
    """Of an exported week: the address that a new issue gets, if it is free."""
    warnings: tuple[ParseWarning, ...] = field(default=(), compare=False)
    published_at: dt.datetime | None = None
    """Of an exported week: when it was first public. Its address stays what it was."""
    line: int | None = field(default=None, compare=False)
    """The line where it begins, in a file with several weeks."""


# --- The JSON week -------------------------------------------------------------------------------------


def to_json(week: Week) -> dict[str, object]:
    """Returns the JSON week: its plain text. `archive/exporting` adds what text can not hold.

    `archive.reading.jsonweeks.from_json` reads it back.
    """
    return {
        "title": week.title,
        "start_date": week.start_date and week.start_date.isoformat(),
        "end_date": week.end_date and week.end_date.isoformat(),
        **{name: getattr(week, name) for name in ISSUE_TEXTS},
        "articles": [_article_json(article) for article in week.articles],
    }


def _article_json(article: WeekArticle) -> dict[str, str]:
    texts = {name: getattr(article, name) for name in ARTICLE_TEXTS}
    if not article.section:  # most weeks have none
        del texts["section"]
    return texts


# --- What must hold before a week is stored ------------------------------------------------------------


def check_week(week: Week) -> None:
    """Refuses a week that can not be stored, naming what is missing or too long and how to mend it."""
    if not week.title.strip():
        raise ImportRefused("没有找到刊名。请在第一行写上刊名，或用 --title 指定", line=week.line)
    _check_dates(week)
    _check_export(week)
    if not week.articles and not week.status:
        raise ImportRefused("没有找到文章。请给每篇标题加上编号，如“1. 标题”，再试一次", line=week.line)
    if len(week.articles) > MAX_ARTICLES:
        raise ImportRefused(
            f"有 {len(week.articles)} 篇文章，一期最多 {MAX_ARTICLES} 篇。请分成几期", line=week.line
        )
    for name in ISSUE_TEXTS:
        _check_text("Issue", name, getattr(week, name), "本期", week.line)
    for number, article in enumerate(week.articles, start=1):
        line = article.line or week.line
        if not article.title.strip():
            raise ImportRefused(f"第 {number} 篇没有标题。请补上", line=line)
        for name in ARTICLE_TEXTS:
            _check_text("Article", name, getattr(article, name), f"第 {number} 篇", line)
        if len(article.body) > MAX_BODY:
            raise ImportRefused(f"第 {number} 篇的正文太长，最多 {MAX_BODY} 个字。请分成几篇", line=line)


def _check_dates(week: Week) -> None:
    start, end = week.start_date, week.end_date
    if start is None or end is None:
        missing = "起止日期" if start is end else "开始日期" if start is None else "结束日期"
        options = [*(["--start-date"] if start is None else []), *(["--end-date"] if end is None else [])]
        raise ImportRefused(
            f"没有找到{missing}。请用 {' 和 '.join(options)} 指定，如 2025-03-21", line=week.line
        )
    if start > end:
        raise ImportRefused(
            f"开始日期 {start} 晚于结束日期 {end}。请用 --start-date 和 --end-date 指定", line=week.line
        )


def _check_export(week: Week) -> None:
    if week.status == "scheduled" and week.publish_at is None:
        raise ImportRefused("定时的一期没有发布时间。请补上字段 publish_at", line=week.line)
    positions = [
        place if article.position is None else article.position
        for place, article in enumerate(week.articles, start=1)
    ]
    if any(not 0 < after <= MAX_POSITION or after <= before for before, after in pairwise([0, *positions])):
        raise ImportRefused(
            f"各篇的序号 position 应从小到大，不超过 {MAX_POSITION}，这里是 {positions}。请改正或删除",
            line=week.line,
        )


def _check_text(model: str, name: str, value: str, owner: str, line: int | None) -> None:
    what = f"{owner}的{_LABELS[name]}"
    limit: int | None = getattr(apps.get_model("archive", model)._meta.get_field(name), "max_length", None)
    if limit is not None and len(value.strip()) > limit:
        raise ImportRefused(f"{what}有 {len(value.strip())} 个字，最多 {limit} 个。请缩短", line=line)
    for char in value:
        if char == "\0" or unicodedata.category(char) == "Cs":
            raise ImportRefused(f"{what}里有不能保存的字符 U+{ord(char):04X}。请删除", line=line)
    if name == "source_url" and value.strip() and not is_web_address(value.strip()):
        raise ImportRefused(f"{what}不是网址：{value[:80]!r}。请写成 https://… 的样子，或留空", line=line)


def is_web_address(value: str) -> bool:
    """Whether `value` is an http(s) address with a host and nothing that ends it early."""
    if any(char.isspace() or char in "<>\"'`" or not char.isprintable() for char in value):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # an unclosed `[` of an IPv6 host
        return False


def with_prepared_images(week: Week) -> Week:
    """Returns the week with its images as they are stored. Raises ImportRefused with the article's place."""
    check_together(
        [image for article in week.articles for image in article.images.values() if isinstance(image, bytes)]
    )
    articles = []
    for number, article in enumerate(week.articles, start=1):
        with refused_at(number, article):
            images = {
                name: image if isinstance(image, PreparedImage) else prepare_image(image)
                for name, image in article.images.items()
            }
            articles.append(replace(article, images=images))
    return replace(week, articles=tuple(articles))


@contextmanager
def refused_at(number: int, article: WeekArticle) -> Iterator[None]:
    """Says of what is refused in this block in which article it stands."""
    try:
        yield
    except ImportRefused as refused:
        refused.message = f"第 {number} 篇“{article.title[:30]}”：{refused.message}"
        refused.line = article.line
        raise


# --- From what the parser found ------------------------------------------------------------------------


def from_parsed(
    parsed: ParsedIssue, images: Mapping[str, bytes] | None = None, warnings: tuple[ParseWarning, ...] = ()
) -> Week:
    """Returns the week that the parser found, with the images and warnings of the reader."""
    known: Mapping[str, Any] = images or {}
    articles = []
    for article in parsed.articles:
        tree = tree_from(article.lines if any(line.html for line in article.lines) else [])
        shown = {image.attrs["src"] for image in tree.find("img")}
        articles.append(
            WeekArticle(
                title=article.title,
                body=text_in(tree) or article.body,
                section=article.section[:_LONGEST_SECTION],
                source=article.source,
                source_url=article.source_url if is_web_address(article.source_url) else "",
                html=to_html(tree),
                images={name: data for name, data in known.items() if name in shown},
                line=article.line,
                missing=tuple(_missing(article, parsed, warnings)),
            )
        )
    given = {name: getattr(parsed, name) for name in (*ISSUE_TEXTS, "start_date", "end_date")}
    if not is_web_address(parsed.source_url):
        given["source_url"] = ""
    found = sorted((*parsed.warnings, *warnings), key=lambda warning: warning.line or 0)
    return Week(articles=tuple(articles), warnings=tuple(found), **given)


def _missing(
    article: ParsedArticle, parsed: ParsedIssue, warnings: Sequence[ParseWarning]
) -> Iterator[MissingFigure]:
    """Yields the figures that the reader missed between this article's heading and the next."""
    ends = [other.line for other in parsed.articles if other.line > article.line]
    ends += [part.line for part in parsed.parts if part.kind == "sign_off"]
    for warning in warnings:
        line = warning.line or 0
        if warning.code in ABOUT_FIGURES and article.line <= line and all(line < end for end in ends):
            above = [one.text for one in article.lines if one.number < line and one.text]
            yield MissingFigure(0, above[-1][:QUOTED] if above else "", reason_of(warning))


def reason_of(warning: ParseWarning) -> str:
    """Returns why a figure is missing, without what to do about it before an import."""
    return f"{warning.message.partition('。')[0]}。"
