"""What the tests of logging in share."""

from __future__ import annotations

import secrets
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.test import Client

PASSWORD = "ein-langes-Wort-7"


def is_in(client: Client) -> bool:
    """Whether someone is logged in."""
    return "_auth_user_id" in client.session


def give_totp(user: User) -> str:
    """Sets up an authenticator app, and returns its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def code_now(secret: str, ahead: int = 0) -> str:
    """Returns what the app shows, or what it will show so many half minutes later: a code opens once."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + ahead))


def wrong_password() -> str:
    return secrets.token_hex(8)


def kinds_of(user: User) -> set[str]:
    """Returns which second factors an account has."""
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
