"""What became of the last messages of a member, as the page of alerts lists them."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.auth.models import User

from members.alerts.models import Alert, Delivery
from members.following.models import Follow
from members.following.subjects import names_of

MOST = 20
"""Messages that the page lists."""
MOST_NAMES = 3
"""Follows that are named of one message."""


class Sent(NamedTuple):
    """A message, and what it told of."""

    alert: Alert
    about: str


def sent_to(user: User) -> list[Sent]:
    """Returns the last messages of a member, the newest first. Takes as many queries for any number of them."""
    alerts = list(Alert.objects.filter(channel__user=user).select_related("channel")[:MOST])
    told = Delivery.objects.filter(alert__in=alerts).order_by("follow__position", "follow")
    pairs = dict.fromkeys(told.values_list("alert", "follow"))
    names = names_of(Follow.objects.filter(pk__in={follow for _, follow in pairs}))
    return [
        Sent(alert, _about(alert, [names[follow] for of, follow in pairs if of == alert.pk]))
        for alert in alerts
    ]


def _about(alert: Alert, names: list[str]) -> str:
    if alert.is_test:
        return "测试消息"
    more = f"等 {len(names)} 个" if len(names) > MOST_NAMES else ""
    return "、".join(names[:MOST_NAMES]) + more or "已取消的关注"
