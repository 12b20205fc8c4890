"""What every answer says to the browser, whoever made it: a view, a refusal, a redirect, a static file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client

from tests.conftest import ROOT
from tests.server.site import Site

SAID = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]
BEHIND_HTTPS = """
import json
import django
django.setup()
from django.conf import settings
from django.contrib import messages
from django.test import Client, RequestFactory
from django.http import HttpResponse
from django.contrib.auth.models import User
from config.messages import Messages
User.objects.create_superuser("entering", password="a long enough one")
client = Client(headers={"X-Forwarded-Proto": "https"})
form = client.get("/account/login/")
entered = client.post("/account/login/", {"login": "entering", "password": "a long enough one"})
chosen = client.post("/preferences/", {"size": "large"})
request = RequestFactory().get("/")
request.session = {}
storage = Messages(request)
storage.add(messages.INFO, "said once")
told = HttpResponse()
storage.update(told)
cookies = {morsel.key: dict(morsel) for answer in (form, entered, chosen, told) for morsel in answer.cookies.values()}
style = json.loads(next(settings.STATIC_ROOT.glob("staticfiles-*.json")).read_text())["paths"]["css/base.css"]
answers = {
    "static": Client(headers={"X-Forwarded-Proto": "https"}).get(f"/static/{style}"),
    "redirect": Client().get("/"),
    "host": Client(headers={"X-Forwarded-Proto": "https"}).get("/", headers={"Host": "elsewhere.example"}),
}
print(json.dumps({
    "cookies": cookies,
    "status": {name: answer.status_code for name, answer in answers.items()},
    "headers": {name: dict(answer.headers) for name, answer in answers.items()},
}))
"""


@pytest.fixture(scope="module")
def https(set_up_site: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a site behind HTTPS answers: settings are read once, so it is a process of its own."""
    data = set_up_site[0].copy_to(tmp_path_factory.mktemp("https") / "data").data
    kept = {name: value for name, value in os.environ.items() if not name.endswith(("_URL", "SECRET_KEY"))}
    mine = {"XWK_DATA_DIR": str(data), "SECRET_KEY": "x", "HTTPS": "1", "HSTS_SUBDOMAINS": "1"}
    mine |= {"DJANGO_SETTINGS_MODULE": "config.settings", "ALLOWED_HOSTS": "testserver"}
    done = subprocess.run(
        [sys.executable, "-c", BEHIND_HTTPS],
        cwd=ROOT,
        env={**kept, **mine},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/account/login/", 200),
        ("/issues/1999-01-01/", 404),
        ("/api/v1/issues", 200),
        ("/api/v1/", 302),
        ("/healthz", 200),
    ],
)
def test_every_answer_says_it(client: Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in SAID} == SAID
    assert [part for part in POLICY if part not in answer["Content-Security-Policy"]] == []


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "SMUGGLE"])
def test_methods_that_no_page_has_are_refused(client: Client, method: str) -> None:
    answer = client.generic(method, "/")
    assert (answer.status_code, answer.content) == (405, b"")
    assert "TRACE" not in answer["Allow"]
    assert {name: answer.headers.get(name) for name in SAID} == SAID


@pytest.mark.server
@pytest.mark.parametrize("name", ["static", "redirect", "host"])
def test_answers_that_no_view_makes_say_it_too(https: Any, name: str) -> None:
    assert https["status"] == {"static": 200, "redirect": 301, "host": 400}
    said = https["headers"][name]
    assert {header: said.get(header) for header in SAID} == SAID
    assert [part for part in POLICY if part not in said["Content-Security-Policy"]] == []
    assert "Access-Control-Allow-Origin" not in said


@pytest.mark.server
@pytest.mark.parametrize("name", ["static", "host"])
def test_hsts_holds_for_a_year(https: Any, name: str) -> None:
    assert https["headers"][name]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.server
def test_cookies_can_not_be_set_by_others_nor_read_by_scripts(https: Any) -> None:
    names = {"sessionid", "csrftoken", "messages", "reading", "known_browser"}
    assert set(https["cookies"]) == {f"__Host-{name}" for name in names}
    for name, cookie in https["cookies"].items():
        flags = {flag: cookie[flag] for flag in ("secure", "httponly", "samesite", "path", "domain")}
        assert flags == {"secure": True, "httponly": True, "samesite": "Lax", "path": "/", "domain": ""}, name


@pytest.mark.parametrize("path", ["/", "/issues/", "/search/?q=x", "/api/v1/issues", "/robots.txt"])
def test_no_answer_may_be_kept_by_others_or_unasked(admin_client: Client, client: Client, path: str) -> None:
    for visitor in (admin_client, client):
        assert visitor.get(path)["Cache-Control"] == "private, no-cache"


def test_pages_of_editors_are_not_kept_at_all(admin_client: Client) -> None:
    assert "no-store" in admin_client.get("/admin/")["Cache-Control"]
