"""The way out of a mail: by the random key that only the mail has, without a log-in."""

from __future__ import annotations

from typing import NamedTuple

from members.alerts.models import Channel, Subscription
from members.following.subjects import names_of


class Mails(NamedTuple):
    """What mails are about."""

    kind: str
    """`follow`, `follows` (all of a member's), `issues` (each week's); empty for a key that nobody has."""
    name: str = ""
    """Of one follow, what its owner calls it."""


def unsubscribe(key: str, *, is_all: bool = False) -> None:
    """Ends what the mail was about; all mails of its owner with `is_all`. A key that nobody has ends nothing."""
    one = Subscription.objects.filter(key=key)
    channels = Channel.objects.filter(key=key)
    if is_all:
        channels = channels | Channel.objects.filter(subscriptions__key=key)
    Subscription.objects.filter(channel__in=channels.values("pk")).delete()
    one.delete()
    channels.filter(kind=Channel.Kind.ISSUES).delete()


def mails_of(key: str) -> Mails:
    """Returns which mails a key ends."""
    if one := Subscription.objects.select_related("follow").filter(key=key).first():
        return Mails("follow", names_of([one.follow])[one.follow_id])
    channel = Channel.objects.filter(key=key).first()
    if channel is None:
        return Mails("")
    return Mails("issues" if channel.kind == Channel.Kind.ISSUES else "follows")
