"""Addresses of the whole site."""

from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path
from django.views.generic import RedirectView

from config import crawlers, handbook, health, metrics, privacy
from config.api import api, nothing_here
from search.pages.views import opensearch

urlpatterns = [
    path("", include("members.urls")),
    path("", include("desk.urls")),  # before the admin, which answers everything below it
    path("", include("archive.urls")),
    path("search/", include("search.pages.urls")),
    path("", include("search.portable.urls")),
    path("", include("glossary.urls")),
    path("", include("claims.urls")),
    path("trends/", include("search.pages.trend_urls")),
    path("opensearch.xml", opensearch, name="opensearch"),
    path("api/v1/", RedirectView.as_view(pattern_name="api-1:openapi-view")),
    path("api/v1/", api.urls),
    path("api/v1/<path:rest>", nothing_here),
    path("mcp", include("assistants.urls")),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, {"sitemaps": crawlers.SITEMAPS}, name="sitemap"),
    path(
        "sitemap-<section>.xml",
        sitemaps.sitemap,
        {"sitemaps": crawlers.SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",  # by which the index finds them
    ),
    path("admin/handbook/", admin.site.admin_view(handbook.show), name="handbook"),
    path("admin/handbook/<str:name>", admin.site.admin_view(handbook.picture), name="handbook-picture"),
    path("admin/", admin.site.urls),
    path("privacy/", privacy.privacy, name="privacy"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]

handler404 = "config.error_pages.not_found"
handler403 = "config.error_pages.forbidden"
handler400 = "config.error_pages.bad_request"
handler500 = "config.error_pages.server_error"
