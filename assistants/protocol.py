"""The Model Context Protocol's methods, in the revisions that clients speak.

Until 2025-11-25 a client begins with `initialize`; since 2026-07-28 each request says in `_meta` of which revision it
is and what its client can do. Nothing is remembered between requests in either: there is no session.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from pydantic import BaseModel, ValidationError

from archive.markdown import Absolute
from assistants import resources
from assistants.messages import Code, Message, Refused
from assistants.tools import TOOLS
from assistants.tools.base import NothingThere

HANDSHAKE = ("2025-03-26", "2025-06-18", "2025-11-25")
"""Revisions that begin with `initialize`; the last is what others are offered."""
STATELESS = ("2026-07-28",)
"""Revisions of which each request stands for itself."""
VERSIONS = (*HANDSHAKE, *STATELESS)
VERSION_HEADER = "MCP-Protocol-Version"
_OURS = "io.modelcontextprotocol/"
_MIRRORED = {"tools/call": "name", "resources/read": "uri"}
"""Methods whose object stands in the header Mcp-Name, too, and the parameter that names it."""
_BASE64 = re.compile(r"=\?base64\?(.*)\?=")
_LISTS_HOLD_MS, _CONTENT_HOLDS_MS = 3_600_000, 60_000
"""How long a client may use again what it was told: lists of what can be asked, and what the archive says."""
INSTRUCTIONS = (
    "{site}是半导体周报的文库：每周一期，每期若干篇短文，全部可以搜索。先用 search 找（关键词要短），"
    "再用 read_article 读全文；问某个公司、产品、工艺用 topic，问热度变化用 trend，"
    "问这周有什么新的用 read_issue 或 changed_since。"
    "只说文库里有的；每个结论都写出处：标题、刊名、日期、网址。没有找到就说没有找到。"
)


def answer(message: Message, headers: Mapping[str, str], absolute: Absolute) -> dict[str, Any] | None:
    """Returns the result of a request; None for a notification. Raises Refused."""
    is_stateless = _is_stateless(message, headers)
    if message.is_notification:
        return None
    methods = _STATELESS_METHODS if is_stateless else _HANDSHAKE_METHODS
    method = methods.get(message.method)
    if method is None:
        known = "、".join(methods)
        raise Refused(Code.METHOD_NOT_FOUND, f"没有“{message.method[:100]}”这个方法。有：{known}。")
    result = method(message.params, absolute)
    return {**result, "resultType": "complete", **_lifetime(message.method)} if is_stateless else result


def is_stateless(headers: Mapping[str, str]) -> bool:
    """Whether a request is of a revision in which each request stands for itself."""
    return headers.get(VERSION_HEADER) in STATELESS


# --- Revisions -----------------------------------------------------------------------------------------


def _is_stateless(message: Message, headers: Mapping[str, str]) -> bool:
    """Whether a message is of a revision without `initialize`. Raises Refused where it says so wrongly."""
    version = headers.get(VERSION_HEADER, HANDSHAKE[0])
    if message.method == "initialize" and version not in STATELESS:
        return False
    meta = message.params.get("_meta")
    told = meta.get(f"{_OURS}protocolVersion") if isinstance(meta, dict) else None
    if version not in VERSIONS:
        raise _unsupported(version)
    if version in HANDSHAKE:
        if told is not None:
            raise Refused(
                Code.HEADER_MISMATCH, f"正文说的版本是 {str(told)[:40]}，请求头 {VERSION_HEADER} 里也要写上。"
            )
        return False
    if not message.is_notification:
        _check_envelope(message, headers, meta, version)
    return True


def _check_envelope(message: Message, headers: Mapping[str, str], meta: Any, version: str) -> None:
    """Raises Refused unless `_meta` says what it must, and the headers say what the message does."""
    wanted = [f"{_OURS}protocolVersion", f"{_OURS}clientCapabilities"]
    lacking = [name for name in wanted if not isinstance(meta, dict) or name not in meta]
    if lacking:
        raise Refused(Code.INVALID_PARAMS, f"params._meta 里少了 {'、'.join(lacking)}。")
    if not isinstance(meta[wanted[0]], str) or not isinstance(meta[wanted[1]], dict):
        raise Refused(Code.INVALID_PARAMS, f"{wanted[0]} 应该是字符串，{wanted[1]} 应该是对象。")
    mirrored = {VERSION_HEADER: meta[wanted[0]], "Mcp-Method": message.method}
    if message.method in _MIRRORED:
        mirrored["Mcp-Name"] = message.params.get(_MIRRORED[message.method])
    for header, value in mirrored.items():
        if isinstance(value, str) and _decoded(headers.get(header)) != value:
            raise Refused(Code.HEADER_MISMATCH, f"请求头 {header} 应该和正文一样，写“{value[:100]}”。")


def _unsupported(version: str) -> Refused:
    said = f"不支持协议版本“{version[:40]}”。支持：{'、'.join(VERSIONS)}。"
    return Refused(Code.UNSUPPORTED_VERSION, said, {"supported": list(VERSIONS), "requested": version})


def _decoded(value: str | None) -> str | None:
    """Returns the value of a header; one that is no ASCII comes as `=?base64?…?=`."""
    found = _BASE64.fullmatch(value or "")
    if not found:
        return value
    try:
        return base64.b64decode(found[1], validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None


def _lifetime(method: str) -> dict[str, Any]:
    """Whether an answer may be used again: never for another reader, because an archive may be closed."""
    if method in ("server/discover", "tools/list", "resources/templates/list"):
        return {"ttlMs": _LISTS_HOLD_MS, "cacheScope": "private"}
    if method in ("resources/list", "resources/read"):
        return {"ttlMs": _CONTENT_HOLDS_MS, "cacheScope": "private"}
    return {}


# --- Methods -------------------------------------------------------------------------------------------


def _initialize(params: dict[str, Any], absolute: Absolute) -> dict[str, Any]:
    asked = params.get("protocolVersion")
    if not isinstance(asked, str):
        raise Refused(Code.INVALID_PARAMS, "protocolVersion 应该是协议版本，例如 2025-11-25。")
    return {
        "protocolVersion": asked if asked in HANDSHAKE else HANDSHAKE[-1],
        "capabilities": _CAPABILITIES,
        "serverInfo": _server(absolute),
        "instructions": _instructions(),
    }


def _discover(params: dict[str, Any], absolute: Absolute) -> dict[str, Any]:
    return {
        "supportedVersions": list(VERSIONS),
        "capabilities": _CAPABILITIES,
        "instructions": _instructions(),
        "_meta": {f"{_OURS}serverInfo": _server(absolute)},
    }


def _list_tools(params: dict[str, Any], absolute: Absolute) -> dict[str, Any]:
    return {"tools": [tool.listed() for tool in TOOLS.values()]}


def _call_tool(params: dict[str, Any], absolute: Absolute) -> dict[str, Any]:
    """Does what a tool does. Arguments that make no sense are told as its answer: the model tries again with others."""
    name, given = params.get("name"), params.get("arguments")
    tool = TOOLS.get(name) if isinstance(name, str) else None
    if tool is None:
        raise Refused(Code.INVALID_PARAMS, f"没有“{str(name)[:100]}”这个工具。有：{'、'.join(TOOLS)}。")
    try:
        arguments = tool.arguments.model_validate({} if given is None else given)
        told = tool.run(arguments, absolute)
    except ValidationError as error:
        return _failed(f"参数不合要求，没有执行。{_said(error, tool.arguments)}")
    except NothingThere as nothing:
        return _failed(str(nothing))
    return {
        "content": [{"type": "text", "text": told.markdown()}],
        "structuredContent": told.model_dump(mode="json"),
        "isError": False,
    }


def _list_resources(params: dict[str, Any], absolute: Absolute) -> dict[str, Any]:
    return resources.listed(params.get("cursor"), absolute)


def _list_templates(params: dict[str, Any], absolute: Absolute) -> dict[str, Any]:
    return resources.templates()


def _read_resource(params: dict[str, Any], absolute: Absolute) -> dict[str, Any]:
    return resources.read(params.get("uri"), absolute)


def _ping(params: dict[str, Any], absolute: Absolute) -> dict[str, Any]:
    return {}


def _failed(said: str) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": said}], "isError": True}


def _said(error: ValidationError, arguments: type[BaseModel]) -> str:
    """Returns in words what is wrong with which argument, and which there are."""
    wrong = dict.fromkeys(
        f"{'.'.join(str(part) for part in one['loc'][:2])[:100] or 'arguments'}"
        f"：{_SAID.get(one['type'], one['msg'].removeprefix('Value error, '))}"
        for one in error.errors(include_url=False, include_input=False, include_context=False)
    )
    return f"{'；'.join(list(wrong)[:10])}。可用的参数：{'、'.join(arguments.model_fields)}。"


_SAID = {"missing": "必须写", "extra_forbidden": "没有这个参数", "model_type": "应该是一个 JSON 对象"}
"""Of the kinds of errors that pydantic knows, those that come most."""


def _server(absolute: Absolute) -> dict[str, Any]:
    return {"name": "xinwenku", "title": settings.SITE_NAME, "version": "1", "websiteUrl": absolute("/")}


def _instructions() -> str:
    return INSTRUCTIONS.format(site=settings.SITE_NAME)


_CAPABILITIES: dict[str, Any] = {"tools": {}, "resources": {}}
_Method = Callable[[dict[str, Any], Absolute], dict[str, Any]]
_METHODS: dict[str, _Method] = {
    "tools/list": _list_tools,
    "tools/call": _call_tool,
    "resources/list": _list_resources,
    "resources/templates/list": _list_templates,
    "resources/read": _read_resource,
    "ping": _ping,
}
_HANDSHAKE_METHODS = {"initialize": _initialize, **_METHODS}
_STATELESS_METHODS = {"server/discover": _discover, **_METHODS}
