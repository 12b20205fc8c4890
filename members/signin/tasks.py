"""What the worker does about log-ins: sends the mail for a new password, and forgets failures that no longer count."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django_tasks import task

from members.signin import lockout
from members.trail import What, record

AGAIN_AFTER_SECONDS = 180
"""Nobody's mailbox is filled: one address gets no second mail within so long."""


@task()
def send_reset_mail(email: str, origin: str) -> None:
    """Sends a link for a new password to an address, if an account that may log in has it.

    `origin` is the site's, as whoever asked saw it: `https://digest.example.org`.
    """
    if not cache.add(f"members.signin.reset:{lockout.key_of(email)}", True, AGAIN_AFTER_SECONDS):
        return
    for user in filter_users_by_email(email, is_active=True, prefer_verified=True):
        record(What.PASSWORD_RESET_ASKED, target=user)
        send_mail(
            f"{settings.SITE_NAME}：重设密码",
            render_to_string(
                "account/email/password_reset_key_message.txt",
                {"user": user, "url": origin + reset_path(user), "site_name": settings.SITE_NAME},
            ),
            None,
            [email],
        )


def reset_path(user: User) -> str:
    """Returns the path of the page where someone sets a new password, which is good for one time and three days."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})


@task()
def delete_old_failures() -> None:
    """Deletes the failed log-ins that no longer count."""
    lockout.prune()
