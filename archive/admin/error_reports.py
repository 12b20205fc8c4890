"""What members reported in the admin: the list, closing, and the article's form opened at the reported paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from archive import reporting
from archive.admin.frame import PagesAdmin
from archive.models import Article, ErrorReport
from archive.moments import local_time

SHOWN_OF_QUOTE = 200
LIST = "admin:archive_errorreport_changelist"


class StateFilter(admin.SimpleListFilter):
    """Open reports unless asked otherwise: that is what there is to do."""

    title = "状态"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("closed", "已处理"), ("all", "全部")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": "待处理"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[ErrorReport]) -> QuerySet[ErrorReport]:
        if self.value() == "all":
            return queryset
        return queryset.filter(closed_at__isnull=self.value() != "closed")


@admin.register(ErrorReport)
class ErrorReportAdmin(PagesAdmin):
    """A list to work off. A report is not edited: its page is the article's form."""

    list_display = ["said", "passage", "handling"]
    list_display_links = None
    list_filter = [StateFilter]
    show_facets = admin.ShowFacets.NEVER
    list_select_related = ["article__issue", "closed_by"]
    search_fields = ["message", "quote", "article__title"]
    search_help_text = "按报错、原文或文章标题搜索"
    actions = ["mark_closed"]
    pages = {"<int:pk>/close/": "close"}

    class Media:
        css = {"all": ["css/admin.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": "报错"})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        report = self.get_object(request, object_id)
        return HttpResponseRedirect(form_of(report) if report else reverse(LIST))

    # --- Columns -----------------------------------------------------------------------------------------

    @admin.display(description="错在哪里", ordering="created_at")
    def said(self, report: ErrorReport) -> SafeString:
        contact = format_html('<p class="help">联系方式：{}</p>', report.contact) if report.contact else ""
        when = local_time(report.created_at)
        return format_html('<p class="text">{}</p><p class="help">{}</p>{}', report.message, when, contact)

    @admin.display(description="原文")
    def passage(self, report: ErrorReport) -> SafeString:
        article = report.article
        link = format_html('<a href="{}">{}</a>', form_of(report), article.title)
        now = reporting.passage_of(article, report.anchor)
        changed = report.anchor and (now is None or now.quote != report.quote)
        flag = format_html('<span class="flag quiet">{}</span>', "后来改过") if changed else ""
        quote = truncatechars(report.quote, SHOWN_OF_QUOTE)
        return format_html(
            '<p>{} <span class="place">{}{}</span></p><p class="text quote">{}</p>',
            link,
            report.place,
            flag,
            quote,
        )

    @admin.display(description="处理")
    def handling(self, report: ErrorReport) -> SafeString:
        if report.closed_at:
            return format_html("{}<br>{}", report.closed_by or "", local_time(report.closed_at))
        return format_html(
            '<a class="button" href="{}">修改</a> '
            '<button type="submit" class="button quiet" formaction="{}">已处理</button>',
            form_of(report),
            reverse("admin:archive_errorreport_close", args=[report.pk]),
        )

    # --- Closing -----------------------------------------------------------------------------------------

    @admin.action(description="标为已处理", permissions=["change"])
    def mark_closed(self, request: HttpRequest, reports: QuerySet[ErrorReport]) -> None:
        count = reporting.close(reports, request.user)  # type: ignore[arg-type]
        self.message_user(request, f"{count} 条报错已标为已处理。")

    @method_decorator(require_POST)
    def close(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = get_object_or_404(ErrorReport, pk=pk)
        if not self.has_change_permission(request, report):
            raise PermissionDenied
        self.mark_closed(request, ErrorReport.objects.filter(pk=pk))
        return HttpResponseRedirect(reverse(LIST))


class ReportedMixin(admin.ModelAdmin):
    """An article's form that was opened from a report (`?report=7`): it shows what was said, and closes it."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {**(extra_context or {}), "reported": _reported(request, object_id or "")}
        return super().changeform_view(request, object_id, form_url, context)

    def close_reported(self, request: HttpRequest, obj: Article) -> None:
        """Closes the report that the form was opened from, if that was pressed, and says so."""
        report = _reported(request, str(obj.pk))
        if report is not None and "_close_report" in request.POST:
            reporting.close([report], request.user)  # type: ignore[arg-type]
            messages.success(request, "这条报错已标为已处理。")

    def back_to_reports(self, request: HttpRequest, obj: Article) -> HttpResponseRedirect | None:
        """Closes the report if that was pressed, else says how to; None when the form came from elsewhere."""
        report = _reported(request, str(obj.pk))
        if report is None:
            return None
        self.close_reported(request, obj)
        if "_close_report" not in request.POST:
            messages.info(request, "改好了的话，请点这条报错的“已处理”。")
        return HttpResponseRedirect(reverse(LIST))


def form_of(report: ErrorReport) -> str:
    """Returns the address of the article's form, at the paragraph that was reported."""
    return f"{reverse('admin:archive_article_change', args=[report.article_id])}?report={report.pk}"


class _OpenedFrom(forms.Form):
    report = forms.ModelChoiceField(ErrorReport.objects.open(), required=False)


def _reported(request: HttpRequest, article_id: str) -> ErrorReport | None:
    """Returns the open report that the article's form was opened from."""
    asked = _OpenedFrom(request.GET)
    if not request.user.has_perm("archive.change_errorreport") or not asked.is_valid():
        return None
    report: ErrorReport | None = asked.cleaned_data["report"]
    return report if report and str(report.article_id) == article_id else None
