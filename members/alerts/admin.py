"""Admin: what became of the messages. What somebody follows is theirs: it is not shown."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from members.alerts.models import Alert


@admin.register(Alert)
class AlertAdmin(admin.ModelAdmin):
    """Read only: rows come and go by themselves."""

    list_display = ["created_at", "channel", "state_in_words", "attempts", "next_at", "sent_at", "error"]
    list_filter = ["state"]
    list_select_related = ["channel"]
    fields = readonly_fields = (
        *(
            "created_at",
            "channel",
            "state_in_words",
            "was_interrupted",
            "attempts",
            "next_at",
            "sent_at",
            "error",
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Alert | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Alert | None = None) -> bool:
        return False

    @admin.display(description="状态")
    def state_in_words(self, alert: Alert) -> str:
        return alert.shown_state
