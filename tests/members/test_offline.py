"""What the service worker is told: who reads, what may be kept, and which weeks; in an open archive and a closed one."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from archive.models import Issue
from archive.preferences import COOKIE
from members.offline.middleware import KEPT, NOBODY
from tests.conftest import ROOT, WeekMaker
from tests.members.addresses import OPEN, READ
from tests.writing import update

WEEKS = "/offline/weeks.json"


@pytest.fixture
def issue(make_issue: WeekMaker) -> Issue:
    return make_issue({"台积电扩产": "先进封装。", "第二条": "存储。"})


@pytest.fixture
def member(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_user("member"))
    return client


def test_every_page_says_who_reads_and_tells_readers_apart(member: Client, issue: Issue) -> None:
    other = Client()
    other.force_login(User.objects.create_user("other"))
    marks = [one.get("/")["X-Reader"] for one in (Client(), member, other, member)]
    assert marks[0] == NOBODY
    assert len(set(marks)) == 3
    assert marks[1] == marks[3]
    assert all(re.fullmatch("[0-9a-f]{16}", mark) for mark in marks[1:])
    member.post("/account/logout/")
    assert member.get("/search/?q=存储")["X-Reader"] == NOBODY


def test_what_is_published_may_be_kept_and_nothing_else(
    member: Client, admin_client: Client, issue: Issue
) -> None:
    first = issue.articles.all()[0].get_absolute_url()
    for client in (Client(), member):
        for address in (
            "/",
            "/issues/",
            issue.get_absolute_url(),
            f"{issue.get_absolute_url()}?read=all",
            first,
        ):
            assert client.get(address)["X-Offline"] == "keep", address
        for address in ("/search/?q=存储", "/following/", "/account/", "/basket/", "/issues/1999-01-01/"):
            assert "X-Offline" not in client.get(address), address
    update([issue], status=Issue.Status.DRAFT)
    for address in (f"/preview/{issue.pk}/", "/admin/", first):
        assert "X-Offline" not in admin_client.get(address), address


def test_an_unchanged_page_may_be_kept_too(issue: Issue) -> None:
    client = Client()
    etag = client.get(issue.get_absolute_url())["ETag"]
    again = client.get(issue.get_absolute_url(), headers={"if-none-match": etag})
    assert again.status_code == 304
    assert (again["X-Offline"], again["X-Reader"]) == ("keep", NOBODY)


def test_names_of_what_may_be_kept_are_names_of_pages() -> None:
    assert {*READ, *OPEN} >= KEPT


def test_the_newest_weeks_are_listed_with_the_place_of_each_article(
    client: Client, make_issue: WeekMaker, issue: Issue
) -> None:
    for day in ("2025-02-28", "2025-03-07", "2025-03-14", "2025-03-28"):
        make_issue({f"{day}的一条": "甲"}, end_date=day)
    draft = make_issue({"草稿里的一条": "乙"}, end_date="2025-04-04", status=Issue.Status.DRAFT)
    answer = client.get(WEEKS)
    listed = json.loads(answer.content)["weeks"]
    assert [week["contents"] for week in listed] == [
        f"/issues/{day}/" for day in ("2025-03-28", "2025-03-21", "2025-03-14", "2025-03-07")
    ]
    assert draft.title not in answer.content.decode() or "2025-04-04" not in answer.content.decode()
    first = issue.articles.all()[0]
    where = listed[1]["articles"][first.get_absolute_url()]
    assert where == f"/issues/2025-03-21/?read=all#a{first.pk}"
    page = client.get(where.partition("#")[0]).content.decode()
    assert f'id="a{first.pk}"' in page
    assert listed[1]["pages"] == ["/issues/2025-03-21/?read=all"]


def test_the_weeks_come_in_the_readers_characters(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"一条": "甲"}, title="芯闻周报")
    client.cookies[COOKIE] = "normal-hant"
    assert client.get(WEEKS).json()["weeks"][0]["title"] == "芯聞週報"


def test_the_state_changes_with_the_archive(client: Client, make_issue: WeekMaker, issue: Issue) -> None:
    states = [client.get(WEEKS).json()["state"] for _ in range(2)]
    update(issue.articles.all()[:1], title="改过的标题")
    states.append(client.get(WEEKS).json()["state"])
    assert [state == states[0] for state in states] == [True, True, False]


def test_an_empty_archive_has_no_weeks(client: Client, db: None) -> None:
    assert client.get(WEEKS).json()["weeks"] == []


def test_a_closed_archive_gives_strangers_the_worker_and_nothing_to_keep(
    member: Client, issue: Issue, settings: Any
) -> None:
    settings.READERS = "members"
    stranger = Client()
    assert stranger.get("/service-worker.js")["Content-Type"].startswith("text/javascript")
    page = stranger.get("/offline/")
    assert page.status_code == 200
    assert "台积电扩产" not in page.content.decode()
    for address in (WEEKS, issue.get_absolute_url()):
        refused = stranger.get(address)
        assert refused.status_code == 302
        assert "X-Offline" not in refused
        assert member.get(address).status_code == 200


def test_the_worker_is_told_addresses_that_are_there(client: Client, db: None) -> None:
    script = client.get("/service-worker.js").content.decode()
    told = json.loads(re.match(r"self\.SITE = (.*);", script)[1])  # type: ignore[index]
    assert client.get(told["page"]).status_code == 200
    assert client.get(told["weeks"]).status_code == 200
    for address in [*told["assets"], re.search(r'importScripts\("([^"]+)"\)', script)[1]]:  # type: ignore[index]
        assert (ROOT / "static" / address.removeprefix(told["static"])).is_file()
