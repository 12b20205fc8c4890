"""Addresses of the whole site (DESIGN §7)."""

from django.contrib import admin
from django.urls import include, path

from config import health
from search.api import api

urlpatterns = [
    path("", include("archive.urls")),
    path("search/", include("search.urls")),
    path("topics/", include("glossary.urls")),
    path("trends/", include("search.trend_urls")),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
