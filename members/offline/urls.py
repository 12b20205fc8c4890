"""Addresses of reading without a network."""

from __future__ import annotations

from django.urls import path

from members.offline import views

app_name = "offline"
urlpatterns = [
    path("service-worker.js", views.worker, name="worker"),
    path("offline/", views.page, name="page"),
    path("offline/weeks.json", views.weeks, name="weeks"),
]
