"""How long a session lasts, and where it is seen and ended."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.members.signin.people import PASSWORD, is_in

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) MicroMessenger/8.0.60"


def test_a_member_stays_two_weeks(make_user: Any, log_in: Any) -> None:
    make_user("mitglied")
    client = Client()
    with time_machine.travel(NOON, tick=False) as clock:
        answer = log_in(client, "mitglied")
        assert answer.cookies["sessionid"]["max-age"] == 14 * 24 * 3600
        clock.shift(dt.timedelta(days=13, hours=23))
        assert client.get("/account/").status_code == 200
        clock.shift(dt.timedelta(hours=2))
        assert client.get("/account/").status_code == 302


@pytest.mark.slow
@pytest.mark.parametrize(("every", "until"), [(50, dt.timedelta(hours=12)), (59, dt.timedelta(hours=12))])
def test_an_editor_works_twelve_hours(make_user: Any, log_in: Any, every: int, until: dt.timedelta) -> None:
    make_user("bianji", "编辑")
    client = Client()
    with time_machine.travel(NOON, tick=False) as clock:
        log_in(client, "bianji")
        passed = dt.timedelta(0)
        while passed + dt.timedelta(minutes=every) <= until:
            clock.shift(dt.timedelta(minutes=every))
            passed += dt.timedelta(minutes=every)
            assert client.get("/admin/").status_code == 200, passed
        clock.shift(dt.timedelta(minutes=every))
        assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
        assert not is_in(client)
        assert not UserSession.objects.exists()


def test_an_editor_who_is_away_for_an_hour_logs_in_again_and_goes_on(make_user: Any, log_in: Any) -> None:
    make_user("bianji", "编辑")
    client = Client()
    with time_machine.travel(NOON, tick=False) as clock:
        log_in(client, "bianji")
        clock.shift(dt.timedelta(minutes=61))
        asked = client.get("/admin/archive/issue/", follow=True)
        assert 'value="/admin/archive/issue/"' in asked.content.decode()
        assert not is_in(client)


def test_a_member_who_becomes_an_editor_has_an_editors_hours(make_user: Any, log_in: Any) -> None:
    user = make_user("mitglied")
    client = Client()
    with time_machine.travel(NOON, tick=False) as clock:
        log_in(client, "mitglied")
        clock.shift(dt.timedelta(hours=13))
        assert client.get("/account/").status_code == 200
        User.objects.filter(pk=user.pk).update(is_staff=True)
        assert client.get("/account/").status_code == 302


def test_that_a_session_is_used_is_written_once_in_five_minutes(make_user: Any, log_in: Any) -> None:
    make_user("mitglied")
    client = Client()
    with time_machine.travel(NOON, tick=False) as clock:
        log_in(client, "mitglied")
        for minutes, writes in ((1, 0), (3, 0), (2, 2), (1, 0)):
            clock.shift(dt.timedelta(minutes=minutes))
            with CaptureQueriesContext(connection) as queries:
                client.get("/issues/", REMOTE_ADDR="198.51.100.7")
            assert sum("UPDATE" in query["sql"] for query in queries) == writes
        seen = UserSession.objects.get()
        assert (seen.ip, seen.last_seen_at) == ("198.51.100.7", NOON + dt.timedelta(minutes=6))


def test_a_reader_without_a_session_costs_and_says_nothing_new(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies


# --- Seen and ended --------------------------------------------------------------------------------------


def test_sessions_are_shown_in_plain_words_and_ended_one_by_one(make_user: Any, log_in: Any) -> None:
    make_user("wang")
    here, phone = Client(headers={"user-agent": EDGE}), Client(headers={"user-agent": PHONE})
    log_in(here, "wang", address="192.0.2.1")
    log_in(phone, "wang", address="198.51.100.7")
    page = here.get("/account/").content.decode()
    assert "Windows 上的 Edge" in page
    assert "iPhone 上的 微信" in page
    assert "198.51.100.7" in page
    assert "Mozilla" not in page
    other = UserSession.objects.get(ip="198.51.100.7")
    told = here.post("/account/sessions/end/", {"session": other.pk}, follow=True).content.decode()
    assert "已在1处退出登录。" in told
    assert phone.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_all_others_are_ended_at_once_and_nobody_elses(make_user: Any, log_in: Any) -> None:
    make_user("wang")
    make_user("li")
    clients = [Client() for _ in range(3)]
    stranger = Client()
    for client in clients:
        log_in(client, "wang")
    log_in(stranger, "li")
    of_li = UserSession.objects.get(user__username="li").pk
    for number in (of_li, "x", "9" * 30, "-1", "²"):
        assert clients[0].post("/account/sessions/end/", {"session": number}).status_code == 404
    assert clients[0].get("/account/sessions/end/").status_code == 405
    clients[0].post("/account/sessions/end/")
    assert [client.get("/account/").status_code for client in [*clients, stranger]] == [200, 302, 302, 200]


def test_a_new_password_ends_all_other_sessions(make_user: Any, log_in: Any) -> None:
    make_user("wang")
    here, there = Client(), Client()
    log_in(here, "wang")
    log_in(there, "wang")
    sent = {"oldpassword": PASSWORD, "password1": "ein-neues-Wort-8", "password2": "ein-neues-Wort-8"}
    assert here.post("/account/password/change/", sent).status_code == 302
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_a_session_from_before_is_listed_once_it_is_used(make_user: Any) -> None:
    user = make_user("alt")
    client = Client(headers={"user-agent": EDGE})
    client.force_login(user)
    session = client.session
    for name in ("began", "seen"):
        del session[name]
    session.save()
    assert "Windows 上的 Edge" in client.get("/account/").content.decode()


def test_the_own_name_is_changed_and_nothing_else(make_user: Any, log_in: Any) -> None:
    user = make_user("wang")
    client = Client()
    log_in(client, "wang")
    client.post("/account/", {"first_name": "王小明", "is_staff": "1", "username": "chef"})
    user.refresh_from_db()
    assert (user.first_name, user.username, user.is_staff) == ("王小明", "wang", False)
    assert "150" in client.post("/account/", {"first_name": "王" * 151}).content.decode()
