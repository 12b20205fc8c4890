"""Caches pages for readers who are not logged in, by the state of the site; an unchanged page is answered by a 304.

In a closed archive only programs ask without a log-in, with a token that members/access has seen before this.

    request ─► what the page depends on ─► its ETag ─► the browser has it       304
                                                       this process has it      the same bytes again
                                                       nobody has it            made, and kept by this process

Nothing is ever taken out because of a change: a change gives the state another name, and what was kept under the
old one is asked for no more. So a page can not outlive what it shows, whichever process made the change.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Mapping

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

from archive.api import PageParameters
from archive.feeds import wants_page
from archive.preferences import COOKIE, Preferences
from archive.revisions import known_revision
from archive.whole_week import WeekForm
from claims.api import FigureParameters
from claims.forms import FiguresForm
from config.fingerprint import fingerprint
from config.messages import MessageCookie
from glossary.api import TopicParameters
from glossary.current import current_revision
from glossary.forms import TopicsForm
from members.access import is_by_token, is_closed
from search.engines.base import IndexUnavailable
from search.engines.registry import current_engine
from search.meaning import store as meaning
from search.pages.api import SearchParameters, SuggestParameters, TrendParameters
from search.pages.forms import SearchForm, TrendsForm
from search.pages.signals import is_typing, repeated

_NONE: Collection[str] = ()
PAGES: Mapping[str, Collection[str]] = {
    "archive:home": _NONE,
    "archive:issue-list": _NONE,
    "archive:issue-year": _NONE,
    "archive:issue-detail": WeekForm.base_fields,
    "archive:article-detail": ["q"],
    "archive:article-markdown": _NONE,
    "archive:article-picture": _NONE,
    "archive:issue-picture": _NONE,
    "glossary:topic-list": TopicsForm.base_fields,
    "glossary:topic-detail": ["page"],
    "glossary:topic-csv": _NONE,
    "glossary:topic-picture": _NONE,
    "search:results": SearchForm.base_fields,
    "search:markdown": SearchForm.base_fields,
    "search:help": _NONE,
    "search:marks": ["q"],
    "search:feed": SearchForm.base_fields,
    "search:completions": ["q"],
    "opensearch": _NONE,
    "offline:weeks": _NONE,
    "archive:issues-feed": _NONE,
    "glossary:topic-feed": _NONE,
    "api-1:issues": PageParameters.model_fields,
    "api-1:issue": _NONE,
    "api-1:article": _NONE,
    "api-1:topics": TopicParameters.model_fields,
    "api-1:topic": _NONE,
    "api-1:figures": FigureParameters.model_fields,
    "claims:topic-figures": FiguresForm.base_fields,
    "trends:show": TrendsForm.base_fields,
    "trends:csv": TrendsForm.base_fields,
    "trends:picture": TrendsForm.base_fields,
    "api-1:search": SearchParameters.model_fields,
    "api-1:suggest": SuggestParameters.model_fields,
    "api-1:trends": TrendParameters.model_fields,
    "api-1:openapi-json": _NONE,
    "api-1:openapi-view": _NONE,
    "sitemap": ["p"],
    "django.contrib.sitemaps.views.sitemap": ["p"],
}
"""Addresses whose answer depends on nothing but `_state`, the address itself, how the reader wants pages to look
(archive/preferences), whether a person reads it or a program (archive/feeds), and who is logged in; and the parameters
that each reads. What else an address says is taken off before the page is made: so nobody fills the cache, or goes past
it, with parameters that mean nothing, and no page that is kept repeats them."""
MAX_BYTES = 200_000
"""The largest page that is cached; settings.CACHES limits what all weigh together."""

PRIVATE = "private, no-cache"
"""What an answer says that says nothing else of it: the reader's own browser may keep it, and asks each time."""
HTTP_OK = 200


class ConditionalPageCache:
    """Caches whole responses. It is outside of GZipMiddleware and inside of who may read at all (members/access)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if settings.DEBUG:
            raise MiddlewareNotUsed("templates change while the server runs")
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        etag = etag_of(request)
        if etag is None:
            made = self._get_response(request)
            made.headers.setdefault("Cache-Control", PRIVATE)
            return made
        response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
        if response is not None:
            _say_repeated(request)
        else:
            response = self._page(request, etag)
            if response.status_code != HTTP_OK or response.cookies:
                return response
        response["ETag"] = etag
        response["Cache-Control"] = PRIVATE
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
    the same page may come compressed or not. Of every page of PAGES, the request gets the state's name (`{% kept %}`).
    """
    if request.method not in ("GET", "HEAD"):
        return None
    try:
        known = PAGES.get(resolve(request.path_info).view_name)
        if known is None:
            return None
        state = "\n".join([*_state(), str(today or dt.date.today())])
    except (Resolver404, IndexUnavailable):
        return None
    # Before anything of the page is read: parts of it are kept under this name, for whoever is logged in, too.
    request.page_state = state  # type: ignore[attr-defined]
    if _is_personal(request):
        return None
    _keep_only(request, known)
    asked = [state, str(Preferences.of(request)), str(wants_page(request))]
    address = f"{request.build_absolute_uri(request.path)}?{request.GET.urlencode()}"
    digest = hashlib.sha256("\n".join([*asked, address]).encode("utf-8", "surrogatepass"))
    return f'W/"{digest.hexdigest()[:32]}"'


def _say_repeated(request: HttpRequest) -> None:
    """Sends `repeated`, because the view that would send its own signal does not run."""
    if not is_typing(request):
        repeated.send_robust(sender=None, request=request, match=resolve(request.path_info))


def _keep_only(request: HttpRequest, names: Collection[str]) -> None:
    """Takes out of the request what the page does not read: parameters of other names, and all cookies but one.

    A cookie that is no session's, or no CSRF token, would come back with its deletion or a better one, and a page with
    cookies is not kept.
    """
    known = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if name in names:
            known.setlist(name, values)
    request.COOKIES = {name: value for name, value in request.COOKIES.items() if name == COOKIE}
    if len(known) < len(request.GET):
        request.GET = known  # type: ignore[assignment]
        request.META["QUERY_STRING"] = known.urlencode()


def _is_personal(request: HttpRequest) -> bool:
    """Whether the request says who asks: by a session that there is, or by a message for one reader.

    Anyone can send cookies of these names. One that opens no session counts as not sent: it must not buy a page that
    is made for one reader. In a closed archive a token opens the same pages to all who have one; strangers get none
    that is kept, and no ETag, from which they could tell when something is published.
    """
    if is_closed():
        return not is_by_token(request)
    if "Authorization" in request.headers or len(MessageCookie(request)):
        return True
    return settings.SESSION_COOKIE_NAME in request.COOKIES and bool(request.session.keys())


def _state() -> list[str]:
    """Returns everything that pages depend on. Raises IndexUnavailable when no generation can answer.

    Words and index are named as this process knows them, not as they are by now: what it answers with can be
    newer than its name, and then nobody asks for that name again, but not older.
    """
    with current_engine().pinned() as index:
        content = index.content
    return [
        fingerprint(),  # other code, or other settings, may make another page
        settings.SITE_NAME,
        get_language() or "",
        known_revision(),
        current_revision(),
        content,
        meaning.current_name(),
    ]
