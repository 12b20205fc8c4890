"""Providers are named by the environment."""

from __future__ import annotations

import pytest
from environs import Env, EnvError

from members.signin.providers import configured


def test_none_is_set_up_by_default() -> None:
    assert configured(Env()) == {}


def test_each_is_set_up_by_its_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "OIDC_SERVER_URL": "https://id.example.org/realms/alliance/",
        "OIDC_CLIENT_ID": "archive",
        "OIDC_CLIENT_SECRET": "s",
        "OIDC_NAME": "联盟账号",
        "WEIXIN_CLIENT_ID": "wx1",
        "WEIXIN_CLIENT_SECRET": "s2",
    }.items():
        monkeypatch.setenv(name, value)
    found = configured(Env())
    assert list(found) == ["openid_connect", "weixin"]
    app = found["openid_connect"]["APPS"][0]
    assert (app["name"], app["settings"]["server_url"]) == (
        "联盟账号",
        "https://id.example.org/realms/alliance",
    )
    assert found["weixin"]["APPS"] == [{"client_id": "wx1", "secret": "s2", "name": "微信"}]


def test_half_of_one_is_refused_by_the_name_of_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEISHU_CLIENT_ID", "cli_1")
    with pytest.raises(EnvError, match="FEISHU_CLIENT_SECRET"):
        configured(Env())
