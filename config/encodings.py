"""Takes out of `Accept-Encoding` what the client refuses: `gzip;q=0` says that it can not read gzip.

Those that compress (Django's GZipMiddleware, WhiteNoise) look for the word alone. So this stands before them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

_REFUSED = re.compile(r";\s*q\s*=\s*0(?:\.0{0,3})?\s*$", re.IGNORECASE)


def accepted(header: str) -> str:
    """Returns an `Accept-Encoding` without the codings that it refuses.

    >>> accepted("gzip;q=0, br, deflate;q=0.5"), accepted("gzip; q=0.000")
    ('br, deflate;q=0.5', '')
    """
    return ", ".join(coding.strip() for coding in header.split(",") if not _REFUSED.search(coding))


class RefusedEncodingsMiddleware:
    """Lets whatever stands below it see only the codings that the client reads."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if header := request.META.get("HTTP_ACCEPT_ENCODING", ""):
            request.META["HTTP_ACCEPT_ENCODING"] = accepted(header)
        return self._get_response(request)
