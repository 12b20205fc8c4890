"""The frame of the pages of 主编 about people, and who may open them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache

from members.roles import may_manage_people

View = Callable[..., HttpResponse]


def for_managers(view: View) -> Callable[..., Any]:
    """Wraps a view for 主编 and 管理员: everyone else is asked to log in, or told whom to ask."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not may_manage_people(request.user):
            raise PermissionDenied("人员由主编管理。")
        return view(request, *args, **kwargs)

    return admin.site.admin_view(never_cache(checked))


def manager_of(request: HttpRequest) -> User:
    """Returns the account of whoever is logged in, which a page for managers has looked at."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def page(request: HttpRequest, template: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
    """Returns a page in the admin's frame."""
    frame = {**admin.site.each_context(request), "title": title, "is_nav_sidebar_enabled": False}
    return TemplateResponse(request, template, {**frame, **context}, status=status)
