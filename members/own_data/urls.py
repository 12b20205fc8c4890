"""Addresses of everyone's own data."""

from django.urls import path

from members.own_data import views

app_name = "own-data"
urlpatterns = [
    path("", views.data, name="data"),
    path("download", views.download, name="download"),
]
