"""Template tags with which this room fills slots of the admin's pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from archive.models import Article, Issue
from insight import dashboard
from insight.duplicates import SHOWN, NearDuplicate, near_duplicates

register = template.Library()


@register.inclusion_tag("admin/insight/_dashboard.html", takes_context=True)
def dashboard_page(context: dict[str, Any]) -> dict[str, Any]:
    """Shows the first page of the admin, each part to those who may see it."""
    request: HttpRequest = context["request"]
    may = request.user.has_perm
    parts: dict[str, Any] = {"request": request, "perms": context["perms"]}
    if may("archive.view_issue") or may("archive.publish_issue"):
        proposals = dashboard.proposals(request.user.pk or 0)
    if may("archive.view_issue"):
        parts["drafts"], parts["drafts_total"] = dashboard.DRAFTS.first_and_total()
        scheduled = dashboard.scheduled()
        parts["scheduled"], parts["scheduled_total"] = scheduled[: dashboard.SHOWN], len(scheduled)
        parts["notices"] = [*dashboard.held_notices(scheduled), *dashboard.index_notices()]
        parts["lacking"], parts["lacking_total"] = dashboard.LACKING.first_and_total()
        parts["returned"] = proposals.returned[: dashboard.SHOWN]
        parts["handed_over"] = proposals.handed_over[: dashboard.SHOWN]
    if may("archive.view_errorreport"):
        parts["reports"], parts["reports_total"] = dashboard.REPORTS.first_and_total()
    if may("archive.publish_issue"):
        parts["reviews"], parts["reviews_total"] = (
            proposals.pending[: dashboard.SHOWN],
            len(proposals.pending),
        )
        parts["notices"] = [*dashboard.site_notices(), *parts.get("notices", [])]
    if may("insight.view_searchrecord"):
        parts["week"] = dashboard.last_week()
    if may("insight.view_goldenquery"):
        parts["failing"], parts["failing_total"] = dashboard.FAILING.first_and_total()
        parts["has_golden"] = bool(parts["failing"]) or dashboard.has_golden_queries()
    return parts


@register.filter
def ago(when: dt.datetime) -> str:
    """Returns how long ago something was, in one unit: `刚才`, `5 分钟前`, `3 小时前`, `昨天 18:00`."""
    now, then = timezone.localtime(), timezone.localtime(when)
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 1:
        return "刚才"
    if minutes < 60:
        return f"{minutes} 分钟前"
    if now.date() == then.date():
        return f"{minutes // 60} 小时前"
    is_yesterday = now.date() - then.date() == dt.timedelta(days=1)
    return date_format(then, "昨天 H:i" if is_yesterday else "n月j日 H:i")


@register.inclusion_tag("admin/insight/_earlier.html")
def earlier_coverage(record: Article | Issue | None) -> dict[str, list[tuple[Article, list[NearDuplicate]]]]:
    """Warns of articles in the archive that hold much of an article, or of those of an unpublished issue."""
    articles: list[Article] = []
    if isinstance(record, Article):
        articles = [record]
    elif isinstance(record, Issue) and record.pk and not record.is_published:
        articles = list(record.articles.all())
    alike = near_duplicates([article.text for article in articles])
    found = [
        (article, [each for each in similar if each.article != article][:SHOWN])
        for article, similar in zip(articles, alike, strict=True)
    ]
    return {"found": [(article, similar) for article, similar in found if similar]}
