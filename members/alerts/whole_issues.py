"""The weekly issue by mail, for anybody who asks for it and confirms that the address is theirs.

Each issue goes out once, when it is published and is the newest by its dates: back issues that are brought in are no
news. In a closed archive nothing of it goes out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Min
from django.urls import reverse
from django.utils import timezone

from archive.models import Article, Issue
from archive.templatetags.archive_tags import dates_text
from members import access, mailing
from members.alerts.models import Alert, Channel
from members.alerts.undeliverable import Undeliverable
from members.following import arrivals
from members.following.models import Arrival

ASK_AGAIN_AFTER = dt.timedelta(hours=1)
"""An address gets a mail that asks to confirm once in so long, whoever asks for it."""
FORGOTTEN_AFTER = dt.timedelta(days=7)
"""An address that was never confirmed."""


@dataclass(frozen=True)
class IssueContent:
    """An issue in a mail."""

    issue: Issue
    date: str
    url: str
    articles: list[tuple[Article, str]]


def is_offered() -> bool:
    """Whether the issues can be had by mail: the site sends any, and everybody may read."""
    return mailing.is_configured() and not access.is_closed()


@transaction.atomic
def ask(email: str, site: str) -> Channel | None:
    """Notes that somebody wants the issues; returns to whom a mail has to go that asks to confirm it.

    None when no mail has to: it is confirmed already, or was asked a moment ago. Who asks is told the same each time.
    """
    now = timezone.now()
    channel, is_new = Channel.objects.get_or_create(
        kind=Channel.Kind.ISSUES, email=email.lower(), defaults={"site": site, "asked_at": now}
    )
    if channel.confirmed_at or not (is_new or (channel.asked_at or now) < now - ASK_AGAIN_AFTER):
        return None
    Channel.objects.filter(pk=channel.pk).update(asked_at=now, site=site)
    channel.site = site
    return channel


def confirm(key: str) -> bool:
    """Confirms an address, from now on. Returns whether there is one with this key."""
    unconfirmed = Channel.objects.filter(kind=Channel.Kind.ISSUES, key=key, confirmed_at=None)
    unconfirmed.update(confirmed_at=timezone.now(), upto=arrivals.latest())
    return Channel.objects.filter(kind=Channel.Kind.ISSUES, key=key).exists()


def send_confirmation(channel: Channel) -> None:
    """Mails the link that confirms an address. Raises OSError."""
    link = channel.site + reverse("alerts:confirm", args=[channel.key])
    mailing.send(channel.email, "confirm_issues", link=link, days=FORGOTTEN_AFTER.days)


def delete_unconfirmed(now: dt.datetime) -> None:
    """Forgets addresses that were never confirmed."""
    Channel.objects.filter(
        kind=Channel.Kind.ISSUES, confirmed_at=None, asked_at__lt=now - FORGOTTEN_AFTER
    ).delete()


def prepare() -> None:
    """Writes down to whom the newest issue has to go, if it arrived since they were last looked at."""
    confirmed = Channel.objects.filter(kind=Channel.Kind.ISSUES).exclude(confirmed_at=None)
    newest = Issue.objects.published().first()
    latest = arrivals.latest()
    with transaction.atomic():
        waiting = confirmed.filter(upto__lt=latest).select_for_update()
        if newest is not None and not access.is_closed():
            of_issue = Arrival.objects.filter(article__issue=newest)
            first: int | None = of_issue.aggregate(first=Min("pk"))["first"]
            new = [one for one in waiting if first is not None and one.upto < first]
            Alert.objects.bulk_create(
                [Alert(channel=one, issue=newest) for one in new], batch_size=500, ignore_conflicts=True
            )
        confirmed.filter(upto__lt=latest).update(upto=latest)


def content_of(alert: Alert) -> IssueContent | None:
    """Returns the issue that is to be sent; None when it is withdrawn, or the archive was closed."""
    issue = Issue.objects.published().filter(pk=alert.issue_id or 0).first()
    if issue is None or access.is_closed():
        return None
    site = alert.channel.site
    articles = issue.articles.headings().order_by("position")
    return IssueContent(
        issue,
        dates_text(issue),
        site + issue.get_absolute_url(),
        [(article, site + article.get_absolute_url()) for article in articles],
    )


def send(alert: Alert, content: IssueContent) -> None:
    """Sends an issue to a mail box. Raises Undeliverable, or OSError when it is worth another try."""
    channel = alert.channel
    if not mailing.is_configured():
        raise Undeliverable("网站还没有设好发邮件。")
    end = channel.site + reverse("alerts:unsubscribe", args=[channel.key])
    message_id = f"<{alert.key}@{urlsplit(channel.site).hostname}>"
    mailing.send_with_way_out(channel.email, "issue", message_id, end, content=content)
