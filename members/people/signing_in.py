"""What the people page asks of signing in: second factors, locks, passwords, addresses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.utils import timezone

from members.signin import lockout
from members.signin.models import FailedLogIn
from members.signin.second_factor import KINDS
from members.signin.tasks import reset_path

LONGEST_LOCK = max(lockout.SOURCE.longest, lockout.ACCOUNT.longest)


def with_second_factor(people: Collection[User]) -> set[int]:
    """Returns the ids of those whom a password alone does not let in."""
    factors = Authenticator.objects.filter(user__in=people, type__in=KINDS)
    return set(factors.values_list("user_id", flat=True))


def remove_second_factors(person: User) -> int:
    """Takes away all that somebody has besides a password. Returns how many second factors there were."""
    factors = Authenticator.objects.filter(user=person)
    count = factors.filter(type__in=KINDS).count()
    factors.delete()
    return count


def locked(people: Collection[User]) -> set[int]:
    """Returns the ids of those who must wait because of too many wrong passwords."""
    since: dt.datetime = timezone.now() - LONGEST_LOCK
    if not FailedLogIn.objects.filter(at__gt=since).exists():  # as nearly always: one query for all of them
        return set()
    return {person.pk for person in people if lockout.locked(person)}


def password_path(person: User) -> str:
    """Returns the path of a page where a new password is chosen: for three days, and once."""
    return reset_path(person)


def note_address(person: User, *, is_verified: bool) -> None:
    """Makes the address of an account the one that it logs in with and gets mails at, in place of others."""
    EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()
    if person.email:
        values = {"primary": True, "verified": is_verified}
        EmailAddress.objects.update_or_create(user=person, email=person.email, defaults=values)
