"""Where a member is told, and of which follows: what the buttons and the page of alerts do."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from members import mailing, trail
from members.alerts import robots, vault
from members.alerts.models import Alert, Channel, Subscription
from members.alerts.outgoing import address_of, read_target
from members.alerts.tasks import send_alerts
from members.following import arrivals
from members.following.models import Follow
from worker.backend import enqueue_once

MOST = 10
"""Robots and programs of one member."""
TEST_AGAIN_AFTER = dt.timedelta(minutes=1)
MAIL = "mail"
SHOWN = 4
"""Characters of the end of an address that are shown: enough to tell two of them apart."""


class ChannelRefused(Exception):
    """A channel that can not be had. Its owner reads it: why, and what to do."""


@dataclass(frozen=True)
class Choice:
    """A channel that a follow can be told by, and what its button says."""

    key: str
    is_on: bool
    label: str


def choices_of(user: User) -> Mapping[int, Sequence[Choice]]:
    """Returns for each follow of a member by which channels it can be told, and by which it is."""
    channels = list(Channel.objects.filter(user=user))
    told = set(Subscription.objects.filter(channel__user=user).values_list("channel", "follow"))
    mail = next((one for one in channels if one.kind == Channel.Kind.MAIL), None)
    ways = [(MAIL, mail.pk if mail else 0, "邮件提醒", "停止邮件提醒")] if mail or may_mail(user) else []
    ways += [
        (str(one.pk), one.pk, f"发到“{one}”", f"停止发到“{one}”")
        for one in channels
        if one.kind != Channel.Kind.MAIL
    ]
    return {
        follow: [
            Choice(key, is_on := (pk, follow) in told, off if is_on else on) for key, pk, on, off in ways
        ]
        for follow in Follow.objects.filter(user=user).values_list("pk", flat=True)
    }


def may_mail(user: User) -> bool:
    """Whether a member can be told by mail: the site sends any, and knows where to."""
    return mailing.is_configured() and bool(user.email)


@transaction.atomic
def tell_by_mail(follow: Follow, site: str) -> None:
    """Tells the owner of a follow by mail of what arrives from now on."""
    channel, _ = Channel.objects.get_or_create(
        user=follow.user, kind=Channel.Kind.MAIL, defaults={"site": site}
    )
    Channel.objects.filter(pk=channel.pk).update(site=site)
    tell(follow, channel)


def tell(follow: Follow, channel: Channel) -> None:
    """Tells a channel of what arrives from now on."""
    latest = {"upto": arrivals.latest()}
    Subscription.objects.get_or_create(channel=channel, follow=follow, defaults=latest)


def tell_no_more(follow: Follow, channel: Channel) -> None:
    """Ends it for one follow."""
    Subscription.objects.filter(follow=follow, channel=channel).delete()


def set_rhythm(user: User, rhythm: str) -> None:
    """Sets how often the mails of a member come. What was gathered by then still comes together."""
    Channel.objects.filter(user=user, kind=Channel.Kind.MAIL).update(rhythm=rhythm)


def add_channel(
    user: User, kind: str, name: str, address: str, *, secret: str, rhythm: str, site: str
) -> tuple[Channel, str]:
    """Adds a robot or a program; returns it, and the secret that the messages to it are signed with.

    A program that names no secret gets one. Raises AddressRefused, NotSent (the name can not be looked up),
    ChannelRefused.
    """
    if kind == Channel.Kind.WEBHOOK:
        address_of(read_target(address))
        secret = secret or secrets.token_urlsafe(32)
    else:
        robots.check_address(kind, address)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        own = Channel.objects.filter(user=user).exclude(kind=Channel.Kind.MAIL)
        if own.count() >= MOST:
            raise ChannelRefused(f"最多 {MOST} 个。请先移出不用的，再添加。")
        channel = Channel.objects.create(
            user=user,
            kind=kind,
            name=name,
            rhythm=rhythm,
            site=site,
            sealed_address=vault.seal(address),
            sealed_secret=vault.seal(secret),
            hint=f"{read_target(address).host[:80]} …{address[-SHOWN:]}",
        )
        trail.record(trail.What.CHANNEL_ADDED, by=user, target=name, detail=_said(channel))
    return channel, secret


def remove_channel(channel: Channel) -> None:
    """Forgets a channel, with its address and what it was told of."""
    with transaction.atomic():
        trail.record(trail.What.CHANNEL_REMOVED, by=channel.user, target=channel.name, detail=_said(channel))
        channel.delete()


@transaction.atomic
def ask_for_test(channel: Channel) -> bool:
    """Has a test message sent by a robot or to a program; False where one was a moment ago, or still waits."""
    Channel.objects.select_for_update().get(pk=channel.pk)  # of two clicks, the second waits
    tests = Alert.objects.filter(channel=channel, is_test=True)
    is_waiting = tests.filter(state__in=[Alert.State.WAITING, Alert.State.SENDING]).exists()
    if is_waiting or tests.filter(created_at__gt=timezone.now() - TEST_AGAIN_AFTER).exists():
        return False
    Alert.objects.create(channel=channel, is_test=True)
    enqueue_once(send_alerts)
    return True


def _said(channel: Channel) -> str:
    """What kind it is, and its host: the trail holds no part of a secret."""
    return f"{channel.get_kind_display()}，{channel.hint.partition(' …')[0]}"
