"""JSON-RPC 2.0, as the Model Context Protocol uses it: one message in a body, no batches."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

VERSION = "2.0"


class Code(IntEnum):
    """The codes of errors: those of JSON-RPC, and those of the protocol."""

    PARSE_ERROR = -32700
    INVALID_REQUEST = -32600
    METHOD_NOT_FOUND = -32601
    INVALID_PARAMS = -32602
    HEADER_MISMATCH = -32020
    UNSUPPORTED_VERSION = -32022


class Refused(Exception):
    """A message that is not answered as it asks. Whoever sent it reads why, and what to do."""

    def __init__(self, code: Code, said: str, data: dict[str, Any] | None = None) -> None:
        super().__init__(said)
        self.code = code
        self.said = said
        self.data = data


@dataclass(frozen=True)
class Message:
    """A request, or a notification, which has no id and gets no answer."""

    method: str
    params: dict[str, Any] = field(default_factory=dict)
    id: str | int | None = None

    @property
    def is_notification(self) -> bool:
        return self.id is None


def read_message(body: bytes) -> Message:
    """Returns the message of a body. Raises Refused for what is none.

    >>> read_message(b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}')
    Message(method='ping', params={}, id=1)
    """
    given = _read_json(body)
    if isinstance(given, list):
        raise Refused(Code.INVALID_REQUEST, "一次只能发一条消息，不能发一批（数组）。请逐条发送。")
    if not isinstance(given, dict):
        raise Refused(Code.INVALID_REQUEST, "正文应该是一条 JSON-RPC 消息：一个 JSON 对象。")
    if given.get("jsonrpc") != VERSION:
        raise Refused(Code.INVALID_REQUEST, '"jsonrpc" 应该是 "2.0"。')
    method, params, id_ = given.get("method"), given.get("params", {}), given.get("id")
    if not isinstance(method, str):
        raise Refused(Code.INVALID_REQUEST, '"method" 应该是方法的名称，例如 "tools/list"。')
    if not isinstance(params, dict):
        raise Refused(Code.INVALID_REQUEST, '"params" 应该是一个 JSON 对象。')
    if "id" in given and (isinstance(id_, bool) or not isinstance(id_, str | int)):
        raise Refused(Code.INVALID_REQUEST, '"id" 应该是字符串或整数。')
    return Message(method, params, id_)


def answer(message: Message, result: dict[str, Any]) -> dict[str, Any]:
    """Returns the answer to a request."""
    return {"jsonrpc": VERSION, "id": message.id, "result": result}


def error(refused: Refused, id_: str | int | None) -> dict[str, Any]:
    """Returns the answer that tells why there is none; `id_` is None where the message could not be read."""
    told: dict[str, Any] = {"code": int(refused.code), "message": refused.said}
    if refused.data is not None:
        told["data"] = refused.data
    return {"jsonrpc": VERSION, "id": id_, "error": told}


def _read_json(body: bytes) -> Any:
    try:
        text = body.decode("utf-8")
        given = json.loads(text, parse_constant=_no_number)
        # Half of a character, `"\\ud800"`, is JSON and no text: nothing could store or send it again.
        json.dumps(given, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Refused(Code.PARSE_ERROR, f"正文不是 UTF-8 的 JSON，没有执行。（{_where(error)}）") from None
    return given


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _where(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"第 {error.lineno} 行第 {error.colno} 个字符"
    return "嵌套太深" if isinstance(error, RecursionError) else "编码或数字不对"
