"""Second factors: an authenticator app, passkeys, recovery codes; who must have one, and what opens before."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache, caches
from django.test import Client

from members.signin.second_factor import lacks_second_factor
from tests.members.signin.people import PASSWORD, code_now, give_totp, is_in, kinds_of

pytestmark = pytest.mark.django_db
SET_UP = "/account/2fa/totp/activate/"


@pytest.fixture
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("page", ["/admin/", "/admin/desk/", "/admin/archive/issue/", "/admin/nowhere/"])
def test_nothing_of_the_editors_room_opens_before_a_chief_editor_has_one(
    make_user: Any, log_in: Any, page: str
) -> None:
    make_user("chef", "主编")
    client = Client()
    log_in(client, "chef")
    assert client.get(page)["Location"] == SET_UP
    assert client.post(page, {"x": "1"})["Location"] == SET_UP
    told = client.get(SET_UP).content.decode()
    assert "主编和管理员要先设好第二步验证" in told
    assert client.post("/admin/logout/").status_code == 302
    assert not is_in(client)


@pytest.mark.usefixtures("required")
def test_who_may_not_publish_needs_none(make_user: Any, admin_user: Any, log_in: Any) -> None:
    client = Client()
    client.force_login(make_user("bianji", "编辑"))
    assert client.get("/admin/").status_code == 200
    assert not lacks_second_factor(make_user("mitglied"))
    assert lacks_second_factor(admin_user)
    give_totp(admin_user)
    assert not lacks_second_factor(admin_user)


@pytest.mark.usefixtures("required")
def test_an_authenticator_is_set_up_in_one_go_and_asked_for_from_then_on(make_user: Any, log_in: Any) -> None:
    user = make_user("chef", "主编")
    client = Client()
    log_in(client, "chef")
    page = client.get("/admin/", follow=True).content.decode()
    secret = re.search(r'<code class="secret">(\w+)</code>', page)[1]  # type: ignore[index]
    assert re.search('<svg [^>]*class="qr"', page)
    assert "验证码不对" in client.post(SET_UP, {"code": "000000"}).content.decode()
    assert kinds_of(user) == set()
    codes = client.post(SET_UP, {"code": code_now(secret)}, follow=True).content.decode()
    assert kinds_of(user) == {"totp", "recovery_codes"}
    assert len(re.findall(r"<code>\d{8}</code>", codes)) == 10
    assert 'href="/admin/"' in codes
    assert client.get("/admin/").status_code == 200

    again = Client()
    assert log_in(again, "chef")["Location"] == "/account/2fa/authenticate/"
    assert again.get("/admin/")["Location"].startswith("/admin/login/")
    assert not is_in(again)
    again.post("/account/2fa/authenticate/", {"code": code_now(secret)})
    assert is_in(again)


def test_a_recovery_code_opens_once(make_user: Any, log_in: Any) -> None:
    user = make_user("chef", "主编")
    client = Client()
    log_in(client, "chef")
    secret = re.search(r'<code class="secret">(\w+)</code>', client.get(SET_UP).content.decode())[1]  # type: ignore[index]
    codes = client.post(SET_UP, {"code": code_now(secret)}, follow=True).content.decode()
    code = re.findall(r"<code>(\d{8})</code>", codes)[0]
    for opens in (True, False):
        again = Client()
        log_in(again, "chef")
        again.post("/account/2fa/authenticate/", {"code": code})
        assert is_in(again) is opens
    assert len(Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()) == 9


def test_a_code_of_the_app_opens_once(make_user: Any, log_in: Any) -> None:
    user = make_user("chef", "主编")
    code = code_now(give_totp(user))
    for opens in (True, False):
        client = Client()
        log_in(client, "chef")
        client.post("/account/2fa/authenticate/", {"code": code})
        assert is_in(client) is opens


def test_a_code_of_the_app_opens_once_whichever_worker_answers(make_user: Any, log_in: Any) -> None:
    user = make_user("chef", "主编")
    code = code_now(give_totp(user))
    for opens in (True, False):
        client = Client()
        log_in(client, "chef")
        caches["default"].clear()  # the memory of another worker
        client.post("/account/2fa/authenticate/", {"code": code if opens else f"{code[:3]} {code[3:]}"})
        assert is_in(client) is opens


def test_a_passkey_is_offered_by_our_scripts_only(make_user: Any, log_in: Any) -> None:
    make_user("chef", "主编")
    client = Client()
    log_in(client, "chef")
    page = client.get("/account/2fa/webauthn/add/").content.decode()
    options = json.loads(re.search(r'id="passkey_options"[^>]*>(.+?)</script>', page)[1])  # type: ignore[index]
    assert options["creation_options"]["publicKey"]["rp"] == {"name": "芯闻库", "id": "testserver"}
    inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page)
    assert inline
    assert all('type="application/json"' in attributes for attributes in inline)
    bad = client.post("/account/2fa/webauthn/add/", {"name": "x", "credential": "{}"})
    assert bad.status_code == 200
    response = '{"id": "eA", "rawId": "eA", "response": %s}'
    for made_up in (
        *(
            "{}",
            "[]",
            "1",
            '"x"',
            "null",
            "{",
            '{"id": "x", "response": {}}',
            response % "{}",
            response % "[1]",
        ),
        response
        % '{"clientDataJSON": "e30", "authenticatorData": "eA", "signature": "eA", "userHandle": "eA"}',
        response
        % '{"clientDataJSON": "===", "authenticatorData": 5, "signature": null, "userHandle": "\\u0000"}',
    ):
        cache.clear()  # so many a minute are let through
        answer = Client().post("/account/2fa/webauthn/login/", {"credential": made_up})
        assert answer["Location"] == "/account/login/", made_up


def test_who_proved_it_minutes_ago_is_not_asked_again_and_others_are(make_user: Any, log_in: Any) -> None:
    user = make_user("chef", "主编")
    client = Client()
    client.force_login(user)
    asked = client.get(SET_UP)
    assert asked["Location"] == f"/account/reauthenticate/?next={SET_UP.replace('/', '%2F')}"
    wrong = client.post(asked["Location"], {"password": "geraten-und-falsch"})
    assert "密码不对" in wrong.content.decode()
    right = client.post(asked["Location"], {"password": PASSWORD, "next": SET_UP})
    assert right["Location"] == SET_UP
    assert client.get(SET_UP).status_code == 200
