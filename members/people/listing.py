"""Who is there: the accounts as the list of 主编 shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.formats import date_format

from members.people import signing_in
from members.people.accounts import name_of
from members.roles import ROLES, having, role_of

INACTIVE = "停用"
GROUPS_OF_THE_LIST = (*ROLES, INACTIVE)
"""What the list can be narrowed to."""
_DAYS = {0: "今天", 1: "昨天"}


@dataclass(frozen=True, slots=True)
class Person:
    """An account, in words for 主编."""

    user: User
    has_second_factor: bool
    is_locked: bool

    @property
    def name(self) -> str:
        return name_of(self.user)

    @property
    def role(self) -> str:
        return role_of(self.user)

    @property
    def state(self) -> str:
        """停用 or 锁定; empty for one that can be used."""
        if not self.user.is_active:
            return INACTIVE
        return "锁定" if self.is_locked else ""

    @property
    def seen(self) -> str:
        """The last day on which the account was used: `今天`, `2025年3月21日`, `还没有来过`."""
        try:
            day: dt.date = self.user.last_seen.day
        except ObjectDoesNotExist:
            if self.user.last_login is None:
                return "还没有来过"
            day = timezone.localtime(self.user.last_login).date()
        return _DAYS.get((timezone.localdate() - day).days) or date_format(day, "Y年n月j日")


def people(narrowed_to: str = "", containing: str = "") -> QuerySet[User]:
    """Returns the accounts of a role, or those that are deactivated, that have this in their name or address."""
    found = having(narrowed_to) if narrowed_to in ROLES else User.objects.all()
    found = found.filter(is_active=narrowed_to != INACTIVE) if narrowed_to else found
    for word in containing.split():
        found = found.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
            | Q(username__icontains=word)
        )
    called = Coalesce(NullIf(F("first_name"), Value("")), F("username"))
    found = found.select_related("last_seen").prefetch_related("groups")
    return found.order_by("-is_active", "-is_superuser", "-is_staff", called, "pk")


def shown(users: Iterable[User]) -> list[Person]:
    """Returns accounts as the list shows them, in a fixed number of queries."""
    users = list(users)
    secured, locked = signing_in.with_second_factor(users), signing_in.locked(users)
    return [Person(user, user.pk in secured, user.pk in locked) for user in users]
