"""Addresses of accounts."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/trail/", include("members.trail.urls")),
    path("account/data/", include("members.own_data.urls")),
    path("account/tokens/", include("members.tokens.urls")),
    path("following/alerts/", include("members.alerts.urls")),
    path("following/", include("members.following.urls")),
    path("", include("members.offline.urls")),
    path("", include("members.signin.urls")),
    path("admin/people/", include("members.people.urls")),
    path("account/invitation/", include("members.invitations.urls")),
]
