"""Robots of group chats: a message arrives once, signed, within their limits, through a real HTTP server."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from members.alerts import vault
from members.alerts.models import Alert, Channel
from members.alerts.robots import CHATS
from members.alerts.tasks import prepare_alerts, send_alerts
from tests.conftest import WeekMaker
from tests.members.alerts.work import PAGE, PATHS, SITE, states, text_of, work
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", CHATS)
def test_a_robot_gets_a_publication_once_with_passage_title_issue_date_and_address(
    make_issue: WeekMaker, receiver: Receiver, channel: Callable[..., Channel], kind: str
) -> None:
    channel(kind)
    issue = make_issue({"样品送达": "首批HBM4样品已经送达客户。", "光刻胶": "通过验证。"})
    work()
    work()
    (received,) = receiver.requests
    assert received.path == PATHS[kind]
    article = issue.articles.get(position=1)
    said = text_of(received.body)
    for part in (
        "HBM4：1 篇新文章",
        "样品送达",
        "首批HBM4样品已经送达客户。",
        "测试周报",
        "2025年3月21日",
        f"{SITE}{article.get_absolute_url()}",
    ):
        assert part in said
    assert "光刻胶" not in said
    assert states() == ["sent"]


def test_messages_are_signed_as_dingtalk_and_feishu_ask(
    make_issue: WeekMaker, receiver: Receiver, channel: Callable[..., Channel]
) -> None:
    channel("dingtalk", "SECding")
    channel("feishu", "feishu-key")
    make_issue({"样品": "HBM4。"})
    work()
    ding, feishu = sorted(receiver.requests, key=lambda one: "/robot" not in one.path)
    given = parse_qs(urlsplit(ding.path).query)
    expected = hmac.new(b"SECding", f"{given['timestamp'][0]}\nSECding".encode(), hashlib.sha256).digest()
    assert base64.b64decode(given["sign"][0]) == expected
    message = json.loads(feishu.body)
    expected = hmac.new(f"{message['timestamp']}\nfeishu-key".encode(), b"", hashlib.sha256).digest()
    assert base64.b64decode(message["sign"]) == expected


@pytest.mark.parametrize("kind", CHATS)
def test_a_message_stays_within_what_a_chat_takes(
    make_issue: WeekMaker, receiver: Receiver, channel: Callable[..., Channel], kind: str
) -> None:
    channel(kind)
    make_issue({f"{number}{'长' * 280}": f"HBM4{'很' * 500}。" for number in range(60)}, title="刊" * 190)
    work()
    said = text_of(receiver.requests[0].body)
    assert len(said.encode()) <= CHATS[kind].most_bytes
    shown = said.count(f"{SITE}/articles/")
    assert shown >= 1
    assert f"还有 {60 - shown} 篇" in said


@pytest.mark.parametrize(
    ("status", "answer", "state", "said"),
    [
        (200, '{"errcode": 45009, "code": 9499}', "waiting", ""),
        (429, "", "waiting", ""),
        (200, '{"errcode": 93000, "errmsg": "invalid webhook url"}', "failed", "invalid webhook url"),
        (404, "", "failed", "HTTP 404"),
        (302, "", "failed", "HTTP 302"),
        (500, "", "uncertain", "可能已经送到"),
        (200, "<html>", "uncertain", "可能已经送到"),
    ],
)
def test_what_a_robot_answers_decides(
    make_issue: WeekMaker, members_client: Client, receiver: Receiver, channel: Callable[..., Channel],
    status: int, answer: str, state: str, said: str,
) -> None:  # fmt: skip
    channel("wecom")
    make_issue({"样品": "HBM4。"})
    receiver.status, receiver.answer = status, answer
    work()
    assert states() == [state]
    assert said in Alert.objects.get().error
    assert said in members_client.get(PAGE).content.decode()


def test_a_robot_that_does_not_answer_or_a_worker_that_died_is_uncertain_and_not_repeated(
    make_issue: WeekMaker, receiver: Receiver, channel: Callable[..., Channel]
) -> None:
    channel("wecom")
    make_issue({"样品": "HBM4。"})
    receiver.is_silent = True
    work()
    assert states() == ["uncertain"]
    receiver.is_silent = False
    make_issue({"又": "HBM4。"}, end_date="2025-03-28")
    prepare_alerts.call()
    Alert.objects.filter(state="waiting").update(state="sending", next_at=timezone.now())
    send_alerts.call()
    send_alerts.call()
    assert states() == ["uncertain", "uncertain"]
    assert len(receiver.requests) == 1


def test_a_robot_that_is_away_is_tried_later(
    make_issue: WeekMaker, receiver: Receiver, channel: Callable[..., Channel], settings: Any
) -> None:
    one = channel("wecom")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings.ALERT_RECEIVERS_FOR_TESTS = [f"127.0.0.1:{port}"]
    Channel.objects.filter(pk=one.pk).update(
        sealed_address=vault.seal(f"http://127.0.0.1:{port}{PATHS['wecom']}")
    )
    make_issue({"样品": "HBM4。"})
    work()
    alert = Alert.objects.get()
    assert alert.state == "waiting"
    assert alert.next_at > timezone.now() + dt.timedelta(seconds=30)
