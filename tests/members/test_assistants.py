"""Assistants of a closed archive: `/mcp` answers who brings a member's token, and nobody else."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from members import tokens
from tests.conftest import WeekMaker

SEARCH = json.dumps(
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "search", "arguments": {"q": "封装"}},
    }
)


def asked(**headers: str) -> Any:
    return Client().post("/mcp", SEARCH, content_type="application/json", headers=headers)


def test_a_closed_archive_answers_members_tokens_alone(
    closed: None, make_issue: WeekMaker, member: User
) -> None:
    make_issue({"台积电扩产": "先进封装。"})
    refusals: list[dict[str, str]] = [{}, {"authorization": "Bearer xwk_no"}]
    for headers in refusals:
        refused = asked(**headers)
        assert refused.status_code == 401
        assert refused["WWW-Authenticate"].startswith("Bearer")
        assert "台积电" not in refused.content.decode()
    _, secret = tokens.make(member, "助手")
    answered = asked(authorization=f"Bearer {secret}")
    assert answered.json()["result"]["structuredContent"]["results"][0]["title"] == "台积电扩产"
    assert answered["Cache-Control"] == "no-store, private"
