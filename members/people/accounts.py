"""Accounts by their address."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet


def having_email(email: str) -> QuerySet[User]:
    """Returns the accounts that have this address, or log in with it; capitals make no difference."""
    others = EmailAddress.objects.filter(email__iexact=email).values("user")
    return User.objects.filter(Q(email__iexact=email) | Q(username__iexact=email) | Q(pk__in=others))


def name_of(person: User) -> str:
    """Returns what people call somebody: their name, or else what they log in with."""
    return person.get_full_name() or person.get_username()
