"""How often a password, or the code of a second factor, may be tried.

Each try is counted before it is looked at, and taken back when it was right; so many tries at once are not free. One
mechanism for all of it, in the database, which every process shares; django-allauth's own limit of log-ins is off: it
counts for an account as a whole, so whoever hammers an account keeps its owner out.

    SOURCE    one account, tried from one address or by one browser that it knows
    ACCOUNT   one account, tried from anywhere by browsers that it does not know
    ADDRESS   one address (of IPv6 a network), trying any accounts

A try that comes too early is refused unread, and does not count: nobody makes a wait longer by knocking. A browser in
which someone has logged in to the account (members/signin/devices) is counted by itself, so the owner's own browser
answers to nobody else's tries. A new password by mail unlocks the account, and so does a 主编.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from members.signin.models import FailedLogIn

REMEMBERED = dt.timedelta(hours=24)
IPV6_PREFIX = 64
"""Bits that a subscriber's network has: below it, everyone has addresses without end."""


@dataclass(frozen=True, slots=True)
class Rule:
    """So many failures are free; from then on each doubles the wait, from a minute up to `longest`."""

    free: int
    longest: dt.timedelta

    def wait(self, failures: int) -> dt.timedelta:
        """Returns how long after the last failure the next try may come.

        >>> Rule(5, dt.timedelta(minutes=60)).wait(4)
        datetime.timedelta(0)
        >>> [int(Rule(5, dt.timedelta(minutes=60)).wait(n) / dt.timedelta(minutes=1)) for n in (5, 6, 7, 500)]
        [1, 2, 4, 60]
        """
        if failures < self.free:
            return dt.timedelta(0)
        return min(dt.timedelta(minutes=2 ** min(failures - self.free, 20)), self.longest)


SOURCE = Rule(5, dt.timedelta(hours=1))
ACCOUNT = Rule(50, dt.timedelta(minutes=15))
ADDRESS = Rule(40, dt.timedelta(minutes=15))


class TooManyFailures(Exception):
    """The next try may come at `until`."""

    def __init__(self, until: dt.datetime) -> None:
        super().__init__(until)
        self.until = until

    @property
    def minutes(self) -> int:
        """How many minutes that is from now, at least one."""
        return max(1, -int((timezone.now() - self.until) // dt.timedelta(minutes=1)))


def begin(login: str, address: str, device: str = "") -> FailedLogIn:
    """Counts a try as a failure, until `succeeded` takes it back. Raises TooManyFailures when it comes too early.

    `login` is what names the account (what was typed), `address` the client's, `device` the number of a browser that
    the account knows. On PostgreSQL, tries at the very same moment may each be let through: one for each thread.
    """
    key, source = key_of(login), network_of(address)
    with transaction.atomic():
        now = timezone.now()
        recent = FailedLogIn.objects.filter(at__gt=now - REMEMBERED, at__lte=now)
        until = max(_allowed_at(recent, key, source, device), default=now)
        if until > now:
            raise TooManyFailures(until)
        return FailedLogIn.objects.create(login=key, address=source, device=device, at=now)


def succeeded(attempt: FailedLogIn) -> None:
    """Forgets a try that was right, and those before it for the same account from the same place."""
    FailedLogIn.objects.filter(login=attempt.login, address=attempt.address, device=attempt.device).delete()


def is_next_too_early(attempt: FailedLogIn) -> bool:
    """Whether one more try of the same from the same place would be refused now."""
    recent = FailedLogIn.objects.filter(at__gt=attempt.at - REMEMBERED)
    until = max(_allowed_at(recent, attempt.login, attempt.address or "", attempt.device), default=None)
    return until is not None and until > timezone.now()


def locked(user: User) -> dt.datetime | None:
    """Returns until when someone has to wait before the next try for this account, from the place that waits longest.

    None when nobody waits. Someone at another place may not have to wait.
    """
    now = timezone.now()
    recent = FailedLogIn.objects.filter(login__in=_keys_of(user), at__gt=now - REMEMBERED)
    places = recent.values_list("login", "address", "device").distinct()
    waits = [
        _until(recent.filter(login=key, address=place, device=device), SOURCE)
        for key, place, device in places
    ]
    waits += [_until(recent.filter(login=key, device=""), ACCOUNT) for key in {key for key, _, _ in places}]
    latest = max((until for until in waits if until), default=None)
    return latest if latest and latest > now else None


def unlock(user: User, by: User | None = None) -> int:
    """Forgets all failures for an account, and returns how many there were. Nobody has to wait any more.

    `by` is who does it, if it is somebody else: the trail has it when there was something to forget.
    """
    from members.trail import What, record  # not loaded yet when models import this room

    with transaction.atomic():
        deleted, _ = FailedLogIn.objects.filter(login__in=_keys_of(user)).delete()
        if deleted:
            record(What.UNLOCKED, by=by, target=user)
    return deleted


def prune() -> int:
    """Deletes what no longer counts, and returns how much that was."""
    deleted, _ = FailedLogIn.objects.filter(at__lte=timezone.now() - REMEMBERED).delete()
    return deleted


def key_of(login: str) -> str:
    """Returns what stands for a name that was typed: the same for all its writings, and not to be read back."""
    folded = unicodedata.normalize("NFKC", login).casefold().strip()
    return salted_hmac("members.signin.lockout", folded, algorithm="sha256").hexdigest()


def names_of(user: User) -> set[str]:
    """Returns everything that can be typed to log in to an account."""
    from allauth.account.models import EmailAddress  # not loaded yet when models import this room

    addresses = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return {name for name in (user.username, user.email, *addresses) if name}


def second_factor_of(user: User) -> str:
    """Returns the name under which tries of an account's second factor are counted. No one can type it as a log-in."""
    return f"\n{user.pk}"


def network_of(address: str) -> str:
    """Returns whose address that is, as far as one can tell: of IPv6 the network.

    >>> network_of("2001:db8:1:2:3::4"), network_of("192.0.2.7")
    ('2001:db8:1:2::', '192.0.2.7')
    """
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((parsed, IPV6_PREFIX), strict=False).network_address)
    return address


def _keys_of(user: User) -> list[str]:
    return [key_of(name) for name in (*names_of(user), second_factor_of(user))]


def _allowed_at(recent: QuerySet[FailedLogIn], key: str, address: str, device: str) -> Iterator[dt.datetime]:
    """Yields when each rule lets the next try through, of those that have something to say."""
    strangers = recent.filter(device="")
    rules = (
        [(recent.filter(login=key, device=device), SOURCE)]
        if device
        else [
            (strangers.filter(login=key, address=address), SOURCE),
            (strangers.filter(login=key), ACCOUNT),
            (strangers.filter(address=address), ADDRESS),
        ]
    )
    for failures, rule in rules:
        if until := _until(failures, rule):
            yield until


def _until(failures: QuerySet[FailedLogIn], rule: Rule) -> dt.datetime | None:
    found = failures.aggregate(count=Count("pk"), last=Max("at"))
    return found["last"] + rule.wait(found["count"]) if found["last"] else None
