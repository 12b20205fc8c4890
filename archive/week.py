"""A week to be imported: what readers of every kind of file produce, and its JSON form."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps

from archive.body import MAX_BODY, from_text, text_in, tree_from
from archive.images import PreparedImage
from archive.parsing import ParsedIssue, ParseWarning
from archive.refusal import ImportRefused
from archive.richtext import to_html

MAX_ARTICLES = 1000
MAX_POSITION = 9999
STATES = ("draft", "scheduled", "published")
"""Of an issue: the values of `Issue.Status`, which reading a file does without."""
ISSUE_TEXTS = ("title", "columnist", "introduction", "sign_off", "source_url")
ARTICLE_TEXTS = ("title", "body", "source", "source_url")
_LABELS = {
    "title": "标题",
    "columnist": "栏目作者",
    "introduction": "导语",
    "sign_off": "尾注",
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
        "columnist": week.columnist,
        "introduction": week.introduction,
        "sign_off": week.sign_off,
        "source_url": week.source_url,
        "articles": [{name: getattr(article, name) for name in ARTICLE_TEXTS} for article in week.articles],
    }


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
            f"各篇的序号 position 应从小到大，不超过 {MAX_POSITION}，这里是 {positions}。请改正或删去",
            line=week.line,
        )


def _check_text(model: str, name: str, value: str, owner: str, line: int | None) -> None:
    what = f"{owner}的{_LABELS[name]}"
    limit: int | None = getattr(apps.get_model("archive", model)._meta.get_field(name), "max_length", None)
    if limit is not None and len(value.strip()) > limit:
        raise ImportRefused(f"{what}有 {len(value.strip())} 个字，最多 {limit} 个。请缩短", line=line)
    for char in value:
        if char == "\0" or unicodedata.category(char) == "Cs":
            raise ImportRefused(f"{what}里有不能保存的字符 U+{ord(char):04X}。请删去", line=line)
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
                source=article.source,
                source_url=article.source_url if is_web_address(article.source_url) else "",
                html=to_html(tree),
                images={name: data for name, data in known.items() if name in shown},
                line=article.line,
            )
        )
    return Week(
        title=parsed.title,
        start_date=parsed.start_date,
        end_date=parsed.end_date,
        articles=tuple(articles),
        columnist=parsed.columnist,
        introduction=parsed.introduction,
        sign_off=parsed.sign_off,
        source_url=parsed.source_url if is_web_address(parsed.source_url) else "",
        warnings=tuple(sorted((*parsed.warnings, *warnings), key=lambda warning: warning.line or 0)),
    )
