"""A closed archive: who is let in, who is sent to the log-in, and what caches and search engines are told."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import resolve

from archive.models import Issue
from members import access
from tests.conftest import ROOT, WeekMaker

FEED, API, PAGE = "/feeds/issues.atom", "/api/v1/issues", "/issues/"
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def issue(make_issue: WeekMaker) -> Issue:
    return make_issue({"台积电扩产": "先进封装。"})


# --- The setting ---------------------------------------------------------------------------------------


def test_any_other_value_is_refused_at_the_start_in_words() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "READERS": "memebrs"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "memebrs: use everyone (the archive is open), or members" in done.stderr


def test_an_archive_is_open_unless_it_is_said_to_be_closed(client: Client, issue: Issue) -> None:
    for address in (PAGE, FEED, API, issue.get_absolute_url(), "/search/?q=封装"):
        assert "台积电" in client.get(address).content.decode() or address in (PAGE, API)
        assert client.get(address).status_code == 200
    assert client.get(API, headers={"origin": "https://example.org"})["Access-Control-Allow-Origin"] == "*"
    assert "Sitemap:" in client.get("/robots.txt").content.decode()


# --- Who is let in -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/", PAGE, "/issues/2025-03-21/", "/nothing/here", "/search/?q=%E5%B0%81%E8%A3%85&page=2"]
)
def test_a_stranger_is_sent_to_the_log_in_and_comes_back(
    client: Client, closed: None, issue: Issue, settings: Any, address: str
) -> None:
    answer = client.get(address, headers=BROWSER)
    assert answer.status_code == 302
    place, _, _ = answer["Location"].partition("?next=")
    assert place == resolve_url(settings.LOGIN_URL)
    user = User.objects.create_superuser("chief", password="only-for-tests")
    sent = {"username": user.username, "login": user.username, "password": "only-for-tests"}
    after = client.post(answer["Location"], sent)
    assert after["Location"] == address


def test_what_can_not_be_gone_back_to_is_not_named(client: Client, closed: None, db: None) -> None:
    assert client.post("/basket/export/")["Location"].endswith("?next=/")
    long = client.get("/search/", {"q": "封装" * 600})["Location"]
    assert long.endswith("?next=/search/")
    assert client.get("/" + "x" * 2000)["Location"].endswith("?next=/")


def test_a_member_reads_and_enters_no_editors_room(
    members_client: Client, closed: None, issue: Issue
) -> None:
    for address in (
        PAGE,
        FEED,
        API,
        issue.get_absolute_url(),
        "/search/?q=封装",
        "/search/help/",
        "/sitemap.xml",
    ):
        assert members_client.get(address).status_code == 200, address
    assert members_client.get("/articles/999999/").status_code == 404
    refused = members_client.get("/admin/archive/issue/")
    assert refused.status_code == 302
    assert refused["Location"].partition("?")[0] in {"/admin/login/", resolve_url(site.LOGIN_URL)}


def test_a_deactivated_member_is_a_stranger_at_the_next_request(
    members_client: Client, member: User, closed: None, issue: Issue
) -> None:
    assert members_client.get(PAGE).status_code == 200
    member.is_active = False
    member.save()
    assert members_client.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("address", "kind", "challenge"),
    [
        (API, "application/problem+json", 'Bearer realm="xinwenku"'),
        ("/api/v1/nothing", "application/problem+json", 'Bearer realm="xinwenku"'),
        (
            FEED,
            "text/plain; charset=utf-8",
            'Bearer realm="xinwenku", Basic realm="xinwenku", charset="UTF-8"',
        ),
        ("/figures/1/", "text/plain; charset=utf-8", 'Bearer realm="xinwenku"'),
    ],
)
def test_a_program_is_told_in_words(
    client: Client, closed: None, db: None, address: str, kind: str, challenge: str
) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (401, kind)
    assert answer["WWW-Authenticate"] == challenge
    assert "只对成员开放" in (answer.json()["detail"] if "json" in kind else answer.content.decode())
    assert "http://testserver/account/tokens/" in answer.content.decode()


def test_a_person_who_opens_a_feed_is_sent_to_the_log_in(client: Client, closed: None, db: None) -> None:
    assert client.get(FEED, headers=BROWSER)["Location"].endswith(f"?next={FEED}")


# --- What everybody may see ----------------------------------------------------------------------------


def test_the_door_is_open_and_shows_the_name_and_nothing_of_the_archive(
    client: Client, closed: None, issue: Issue, settings: Any
) -> None:
    settings.SITE_NAME = "联盟周报库"
    assert access.is_public(resolve(resolve_url(settings.LOGIN_URL)))
    door = client.get("/articles/1/", follow=True)
    page = door.content.decode()
    assert door.status_code == 200
    assert '<meta property="og:site_name" content="联盟周报库">' in page
    assert "台积电" not in page


def test_search_engines_and_pages_of_other_sites_get_nothing(
    client: Client, members_client: Client, closed: None, issue: Issue
) -> None:
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
    for browser in (client, members_client):
        for address in (API, FEED):
            answer = browser.get(address, headers={"origin": "https://example.org"})
            assert not answer.has_header("Access-Control-Allow-Origin")
        asked = {"origin": "https://example.org", "access-control-request-method": "GET"}
        assert not browser.options(API, headers=asked).has_header("Access-Control-Allow-Origin")


def test_monitors_and_icons_need_nobody(client: Client, closed: None, issue: Issue) -> None:
    assert client.get("/healthz").content == b"ok"
    assert client.get("/readyz", REMOTE_ADDR="203.0.113.9").json() == {"ready": True}
    assert client.get("/favicon.ico").status_code == 302
    assert client.get("/manifest.webmanifest").status_code == 200


# --- Caches --------------------------------------------------------------------------------------------


def test_no_answer_of_a_closed_archive_may_be_kept_by_others(
    client: Client, members_client: Client, closed: None, issue: Issue
) -> None:
    for address in (
        PAGE,
        FEED,
        API,
        issue.get_absolute_url(),
        "/search/?q=封装",
        "/trends/trends.csv?q=封装",
    ):
        for browser in (client, members_client):
            answer = browser.get(address)
            assert "private" in answer["Cache-Control"]
            assert {"Cookie", "Authorization"} <= {name.strip() for name in answer["Vary"].split(",")}
            assert not answer.has_header("ETag")


def test_a_page_that_was_kept_while_the_archive_was_open_is_kept_from_strangers(
    client: Client, issue: Issue, pages_are_kept: None, request: pytest.FixtureRequest
) -> None:
    tags = {address: client.get(address)["ETag"] for address in (PAGE, FEED, issue.get_absolute_url())}
    request.getfixturevalue("closed")
    for address, tag in tags.items():
        for known in (tag, "*"):
            assert client.get(address, headers={"if-none-match": known}).status_code in (302, 401)
