"""Whose password it is: what was typed names one account, or none."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractBaseUser, User
from django.http import HttpRequest

from archive.statements import Statement

_USERS = Statement(lambda ids: User.objects.filter(pk__in=ids))


class AccountBackend(AuthenticationBackend):
    """Looks at one password, of one account, or computes one hash for nobody.

    django-allauth's own tries all accounts that fit, and one that fits twice twice: that takes its time, and tells.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:
        password = credentials.get("password")
        login = credentials.get("username") or credentials.get("email")
        if not password or not login:
            return None
        user = account_named(login)
        if user is None:
            self._mitigate_timing_attack(password)
            return None
        found: AbstractBaseUser | None = self._check_password(user, password)
        return found

    def get_user(self, user_id: int) -> AbstractBaseUser | None:
        """Returns the account of a session, unless it was stopped. Each page of who is logged in asks."""
        user: AbstractBaseUser | None = next(iter(_USERS.rows([user_id])), None)
        return user if user is not None and self.user_can_authenticate(user) else None


def account_named(login: str) -> User | None:
    """Returns the account whose verified address, user name, or (if it is the only one) unverified address this is."""
    by_email = filter_users_by_email(login, prefer_verified=True, for_login=True)
    is_verified = EmailAddress.objects.filter(email=login.lower(), verified=True).exists()
    by_name = get_user_by_username(login)
    if len(by_email) == 1 and (is_verified or by_name is None):
        user: User = by_email[0]
        return user
    return by_name
