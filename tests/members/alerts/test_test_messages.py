"""A test message arrives, tells of nothing, and comes once a minute."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from members.alerts.models import Alert, Channel
from members.alerts.robots import CHATS
from tests.conftest import WeekMaker
from tests.members.alerts.work import PAGE, states, text_of, work
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", [*CHATS, "webhook"])
def test_a_test_message_arrives_and_tells_of_nothing(
    make_issue: WeekMaker,
    receiver: Receiver,
    channel: Callable[..., Channel],
    members_client: Client,
    kind: str,
) -> None:
    one = channel(kind)
    make_issue({"无关": "台积电。"})
    members_client.post(f"{PAGE}channels/{one.pk}/test/")
    work()
    (request,) = receiver.requests
    if kind == "webhook":
        told = json.loads(request.body)
        assert (told["test"], told["title"]) == (True, "测试消息")
    else:
        assert "这是一条测试消息" in text_of(request.body)
    assert "台积电" not in request.body.decode()
    page = members_client.get(PAGE).content.decode()
    assert ("测试消息" in page, "已发送" in page) == (True, True)


def test_test_messages_are_sent_once_a_minute(
    receiver: Receiver, channel: Callable[..., Channel], members_client: Client
) -> None:
    one = channel("wecom")
    for _ in range(3):
        answer = members_client.post(f"{PAGE}channels/{one.pk}/test/", follow=True)
    assert "刚给“群”发过测试消息" in answer.content.decode()
    work()
    members_client.post(f"{PAGE}channels/{one.pk}/test/")
    work()
    assert len(receiver.requests) == 1
    Alert.objects.update(created_at=timezone.now() - dt.timedelta(minutes=2))
    members_client.post(f"{PAGE}channels/{one.pk}/test/")
    work()
    assert len(receiver.requests) == 2


def test_nobody_tests_what_is_not_theirs(
    receiver: Receiver, channel: Callable[..., Channel], client: Client
) -> None:
    one = channel("wecom")
    client.force_login(User.objects.create_user("other"))
    assert client.post(f"{PAGE}channels/{one.pk}/test/").status_code == 404
    assert client.get(f"{PAGE}channels/{one.pk}/test/").status_code == 405
    assert states() == []
