"""Hits and filters of a page of results, of which it has many: written without templates, which take longer."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from archive.addresses import address_of, parameters
from archive.templatetags.archive_tags import dates
from search.pages.links import LinkedFacet, LinkedValue, by_columnist
from search.pages.trend_views import TrendPeriod
from search.portable import keeping
from search.results.service import Hit

register = template.Library()


@register.simple_tag
def portable_is_offered() -> bool:
    """Whether the site offers the whole archive as a file."""
    return keeping.is_offered()


@register.simple_tag
def hits_in_list(hits: Sequence[Hit], has_reasons: bool) -> SafeString:
    """Returns the items of a list of hits; `has_reasons`: with why each stands where it does, when that was asked."""
    return mark_safe("".join(_hit(hit, has_reasons) for hit in hits))  # noqa: S308 - each escapes what it shows


@register.simple_tag
def facet_values(facet: LinkedFacet, values: Sequence[LinkedValue]) -> SafeString:
    """Returns the items of a list of values to narrow by."""
    return mark_safe("".join(_value(value, facet.widens) for value in values))  # noqa: S308 - escaped


@register.simple_tag
def columnist_url(name: str) -> str:
    """Returns the address of all that a columnist wrote, the newest first: a search, which can be followed."""
    asked = parameters([("q", by_columnist(name)), ("sort", "newest")])
    return f"{address_of('search:results')}?{asked}"


@register.simple_tag
def trend_rows(rows: Sequence[TrendPeriod]) -> SafeString:
    """Returns the rows of the table of trends."""
    return mark_safe("".join(_trend_row(row) for row in rows))  # noqa: S308 - escaped


def _trend_row(row: TrendPeriod) -> str:
    cells = "".join(
        f'<td><a href="{escape(cell.url)}">{cell.articles}</a></td>'
        if cell.articles and cell.url
        else f"<td>{cell.articles}</td>"
        for cell in row.cells
    )
    return (
        f'<tr id="{row.anchor}"><th scope="row">{escape(row.period.name)}</th>{cells}'
        f'<td class="all">{row.articles or "没有周报"}</td></tr>'
    )


def _hit(hit: Hit, has_reasons: bool) -> str:
    article, group = hit.article, hit.group
    issue = article.issue
    level = missing = reasons = ""
    if group:
        level = f'<p class="level">含其中 {group.held} 个词 <span class="count">{group.count} 篇</span></p>'
    if hit.missing:
        missing = f'<p class="missing">不含：{escape("、".join(hit.missing))}</p>'
    if has_reasons and hit.reasons:
        first, *others = (f"“{escape(text)}”" for text, _ in hit.reasons)
        rest = f"，其次是{'、'.join(others)}" if others else ""
        reasons = f'<p class="reasons">主要因为{first}{rest}</p>'
    return (
        f'<li>{level}<h2><a href="{escape(hit.url)}">{conditional_escape(hit.title)}</a></h2>\n'
        f'<p class="where"><a href="{issue.get_absolute_url()}">{escape(issue.title)} {dates(issue)}</a> '
        f"<span>第 {article.position} 篇</span></p>\n"
        f'<p class="snippet">{conditional_escape(hit.snippet)}</p>{missing}{reasons}</li>\n'
    )


def _value(value: LinkedValue, widens: bool) -> str:
    label = escape(value.label)
    if value.is_set:
        link = f'<a href="{escape(value.url)}" aria-current="true"><span>{label}</span></a>'
    else:
        more = "<small>或 </small>" if widens else ""
        link = f'<a href="{escape(value.url)}">{more}<span>{label}</span><span class="count"> {value.count}</span></a>'
    if value.exclude_url:
        link += (
            f'<a class="out" href="{escape(value.exclude_url)}">排除 <span class="unseen">{label}</span></a>'
        )
    return f"<li>{link}</li>"
