"""Who may read at all: decided once, before any view and before the page cache.

    READERS=everyone   the archive is open, and nothing here refuses anything
    READERS=members    what is not in PUBLIC needs a member: an account that is active, or one of its tokens

The middleware stands right inside of those that say who asks, and outside of all that answers or keeps an answer: a
page that was kept, a 304 and an ETag are given to nobody who would not be given the page. What is refused is refused by
its address alone, before anything is looked up: what exists and what does not are answered alike.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.cache import patch_vary_headers

from archive.feeds import wants_page
from archive.problems import problem_response
from members import tokens

MEMBERS = "members"
"""The value of settings.READERS that closes the archive."""

PUBLIC = frozenset(
    {
        # What asks for nobody: monitors, crawlers, icons, what is kept of people, the size of the text.
        "healthz",
        "readyz",
        "metrics",
        "robots",
        "privacy",
        "archive:favicon",
        "archive:touch-icon",
        "archive:manifest",
        "archive:preferences",
        # The script that keeps pages to be read without a network, and the page that lists them: they hold nothing.
        "offline:worker",
        "offline:page",
        # The way out of a mail, for whoever has the mail: its key is random, and says nothing of the archive.
        "alerts:unsubscribe",
        # The door of the editors' room.
        "admin:login",
        # A signed link is a key of its own, which an editor gave to somebody, to look at one draft; a number in its
        # place is for staff, as the view says. Once the issue is public, the link leads to its page: to the door.
        "archive:preview-issue",
        "archive:preview-article",
        "archive:preview-figure",
    }
)
"""URL names that anybody may open in a closed archive.

`search:help` is none of them: its examples are words of the newest issues, with their counts.
"""
PUBLIC_BELOW = "account/"
"""Accounts: logging in and all that belongs to it. What there is for one's own account asks for the log-in itself."""

API = "/api/"
FEEDS = ("/feeds/", "/search/feed.atom")
FIGURES = "/figures/"
ASSISTANTS = "/mcp"
FOR_PROGRAMS = (API, *FEEDS, FIGURES, ASSISTANTS)
"""What programs read: there a token counts, and a refusal is a 401 in words, no way to the log-in."""
MOST_OF_NEXT = 1000
"""Characters of an address to come back to after the log-in; a proxy has little room for headers."""

Response = Callable[[HttpRequest], HttpResponseBase]


def is_closed() -> bool:
    """Whether only members may read."""
    return bool(settings.READERS == MEMBERS)


def is_public(match: ResolverMatch) -> bool:
    """Whether anybody may open an address of a closed archive."""
    return match.view_name in PUBLIC or match.route.startswith(PUBLIC_BELOW)


def is_by_token(request: HttpRequest) -> bool:
    """Whether a token let this request in: it reads as any member does, whoever else its cookies name."""
    return getattr(request, "token", None) is not None


class ReadersMiddleware:
    """Lets into a closed archive who may read it, and says to the others what to do."""

    def __init__(self, get_response: Response) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        in_address = tokens.taken_from_address(request)
        if not is_closed() or _is_public(request):
            return self._get_response(request)
        if request.path_info.startswith(FOR_PROGRAMS):
            sent = tokens.in_headers(request)
            if sent is None and request.path_info.startswith(FEEDS):
                sent = in_address
            if sent is not None:
                return self._by_token(request, sent)
        if request.user.is_authenticated:
            return _for_one_reader(self._get_response(request))
        response = _for_one_reader(_refused(request))
        if request.path_info.startswith(FEEDS):
            patch_vary_headers(response, ["Accept"])
        return response

    def _by_token(self, request: HttpRequest, sent: str) -> HttpResponseBase:
        """Answers a program: as to a member, whatever else its owner may do."""
        token = tokens.find(sent)
        if token is None:
            problem = "访问令牌无效：可能没有抄全，也可能已经到期或停用。请到 {place} 看一看，或生成新的。"
            return _for_one_reader(_told(request, 401, problem, error="invalid_token"))
        # Assistants ask by POST, and change nothing by it.
        if request.method not in ("GET", "HEAD") and not request.path_info.startswith(ASSISTANTS):
            return _for_one_reader(_told(request, 403, "访问令牌只能用来读：请用 GET 或 HEAD。"))
        request.token = token  # type: ignore[attr-defined]
        request.user = AnonymousUser()
        tokens.note_use(token)
        return _for_one_reader(self._get_response(request))


def _is_public(request: HttpRequest) -> bool:
    try:
        return is_public(resolve(request.path_info))
    except Resolver404:
        return False


def _refused(request: HttpRequest) -> HttpResponse:
    """Sends a person to the log-in, and tells a program how to come in."""
    is_feed = request.path_info.startswith(FEEDS)
    if request.path_info.startswith(FOR_PROGRAMS) and not (is_feed and wants_page(request)):
        how = "把令牌填作密码" if is_feed else "在请求头里带上 Authorization: Bearer 令牌"
        return _told(request, 401, f"这里只对成员开放。请{how}；令牌在 {{place}} 生成。")
    address = request.get_full_path()
    if len(address) > MOST_OF_NEXT:
        address = request.path
    if request.method not in ("GET", "HEAD") or len(address) > MOST_OF_NEXT:
        address = resolve_url("archive:home")
    response = redirect_to_login(address, resolve_url(settings.LOGIN_URL))
    response["Cache-Control"] = "no-store, private"
    return response


def _told(request: HttpRequest, status: int, words: str, error: str = "") -> HttpResponse:
    """Tells a program in words; `{place}` in them is where tokens are made."""
    words = words.format(place=request.build_absolute_uri(reverse("tokens:list")))
    if request.path_info.startswith((API, ASSISTANTS)):
        response = problem_response(status, words)
    else:
        response = HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
    if status == HTTPStatus.UNAUTHORIZED:
        bearer = 'Bearer realm="xinwenku"' + (f', error="{error}"' if error else "")
        # Asked for a password by the address of an image or of suggestions, a browser would ask the reader.
        is_feed = request.path_info.startswith(FEEDS)
        response["WWW-Authenticate"] = (
            f'{bearer}, Basic realm="xinwenku", charset="UTF-8"' if is_feed else bearer
        )
    response["Cache-Control"] = "no-store, private"
    return response


def _for_one_reader(response: HttpResponseBase) -> HttpResponseBase:
    """Keeps the answer out of shared caches, and has a browser ask again each time, also after the log-out."""
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie", "Authorization"])
    return response
