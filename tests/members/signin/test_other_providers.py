"""Feishu, DingTalk and WeChat log in: a server of this test's that speaks what their documents describe."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.dingtalk.views import DingTalkOAuth2Adapter
from allauth.socialaccount.providers.feishu.client import FeishuOAuth2Client
from allauth.socialaccount.providers.feishu.views import FeishuOAuth2Adapter
from allauth.socialaccount.providers.weixin.views import WeixinOAuth2Adapter
from django.contrib.auth.models import User
from django.test import Client

from tests.members.signin.people import is_in

pytestmark = pytest.mark.django_db
CODE, APP, TOKEN = "the-code", "a-app-token", "u-user-token"


@dataclass
class Provider:
    """What the three say to a right question; `broken` is said in place of an answer at these paths."""

    broken: dict[str, Any] = field(default_factory=dict)

    def answer(self, path: str, said: dict[str, Any], headers: Any) -> Any:
        if path in self.broken:
            return self.broken[path]
        ours = said.get("secret") or said.get("clientSecret") or said.get("app_secret")
        # open.feishu.cn/document: auth/v3 app_access_token (internal), authen/v1 access_token, authen/v1 user_info
        if path == "/open-apis/auth/v3/app_access_token/internal/":
            right = {"code": 0, "msg": "ok", "app_access_token": APP, "expire": 7140}
            return right if ours == "only-for-tests" else {"code": 10014, "msg": "app secret invalid"}
        if path == "/open-apis/authen/v1/access_token":
            if (said["code"], said["app_access_token"]) != (CODE, APP):
                return {"code": 20003, "msg": "invalid code"}
            data = {
                "access_token": TOKEN,
                "token_type": "Bearer",
                "expires_in": 6900,
                "refresh_token": "ur-1",
            }
            return {"code": 0, "msg": "success", "data": {**data, "open_id": "ou-1", "name": "王小明"}}
        if path == "/open-apis/authen/v1/user_info":
            if headers["Authorization"] != f"Bearer {TOKEN}":
                return {"code": 20005, "msg": "invalid access token"}
            data = {"name": "王小明", "open_id": "ou-1", "union_id": "on-1", "email": "wang@example.org"}
            return {"code": 0, "msg": "success", "data": data}
        # open.dingtalk.com/document: oauth2/userAccessToken, contact/users/me
        if path == "/v1.0/oauth2/userAccessToken":
            assert (said["code"], ours, said["grantType"]) == (CODE, "only-for-tests", "authorization_code")
            return {"accessToken": TOKEN, "refreshToken": "r", "expireIn": 7200, "corpId": "corp"}
        if path == "/v1.0/contact/users/me":
            assert headers["x-acs-dingtalk-access-token"] == TOKEN
            return {"nick": "王小明", "openId": "o-1", "unionId": "u-1", "email": "wang@example.org"}
        # developers.weixin.qq.com: sns/oauth2/access_token, sns/userinfo
        if path == "/sns/oauth2/access_token":
            if (said["code"], ours) != (CODE, "only-for-tests"):
                return {"errcode": 40029, "errmsg": "invalid code"}
            token = {"access_token": TOKEN, "expires_in": 7200, "refresh_token": "r", "openid": "wx-1"}
            return {**token, "scope": "snsapi_login", "unionid": "wu-1"}
        if path == "/sns/userinfo":
            assert (said["access_token"], said["openid"]) == (TOKEN, "wx-1")
            return {"openid": "wx-1", "nickname": "Wang", "sex": 0, "unionid": "wu-1"}
        raise AssertionError(path)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A server in place of the three."""
    speaks = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            address = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            said = json.loads(body) if body.startswith("{") else dict(parse_qsl(body))
            answer = speaks.answer(address.path, dict(parse_qsl(address.query)) | said, self.headers)
            content = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    here = f"http://127.0.0.1:{server.server_port}"
    for owner, name in (
        (FeishuOAuth2Client, "app_access_token_url"),
        (FeishuOAuth2Adapter, "access_token_url"),
        (FeishuOAuth2Adapter, "user_info_url"),
        (DingTalkOAuth2Adapter, "access_token_url"),
        (DingTalkOAuth2Adapter, "profile_url"),
        (WeixinOAuth2Adapter, "access_token_url"),
        (WeixinOAuth2Adapter, "profile_url"),
    ):
        monkeypatch.setattr(owner, name, here + urlsplit(getattr(owner, name)).path)
    yield speaks
    server.shutdown()
    thread.join()
    server.server_close()


WAYS = {
    "feishu": ("open.feishu.cn", "app_id", "code", "ou-1", "/open-apis/authen/v1/user_info"),
    "dingtalk": ("login.dingtalk.com", "client_id", "authCode", "o-1", "/v1.0/contact/users/me"),
    "weixin": ("open.weixin.qq.com", "appid", "code", "wx-1", "/sns/userinfo"),
}


def visit(client: Client, name: str, process: str = "login", code: str = CODE) -> Any:
    """Goes to the provider, as far as its door, and comes back with its code."""
    host, id_field, code_field, _, _ = WAYS[name]
    sent = urlsplit(client.post(f"/account/{name}/login/?process={process}")["Location"])
    asked = parse_qs(sent.query)
    assert (sent.scheme, sent.netloc, asked[id_field]) == ("https", host, ["archive"])
    assert asked["redirect_uri"] == [f"http://testserver/account/{name}/login/callback/"]
    return client.get(f"/account/{name}/login/callback/?{code_field}={code}&state={asked['state'][0]}")


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.usefixtures("provider")
def test_it_opens_the_account_to_which_it_was_bound_and_no_other(
    make_user: Any, log_in: Any, name: str
) -> None:
    user = make_user("wang", email="wang@example.org")
    stranger = Client()
    assert "需要邀请" in visit(stranger, name).content.decode()
    assert not is_in(stranger)
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 0)

    client = Client()
    log_in(client, "wang")
    visit(client, name, process="connect")
    assert SocialAccount.objects.values_list("provider", "uid").get() == (name, WAYS[name][3])

    again = Client()
    assert visit(again, name)["Location"] == "/"
    assert again.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize("name", WAYS)
def test_what_is_no_answer_is_said_on_a_page(provider: Provider, make_user: Any, name: str) -> None:
    for nonsense in ({"code": 1, "errcode": 1}, {}, [], b"<html>", b""):
        provider.broken = {WAYS[name][4]: nonsense}
        answer = visit(Client(), name)
        assert answer.status_code < 500, nonsense
        assert "没有登录成功" in answer.content.decode()


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize("name", ["feishu", "weixin"])
def test_a_made_up_code_opens_nothing(make_user: Any, name: str) -> None:
    client = Client()
    assert "没有登录成功" in visit(client, name, code="made-up").content.decode()
    assert not is_in(client)


def test_the_log_in_page_offers_what_is_set_up_and_nothing_else(client: Client, settings: Any) -> None:
    page = client.get("/account/login/").content.decode()
    assert all(f"用{name}登录" in page for name in ("联盟账号", "飞书", "钉钉", "微信"))
    settings.SOCIALACCOUNT_PROVIDERS = {"feishu": settings.SOCIALACCOUNT_PROVIDERS["feishu"]}
    page = client.get("/account/login/").content.decode()
    assert "用飞书登录" in page
    assert not any(name in page for name in ("联盟账号", "钉钉", "微信登录"))
