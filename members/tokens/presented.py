"""Where a request carries a token."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest

from members.tokens.issuing import MARK

PARAMETER = "token"


def in_headers(request: HttpRequest) -> str | None:
    """Returns the token of `Authorization: Bearer …`, or the password of Basic when it is one of ours.

    Many feed readers ask for a name and a password and nothing else; the name does not matter. Another password is for
    a proxy before this site, which passes the header on.
    """
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        password = _decoded(value).partition(":")[2]
        return password if password.startswith(MARK) else None
    return None


def taken_from_address(request: HttpRequest) -> str | None:
    """Takes `?token=` off the request's address and returns it; None when there is none of ours.

    Some feed readers know nothing but an address, and only feeds heed it. A header is better: addresses stand in logs
    of proxies, in histories and in what people pass on. Here it goes no further than this: no log of ours, no page and
    no link repeats it, at whichever address it was sent.
    """
    if f"{PARAMETER}=" not in request.META.get("QUERY_STRING", ""):
        return None
    sent = [value for value in request.GET.getlist(PARAMETER) if value.startswith(MARK)]
    if not sent:
        return None
    others = request.GET.copy()
    del others[PARAMETER]
    request.GET = others  # type: ignore[assignment]
    request.META["QUERY_STRING"] = others.urlencode()
    return sent[-1]


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value.strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
