"""必中搜索: the admin of golden queries."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from archive.admin.frame import PagesAdmin, demand
from insight import golden
from insight.models import GoldenQuery


@admin.register(GoldenQuery)
class GoldenQueryAdmin(PagesAdmin):
    """Lists queries with the article that must come first, and whether it does."""

    list_display = ["query", "expected", "result", "first_title", "checked_at"]
    list_filter = ["outcome"]
    search_fields = ["query", "title", "note"]
    search_help_text = "按关键词、文章标题或说明搜索"
    autocomplete_fields = ["article"]
    fields = ["query", "article", "title", "note", "result", "first_title", "checked_at"]
    readonly_fields = ["result", "first_title", "checked_at"]
    list_select_related = ["article"]
    actions = ["check_selected"]
    change_list_template = "admin/insight/goldenquery_changelist.html"
    pages = {"check/": "check_all"}

    @admin.display(description="必须排第一的文章", ordering="title")
    def expected(self, golden_query: GoldenQuery) -> str:
        if golden_query.article is None:
            return f"{golden_query.title}（按标题认）"
        url = reverse("admin:archive_article_change", args=[golden_query.article_id])
        return format_html('<a href="{}">{}</a>', url, golden_query.title)

    @admin.display(description="检查结果", ordering="outcome")
    def result(self, golden_query: GoldenQuery) -> SafeString:
        state = {"met": "good", "": "unknown"}.get(golden_query.outcome, "bad")
        url = f"{reverse('search:results')}?{urlencode({'q': golden_query.query})}"
        label = golden_query.get_outcome_display() or GoldenQuery.Outcome.UNKNOWN.label
        return format_html('<a class="insight-state {}" href="{}">{}</a>', state, url, label)

    @admin.action(description="现在检查所选的", permissions=["view"])
    def check_selected(self, request: HttpRequest, queryset: QuerySet[GoldenQuery]) -> None:
        chosen = list(queryset.select_related("article"))
        _say(request, golden.run(chosen), len(chosen))

    def check_all(self, request: HttpRequest) -> HttpResponse:
        """Asks all of them, at an editor's wish."""
        demand(request, "insight.view_goldenquery")
        if request.method == "POST":
            _say(request, golden.run(), GoldenQuery.objects.count())
        return redirect("admin:insight_goldenquery_changelist")

    def save_model(self, request: HttpRequest, obj: GoldenQuery, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if golden.run([obj]):
            first = f"现在排第一的是《{obj.first_title}》。" if obj.first_title else ""
            self.message_user(
                request, f"“{obj}”没有排在第一：{obj.get_outcome_display()}。{first}", messages.WARNING
            )

    class Media:
        css = {"all": ["css/insight.css"]}


def _say(request: HttpRequest, failures: list[GoldenQuery], total: int) -> None:
    if failures:
        names = "、".join(f"“{failure}”" for failure in failures[:5])
        text = f"检查了 {total} 条，{len(failures)} 条没有达到：{names}{'等' if len(failures) > 5 else ''}。"
        messages.warning(request, text)
    else:
        messages.success(request, f"检查了 {total} 条，全部排在第一。")
