"""Personal tokens: what they open, for how long, and that nobody reads one anywhere."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth.models import Group, User
from django.core import serializers
from django.shortcuts import resolve_url
from django.test import Client
from django.utils import timezone

from archive.editing import attach_figure
from archive.images import prepare_image
from archive.models import Issue
from members import tokens
from members.tokens.issuing import MOST
from members.tokens.models import Token
from members.trail.models import Event
from tests.archive import makers
from tests.conftest import WeekMaker

FEED, API, PAGE = "/feeds/issues.atom", "/api/v1/issues", "/account/tokens/"


@pytest.fixture
def issue(make_issue: WeekMaker) -> Issue:
    make_issue({"草稿里的": "铠侠。"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    return make_issue({"台积电扩产": "先进封装。"})


@pytest.fixture
def token(member: User) -> str:
    return tokens.make(member, "阅读器")[1]


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def basic(token: str, name: str = "reader") -> dict[str, str]:
    return {"authorization": f"Basic {base64.b64encode(f'{name}:{token}'.encode()).decode()}"}


# --- What a token opens --------------------------------------------------------------------------------


def test_a_program_reads_with_it_what_its_member_may_read(
    client: Client, closed: None, issue: Issue, token: str
) -> None:
    for sent in (bearer(token), basic(token), {"authorization": f"bearer  {token} "}):
        assert client.get(API, headers=sent).json()["total"] == 1
        assert client.get(FEED, headers=sent).content.count(b"<entry>") == 1
    assert client.get(f"{FEED}?token={token}").content.count(b"<entry>") == 1
    assert client.get(f"/search/feed.atom?q=封装&token={token}").content.count(b"<entry>") == 1


def test_only_feeds_heed_one_in_the_address_and_nothing_repeats_it(
    client: Client, closed: None, issue: Issue, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    for address in (API, "/figures/1/"):
        assert client.get(f"{address}?token={token}").status_code == 401
    told = client.get(f"/search/?q=封装&token={token}")
    assert told["Location"].endswith("?next=/search/%3Fq%3D%25E5%25B0%2581%25E8%25A3%2585")
    html = {"accept": "text/html"}
    for address in (FEED, "/search/feed.atom?q=封装"):
        mark = "&" if "?" in address else "?"
        for headers in ({}, html):
            shown = client.get(f"{address}{mark}token={token}", headers=headers)
            assert shown.status_code == 200
            assert token not in shown.content.decode() + str(shown.headers)
    client.get(f"{FEED}?token={token[:-1]}")
    assert token[:-1] not in caplog.text
    assert FEED in caplog.text


def test_an_open_archive_does_not_repeat_one_either(
    client: Client, members_client: Client, issue: Issue, token: str
) -> None:
    for browser in (client, members_client):
        for address in ("/", "/search/?q=封装", "/trends/?q=封装"):
            mark = "&" if "?" in address else "?"
            assert token not in browser.get(f"{address}{mark}token={token}").content.decode()


def test_it_opens_no_page_no_editors_room_and_writes_nothing(
    client: Client, closed: None, issue: Issue, settings: Any, tmp_path: Any
) -> None:
    """Not even the token of a 主编, beside a session that is open."""
    settings.MEDIA_ROOT = tmp_path
    chief = User.objects.create_user("chief", is_staff=True)
    chief.groups.add(Group.objects.get(name="主编"))
    sent = bearer(tokens.make(chief, "程序")[1])
    draft = Issue.objects.get(status=Issue.Status.DRAFT)
    figure = attach_figure(draft.articles.get(), prepare_image(makers.image_bytes()))
    for address in (
        "/",
        "/articles/1/",
        "/admin/",
        f"/admin/archive/issue/{draft.pk}/change/",
        f"/preview/{draft.pk}/",
    ):
        assert client.get(address, headers=sent).status_code in (302, 404)
    assert client.get("/account/tokens/", headers=sent).status_code == 302
    client.force_login(chief)
    assert client.get(f"/figures/{figure.pk}/").status_code == 200
    assert client.get(f"/figures/{figure.pk}/", headers=sent).status_code == 404
    assert client.get(f"/api/v1/issues/{draft.slug}", headers=sent).status_code == 404
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for address in (API, FEED, f"/figures/{figure.pk}/"):
            told = client.generic(method, address, headers=sent)
            assert told.status_code == 403
            assert "只能用来读" in (told.json()["detail"] if address == API else told.content.decode())


def test_a_repeat_with_a_token_costs_a_304_and_nobody_else_gets_one(
    client: Client, closed: None, issue: Issue, member: User, token: str
) -> None:
    other = tokens.make(User.objects.create_user("other"), "另一个")[1]
    for address in (API, FEED):
        first = client.get(address, headers=bearer(token))
        assert "private" in first["Cache-Control"]
        assert "Authorization" in first["Vary"]
        for again in (bearer(token), basic(other)):
            told = client.get(address, headers={**again, "if-none-match": first["ETag"]})
            assert (told.status_code, told.content) == (304, b"")
        for stranger in ({}, bearer("xwk_made-up"), bearer(""), basic("xwk_made-up")):
            told = client.get(address, headers={**stranger, "if-none-match": first["ETag"]})
            assert told.status_code == 401
            assert not told.has_header("ETag")


# --- When it opens nothing -----------------------------------------------------------------------------


def test_one_that_ended_is_refused_in_the_words_for_one_that_never_was(
    client: Client, closed: None, member: User, issue: Issue
) -> None:
    made = {name: tokens.make(member, name) for name in ("停用", "到期", "没有了", "停用成员的")}
    tokens.revoke(made["停用"][0])
    Token.objects.filter(name="到期").update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    made["没有了"][0].delete()
    gone = User.objects.create_user("gone", is_active=False)
    Token.objects.filter(name="停用成员的").update(user=gone)
    sent = [secret for _, secret in made.values()] + [
        "xwk_made-up",
        "made-up",
        "xwk_" + "长" * 9,
        "",
        "é\x00",
    ]
    for address in (API, FEED, "/figures/1/"):
        told = {
            (answer.status_code, answer.content, answer["WWW-Authenticate"])
            for one in sent
            for answer in [client.get(address, headers=bearer(one))]
        }
        assert len(told) == 1
        status, content, challenge = told.pop()
        assert (status, 'error="invalid_token"' in challenge) == (401, True)
        assert "访问令牌无效" in content.decode()


def test_the_password_of_a_proxy_is_none_of_ours(members_client: Client, closed: None, issue: Issue) -> None:
    for value in ("Basic cmVhZGVyOnBhc3N3b3Jk", "Basic !", "Basic", "Digest x"):
        assert members_client.get(API, headers={"authorization": value}).status_code == 200
        assert Client().get(API, headers={"authorization": value}).status_code == 401


def test_its_use_is_noted_once_an_hour(
    client: Client, closed: None, issue: Issue, token: str, django_assert_max_num_queries: Any
) -> None:
    def last_used() -> dt.datetime:
        found = Token.objects.get().last_used_at
        assert found is not None
        return found

    client.get(API, headers=bearer(token))
    first = last_used()
    client.get(API, headers=bearer(token))
    assert last_used() == first
    Token.objects.update(last_used_at=first - dt.timedelta(hours=1))
    client.get(API, headers=bearer(token))
    assert last_used() >= first
    with django_assert_max_num_queries(2):  # the token, and the state of the archive
        client.get(API, headers=bearer(token))


# --- The page ------------------------------------------------------------------------------------------


def test_the_page_is_for_who_is_logged_in(client: Client, db: None) -> None:
    for answer in (client.get(PAGE), client.post(PAGE, {"name": "x"}), client.post(f"{PAGE}1/end/")):
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (
            302,
            resolve_url(site.LOGIN_URL),
        )
    assert not Token.objects.exists()


def test_a_new_token_is_shown_once_and_kept_as_a_hash(
    members_client: Client, closed: None, issue: Issue, member: User, caplog: pytest.LogCaptureFixture
) -> None:
    made = members_client.post(PAGE, {"name": " 手机上的\x07 阅读器 ", "days": "90"})
    assert "no-store" in made["Cache-Control"]
    secret = re.findall(r'<code id="secret">(xwk_[\w-]{43})</code>', made.content.decode())[0]
    assert f"http://testserver{FEED}?token={secret}" in made.content.decode()
    assert not re.search(rf'href="[^"]*{secret}', made.content.decode())
    assert Client().get(API, headers=bearer(secret)).status_code == 200
    again = members_client.get(PAGE).content.decode()
    assert secret not in again
    assert "手机上的 阅读器" in again
    token = Token.objects.get()
    assert secret[:9] in again
    assert token.expires_at is not None
    stored = serializers.serialize("json", Token.objects.all()) + json.dumps(dict(members_client.session))
    assert secret[10:] not in stored + caplog.text


def test_the_same_form_sent_twice_makes_one(members_client: Client, member: User) -> None:
    members_client.post(PAGE, {"name": "阅读器"})
    again = members_client.post(PAGE, {"name": "阅读器"})
    assert (again.status_code, "已经有这个名称的令牌" in again.content.decode()) == (400, True)
    tokens.revoke(Token.objects.get())
    assert members_client.post(PAGE, {"name": "阅读器"}).status_code == 200


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"name": " \x07 "}, "请写一个名称"),
        ({"name": "长" * 41}, "名称最多 40 个字"),
        ({"name": "x", "days": "7000"}, "请从列出的有效期里选一个"),
        ({"name": "x\0"}, "里面有不能保存的字符"),
    ],
)
def test_bad_input_is_refused_in_words(members_client: Client, sent: dict[str, str], told: str) -> None:
    answer = members_client.post(PAGE, sent)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert not Token.objects.exists()


def test_there_are_no_more_than_a_member_can_look_after(members_client: Client, member: User) -> None:
    for number in range(MOST):
        tokens.make(member, str(number))
    answer = members_client.post(PAGE, {"name": "又一个"})
    assert f"最多 {MOST} 个令牌" in answer.content.decode()
    assert Token.objects.count() == MOST


def test_a_member_revokes_one_and_nobody_anyone_elses(
    members_client: Client, closed: None, issue: Issue, member: User, token: str
) -> None:
    other, others = tokens.make(User.objects.create_user("other"), "别人的")
    assert members_client.post(f"{PAGE}{other.pk}/end/").status_code == 404
    assert "别人的" not in members_client.get(PAGE).content.decode()
    assert members_client.get(f"{PAGE}{Token.objects.get(user=member).pk}/end/").status_code == 405
    members_client.post(f"{PAGE}{Token.objects.get(user=member).pk}/end/")
    assert Client().get(API, headers=bearer(token)).status_code == 401
    assert Client().get(API, headers=bearer(others)).status_code == 200
    assert "阅读器</strong>" not in members_client.get(PAGE).content.decode()


def test_the_trail_has_its_making_first_use_and_end_and_never_the_token(
    members_client: Client, closed: None, issue: Issue, member: User
) -> None:
    token, secret = tokens.make(member, "阅读器")
    for _ in range(2):
        members_client.get(API, headers=bearer(secret))
    for _ in range(2):
        tokens.revoke(token)
    kept = [
        (event.what, event.user, event.target) for event in Event.objects.filter(what__startswith="token")
    ]
    expected = ("token_made", "token_first_used", "token_revoked")
    assert sorted(kept, key=str) == sorted(((what, member, "阅读器") for what in expected), key=str)
    assert secret not in serializers.serialize("json", Event.objects.all())


def test_the_page_says_what_it_is_for_where_everyone_may_read(members_client: Client) -> None:
    assert "对所有人开放" in members_client.get(PAGE).content.decode()


# --- Where people and programs hear of it --------------------------------------------------------------


def test_the_description_of_the_api_names_the_token_of_a_closed_archive_and_no_other(
    client: Client, members_client: Client, issue: Issue, request: pytest.FixtureRequest
) -> None:
    assert "security" not in client.get("/api/v1/openapi.json").json()
    assert "不需要密钥" in client.get("/api/v1/docs").content.decode()
    request.getfixturevalue("closed")
    described = members_client.get("/api/v1/openapi.json").json()
    assert described["security"] == [{"token": []}]
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert all("401" in one["get"]["responses"] for one in described["paths"].values())
    docs = members_client.get("/api/v1/docs").content.decode()
    assert 'href="/account/tokens/"' in docs
    assert "不需要密钥" not in docs
    assert "允许任何网站" not in docs


def test_the_page_of_a_feed_leads_to_the_tokens_where_one_is_needed(
    client: Client, members_client: Client, issue: Issue, request: pytest.FixtureRequest
) -> None:
    html = {"accept": "text/html"}
    assert PAGE not in client.get(FEED, headers=html).content.decode()
    request.getfixturevalue("closed")
    assert f'href="{PAGE}"' in members_client.get(FEED, headers=html).content.decode()
