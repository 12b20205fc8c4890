"""Sends what is due, and notes what became of it.

    WAITING ─ claimed, committed ─► SENDING ─ sent ─► SENT
       ▲                               ├ refused for now ─► WAITING, later and later
       │                               ├ refused for good, or too often ─► FAILED
       └─ the worker died meanwhile ───┘ a mail is sent again, with the same Message-ID; a robot's is UNCERTAIN

Whether a message that was being sent when the worker died has gone out, nobody knows.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from members.alerts import mails, robots, webhooks, whole_issues
from members.alerts.content import content_of
from members.alerts.models import Alert, Channel
from members.alerts.outgoing import AddressRefused, Uncertain
from members.alerts.undeliverable import Undeliverable
from members.alerts.vault import Unreadable

logger = logging.getLogger(__name__)

COUNTS_AS_LOST = dt.timedelta(minutes=5)
"""After so long nobody is still sending it: a mail server has EMAIL_TIMEOUT seconds for each answer."""
FIRST_PAUSE = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(hours=6)
MAX_ATTEMPTS = 14
"""With these pauses somewhat less than two days."""
PERMANENT = 500
"""Replies of a mail server from here on mean: never."""
WAYS: Mapping[str, tuple[Callable[[Alert], Any], Callable[[Alert, Any], None]]] = {
    Channel.Kind.MAIL: (content_of, mails.send),
    Channel.Kind.ISSUES: (whole_issues.content_of, whole_issues.send),
    Channel.Kind.WEBHOOK: (content_of, webhooks.send),
    **dict.fromkeys(robots.CHATS, (content_of, robots.send)),
}
"""What a message says, and how it is sent."""
REPEATED = (Channel.Kind.MAIL, Channel.Kind.ISSUES, Channel.Kind.WEBHOOK)
"""What is sent again when nobody knows whether it came: its id says that it is the same. A chat would show it twice."""
KEPT = dt.timedelta(days=90)


def send_due(now: dt.datetime) -> dt.datetime | None:
    """Sends all that is due. Returns when the next one is; None when none waits."""
    for pk in Alert.objects.due(now).values_list("pk", flat=True):
        _send(pk, now)
    unfinished = Alert.objects.filter(state__in=[Alert.State.WAITING, Alert.State.SENDING])
    next_at: dt.datetime | None = unfinished.aggregate(next_at=Min("next_at"))["next_at"]
    return next_at


def delete_old(now: dt.datetime) -> None:
    """Deletes what was sent long ago. It is not sent again: a channel is told only of what arrives."""
    Alert.objects.filter(created_at__lt=now - KEPT).exclude(
        state__in=[Alert.State.WAITING, Alert.State.SENDING]
    ).delete()


def _send(pk: int, now: dt.datetime) -> None:
    alert = _claim(pk, now)
    if alert is None:
        return
    if alert.attempts > MAX_ATTEMPTS:  # the worker dies of it, again and again
        _note(alert, Alert.State.FAILED, "试了太多次，都没有发完。")
        return
    read, send = WAYS[alert.channel.kind]
    content = read(alert)
    if content is None:
        _note(alert, Alert.State.DROPPED)
        return
    if alert.was_interrupted and alert.channel.kind not in REPEATED:
        _note(alert, Alert.State.UNCERTAIN, "发送时中断过，可能已经送到，没有再发。")
        return
    try:
        send(alert, content)
    except SMTPRecipientsRefused as error:
        if any(code < PERMANENT for code, _ in error.recipients.values()):
            _again(alert, error)
        else:
            _note(alert, Alert.State.FAILED, "邮件服务器不收这个邮箱的邮件。")
    except (Undeliverable, AddressRefused) as refused:
        _note(alert, Alert.State.FAILED, str(refused))
    except Unreadable:
        _note(alert, Alert.State.FAILED, "网址读不出来了：网站换过密钥。请移出这个渠道，重新添加。")
    except Uncertain as error:
        if alert.channel.kind in REPEATED:
            _again(alert, error)
        else:
            logger.warning("alert %s, attempt %d, nobody knows: %s", alert.pk, alert.attempts, error)
            _note(alert, Alert.State.UNCERTAIN, "对方没有回答，可能已经送到，没有再发。")
    except OSError as error:  # SMTPException is one
        _again(alert, error)
    else:
        _note(alert, Alert.State.SENT)


def _again(alert: Alert, error: Exception) -> None:
    """Notes that a message is sent again later; or that it was tried often enough."""
    logger.warning("alert %s, attempt %d: %s", alert.pk, alert.attempts, error)
    if alert.attempts >= MAX_ATTEMPTS:
        _note(alert, Alert.State.FAILED, f"试了 {alert.attempts} 次都没有送到。（{reply_in(error)}）")
    else:
        said = f"暂时没有送到，会再试。（{reply_in(error)}）"
        _note(alert, Alert.State.WAITING, said, timezone.now() + pause_after(alert.attempts))


def reply_in(error: Exception) -> str:
    """Returns what the other side said, as it stands in an error.

    >>> reply_in(SMTPResponseException(451, b"4.7.1 try again later")), reply_in(OSError("chat.example: timed out"))
    ('451 4.7.1 try again later', 'chat.example: timed out')
    """
    text: bytes | str
    if isinstance(error, SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
    elif isinstance(error, SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    else:
        return str(error)
    return f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"


def pause_after(attempts: int) -> dt.timedelta:
    """Returns how long to wait after so many attempts.

    >>> [pause_after(number) // dt.timedelta(minutes=1) for number in (1, 2, 5, 20)]
    [1, 2, 16, 360]
    """
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)


def _claim(pk: int, now: dt.datetime) -> Alert | None:
    """Takes a message for this worker, and commits that before anything goes out."""
    with transaction.atomic():
        due = Alert.objects.due(now).select_for_update(of=("self",))
        alert = due.select_related("channel__user", "follow").filter(pk=pk).first()
        if alert is None:
            return None
        alert.was_interrupted = alert.was_interrupted or alert.state == Alert.State.SENDING
        alert.state, alert.attempts = Alert.State.SENDING, alert.attempts + 1
        alert.next_at = timezone.now() + COUNTS_AS_LOST
        alert.save(update_fields=["state", "attempts", "next_at", "was_interrupted"])
    return alert


def _note(alert: Alert, state: str, error: str = "", next_at: dt.datetime | None = None) -> None:
    now = timezone.now()
    sent_at = now if state == Alert.State.SENT else None
    own = Alert.objects.filter(pk=alert.pk, attempts=alert.attempts, state=Alert.State.SENDING)
    own.update(state=state, error=error[:300], next_at=next_at or now, sent_at=sent_at)
