"""Caches pages for readers who are not logged in, by the state of the site; an unchanged page is answered by a 304.

    request ─► what the page depends on ─► its ETag ─► the browser has it       304
                                                       this process has it      the same bytes again
                                                       nobody has it            made, and kept by this process

Nothing is ever taken out because of a change: a change gives the state another name, and what was kept under the
old one is asked for no more. So a page can not outlive what it shows, whichever process made the change.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

from archive.models import Revision
from archive.preferences import Preferences
from glossary.current import current_revision
from search.engines.base import IndexUnavailable
from search.engines.registry import current_engine
from search.pages.signals import repeated

PAGES = frozenset(
    {
        "archive:home",
        "archive:issue-list",
        "archive:issue-year",
        "archive:issue-detail",
        "archive:article-detail",
        "glossary:topic-list",
        "glossary:topic-detail",
        "search:results",
        "search:help",
        "search:marks",
        "search:feed",
        "search:completions",
        "opensearch",
        "archive:issues-feed",
        "glossary:topic-feed",
        "api-1:issues",
        "api-1:issue",
        "api-1:article",
        "api-1:topics",
        "api-1:topic",
        "trends:show",
        "trends:csv",
        "api-1:search",
        "api-1:suggest",
        "api-1:trends",
        "api-1:openapi-json",
        "api-1:openapi-view",
        "sitemap",
        "django.contrib.sitemaps.views.sitemap",
    }
)
"""Addresses whose answer depends on nothing but `_state`, the address itself, how the reader wants pages to look
(archive/preferences), and who is logged in."""
MAX_BYTES = 200_000
"""The largest page that is cached; settings.CACHES limits their number."""

HTTP_OK = 200

_PROCESS = secrets.token_hex(8)
"""Part of every ETag: a restart may bring other code. Drawn before the fork, so that all workers have the same."""


class ConditionalPageCache:
    """Caches whole responses. It is outside of GZipMiddleware and the sessions: a cached page needs neither."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if settings.DEBUG:
            raise MiddlewareNotUsed("templates change while the server runs")
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        etag = etag_of(request)
        if etag is None:
            return self._get_response(request)
        response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
        if response is not None:
            _say_repeated(request)
        else:
            response = self._page(request, etag)
            if response.status_code != HTTP_OK or response.cookies:
                return response
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
        return response

    def _page(self, request: HttpRequest, etag: str) -> HttpResponseBase:
        accepts_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
        key = f"{etag[3:-1]}{'+gzip' if accepts_gzip else ''}"
        if kept := caches["pages"].get(key):
            _say_repeated(request)
            content, headers = kept
            return HttpResponse(content, headers=headers)
        response = self._get_response(request)
        if (
            isinstance(response, HttpResponse)
            and request.method == "GET"
            and response.status_code == HTTP_OK
            and not response.cookies
            and len(response.content) <= MAX_BYTES
        ):
            caches["pages"].set(key, (response.content, dict(response.headers)))
        return response


def etag_of(request: HttpRequest, today: dt.date | None = None) -> str | None:
    """Returns the ETag of the page that answers `request` now; None when it must be made for this request alone.

    `today` (the server's, when None) is what `上周` is counted from.
    The latter are pages of someone who is logged in, and pages while no index answers. The ETag is a weak one:
    the same page may come compressed or not.
    """
    if request.method not in ("GET", "HEAD") or _is_personal(request):
        return None
    try:
        if resolve(request.path_info).view_name not in PAGES:
            return None
        state = [*_state(), str(today or dt.date.today()), str(Preferences.of(request))]
    except (Resolver404, IndexUnavailable):
        return None
    address = request.build_absolute_uri()
    digest = hashlib.sha256("\n".join([*state, address]).encode("utf-8", "surrogatepass"))
    return f'W/"{digest.hexdigest()[:32]}"'


def _say_repeated(request: HttpRequest) -> None:
    """Sends `repeated`, because the view that would send its own signal does not run."""
    repeated.send_robust(sender=None, request=request, match=resolve(request.path_info))


def _is_personal(request: HttpRequest) -> bool:
    """Whether the request says who asks. A cookie of ours may belong to a session, or hold a message for one reader."""
    ours = {settings.SESSION_COOKIE_NAME, "messages"}
    return not ours.isdisjoint(request.COOKIES) or "Authorization" in request.headers


def _state() -> list[str]:
    """Returns everything that pages depend on. Raises IndexUnavailable when no generation can answer.

    Words and index are named as this process knows them, not as they are by now: what it answers with can be
    newer than its name, and then nobody asks for that name again, but not older.
    """
    with current_engine().pinned() as index:
        name = index.name
    return [
        _PROCESS,
        settings.SITE_NAME,
        get_language() or "",
        Revision.objects.current(),
        current_revision(),
        name,
    ]
