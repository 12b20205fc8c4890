"""What the pages of the desk share."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import Form, Media
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from archive.models import Issue


def page(request: HttpRequest, template: str, context: dict[str, object], status: int = 200) -> HttpResponse:
    """Renders a page of the desk within the admin."""
    site = admin.site.each_context(request)
    own = {"title": "导入台", "is_nav_sidebar_enabled": False, "opts": Issue._meta, "media": Media()}
    return render(request, template, {**site, **own, **context}, status=status)


def editor_of(request: HttpRequest) -> int:
    """Returns the id of the logged-in editor."""
    if request.user.pk is None:
        raise PermissionDenied
    return request.user.pk


def address(at: int | None = None) -> str:
    """Returns the desk's address, at the piece with this key."""
    return reverse("desk:desk") + (f"#k{at}" if at else "")


def back(request: HttpRequest, *, error: str = "", at: int | None = None) -> HttpResponseRedirect:
    """Redirects to the desk, at the piece with this key, with an error message if there is one."""
    if error:
        messages.error(request, error)
    return HttpResponseRedirect(address(at))


def nothing_here(request: HttpRequest) -> HttpResponseRedirect:
    """Redirects to the desk, which was stored or cleared in another window."""
    messages.info(request, "导入台是空的：可能在别的窗口里保存或清空了，请看下面的“最近导入的”。")
    return HttpResponseRedirect(address())


def first_error(form: Form) -> str:
    """Returns the first error of a form that is not valid, with the field's label."""
    name, errors = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    return f"{label}：{errors[0]}" if label else str(errors[0])
