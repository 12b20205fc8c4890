"""检索报告: shows what members search for, and what they do not find."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode

from insight.admin.pages import ReadOnlyAdmin, demand, page
from insight.forms import ReportForm
from insight.models import SearchRecord
from insight.reports import SHOWN, TABLES, QueryRow, Report, to_csv

VIEW = "insight.view_searchrecord"


@admin.register(SearchRecord)
class SearchRecordAdmin(ReadOnlyAdmin):
    """Shows a report in place of a list of records. Nobody adds or changes records by hand."""

    def get_urls(self) -> list[URLPattern]:
        csv_url = path(
            "report.csv", self.admin_site.admin_view(self.download), name="insight_searchrecord_csv"
        )
        return [csv_url, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        demand(request, VIEW)
        form = ReportForm(request.GET)
        days, name = int(form.value("days", "30")), form.value("table", "top")
        report = Report(days)
        rows: list[QueryRow] = getattr(report, name)()
        return page(
            request,
            "admin/insight/searchrecord_report.html",
            "检索报告",
            SearchRecord,
            {
                "totals": report.totals(),
                "chart": _chart(report),
                "rows": rows[:SHOWN],
                "total_rows": len(rows),
                "table": name,
                "heading": TABLES[name],
                "days": days,
                "tables": _choices(list(TABLES.items()), "table", name, days=days),
                "periods": _choices(ReportForm.DAYS, "days", str(days), table=name),
                "csv_url": reverse("admin:insight_searchrecord_csv", query={"days": days, "table": name}),
                "kept_days": settings.SEARCH_LOG_DAYS,
            },
        )

    def download(self, request: HttpRequest) -> HttpResponse:
        """Answers with the whole table as CSV for Excel."""
        demand(request, VIEW)
        form = ReportForm(request.GET)
        days, name = int(form.value("days", "30")), form.value("table", "top")
        content = to_csv(getattr(Report(days), name)()).encode("utf-8-sig")  # Excel knows UTF-8 by its mark
        disposition = f'attachment; filename="searches-{name}-{days}-days.csv"'
        return HttpResponse(
            content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition}
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _choices(
    choices: list[tuple[str, str]], name: str, chosen: str, **rest: str | int
) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": f"?{urlencode({**rest, name: value})}", "is_current": value == chosen}
        for value, label in choices
    ]


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
