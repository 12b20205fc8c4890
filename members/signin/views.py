"""Pages of the own account, and the admin's log-in and log-out, which lead to the site's own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from members.signin.browsers import described
from members.signin.forms import NameForm
from members.trail import What, record

logger = logging.getLogger(__name__)


@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Shows the own account: a page of sections, each a template of the slot `account`. Takes a new name."""
    user = _own(request)
    form = NameForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "姓名改好了。")
        return redirect("account")
    return render(request, "account/account.html", {"form": form, **_sections(user)})


def _sections(user: User) -> dict[str, Any]:
    """Returns what the sections of the page show."""
    authenticators = list(Authenticator.objects.filter(user=user))
    recovery = next((each for each in authenticators if each.type == Authenticator.Type.RECOVERY_CODES), None)
    sessions = sorted(
        UserSession.objects.purge_and_list(user), key=lambda one: one.last_seen_at, reverse=True
    )
    sessions.sort(key=lambda one: not one.is_current())
    return {
        "email": EmailAddress.objects.filter(user=user, primary=True).first(),
        "has_totp": any(each.type == Authenticator.Type.TOTP for each in authenticators),
        "passkeys": [each for each in authenticators if each.type == Authenticator.Type.WEBAUTHN],
        "recovery_codes": len(recovery.wrap().get_unused_codes()) if recovery else None,
        "offers_others": bool(settings.SOCIALACCOUNT_PROVIDERS),
        "others": SocialAccount.objects.filter(user=user),
        "browsers": [(session, described(session.user_agent)) for session in sessions],
    }


@require_POST
@login_required
def end_session(request: HttpRequest) -> HttpResponse:
    """Ends one of the own sessions by its number, or all others when none is given."""
    listed = UserSession.objects.filter(user=_own(request))
    others = listed.exclude(session_key=request.session.session_key)
    if number := request.POST.get("session", ""):
        others = others.filter(pk=number) if number.isdecimal() and len(number) < 19 else others.none()
        if not others:
            raise Http404("没有这个登录，可能已经退出。")
    ended = [session.end() for session in others]
    if ended:
        record(What.SESSION_ENDED, detail=f"{len(ended)} 处")
    messages.success(request, f"已在{len(ended)}处退出登录。" if ended else "没有别处的登录。")
    return redirect("account")


def _own(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _failures_of_others() -> tuple[type[Exception], ...]:
    """Loaded when something was raised: `requests` is much code for a site where nobody signs in elsewhere."""
    from allauth.socialaccount.providers.oauth2.client import OAuth2Error
    from requests import RequestException

    return RequestException, OAuth2Error, AttributeError, LookupError, TypeError, ValueError


def told_when_others_fail(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Wraps a view that asks another site who someone is: no answer, or one that is no answer, is said on a page."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except _failures_of_others() as error:
            logger.warning(
                "%s: the other site failed (%s)", request.path, type(error).__name__
            )  # not its secrets
            return render(request, "socialaccount/authentication_error.html", status=400)

    return told


# --- The admin's ------------------------------------------------------------------------------------------


def admin_log_in(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """Leads to the site's log-in, and back. Who is logged in and may not enter is told so."""
    if not request.user.is_authenticated:
        target = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: target})}")
    if not request.user.is_staff:
        raise PermissionDenied("这个账号不能进编辑室。要开通，请找主编。")
    return redirect("admin:index")


@require_POST
def admin_log_out(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """Logs out as everywhere."""
    get_adapter().logout(request)
    messages.success(request, "已退出登录。")
    return redirect("account_login")


def admin_password(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """Leads to the site's page for a new password."""
    return redirect("account_change_password")
