"""Asks `/mcp` as a client of the protocol does, one message a request."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

STATELESS = "2026-07-28"
META = {
    "io.modelcontextprotocol/protocolVersion": STATELESS,
    "io.modelcontextprotocol/clientCapabilities": {},
}
Ask = Callable[..., Any]


@pytest.fixture
def send(client: Client) -> Ask:
    """Sends a body as it is; returns the response."""

    def send(body: bytes | str, **headers: str) -> Any:
        return client.post("/mcp", body, content_type="application/json", headers=headers)

    return send


@pytest.fixture
def ask(send: Ask) -> Ask:
    """Sends a request; returns its result, or its error. Checks what every answer must be."""

    def ask(method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        message = {"jsonrpc": "2.0", "id": "a", "method": method, "params": params or {}}
        response = send(json.dumps(message))
        told = response.json()
        assert told["jsonrpc"] == "2.0"
        assert told["id"] == "a"
        assert response["Cache-Control"] == "no-store, private"
        return told["result"] if "result" in told else told["error"]

    return ask


@pytest.fixture
def call(ask: Ask) -> Ask:
    """Calls a tool; returns its data, or what it says when it can not."""

    def call(name: str, /, **arguments: Any) -> Any:
        told = ask("tools/call", {"name": name, "arguments": arguments})
        assert told["content"][0]["text"]
        return told["content"][0]["text"] if told["isError"] else told["structuredContent"]

    return call
