"""What the tests of alerts share: where things are, and the worker's turn."""

from __future__ import annotations

import json

from django.utils import timezone

from members.alerts.models import Alert
from members.alerts.robots import CHATS
from members.alerts.tasks import prepare_alerts, send_alerts

SITE = "https://archive.example.org"
PAGE = "/following/alerts/"
KEY = "0123456789abcdef"
PATHS = {kind: f"{chat.path}{KEY}" for kind, chat in CHATS.items()} | {"webhook": "/hook"}


def work() -> None:
    """Does what the worker does after a change."""
    prepare_alerts.call()
    send_alerts.call()


def states() -> list[str]:
    """Returns the states of the messages, the first one first."""
    return [*Alert.objects.order_by("pk").values_list("state", flat=True)]


def is_due() -> None:
    """Ends the pause before the next attempt."""
    Alert.objects.update(next_at=timezone.now())


def text_of(body: bytes) -> str:
    """Returns what a robot's message says."""
    message = json.loads(body)
    return str(message["text"]["content"] if "text" in message else message["content"]["text"])
