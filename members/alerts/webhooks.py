"""A message for a program: JSON by POST, signed.

X-Xinwenku-Delivery    the same however often it is sent
X-Xinwenku-Timestamp   seconds since 1970
X-Xinwenku-Signature   sha256=…, HMAC-SHA256 in hexadecimal of `timestamp.body` with the webhook's secret
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

from members.alerts.content import Content
from members.alerts.models import Alert
from members.alerts.outgoing import NotSent, Reply, post
from members.alerts.undeliverable import Undeliverable

_SUCCESS, _REDIRECT, _CLIENT_ERROR, _SERVER_ERROR = 200, 300, 400, 500
_LATER = (408, 425, 429)


def send(alert: Alert, content: Content) -> None:
    """Sends a message to a program. Raises Undeliverable, Uncertain, or OSError when it is worth another try."""
    url, secret = alert.channel.open_address(), alert.channel.open_secret()
    body = json.dumps(_as_json(alert, content), ensure_ascii=False).encode()
    now = str(int(time.time()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Xinwenku-Delivery": alert.key,
        "X-Xinwenku-Timestamp": now,
        "X-Xinwenku-Signature": signature(secret, now, body),
    }
    _judge(post(url, body, headers))


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Returns what a program compares with the header."""
    signed = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"sha256={signed.hexdigest()}"


def _as_json(alert: Alert, content: Content) -> dict[str, Any]:
    return {
        "id": alert.key,
        "title": content.title,
        "test": alert.is_test,
        "count": content.count,
        "follows": [
            {
                "name": part.name,
                "url": part.url,
                "more": part.more,
                "articles": [
                    {
                        "title": item.title,
                        "passage": item.text,
                        "issue": item.issue,
                        "date": item.date,
                        "url": item.url,
                    }
                    for item in part.items
                ],
            }
            for part in content.parts
        ],
    }


def _judge(reply: Reply) -> None:
    if _SUCCESS <= reply.status < _REDIRECT:
        return
    if _REDIRECT <= reply.status < _CLIENT_ERROR:
        raise Undeliverable("对方要转到别的网址，没有跟过去。请填最后的网址。")
    if reply.status < _SERVER_ERROR and reply.status not in _LATER:
        raise Undeliverable(f"对方没有收：HTTP {reply.status}。")
    raise NotSent(f"HTTP {reply.status}")
