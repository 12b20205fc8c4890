"""Template tags and filters for dates, headlines and page numbers."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from django import template
from django.core.paginator import Page
from django.utils.html import conditional_escape, format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString

from archive.models import Article, Issue
from archive.reading_time import minutes_to_read

register = template.Library()

CLAUSE_ENDS = re.compile(
    r"(?<=[，；：？！。])(?=[^，；：？！。”’）》」』])|(?<=[,;:?!])(?=[^\x00-\x7f，；：？！。”’）》」』])"
)
"""Between two clauses of a headline. Behind a comma of ASCII only where Chinese follows: `1,000` is one number."""


@register.filter
def dates(issue: Issue, style: str = "") -> SafeString:
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


def dates_text(issue: Issue) -> str:
    """Returns the issue's dates as `dates` does, as plain text."""
    return strip_tags(dates(issue))


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


@register.filter
def reading_minutes(article: Article) -> int:
    """Returns the minutes that the article takes to read, at least 1."""
    return minutes_to_read(article.text)


@register.simple_tag
def page_numbers(page: Page[int]) -> list[int | str]:
    """Returns the page numbers to offer around `page`, with `…` where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


def _day(day: dt.date, before: str) -> SafeString:
    return format_html('<time datetime="{}">{}{}日</time>', day.isoformat(), before, day.day)
