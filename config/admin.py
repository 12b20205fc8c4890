"""Admin: logging in goes the site's way, and people have pages of their own (members/people) in place of Django's."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.templatetags import admin_list
from django.contrib.auth import admin as auth_admin  # noqa: F401 - registers what is taken out here
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from archive.admin.cells import cells_of
from members.signin.views import admin_log_in, admin_log_out, admin_password

admin.site.login = admin_log_in  # type: ignore[method-assign]
admin.site.logout = admin_log_out  # type: ignore[assignment,method-assign]
admin.site.password_change = admin_password  # type: ignore[assignment,method-assign]
admin.site.unregister([User, Group])

_get_app_list = admin.site.get_app_list


def _app_list_of(request: HttpRequest, app_label: str | None = None) -> Any:
    """What the admin has for who asks: looked up once for a page, and when it is shown, for which the desk does not.

    Django would look up every model's rights twice for each page.
    """
    known: dict[str | None, Any] = request.__dict__.setdefault("admin_app_lists", {})
    if app_label not in known:
        known[app_label] = SimpleLazyObject(lambda: _get_app_list(request, app_label))
    return known[app_label]


admin.site.get_app_list = _app_list_of  # type: ignore[method-assign]
admin_list.items_for_result = cells_of
