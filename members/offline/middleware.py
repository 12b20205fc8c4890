"""Tells the service worker who reads, and which answers it may keep."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.crypto import salted_hmac

KEPT = frozenset(
    {
        "archive:home",
        "archive:issue-list",
        "archive:issue-year",
        "archive:issue-detail",
        "archive:article-detail",
        "archive:figure",
        "glossary:topic-list",
        "glossary:topic-detail",
        "offline:page",
    }
)
"""URL names of what a browser may keep to be read without a network: what is published, and nothing of an account."""
WEEKS = "offline:weeks"
"""The list of what is kept of its own accord."""
NOBODY = "-"
"""The mark of who is not logged in."""


class OfflineMiddleware:
    """Puts `X-Reader` on pages and `X-Offline: keep` on what may be kept. It stands outside of what keeps answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        name = _name(request)
        if name in KEPT and _is_whole(response):
            response["X-Offline"] = "keep"
        if name in KEPT or name == WEEKS or response.get("Content-Type", "").startswith("text/html"):
            response["X-Reader"] = mark_of(request)
        return response


def mark_of(request: HttpRequest) -> str:
    """Returns what tells the readers of one browser apart, and says nothing about them: NOBODY, or 16 digits."""
    if not request.session.session_key or not request.user.is_authenticated:
        return NOBODY
    return salted_hmac("members.offline", str(request.user.pk), algorithm="sha256").hexdigest()[:16]


def _is_whole(response: HttpResponseBase) -> bool:
    """Whether the answer is what was asked for, and not for this one moment only, as a preview is."""
    is_fresh = response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED)
    return is_fresh and "no-store" not in response.get("Cache-Control", "")


def _name(request: HttpRequest) -> str:
    """Returns the name of the view, which need not have run: pages are kept, and some requests refused, before it."""
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
