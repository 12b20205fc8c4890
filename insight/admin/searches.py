"""搜索报告: shows what members search for, and what they do not find."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from archive.admin.frame import ReadOnlyAdmin, csv_response, demand, page
from insight.forms import ReportForm, choices
from insight.models import SearchRecord
from insight.reports import SHOWN, TABLES, QueryRow, Report, to_csv

VIEW = "insight.view_searchrecord"


@admin.register(SearchRecord)
class SearchRecordAdmin(ReadOnlyAdmin):
    """Shows a report in place of a list of records. Nobody adds or changes records by hand."""

    pages = {"report.csv": "csv"}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        demand(request, VIEW)
        days, name = ReportForm(request.GET).asked()
        report = Report(days)
        rows: list[QueryRow] = getattr(report, name)()
        return page(
            request,
            "admin/insight/searchrecord_report.html",
            "搜索报告",
            SearchRecord,
            totals=report.totals(),
            chart=_chart(report),
            rows=rows[:SHOWN],
            total_rows=len(rows),
            table=name,
            heading=TABLES[name],
            days=days,
            tables=choices(list(TABLES.items()), "table", days=str(days), table=name),
            periods=choices(ReportForm.DAYS, "days", table=name, days=str(days)),
            csv_url=reverse("admin:insight_searchrecord_csv", query={"days": days, "table": name}),
            kept_days=settings.SEARCH_LOG_DAYS,
        )

    def csv(self, request: HttpRequest) -> HttpResponse:
        """Answers with the whole table as CSV for Excel."""
        demand(request, VIEW)
        days, name = ReportForm(request.GET).asked()
        return csv_response(to_csv(getattr(Report(days), name)()), f"searches-{name}-{days}-days.csv")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


CHART_HEIGHT = 60


def _chart(report: Report) -> dict[str, Any]:
    """Bars of an SVG, one a day: heights in its units."""
    days = report.days_of_it()
    most = max((day.searches for day in days), default=0)
    bars = [
        {
            "x": number * 10,
            "y": CHART_HEIGHT - round(CHART_HEIGHT * day.searches / most),
            "height": round(CHART_HEIGHT * day.searches / most),
            "label": f"{day.date:%m-%d}：{day.searches} 次",
        }
        for number, day in enumerate(days)
        if day.searches
    ]
    return {
        "bars": bars,
        "width": len(days) * 10,
        "height": CHART_HEIGHT,
        "most": most,
        "first": days[0].date,
    }
