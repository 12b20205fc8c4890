"""Template tags with which this room fills slots of the admin's pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from archive.models import Article, Issue
from insight import dashboard
from insight.duplicates import SHOWN, NearDuplicate, near_duplicates
from insight.models import GoldenQuery

register = template.Library()

IMPORT_DESKS = ("desk:desk", "admin:archive_issue_add")
"""Where a week is put in: the import desk; without it, the empty form."""


@register.inclusion_tag("admin/insight/_dashboard.html", takes_context=True)
def dashboard_page(context: dict[str, Any]) -> dict[str, Any]:
    """Shows the first page of the admin, each part to those who may see it."""
    request: HttpRequest = context["request"]
    may = request.user.has_perm
    parts: dict[str, Any] = {"request": request, "perms": context["perms"]}
    if may("archive.add_issue"):
        parts["import_url"] = _first_that_exists(IMPORT_DESKS)
    if may("archive.view_issue"):
        parts |= {
            "sees_issues": True,
            "drafts": dashboard.drafts()[: dashboard.SHOWN],
            "drafts_total": dashboard.drafts().count(),
            "scheduled": dashboard.scheduled()[: dashboard.SHOWN],
            "scheduled_total": dashboard.scheduled().count(),
            "notices": dashboard.index_notices(),
        }
    if may("archive.publish_issue"):
        parts["notices"] = [*dashboard.site_notices(), *parts.get("notices", [])]
    if may("insight.view_searchrecord"):
        parts["week"] = dashboard.last_week()
    if may("insight.view_goldenquery"):
        parts |= {
            "sees_golden": True,
            "golden_total": GoldenQuery.objects.count(),
            "failing": dashboard.failing()[: dashboard.SHOWN],
            "failing_total": dashboard.failing().count(),
        }
    return parts


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


def _first_that_exists(names: tuple[str, ...]) -> str:
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""
