"""Admin: the articles and issues that could not be indexed, with the reason, to be tried again."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from archive.admin.numbers import CheckedKeysAdmin
from archive.models import Article, Issue
from search.models import SetAside


@admin.register(SetAside)
class SetAsideAdmin(CheckedKeysAdmin):
    """Read only: rows come and go by themselves."""

    list_display = ["article", "error", "attempts", "first_at", "last_at", "state", "index"]
    list_display_links = None
    actions = ["try_again"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SetAside | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SetAside | None = None) -> bool:
        return obj is None and super().has_change_permission(request)

    @admin.display(description="文章", ordering="article_id")
    def article(self, aside: SetAside) -> str:
        row = (Issue if aside.kind == "issue" else Article).objects.filter(pk=aside.article_id).first()
        if row is None:
            return f"编号 {aside.article_id}"
        return format_html(
            '<a href="{}">{}</a>', reverse(f"admin:archive_{aside.kind}_change", args=[row.pk]), row
        )

    @admin.display(description="状态", ordering="next_try_at")
    def state(self, aside: SetAside) -> str:
        return "会自动再试" if aside.next_try_at else "不再自动重试"

    @admin.action(description="再试一次", permissions=["change"])
    def try_again(self, request: HttpRequest, asides: QuerySet[SetAside]) -> None:
        number = SetAside.objects.filter(pk__in=asides.values("pk")).try_again()
        self.message_user(request, f"{number} 篇文章马上会再试一次，稍后刷新本页看结果。")
