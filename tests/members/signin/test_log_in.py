"""Logging in: by e-mail or user name; where it leads; what a refusal says, and to whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.db import connection
from django.shortcuts import resolve_url
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.members.signin.people import PASSWORD, is_in

pytestmark = pytest.mark.django_db
WRONG = "账号或密码不对。密码分大小写，请再输入一次。"


@pytest.mark.parametrize(
    "login", ["wang", "WANG", "wang@example.org", "Wang@Example.org", " wang@example.org "]
)
def test_someone_logs_in_by_user_name_or_email(make_user: Any, log_in: Any, login: str) -> None:
    make_user("wang", email="wang@example.org")
    client = Client()
    assert log_in(client, login)["Location"] == "/"
    assert client.session["_auth_user_id"] == str(User.objects.get(username="wang").pk)


@pytest.mark.parametrize(("group", "leads_to"), [("", "/"), ("编辑", "/admin/"), ("主编", "/admin/")])
def test_a_log_in_leads_to_where_someone_works(
    make_user: Any, log_in: Any, group: str, leads_to: str
) -> None:
    make_user("wang", group)
    assert log_in(Client(), "wang")["Location"] == leads_to
    assert log_in(Client(), "wang", to="/issues/")["Location"] == "/issues/"


@pytest.mark.parametrize(
    "outside",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "http://testserver@evil.example/",
        "http://other.testserver/",
    ],
)
def test_no_log_in_leads_outside(make_user: Any, log_in: Any, outside: str) -> None:
    make_user("wang", "编辑")
    settings.ALLOWED_HOSTS.append("other.testserver")
    assert log_in(Client(), "wang", to=outside)["Location"] == "/admin/"
    client = Client()
    client.force_login(User.objects.get())
    assert client.get("/account/login/", {"next": outside})["Location"] == "/admin/"
    assert "evil" not in client.post("/account/logout/", {"next": outside})["Location"]


def test_the_admin_asks_at_the_same_door(client: Client, make_user: Any, log_in: Any) -> None:
    make_user("wang", "编辑")
    asked = client.get("/admin/archive/issue/", follow=True)
    assert asked.redirect_chain[-1][0] == "/account/login/?next=%2Fadmin%2Farchive%2Fissue%2F"
    assert 'value="/admin/archive/issue/"' in asked.content.decode()
    assert client.post("/admin/login/", {"username": "wang", "password": PASSWORD}).status_code == 302
    assert not is_in(client)
    log_in(client, "wang")
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/login/?next=//evil.example")["Location"] == "/admin/"
    left = client.post("/admin/logout/", follow=True)
    assert "已退出登录。" in left.content.decode()
    assert not is_in(client)


def test_the_settings_name_pages_that_exist() -> None:
    assert [resolve_url(getattr(settings, name)) for name in ("LOGIN_URL", "LOGIN_REDIRECT_URL")] == [
        "/account/login/",
        "/",
    ]


# --- Refusals -------------------------------------------------------------------------------------------


def test_a_member_is_told_that_the_editors_room_is_not_open(make_user: Any, log_in: Any) -> None:
    make_user("mitglied")
    client = Client()
    assert log_in(client, "mitglied", to="/admin/")["Location"] == "/admin/"
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "这个账号不能进编辑室。要开通，请找主编。" in answer.content.decode()
    assert is_in(client)


def test_only_who_knows_the_password_hears_that_an_account_is_deactivated(
    make_user: Any, log_in: Any
) -> None:
    make_user("weg", "编辑", is_active=False)
    client = Client()
    told = client.get(log_in(client, "weg")["Location"]).content.decode()
    assert "这个账号已停用。要恢复，请找主编。" in told
    assert not is_in(client)
    assert "停用" not in log_in(client, "weg", "geraten-und-falsch").content.decode()


def test_a_guess_learns_nothing_of_an_account(make_user: Any, log_in: Any) -> None:
    make_user("weg", is_active=False)
    make_user("mitglied")
    make_user("hier", "主编", email="hier@example.org")
    pages = set()
    for login in ("weg", "mitglied", "hier", "niemand", "hier@example.org", "niemand@example.org"):
        page = log_in(Client(), login, "geraten-und-falsch").content.decode()
        assert WRONG in page
        assert "<title>登录失败 · " in page
        pages.add(page.replace(login, "").split("<main")[1].split("csrfmiddlewaretoken")[0])
    assert len(pages) == 1


class CountingHasher(MD5PasswordHasher):
    """Counts what costs time: each hash that is computed."""

    computed = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).computed += 1
        encoded: str = super().encode(password, salt)
        return encoded


def test_a_refusal_takes_the_same_steps_whether_there_is_an_account(
    make_user: Any, log_in: Any, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    make_user("hier", email="hier@example.org")
    make_user("weg", is_active=False)
    without = make_user("ohne")
    without.set_unusable_password()
    without.save()
    steps = {}
    for login in ("hier", "weg", "ohne", "niemand", "hier@example.org", "niemand@example.org"):
        CountingHasher.computed = 0
        with CaptureQueriesContext(connection) as queries:
            log_in(Client(), login, "geraten-und-falsch")
        steps[login] = (CountingHasher.computed, len(queries))
    assert {login: hashes for login, (hashes, _) in steps.items()} == dict.fromkeys(steps, 1)
    assert steps["hier"] == steps["weg"] == steps["niemand"]
    assert steps["hier@example.org"][0] == steps["niemand@example.org"][0]


# --- Passwords and signing up -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("kurz-1234", "10"),
        ("83927461950284", "数字"),
        ("qwertyuiop", "常见"),
        ("wang@example.org", "相似|邮|太"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(
    make_user: Any, log_in: Any, password: str, told: str
) -> None:
    user = make_user("wang", email="wang@example.org")
    client = Client()
    log_in(client, "wang")
    sent = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    page = client.post("/account/password/change/", sent).content.decode()
    said = page.split('class="error"')[1].split("</span>")[0]
    assert any(word in said for word in told.split("|")), said
    assert not any(character.isascii() and character.isalpha() for character in said.split(">")[1]), said
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_an_old_short_password_still_opens_its_account(make_user: Any, log_in: Any) -> None:
    user = make_user("alt")
    user.set_password("kurz1")
    user.save()
    client = Client()
    log_in(client, "alt", "kurz1")
    assert is_in(client)


def test_nobody_signs_up_without_being_let_in(client: Client, settings: Any) -> None:
    sent = {"email": "neu@example.org", "password1": PASSWORD, "password2": PASSWORD}
    assert "主编邀请开通" in client.get("/account/signup/").content.decode()
    assert "主编邀请开通" in client.post("/account/signup/", sent).content.decode()
    assert not User.objects.exists()
    settings.SIGNUP_ALLOWED = f"{__name__}.let_in"
    assert client.post("/account/signup/", sent).status_code == 302
    assert User.objects.get().email == "neu@example.org"


def let_in(request: Any, *emails: str) -> bool:
    return request.path == "/account/signup/"


def test_the_admin_shows_no_secret_of_a_log_in(admin_client: Client) -> None:
    for app in ("account", "mfa", "socialaccount", "usersessions"):
        assert admin_client.get(f"/admin/{app}/").status_code == 404
