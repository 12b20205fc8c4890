"""Who asks too often is told when to come back; others go on, and who types never hears of it."""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client
from django.urls import get_resolver

from archive.counting import seconds_to_wait
from archive.models import Issue
from archive.rate import Rate, limits_of
from config import settings as site_settings
from members.limits.rules import NAMESPACES, RULES
from tests.conftest import WeekMaker

pytestmark = pytest.mark.django_db

FEW = 3
HERE, ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "203.0.113.8"}
TYPING = {"x-typing": "1"}


@pytest.fixture(autouse=True)
def _few_are_allowed(settings: Any) -> None:
    caches["shared"].clear()
    settings.LIMITS = {**dict.fromkeys(settings.LIMITS, f"{FEW}/h"), "typing": f"{3 * FEW}/h"}


@pytest.fixture
def issue(make_issue: WeekMaker) -> Issue:
    return make_issue({"台积电扩产": "先进封装。"})


def statuses(client: Client, address: str, times: int, **given: Any) -> list[int]:
    return [client.get(f"{address}{number}", **given).status_code for number in range(times)]


LIMITED = {
    "search": "/search/?q=封装",
    "marks": "/search/marks/{pk}/?q=封装",
    "trends": "/trends/?q=封装",
    "trends as CSV": "/trends/trends.csv?q=封装",
    "API": "/api/v1/search?q=封装",
    "API of issues": "/api/v1/issues?page_size=10&page=",
    "API that is not there": "/api/v1/articles/99999",
    "trends of the API": "/api/v1/trends?q=封装",
    "feed of a search": "/search/feed.atom?q=封装",
}


@pytest.mark.parametrize("address", LIMITED.values(), ids=LIMITED)
def test_who_asks_too_often_is_told_when_to_come_back(client: Client, issue: Issue, address: str) -> None:
    address = address.format(pk=issue.articles.get().pk)
    assert 429 not in statuses(client, address, FEW, **HERE)
    refused = client.get(f"{address}9", **HERE)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 7200
    assert refused["Cache-Control"] == "no-store"
    assert not refused.has_header("ETag")
    assert client.get(f"{address}9", **ELSEWHERE).status_code != 429


def test_a_refusal_speaks_as_its_reader_does(client: Client, issue: Issue) -> None:
    answers = {}
    for name in ("search", "API", "feed of a search"):
        statuses(client, LIMITED[name], FEW, **HERE)
        answers[name] = client.get(LIMITED[name], **HERE)
    page = answers["search"].content.decode()
    assert "<h1>请稍等 " in page
    assert f"1 小时内最多 {FEW} 次" in page
    assert "同一个网络" in page
    assert answers["API"]["Content-Type"].startswith("application/problem+json")
    problem = json.loads(answers["API"].content)
    assert (problem["status"], f"最多 {FEW} 次" in problem["detail"]) == (429, True)
    assert answers["feed of a search"]["Content-Type"].startswith("text/plain")
    statuses(client, "/search/?q=", FEW, **ELSEWHERE)
    plain = client.get("/search/?q=x", headers={"accept": "application/json"}, **ELSEWHERE)
    assert plain["Content-Type"].startswith("text/plain")


def test_typing_meets_no_limit_of_searches_and_searches_none_of_typing(client: Client, issue: Issue) -> None:
    assert 429 not in statuses(client, "/search/?q=封", 2 * FEW, headers=TYPING, **HERE)
    assert 429 not in statuses(client, "/search/?q=装", FEW, **HERE)
    assert client.get("/search/?q=装", **HERE).status_code == 429
    assert client.get("/api/v1/suggest?q=封", **HERE).status_code == 200
    assert client.get("/search/completions/?q=封", **HERE).status_code == 200


def test_who_says_to_be_typing_all_the_time_meets_a_limit_too(client: Client, issue: Issue) -> None:
    assert 429 not in statuses(client, "/search/?q=封", 3 * FEW, headers=TYPING, **HERE)
    refused = client.get("/search/?q=封装", headers=TYPING, **HERE)
    assert refused.status_code == 429
    assert client.get("/api/v1/suggest?q=封", **HERE).status_code == 429


def test_typing_is_allowed_ten_times_as_often() -> None:
    rates = {name: Rate.of(rate) for name, rate in site_settings.LIMITS.items()}
    assert rates["typing"].times >= 10 * rates["search"].times
    assert rates["typing"].seconds == rates["search"].seconds


def test_what_is_not_searched_is_read_without_end(client: Client, issue: Issue) -> None:
    for address in ("/?", "/issues/?x=", f"{issue.get_absolute_url()}?x=", "/topics/?page=", "/healthz?x="):
        assert 429 not in statuses(client, address, 2 * FEW, **HERE)


def test_a_page_that_is_kept_costs_nothing(client: Client, issue: Issue, settings: Any) -> None:
    settings.CACHES = {**settings.CACHES, "pages": site_settings.CACHES["pages"]}
    first = client.get("/search/?q=封装", **HERE)
    for _ in range(2 * FEW):
        assert client.get("/search/?q=封装", **HERE).status_code == 200
        headers = {"if-none-match": first["ETag"]}
        assert client.get("/search/?q=封装", headers=headers, **HERE).status_code == 304
    assert statuses(client, "/search/?q=", FEW - 1, **HERE) == [200] * (FEW - 1)
    assert client.get("/search/?q=x", **HERE).status_code == 429
    assert client.get("/search/?q=封装", **HERE).status_code == 200


def test_an_account_is_counted_wherever_it_is_and_alone(client: Client, issue: Issue) -> None:
    clients = [Client(), Client()]
    for number, one in enumerate(clients):
        one.force_login(User.objects.create_user(f"member{number}"))
    assert 429 not in statuses(clients[0], "/search/?q=", FEW - 1, **HERE)
    assert 429 not in statuses(clients[0], "/search/?q=", 1, **ELSEWHERE)
    assert clients[0].get("/search/?q=x", **ELSEWHERE).status_code == 429
    assert 429 not in statuses(clients[1], "/search/?q=", FEW, **HERE)
    assert 429 not in statuses(client, "/search/?q=", FEW, **HERE)


def test_of_ipv6_a_subscriber_is_one(client: Client, issue: Issue) -> None:
    for number in range(FEW):
        asked = client.get(f"/search/?q={number}", REMOTE_ADDR=f"2001:db8:1:2::{number}")
        assert asked.status_code == 200
    assert client.get("/search/?q=x", REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert client.get("/search/?q=x", REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_nobody_makes_up_another_address(client: Client, issue: Issue, settings: Any) -> None:
    def asked(number: int) -> int:
        headers = {"x-forwarded-for": f"192.0.2.{number}"}
        return client.get(f"/search/?q={number}", headers=headers, **HERE).status_code

    assert [asked(number) for number in range(FEW + 1)] == [200] * FEW + [429]
    settings.TRUSTED_PROXIES = [HERE["REMOTE_ADDR"]]
    assert [asked(number) for number in range(FEW + 1)] == [200] * (FEW + 1)


def test_log_ins_are_counted_by_address_and_looking_at_the_form_is_not(client: Client) -> None:
    address = "/account/login/"
    assert 429 not in statuses(client, f"{address}?x=", 2 * FEW, **HERE)
    for number in range(FEW):
        assert client.post(address, {"login": f"u{number}", "password": "x"}, **HERE).status_code == 200
    refused = client.post(address, {"login": "u", "password": "x"}, **HERE)
    assert (refused.status_code, "登录" in refused.content.decode()) == (429, True)
    chief = User.objects.create_superuser("chief", password="only-for-tests")
    sent = {"login": chief.username, "password": "only-for-tests"}
    assert client.post(address, sent, **ELSEWHERE).status_code == 302, "nobody locks out another"


@pytest.mark.parametrize("address", ["/admin/desk/open/", "/admin/desk/batches/"])
def test_uploads_are_counted(address: str) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("chief"))
    for _ in range(FEW):
        assert client.post(address, {}, **HERE).status_code != 429
    refused = client.post(address, {}, **HERE)
    assert (refused.status_code, "点浏览器的“后退”" in refused.content.decode()) == (429, True)


def test_who_is_listed_is_never_limited(client: Client, issue: Issue, settings: Any) -> None:
    settings.LIMITS_LIFTED_FOR = ["203.0.113.0/24"]
    assert 429 not in statuses(client, "/search/?q=", 2 * FEW, **HERE)
    assert 429 not in statuses(client, "/search/?q=", FEW, REMOTE_ADDR="198.51.100.1")
    assert client.get("/search/?q=x", REMOTE_ADDR="198.51.100.1").status_code == 429


def test_the_log_says_it_once(client: Client, issue: Issue, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "members.limits.middleware"):
        statuses(client, "/search/?q=", 3 * FEW, **HERE)
    said = [one.getMessage() for one in caplog.records if one.name == "members.limits.middleware"]
    assert said == ["limit search: too many requests from 203.0.113.7"]


def test_what_is_kept_does_not_say_who_asked(client: Client, issue: Issue) -> None:
    statuses(client, "/search/?q=", 2, **HERE)
    path = site_settings.CACHES["shared"]["LOCATION"]
    with closing(sqlite3.connect(path)) as file:
        rows = file.execute("SELECT key, value FROM entries").fetchall()
    assert any("rate:search" in key for key, _ in rows)
    assert "203.0.113" not in repr(rows)


def test_without_the_cache_the_site_answers(
    client: Client, issue: Issue, settings: Any, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "no-folder").write_text("")
    broken = {
        "BACKEND": "config.shared_cache.SharedFileCache",
        "LOCATION": tmp_path / "no-folder" / "cache",
    }
    settings.CACHES = {**settings.CACHES, "shared": broken}
    assert statuses(client, "/search/?q=", 2 * FEW, **HERE) == [200] * 2 * FEW
    assert "nobody is limited" in caplog.text
    settings.CACHES["shared"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
    }
    assert statuses(client, "/search/?q=", 2 * FEW, **HERE) == [200] * 2 * FEW


def test_every_view_with_a_limit_exists() -> None:
    resolver = get_resolver()
    known = {
        f"{namespace}:{name}"
        for namespace, (_prefix, urls) in resolver.namespace_dict.items()
        for name in urls.reverse_dict
        if isinstance(name, str)
    }
    assert known >= {*RULES}
    assert {*resolver.namespace_dict} >= {*NAMESPACES}
    assert {rule.limit for rule in [*RULES.values(), *NAMESPACES.values()]} | {"reports"} == {
        *site_settings.LIMITS
    }


# --- Counting ------------------------------------------------------------------------------------------


def test_the_window_slides(settings: Any) -> None:
    settings.LIMITS = {"search": "10/m"}
    begin = 1_700_000_040.0  # of a minute
    assert [seconds_to_wait("search", "a", begin + 50) for _ in range(11)] == [0] * 10 + [16]
    # Ten within the last seconds of a minute are not ten more within the first of the next.
    assert seconds_to_wait("search", "a", begin + 61) == 5
    assert seconds_to_wait("search", "a", begin + 66) == 0
    assert seconds_to_wait("search", "a", begin + 67) > 0
    assert [seconds_to_wait("search", "a", begin + 180) for _ in range(10)] == [0] * 10


def test_who_waits_as_long_as_told_is_let_in_and_refusals_cost_nothing(settings: Any) -> None:
    settings.LIMITS = {"search": "7/m"}
    now = 1_700_000_040.0
    for _ in range(60):
        while not (wait := seconds_to_wait("search", "b", now)):
            now += 0.9
        assert [seconds_to_wait("search", "b", now) for _ in range(3)] == [wait] * 3
        now += wait
        assert seconds_to_wait("search", "b", now) == 0


@pytest.mark.parametrize("rate", ["", "600", "0/m", "600/x", "-1/m", "600/0m", "600/m;", "６/m", "many/m"])
def test_a_limit_that_is_none_is_refused_by_name(rate: str) -> None:
    with pytest.raises(ValueError, match=r"LIMITS: api: .* is no rate: write 600/m"):
        limits_of({"api": "600/m"}, {"api": rate})
    with pytest.raises(ValueError, match=r"LIMITS names .apis., which is no limit\. There are: api"):
        limits_of({"api": "600/m"}, {"apis": "600/m"})
