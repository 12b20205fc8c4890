"""The site's addresses behind the floor's: `/floor` for benchmarks.pages, `/floor/page` for benchmarks.phone."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def floor(request: HttpRequest) -> HttpResponse:
    """Answers as `/healthz` does."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


def page(request: HttpRequest) -> HttpResponse:
    """Answers with one sentence that waits for one style sheet: no page of the site can be painted sooner."""
    return HttpResponse(
        '<!DOCTYPE html><html lang="zh-CN"><title>1</title>'
        '<link rel="stylesheet" href="/floor/style.css"><p>半导体一周要闻</p>'
    )


def style(request: HttpRequest) -> HttpResponse:
    """Answers with the style sheet of `page`."""
    return HttpResponse("p { color: red }", content_type="text/css")


urlpatterns = [
    path("floor", floor),
    path("floor/page", page),
    path("floor/style.css", style),
    *urlpatterns,
]
