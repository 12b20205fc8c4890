"""Addresses under /account/: ours, and django-allauth's behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from allauth.account import views as allauth_account
from allauth.socialaccount import views as allauth_social
from allauth.urls import build_provider_urlpatterns
from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from members.signin import step_up, views


def _flat(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    """Yields the patterns of a list, those of its includes too."""
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _flat(each.url_patterns)
        else:
            yield each


# A form that leads to another site is a form to that site, browsers say, and to whatever it passes on to. The policy of
# the two pages with such forms allows any by https; of a provider on a developer's machine, this one.
_ELSEWHERE = [
    "https:",
    *(
        app["settings"]["server_url"]
        for app in settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
        if app["settings"]["server_url"].startswith("http://")
    ),
]
_to_providers = csp_update(
    {"form-action": [SELF, *_ELSEWHERE] if settings.SOCIALACCOUNT_PROVIDERS else [SELF]}
)
# What they define is read once; each of their views is wrapped.
_providers = build_provider_urlpatterns()
for _each in _flat(_providers):
    _each.callback = views.told_when_others_fail(_each.callback)


def _mail_is_set() -> bool:
    return bool(settings.EMAIL_URL)


_said = {"MAIL_IS_SET": _mail_is_set}
_email = allauth_account.EmailView.as_view(extra_context=_said)
_forgotten = allauth_account.PasswordResetView.as_view(extra_context=_said)

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", views.account, name="account"),
    path("account/sessions/end/", views.end_session, name="account-end-session"),
    path("account/2fa/", RedirectView.as_view(pattern_name="account"), name="mfa_index"),
    path("account/login/", _to_providers(allauth_account.login), name="account_login"),
    path("account/email/", step_up(_email), name="account_email"),
    path("account/password/reset/", _forgotten, name="account_reset_password"),
    path("account/3rdparty/", _to_providers(allauth_social.connections), name="socialaccount_connections"),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/3rdparty/", include("allauth.socialaccount.urls")),
    path("account/", include(_providers)),
]
