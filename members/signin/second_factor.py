"""Who must have a second factor: whoever may publish. Nothing of the editors' room opens to them before."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from archive.addresses import address_of

KINDS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
MAY_PUBLISH = "archive.publish_issue"


def has_second_factor(user: User) -> bool:
    """Whether a password alone does not open this account."""
    return is_mfa_enabled(user, KINDS)


def lacks_second_factor(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether this account must have a second factor, and has none."""
    return (
        settings.SECOND_FACTOR_REQUIRED
        and isinstance(user, User)
        and user.has_perm(MAY_PUBLISH)
        and not has_second_factor(user)
    )


class SecondFactorMiddleware:
    """Sends whoever lacks a second factor to the page that sets one up, from any page of the editors' room."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        room = address_of("admin:index")
        is_open = request.path_info in (address_of("admin:login"), address_of("admin:logout"))
        if request.path_info.startswith(room) and not is_open and lacks_second_factor(request.user):
            messages.info(request, "主编和管理员要先设好第二步验证，才能进编辑室。只设这一次。")
            return redirect("mfa_activate_totp")
        return self._get_response(request)
