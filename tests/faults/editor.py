"""An editor at a browser, without the browser: asks the admin for a form, fills it in, and sends it."""

from __future__ import annotations

import http.client
from html.parser import HTMLParser
from typing import Protocol
from urllib.parse import urlencode

LOG_IN = """
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
user, _ = User.objects.get_or_create(username="{name}", defaults={{"is_staff": True, "is_superuser": True}})
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session.create()
print(session.session_key)
"""


class Served(Protocol):
    """A site that runs."""

    @property
    def url(self) -> str: ...

    def run_python(self, code: str) -> str:
        """Runs code with Django set up."""


class Interrupted(Exception):
    """The worker died during the request, so its outcome is unknown."""


class Form(HTMLParser):
    """Reads the fields of the page's main form as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._is_inside = False
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside = given.get("method", "").lower() == "post" and "logout" not in given.get(
                "action", ""
            )
        if not self._is_inside or ("disabled" in given):
            return
        name = given.get("name", "")
        if tag == "input" and name and given.get("type") not in ("submit", "file", "button"):
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.fields.append((name, given.get("value", "")))
        elif tag == "textarea":
            self._area = name
            self.fields.append((name, ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.fields.append((self._select, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            name, value = self.fields[-1]
            self.fields[-1] = name, value + data


class Editor:
    """An editor who is logged in to a running site; for one thread at a time."""

    def __init__(self, site: Served, name: str, address: str = "") -> None:
        """`address` is where to ask, like `10.0.0.1:8000`: in front of the site, not the site itself."""
        self._address = address or site.url.removeprefix("http://")
        self._session = site.run_python(LOG_IN.format(name=name)).strip()

    def form(self, path: str) -> dict[str, str]:
        """Returns the fields of a page's form. Raises LookupError when the page is not there any more."""
        status, page, csrf = self._ask("GET", path)
        if status != 200:
            raise LookupError(f"{path}: {status}, {page[-300:]}")
        parser = Form()
        parser.feed(page)
        return {**dict(parser.fields), "csrfmiddlewaretoken": csrf}

    def send(self, path: str, fields: dict[str, str]) -> int:
        """Sends a form. Returns the status: 302 when it was saved."""
        return self.post(path, fields)[0]

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        """Sends a form. Returns the status, and the page."""
        return self._ask("POST", path, fields)[:2]

    def _ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection(self._address, timeout=60)
        token = (fields or {}).get("csrfmiddlewaretoken", "")
        headers = {"Cookie": f"sessionid={self._session}; csrftoken={token}"}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, urlencode(fields) if fields is not None else None, headers)
            answer = connection.getresponse()
            cookies = [
                part for part in answer.msg.get_all("Set-Cookie") or [] if part.startswith("csrftoken=")
            ]
            csrf = cookies[0].split("=", 1)[1].split(";")[0] if cookies else token
            return answer.status, answer.read().decode(), csrf
        except (OSError, http.client.HTTPException) as error:
            raise Interrupted(f"{method} {path}") from error
        finally:
            connection.close()
