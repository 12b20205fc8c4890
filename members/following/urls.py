"""Addresses of what is followed."""

from __future__ import annotations

from django.urls import path

from members.following import views

app_name = "following"
urlpatterns = [
    path("", views.follows, name="list"),
    path("button/", views.button, name="button"),
    path("read/", views.read_all, name="read-all"),
    path("take-over/", views.take_over, name="take-over"),
    path("news/", views.news, name="news"),
    path("<int:pk>/", views.change, name="change"),
]
