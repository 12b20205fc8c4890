"""Addresses of alerts."""

from __future__ import annotations

from django.urls import path

from members.alerts import views

app_name = "alerts"
urlpatterns = [
    path("", views.alerts, name="list"),
    path("channels/", views.add, name="add"),
    path("channels/<int:pk>/remove/", views.remove, name="remove"),
    path("channels/<int:pk>/test/", views.test, name="test"),
    path("issues/", views.subscribe, name="subscribe"),
    path("issues/<slug:key>/", views.confirm, name="confirm"),
    path("<int:pk>/", views.tell, name="tell"),
    path("end/<slug:key>/", views.end, name="unsubscribe"),
]
