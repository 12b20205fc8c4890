"""Accounts of others that log in here: OIDC, Feishu, DingTalk, WeChat. Each by the environment, none by default."""

from __future__ import annotations

from typing import Any

from environs import Env

OTHERS = {"feishu": "飞书", "dingtalk": "钉钉", "weixin": "微信"}
"""Provider of django-allauth → its name on the log-in page. OIDC's name is a setting."""


def configured(env: Env) -> dict[str, Any]:
    """Returns SOCIALACCOUNT_PROVIDERS: those providers whose id and secret are in the environment.

    OIDC has OIDC_SERVER_URL, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and OIDC_NAME; the others have FEISHU_CLIENT_ID,
    FEISHU_CLIENT_SECRET and so on.
    """
    found: dict[str, Any] = {}
    if server := env.str("OIDC_SERVER_URL", ""):
        app = {
            "provider_id": "oidc",
            "name": env.str("OIDC_NAME", "单点登录"),
            "client_id": env.str("OIDC_CLIENT_ID"),
            "secret": env.str("OIDC_CLIENT_SECRET"),
            "settings": {"server_url": server.rstrip("/")},
        }
        found["openid_connect"] = {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
    for provider, name in OTHERS.items():
        prefix = provider.upper()
        if client_id := env.str(f"{prefix}_CLIENT_ID", ""):
            secret = env.str(f"{prefix}_CLIENT_SECRET")
            found[provider] = {"APPS": [{"client_id": client_id, "secret": secret, "name": name}]}
    return found
