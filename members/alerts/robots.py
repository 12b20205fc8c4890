"""A message for a robot of a group chat: WeCom, DingTalk, Feishu."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from members.alerts.content import Content, Item
from members.alerts.models import Alert, Channel
from members.alerts.outgoing import AddressRefused, NotSent, Reply, Uncertain, post, read_target
from members.alerts.undeliverable import Undeliverable

OK, TOO_MANY, UNAVAILABLE, SERVER_ERROR = 200, 429, 503, 500
PASSAGE = 160
"""Characters of a passage in a chat."""


class Chat(NamedTuple):
    """What one of them expects."""

    hosts: tuple[str, ...]
    path: str
    """How the addresses of its robots begin."""
    most_bytes: int
    """Of a message: what its documentation allows, or somewhat less."""
    too_often: tuple[int, ...]
    """What it answers to one message too many: then later."""


CHATS: Mapping[str, Chat] = {
    Channel.Kind.WECOM: Chat(("qyapi.weixin.qq.com",), "/cgi-bin/webhook/send?key=", 2048, (45009,)),
    Channel.Kind.DINGTALK: Chat(
        ("oapi.dingtalk.com",), "/robot/send?access_token=", 15_000, (130101, 660026)
    ),
    Channel.Kind.FEISHU: Chat(
        ("open.feishu.cn", "open.larksuite.com"), "/open-apis/bot/v2/hook/", 15_000, (9499, 11232)
    ),
}


def check_address(kind: str, url: str) -> None:
    """Raises AddressRefused for an address that is not one of this chat's robots."""
    chat, target = CHATS[kind], read_target(url)
    if not target.is_for_tests and (target.host not in chat.hosts or target.port != 443):
        raise AddressRefused(f"这不是{Channel.Kind(kind).label}的网址：应该是 https://{chat.hosts[0]} 的。")
    if not target.path.startswith(chat.path) or len(target.path) <= len(chat.path):
        raise AddressRefused(f"网址不完整：应该像 https://{chat.hosts[0]}{chat.path}…。请整个复制过来。")


def send(alert: Alert, content: Content) -> None:
    """Sends a message to a robot. Raises Undeliverable, Uncertain, or OSError when it is worth another try."""
    kind, url, secret = alert.channel.kind, alert.channel.open_address(), alert.channel.open_secret()
    check_address(kind, url)
    text = text_within(content, CHATS[kind].most_bytes)
    url, message = _message(kind, url, secret, text, str(int(time.time())))
    body = json.dumps(message, ensure_ascii=False).encode()
    _judge(kind, post(url, body, {"Content-Type": "application/json; charset=utf-8"}))


def text_within(content: Content, most_bytes: int) -> str:
    """Returns a message as text of so many bytes in UTF-8: the articles that have room, and how many more there are."""
    blocks = [_block(item, PASSAGE) for part in content.parts for item in part.items]
    head = f"{content.title} · {content.site_name}"
    for shown in range(len(blocks), 0, -1):
        text = _joined(head, blocks[:shown], content, shown)
        if len(text.encode()) <= most_bytes:
            return text
    first = next(item for part in content.parts for item in part.items)
    for passage in range(PASSAGE, -1, -20):
        text = _joined(head, [_block(first, passage)], content, 1)
        if len(text.encode()) <= most_bytes:
            return text
    return _joined(head[:100], [], content, 0)


def _joined(head: str, blocks: list[str], content: Content, shown: int) -> str:
    more = content.count - shown
    rest = [f"还有 {more} 篇：{content.list_url}"] if more else []
    return "\n\n".join([head, *blocks, *rest])


def _block(item: Item, passage: int) -> str:
    said = item.text if len(item.text) <= passage else item.text[:passage] + "…"
    return "\n".join(
        filter(None, [item.title, said if passage else "", f"{item.issue}，{item.date}", item.url])
    )


def _message(kind: str, url: str, secret: str, text: str, now: str) -> tuple[str, dict[str, Any]]:
    """Returns where to send it, and the message, signed where the robot has a secret."""
    if kind == Channel.Kind.FEISHU:
        signed = {"timestamp": now, "sign": _sign(f"{now}\n{secret}", b"")} if secret else {}
        return url, {**signed, "msg_type": "text", "content": {"text": text}}
    if kind == Channel.Kind.DINGTALK and secret:
        milliseconds = f"{now}000"
        sign = _sign(secret, f"{milliseconds}\n{secret}".encode())
        url = f"{url}&timestamp={milliseconds}&sign={quote_plus(sign)}"
    return url, {"msgtype": "text", "text": {"content": text}}


def _sign(key: str, message: bytes) -> str:
    return base64.b64encode(hmac.new(key.encode(), message, hashlib.sha256).digest()).decode()


def _judge(kind: str, reply: Reply) -> None:
    """Raises what the answer means, when it is not that the message was taken."""
    if reply.status in (TOO_MANY, UNAVAILABLE):
        raise NotSent(f"HTTP {reply.status}")
    if reply.status >= SERVER_ERROR:
        raise Uncertain(f"HTTP {reply.status}")
    if reply.status != OK:
        raise Undeliverable(f"机器人没有收：HTTP {reply.status}。")
    try:
        told = json.loads(reply.text)
        code = next(told[name] for name in ("errcode", "code", "StatusCode") if name in told)
    except (ValueError, TypeError, StopIteration, RecursionError):
        raise Uncertain("the answer is none of a robot's") from None
    if code in CHATS[kind].too_often:
        raise NotSent(f"code {code}")
    if code != 0:
        said = str(told.get("errmsg") or told.get("msg") or "")
        raise Undeliverable(f"机器人没有收：{code} {said}"[:300])
