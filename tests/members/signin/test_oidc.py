"""An account of an OpenID provider logs in: a real provider, on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

import oidc_provider_mock
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as site
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from tests.members.signin.people import code_now, give_totp, is_in

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")]
LOG_IN = "/account/oidc/oidc/login/"
Visit = Callable[..., HttpResponse]


@pytest.fixture
def provider() -> Iterator[str]:
    """The address of a provider that lets everyone be whom they say."""
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def visit(provider: str, settings: Any) -> Visit:
    """Goes to the provider and back: `visit(client, "wang", email="wang@example.org", email_verified=True)`."""
    settings.SOCIALACCOUNT_PROVIDERS = deepcopy(site.SOCIALACCOUNT_PROVIDERS)
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = provider

    def go(client: Client, who: str, *, process: str = "login", to: str = "", **claims: Any) -> HttpResponse:
        requests.put(f"{provider}/users/{who}", json=claims, timeout=10).raise_for_status()
        sent = client.post(f"{LOG_IN}?process={process}&next={to}")
        assert sent["Location"].startswith(f"{provider}/oauth2/authorize?")
        assert "code_challenge=" in sent["Location"]
        back = requests.post(sent["Location"], data={"sub": who}, allow_redirects=False, timeout=10)
        address = urlsplit(back.headers["Location"])
        return client.get(f"{address.path}?{address.query}")

    return go


def test_a_verified_address_joins_the_account_that_has_it(make_user: Any, visit: Visit) -> None:
    user = make_user("wang", "编辑", email="wang@example.org")
    for _ in range(2):  # the second time by the account that was joined
        client = Client()
        assert visit(client, "w1", email="Wang@example.org", email_verified=True)["Location"] == "/admin/"
        assert client.session["_auth_user_id"] == str(user.pk)
        assert SocialAccount.objects.get().user == user
    user.refresh_from_db()
    assert user.has_usable_password()


@pytest.mark.parametrize(
    ("here", "there"),
    [(True, False), (False, True), (True, None)],
    ids=["not verified there", "not verified here", "there says nothing"],
)
def test_an_address_that_one_side_has_not_verified_opens_nothing(
    make_user: Any, visit: Visit, here: bool, there: bool | None
) -> None:
    make_user("wang", email="wang@example.org", verified=here)
    if not here:
        EmailAddress.objects.create(user=User.objects.get(), email="wang@example.org", verified=False)
    client = Client()
    claims = {} if there is None else {"email_verified": there}
    answer = visit(client, "w1", email="wang@example.org", **claims)
    assert "主编邀请开通" in answer.content.decode()
    assert not is_in(client)
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 1


def test_a_deactivated_account_stays_closed(make_user: Any, visit: Visit) -> None:
    make_user("weg", email="weg@example.org", is_active=False)
    client = Client()
    visit(client, "w1", email="weg@example.org", email_verified=True)
    assert not is_in(client)


def test_it_makes_no_account_unless_one_is_let_in(visit: Visit, settings: Any, db: None) -> None:
    client = Client()
    assert (
        "主编邀请开通" in visit(client, "neu", email="neu@example.org", email_verified=True).content.decode()
    )
    assert not User.objects.exists()
    settings.SIGNUP_ALLOWED = f"{__name__}.only_neu"
    visit(client, "boese", email="boese@example.org", email_verified=True)
    visit(client, "luege", email="neu@example.org", email_verified=False)
    assert not User.objects.exists()
    visit(client, "neu", email="neu@example.org", email_verified=True)
    assert User.objects.get().email == "neu@example.org"
    assert is_in(client)


def only_neu(request: Any, *emails: str) -> bool:
    return "neu@example.org" in emails


def test_the_second_factor_is_asked_for_all_the_same(make_user: Any, visit: Visit) -> None:
    secret = give_totp(make_user("chef", "主编", email="chef@example.org"))
    client = Client()
    visit(client, "c1", email="chef@example.org", email_verified=True)
    assert not is_in(client)
    client.post("/account/2fa/authenticate/", {"code": code_now(secret)})
    assert is_in(client)


def test_one_who_is_logged_in_binds_it_and_takes_it_off(make_user: Any, log_in: Any, visit: Visit) -> None:
    make_user("wang")
    client = Client()
    log_in(client, "wang")
    assert "绑定联盟账号" in client.get("/account/3rdparty/").content.decode()
    assert visit(client, "w1", process="connect")["Location"] == "/account/3rdparty/"
    assert "绑定好了" in client.get("/account/3rdparty/").content.decode()
    again = Client()
    visit(again, "w1")
    assert is_in(again)
    assert "联盟账号" in again.get("/account/").content.decode()
    client.post("/account/3rdparty/", {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()


def test_nobody_binds_an_account_in_a_session_that_was_left_open(make_user: Any, visit: Visit) -> None:
    client = Client()
    client.force_login(make_user("wang"))
    answer = visit(client, "boese", process="connect")
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert not SocialAccount.objects.exists()


def test_a_link_alone_logs_nobody_in(visit: Visit) -> None:
    client = Client()
    page = client.get(f"{LOG_IN}?process=login").content.decode()
    assert "请从登录页或“账号”一页进入。" in page


def test_it_leads_nowhere_outside(make_user: Any, visit: Visit) -> None:
    make_user("wang", email="wang@example.org")
    client = Client()
    answer = visit(client, "w1", to="https://evil.example/", email="wang@example.org", email_verified=True)
    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    "query",
    ["", "?code=x", "?code=x&state=x", "?error=access_denied", "?error=x&state=y", "?state=%00&code=%00"],
)
def test_an_answer_to_no_question_is_refused_on_a_page(visit: Visit, query: str) -> None:
    answer = Client().get(f"/account/oidc/oidc/login/callback/{query}")
    assert answer.status_code < 500
    assert "没有登录成功" in answer.content.decode() or "取消" in answer.content.decode()


def test_a_provider_that_does_not_answer_is_said_on_a_page(make_user: Any) -> None:
    answer = Client().post(f"{LOG_IN}?process=login")  # nobody listens there
    assert answer.status_code < 500
    assert "没有登录成功" in answer.content.decode()


def test_a_provider_that_is_not_set_up_has_no_page(client: Client, db: None) -> None:
    assert client.post("/account/oidc/other/login/").status_code == 404
