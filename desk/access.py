"""Says who may use the desk, and holds what its pages share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import Form, Media
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render

from archive.models import Issue

View = Callable[..., HttpResponseBase]


def may_publish(request: HttpRequest) -> bool:
    """Whether this editor may publish issues."""
    return request.user.has_perm("archive.publish_issue")


def for_importers(view: View) -> View:
    """Lets in who may add issues; `admin_view` has asked everyone else to log in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.has_perm("archive.add_issue"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def page(request: HttpRequest, template: str, context: dict[str, object], status: int = 200) -> HttpResponse:
    """Renders a page of the desk within the admin."""
    site = admin.site.each_context(request)
    own = {"title": "拆期台", "is_nav_sidebar_enabled": False, "opts": Issue._meta, "media": Media()}
    return render(request, template, {**site, **own, **context}, status=status)


def editor_of(request: HttpRequest) -> int:
    """Returns the id of the logged-in editor."""
    if request.user.pk is None:
        raise PermissionDenied
    return request.user.pk


def back(request: HttpRequest, *, error: str = "", at: int | None = None) -> HttpResponseRedirect:
    """Redirects to the desk, at the piece with this key, with an error message if there is one."""
    if error:
        messages.error(request, error)
    answer = redirect("desk:desk")
    return HttpResponseRedirect(f"{answer.url}#k{at}") if at else HttpResponseRedirect(answer.url)


def first_error(form: Form) -> str:
    """Returns the first error of the form, with the field's label."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        return f"{label}：{errors[0]}" if label else str(errors[0])
    return "拆期台是空的，刚才可能在别的窗口里保存或清空了。"
