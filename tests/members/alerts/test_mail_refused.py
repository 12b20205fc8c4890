"""Mails that are refused, interrupted or can have no address: none is lost, none has a forged header."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from members.alerts.models import Alert
from members.alerts.sending import MAX_ATTEMPTS
from members.alerts.tasks import send_alerts
from members.following.models import Follow
from tests.conftest import WeekMaker
from tests.mailbox import OK, Mailbox, header
from tests.members.alerts.work import PAGE, is_due, states, work
from worker.models import Task

pytestmark = pytest.mark.django_db


def test_a_mail_that_is_refused_for_now_is_tried_later_and_not_lost(
    make_issue: WeekMaker, told: Follow, mailbox: Mailbox
) -> None:
    make_issue({"样品": "HBM4。"})
    mailbox.answer = "451 4.7.1 try again later"
    work()
    alert = Alert.objects.get()
    assert alert.state == "waiting"
    assert alert.error == "暂时没有送到，会再试。（451 4.7.1 try again later）"
    assert alert.next_at > timezone.now()
    assert Task.objects.filter(name="members.alerts.tasks.send_alerts", run_at=alert.next_at).exists()
    send_alerts.call()
    assert Alert.objects.get().attempts == 1
    mailbox.answer = OK
    is_due()
    send_alerts.call()
    assert states() == ["sent"]
    assert len(mailbox.mails) == 1


def test_a_mail_that_is_refused_for_good_or_too_often_is_said_to_have_failed(
    make_issue: WeekMaker, members_client: Client, told: Follow, mailbox: Mailbox
) -> None:
    make_issue({"样品": "HBM4。"})
    mailbox.answer = "550 5.1.1 no such user"
    work()
    assert states() == ["failed"]
    page = members_client.get(PAGE).content.decode()
    assert "没有发出" in page
    assert "邮件服务器不收这个邮箱的邮件" in page
    Alert.objects.update(state="waiting", attempts=MAX_ATTEMPTS - 1, next_at=timezone.now())
    mailbox.answer = "451 later"
    send_alerts.call()
    assert states() == ["failed"]


@pytest.mark.parametrize("email", ["", "a@example.org\nBcc: b@example.org", "a@example.org\r\n", "nobody"])
def test_an_address_with_line_breaks_or_none_is_sent_nothing(
    make_issue: WeekMaker, told: Follow, mailbox: Mailbox, email: str
) -> None:
    User.objects.update(email=email)
    make_issue({"样品": "HBM4。"})
    work()
    assert states() == ["failed"]
    assert mailbox.mails == []


def test_a_name_with_line_breaks_is_no_header(make_issue: WeekMaker, told: Follow, mailbox: Mailbox) -> None:
    Follow.objects.update(name="甲\r\nBcc: b@example.org")
    make_issue({"样品": "HBM4。"})
    work()
    assert mailbox.mails[0]["Bcc"] is None
    assert header(mailbox.mails[0], "Subject").startswith("甲 Bcc: b@example.org：1 篇")


def test_a_mail_that_was_being_sent_is_uncertain_then_sent_again_with_the_same_id(
    make_issue: WeekMaker, members_client: Client, told: Follow, mailbox: Mailbox
) -> None:
    make_issue({"样品": "HBM4。"})
    work()
    # The worker died after the mail went out, before it was noted.
    Alert.objects.update(state="sending", sent_at=None, next_at=timezone.now() + dt.timedelta(minutes=5))
    send_alerts.call()
    assert len(mailbox.mails) == 1, "somebody may still be sending it"
    is_due()
    assert "不确定" in members_client.get(PAGE).content.decode()
    send_alerts.call()
    assert len({header(mail, "Message-ID") for mail in mailbox.mails}) == 1
    assert len(mailbox.mails) == 2
    assert states() == ["sent"]
    assert "可能收到两封同样的" in members_client.get(PAGE).content.decode()
