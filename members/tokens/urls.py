"""Addresses of a member's tokens."""

from __future__ import annotations

from django.urls import path

from members.tokens import views

app_name = "tokens"
urlpatterns = [
    path("", views.tokens, name="list"),
    path("<int:pk>/end/", views.end, name="end"),
]
