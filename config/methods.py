"""Refuses methods that HTTP has for other things than sites (TRACE, CONNECT), and such as nobody knows.

Django answers a view that does not look at its method whatever the method is.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed

METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]


class KnownMethods:
    """Answers 405 to any method that no page and no API could have."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in METHODS:
            return self._get_response(request)
        return HttpResponseNotAllowed(METHODS)
