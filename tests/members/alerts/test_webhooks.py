"""A program gets JSON that is signed, and the same once more when it did not answer."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.utils import timezone

from members.alerts.models import Alert, Channel
from members.alerts.tasks import send_alerts
from members.alerts.webhooks import signature
from tests.conftest import WeekMaker
from tests.members.alerts.work import SITE, states, work
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db


def test_a_program_gets_json_that_is_signed(
    make_issue: WeekMaker, receiver: Receiver, channel: Callable[..., Channel]
) -> None:
    one = channel("webhook")
    issue = make_issue({"样品送达": "首批HBM4样品。"})
    work()
    (received,) = receiver.requests
    stamp = received.headers["X-Xinwenku-Timestamp"]
    assert received.headers["X-Xinwenku-Signature"] == signature(one.open_secret(), stamp, received.body)
    assert len(one.open_secret()) >= 32
    told = json.loads(received.body)
    assert told["id"] == received.headers["X-Xinwenku-Delivery"] == Alert.objects.get().key
    (article,) = told["follows"][0]["articles"]
    assert article == {
        "title": "样品送达", "passage": "首批HBM4样品。", "issue": "测试周报", "date": "2025年3月21日",
        "url": f"{SITE}{issue.articles.get().get_absolute_url()}#p1",
    }  # fmt: skip


def test_a_program_that_does_not_answer_gets_the_same_once_more(
    make_issue: WeekMaker, receiver: Receiver, channel: Callable[..., Channel]
) -> None:
    channel("webhook")
    make_issue({"样品": "HBM4。"})
    receiver.is_silent = True
    work()
    assert states() == ["waiting"]
    receiver.is_silent = False
    Alert.objects.update(next_at=timezone.now())
    send_alerts.call()
    assert states() == ["sent"]
    assert len({one.headers["X-Xinwenku-Delivery"] for one in receiver.requests}) == 1
    assert len(receiver.requests) == 2


def test_a_redirect_inside_is_not_followed(
    make_issue: WeekMaker, receiver: Receiver, channel: Callable[..., Channel]
) -> None:
    channel("webhook")
    make_issue({"样品": "HBM4。"})
    with Receiver() as inside:
        for status in (301, 302, 303, 307, 308):
            receiver.status, receiver.location = status, f"http://127.0.0.1:{inside.port}/admin"
            Alert.objects.update(state="waiting", next_at=timezone.now())
            work()
            assert states() == ["failed"]
            assert "要转到别的网址" in Alert.objects.get().error
        assert inside.requests == []
    assert len(receiver.requests) == 5
