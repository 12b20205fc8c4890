"""Addresses of 编辑室 › 人员, below the admin's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from members.people import invitations, views
from members.people.pages import for_managers
from members.signin import step_up

app_name = "people"


def _changes(route: str, view: Callable[..., Any], name: str, **given: object) -> URLPattern:
    """A page that changes something about people: whoever is there says once more who it is."""
    return _for_managers(route, step_up(view), name, **given)


def _for_managers(route: str, view: Callable[..., Any], name: str, **given: object) -> URLPattern:
    return path(route, for_managers(view), given, name=name)


urlpatterns = [
    _for_managers("", views.people_list, "list"),
    _for_managers("<int:pk>/", views.person, "person"),
    _changes("<int:pk>/role/", views.change, "role", do=views.change_role),
    _changes("<int:pk>/describe/", views.change, "describe", do=views.describe),
    _changes("<int:pk>/deactivate/", views.change, "deactivate", do=views.deactivate),
    _changes("<int:pk>/activate/", views.change, "activate", do=views.activate),
    _changes("<int:pk>/unlock/", views.change, "unlock", do=views.unlock),
    _changes("<int:pk>/hand-over/", views.change, "hand-over", do=views.hand_over),
    _changes("<int:pk>/password/", views.send_password, "password"),
    _for_managers("invitations/", invitations.invitations, "invitations"),
    _changes("invitations/<int:pk>/renew/", invitations.renew, "renew"),
    _changes("invitations/<int:pk>/revoke/", invitations.revoke, "revoke"),
    _changes("invite/", invitations.invite, "invite"),
    _changes("invite/link/", invitations.invite, "invite-link", kind="link"),
    _changes("invite/domain/", invitations.invite, "invite-domain", kind="domain"),
]
