"""Writes down what has to be sent: what arrived and answers a follow that somebody is told of.

What is written and how far was looked is one transaction, so that nothing is left out and nothing written twice,
whenever the worker dies; that an article is sent once is a constraint of the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from members.alerts.models import Alert, Channel, Delivery, Subscription
from members.following import arrivals
from members.following.news import news_of
from members.following.subjects import Subject, read_subjects

GATHERED_ON = 0
"""Monday: when what was gathered over a week goes out. What waits longer than a week goes out on any day."""
LONGEST = dt.timedelta(days=7)
News = dict[Subscription, Sequence[int]]
"""The articles that each of some follows is told of, the last to arrive first."""


def prepare() -> bool:
    """Writes what arrived since the last time. Returns whether all was looked at: the index may lack some yet."""
    wanted = [*_wanted()]
    subjects = read_subjects(one.follow.key for one in wanted)
    pairs = [pair for pair in zip(wanted, subjects, strict=True) if isinstance(pair[1], Subject)]
    news = news_of([(subject, one.upto) for one, subject in pairs])  # type: ignore[misc]
    found = {one: articles for (one, _), articles in zip(pairs, news.articles, strict=True) if articles}
    of_channel: dict[Channel, News] = {}
    for one, articles in found.items():
        if not one.follow.is_paused:
            of_channel.setdefault(one.channel, {})[one] = articles
    for channel, told in of_channel.items():
        _write(channel, told, news.upto)
    # The others, and those of what is paused: what arrives meanwhile is not told of later.
    rest = Subscription.objects.filter(upto__lt=news.upto)
    rest.filter(pk__in=[one.pk for one in wanted if one not in found or one.follow.is_paused]).update(
        upto=news.upto
    )
    return not wanted or news.upto >= arrivals.latest()


def gather(now: dt.datetime) -> None:
    """Makes one message for each channel of all that waited for it."""
    waiting = Delivery.objects.filter(alert=None)
    if timezone.localtime(now).weekday() != GATHERED_ON:
        waiting = waiting.filter(created_at__lt=now - LONGEST)
    for channel in Channel.objects.filter(pk__in=waiting.values("channel")):
        with transaction.atomic():
            alert = Alert.objects.create(channel=channel)
            Delivery.objects.filter(channel=channel, alert=None).update(alert=alert)


def _wanted() -> QuerySet[Subscription]:
    subscriptions = Subscription.objects.filter(channel__user__is_active=True)
    return subscriptions.select_related("channel", "follow").order_by("pk")


def _write(channel: Channel, told: News, upto: int) -> None:
    """Writes what one channel is told of: one message of all its follows, or, where it is gathered, none yet."""
    with transaction.atomic():
        # Of two workers the second finds that it is done.
        mine = [
            one for one in told if Subscription.objects.filter(pk=one.pk, upto=one.upto).update(upto=upto)
        ]
        if not mine:
            return
        alert = None
        if channel.rhythm == Channel.Rhythm.NOW:
            # Of a single follow its mail ends that one; of several, all.
            alert = Alert.objects.create(channel=channel, follow=mine[0].follow if len(mine) == 1 else None)
        Delivery.objects.bulk_create(
            [
                Delivery(channel=channel, follow=one.follow, article_id=pk, alert=alert)
                for one in mine
                for pk in told[one]
            ],
            ignore_conflicts=True,
        )
