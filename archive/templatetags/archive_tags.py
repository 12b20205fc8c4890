"""Template tags and filters for dates, headlines and page numbers."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import QueryDict
from django.template import RequestContext
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from archive import once
from archive.models import Article, Issue
from archive.published import AnyIssue
from archive.reading_time import minutes_to_read
from archive.timeline import days_text

register = template.Library()

CLAUSE_ENDS = re.compile(
    r"(?<=[，；：？！。])(?=[^，；：？！。”’）》」』])|(?<=[,;:?!])(?=[^\x00-\x7f，；：？！。”’）》」』])"
)
"""Between two clauses of a headline. Behind a comma of ASCII only where Chinese follows: `1,000` is one number."""


@register.filter
def dates(issue: AnyIssue, style: str = "") -> SafeString:
    """Returns the issue's dates as people write them, each a `<time>`.

    2025-03-17 to 2025-03-21 reads `2025年3月17日—21日`; what the first day said is not said again. For a list
    that stands under its year, `style` "short" leaves that year out: `3月17日—21日`.
    """
    return _dates(issue.start_date, issue.end_date, style)


@lru_cache(maxsize=1024)  # a page of results shows twenty
def _dates(start: dt.date, end: dt.date, style: str) -> SafeString:
    with_year = style != "short" or start.year != end.year
    first = _day(start, f"{start.year}年{start.month}月" if with_year else f"{start.month}月")
    if start == end:
        return first
    if start.year != end.year and style != "short":
        last = _day(end, f"{end.year}年{end.month}月")
    elif start.month != end.month:
        last = _day(end, f"{end.month}月")
    else:
        last = _day(end, "")
    return format_html('<span class="dates">{}—{}</span>', first, last)


def dates_text(issue: AnyIssue, style: str = "") -> str:
    """Returns the issue's dates as `dates` does, as plain text."""
    return days_text(issue.start_date, issue.end_date, style)


@register.filter
def week(issue: Issue) -> str:
    """Returns the week of the issue's last day by ISO 8601: `2025年第12周`."""
    year, number, _ = issue.end_date.isocalendar()
    return f"{year}年第{number}周"


@register.filter
def clauses(headline: str) -> SafeString:
    """Returns the headline with each clause in a `<span class="clause">`, so that lines end where clauses do.

    Chinese may break between any two characters, and a browser that balances lines tears words apart. A clause that
    is longer than a line still wraps. A headline of one clause comes back as it is, escaped.
    """
    parts = CLAUSE_ENDS.split(headline)
    if len(parts) == 1:
        return conditional_escape(headline)
    return format_html_join("", '<span class="clause">{}</span>', ((part,) for part in parts))


@register.simple_tag
def form_token() -> SafeString:
    """Returns the hidden field by which a form that is sent twice is carried out once (archive.once)."""
    return format_html('<input type="hidden" name="{}" value="{}">', once.FIELD, once.new_token())


@register.filter
def reading_minutes(article: Article) -> int:
    """Returns the minutes that the article takes to read, at least 1."""
    return minutes_to_read(article.text)


@register.simple_tag(takes_context=True)
def page_links(context: RequestContext, page: Page[Any]) -> SafeString:
    """Returns the links to the pages around `page`, with `…` where some are left out, and to those beside it.

    With `without_numbers` in the context, those beside it alone.
    """
    asked: QueryDict = context["request"].GET.copy()
    asked["page"] = "\0"
    before, _, behind = escape(f"?{asked.urlencode()}").partition("page=%00")
    links: list[str] = []
    if page.has_previous():
        address = f"{before}page={page.previous_page_number()}{behind}"
        links.append(f'<a href="{address}" rel="prev">上一页</a>')
    if not context.get("without_numbers"):
        numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
        links.append(f"<ol>{''.join(_numbered(number, page, before, behind) for number in numbers)}</ol>")
    if page.has_next():
        address = f"{before}page={page.next_page_number()}{behind}"
        links.append(f'<a href="{address}" rel="next">下一页</a>')
    return mark_safe("\n".join(links))  # noqa: S308 - escaped above


def _numbered(number: int | str, page: Page[Any], before: str, behind: str) -> str:
    if not isinstance(number, int):  # the ellipsis
        return f"<li><span>{number}</span></li>\n"
    current = ' aria-current="page"' if number == page.number else ""
    address = f"{before}page={number}{behind}"
    return f'<li><a href="{address}"{current} aria-label="第 {number} 页">{number}</a></li>\n'


def _day(day: dt.date, before: str) -> SafeString:
    return format_html('<time datetime="{}">{}{}日</time>', day.isoformat(), before, day.day)
