"""Addresses of the trail, within the admin's frame."""

from django.contrib import admin
from django.urls import path

from members.trail import views

app_name = "trail"
urlpatterns = [
    path("", admin.site.admin_view(views.trail), name="events"),
    path("trail.csv", admin.site.admin_view(views.trail_csv), name="csv"),
]
