from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from archive.sitemaps import ArticleSitemap, IssueSitemap, NamedPages, YearSitemap

sitemaps = {
    "pages": NamedPages("archive:home", "archive:issue-list"),
    "years": YearSitemap(),
    "issues": IssueSitemap(),
    "articles": ArticleSitemap(),
}
urlpatterns = [
    path("", include("archive.urls")),
    path("sitemap.xml", sitemap, {"sitemaps": sitemaps}),
    path("admin/", admin.site.urls),
]
