"""What django-allauth asks of the site: who may sign up, who is who, where a log-in leads, how a mail goes out."""

from __future__ import annotations

import logging
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractUser, User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string

from archive.qr import qr_svg
from members.signin import devices, lockout
from members.signin.backends import account_named
from members.trail import What, record

logger = logging.getLogger(__name__)

WRONG = "账号或密码不对。密码分大小写，请再输入一次。"


def refused(error: lockout.TooManyFailures) -> ValidationError:
    """Returns what someone is told who has to wait, whether there is such an account or not."""
    return ValidationError(
        f"试的次数太多。请 {error.minutes} 分钟后再试，或者用“忘记密码”重设。", code="too_many_login_attempts"
    )


class AccountAdapter(DefaultAccountAdapter):
    """Accounts: by invitation, with tries that are counted, and log-ins that lead to a page of this site."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
        "incorrect_password": "密码不对，请再输入一次。",
        "enter_current_password": "现在的密码不对，请再输入一次。",
        "incorrect_code": "验证码不对，请输入最新的一个。",
        "email_taken": "这个邮箱已经有账号用了。",
        "duplicate_email": "这已经是您的邮箱。",
        "same_as_current": "和现在的一样，没有改动。",
        "rate_limited": "太频繁了，请过几分钟再试。",
        "invalid_or_expired_key": "链接无效或已过期。",
        "invalid_password_reset": "重设密码的链接无效或已过期，请重新申请。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return may_sign_up(request)

    # --- Logging in -------------------------------------------------------------------------------------

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractUser | None:
        login = credentials.get("username") or credentials.get("email") or ""
        address = self.get_client_ip(request)
        try:
            attempt = lockout.begin(login, address, devices.known_browser(request, login))
        except lockout.TooManyFailures as error:
            raise refused(error) from None
        user: AbstractUser | None = super().authenticate(request, **credentials)
        if user:
            lockout.succeeded(attempt)
        elif lockout.is_next_too_early(attempt):  # the same steps whether there is such an account
            record(What.LOCKED, request=request, target=account_named(login) or "")
        return user

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().post_login(request, user, **kwargs)
        devices.remember(request, response, user)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index" if request.user.is_staff else "archive:home")

    def is_safe_url(self, url: str) -> bool:
        """Only this site's own pages, where django-allauth would take any of ALLOWED_HOSTS."""
        return url_has_allowed_host_and_scheme(
            url, {self.request.get_host()}, require_https=self.request.is_secure()
        )

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has logged in within the last minutes has just said who it is."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        records = get_authentication_records(self.request, self.request.user)
        return not records or time.time() - records[-1]["at"] > app_settings.REAUTHENTICATION_TIMEOUT

    # --- Mail -------------------------------------------------------------------------------------------

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.SITE_NAME}：{subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Says so on the page when a mail could not be sent; what it was about stays as it is."""
        try:
            super().send_mail(template_prefix, email, {"site_name": settings.SITE_NAME, **context})
        except OSError as error:  # smtplib's errors are OSErrors
            logger.warning("a mail (%s) was not sent: %s", template_prefix, error)
            messages.error(self.request, "邮件没有发出去。请过一会儿再试，或者找管理员。")


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Accounts of others: they join an account that exists, or one who is invited; they make none by themselves."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "email_taken": "这个邮箱已经有账号。请先登录那个账号，再绑定%s。",
        "invalid_token": "对方没有确认是您，请再试一次。",
        "no_password": "这是唯一的登录方式。请先设一个密码，再解除绑定。",
        "connected_other": "这个外部账号已经绑在另一个账号上。",
    }

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[AbstractUser, str] | None:
        """Returns the active account for whom both sides have verified the same address."""
        for said in sociallogin.email_addresses:
            if not said.verified:
                continue
            known = EmailAddress.objects.filter(email__iexact=said.email, verified=True, user__is_active=True)
            if (found := known.select_related("user").first()) is not None:
                return found.user, found.email
        return None

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        verified = [address.email for address in sociallogin.email_addresses if address.verified]
        return may_sign_up(request, *verified)


class MFAAdapter(DefaultMFAAdapter):
    """Second factors, by their names here."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_generate_recovery_codes": "先设好验证器或通行密钥，才能有恢复码。",
    }

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def _get_site_name(self) -> str:
        return settings.SITE_NAME

    def build_totp_svg(self, url: str) -> str:
        return qr_svg(url)

    def generate_authenticator_name(self, user: AbstractUser, type: str) -> str:
        from allauth.mfa.models import Authenticator

        return f"通行密钥 {Authenticator.objects.filter(user=user, type=type).count() + 1}"


def may_sign_up(request: HttpRequest, *emails: str) -> bool:
    """Whether someone may make an account: SIGNUP_ALLOWED says so, a function that gets the same arguments.

    `emails` are addresses that another site has verified. Nobody may when the setting is empty.
    """
    return bool(settings.SIGNUP_ALLOWED) and bool(import_string(settings.SIGNUP_ALLOWED)(request, *emails))
