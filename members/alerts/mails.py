"""A message as mail, which one click ends (RFC 8058)."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse

from members import mailing
from members.alerts.content import Content
from members.alerts.models import Alert, Subscription
from members.alerts.undeliverable import Undeliverable


def send(alert: Alert, content: Content) -> None:
    """Sends a message to its owner's mail box. Raises Undeliverable, or OSError when it is worth another try."""
    if not mailing.is_configured():
        raise Undeliverable("网站还没有设好发邮件。")
    channel = alert.channel
    email = channel.user.email if channel.user else ""
    try:
        validate_email(email)
    except ValidationError:
        raise Undeliverable("账号没有邮箱，或者邮箱写得不对。") from None
    end = channel.site + reverse("alerts:unsubscribe", args=[_key(alert)])
    message_id = f"<{alert.key}@{urlsplit(channel.site).hostname}>"
    mailing.send_with_way_out(email, "alert", message_id, end, content=content)


def _key(alert: Alert) -> str:
    """Who ends it: of one follow, that follow; of what is gathered, all of it."""
    one = Subscription.objects.filter(channel=alert.channel, follow=alert.follow).first()
    return one.key if one else alert.channel.key
