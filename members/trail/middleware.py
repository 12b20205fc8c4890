"""Which request is being answered: use cases that know no request are recorded with its user and address."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponseBase

_current: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


def current_request() -> HttpRequest | None:
    """Returns the request that this thread is answering; None in the worker and in commands."""
    return _current.get()


class CurrentRequestMiddleware:
    """Stands inside of authentication, so that the request has its user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _current.set(request)
        try:
            return self._get_response(request)
        finally:
            _current.reset(token)
