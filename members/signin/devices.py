"""The cookie by which an account knows a browser again: someone has logged in to it there before.

It opens nothing. Tries of a password that come with it are counted apart from strangers' (members/signin/lockout).
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from members.signin.lockout import key_of, names_of

COOKIE = "__Host-known_browser" if settings.SESSION_COOKIE_SECURE else "known_browser"
SALT = "members.signin.devices"
AGE_SECONDS = 180 * 24 * 3600
SHOWN = 16
"""Characters of a name's key that the cookie holds: enough to tell names apart."""
NAMES = 15
"""Names that one cookie holds, the latest: of some five people who share a browser."""


def known_browser(request: HttpRequest, login: str) -> str:
    """Returns the number of the browser, if someone has logged in there by this name before; else nothing."""
    kept = _read(request)
    return kept["browser"] if key_of(login)[:SHOWN] in kept["names"] else ""


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Has the browser remember that someone has logged in to this account."""
    kept = _read(request)
    own = [key_of(name)[:SHOWN] for name in sorted(names_of(user))]
    kept["names"] = [*(name for name in kept["names"] if name not in own), *own][-NAMES:]
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=SALT),
        max_age=AGE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE_SECONDS)
    except signing.BadSignature:
        return {"browser": secrets.token_hex(8), "names": []}
    return kept
