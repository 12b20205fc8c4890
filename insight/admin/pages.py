"""Helpers for pages of the admin that are no model lists or forms."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


class ReadOnlyAdmin(admin.ModelAdmin):
    """An admin whose rows nobody adds or changes by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def page(
    request: HttpRequest, template: str, title: str, model: type, context: dict[str, Any]
) -> HttpResponse:
    """Returns a page in the admin's frame, below the list of `model`."""
    return TemplateResponse(
        request,
        template,
        {**admin.site.each_context(request), "title": title, "opts": model._meta, **context},  # type: ignore[attr-defined]
    )


def demand(request: HttpRequest, *permissions: str) -> None:
    """Raises PermissionDenied unless the user has all of `permissions` (`insight.view_searchrecord`)."""
    if not request.user.has_perms(permissions):
        raise PermissionDenied
