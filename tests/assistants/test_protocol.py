"""HTTP and the protocol around the tools: revisions, headers, what is refused, who may ask."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from django.test import Client

from archive.models import Issue
from assistants.messages import Code
from assistants.tools import TOOLS
from assistants.views import MAX_BYTES
from tests.assistants.conftest import META, STATELESS, Ask
from tests.conftest import WeekMaker

pytestmark = pytest.mark.django_db
LIST = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
NEWEST = {"mcp-protocol-version": STATELESS}


def stateless(method: str, **params: Any) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": {"_meta": META, **params}})


@pytest.fixture
def issue(make_issue: WeekMaker) -> Issue:
    return make_issue({"台积电扩产": "先进封装。"})


# --- HTTP ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
def test_only_posts_are_taken(client: Client, method: str) -> None:
    response = client.generic(method, "/mcp", headers={"accept": "text/event-stream"})
    assert (response.status_code, response["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (403, {"origin": "https://elsewhere.example"}),
        (403, {"origin": "null"}),
        (406, {"accept": "text/html"}),
        (200, {"origin": "http://testserver"}),
        (200, {"accept": "application/json, text/event-stream"}),
        (200, {"accept": "*/*"}),
    ],
)
def test_pages_of_others_and_who_takes_no_json_are_refused(
    send: Ask, status: int, headers: dict[str, str]
) -> None:
    response = send(LIST, **headers)
    assert response.status_code == status
    assert ("error" in response.json()) == (status != 200)


def test_what_is_not_said_to_be_json_is_refused(client: Client) -> None:
    assert client.post("/mcp", LIST, content_type="text/plain").status_code == 415


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 5_000_000])
def test_a_large_call_is_refused_in_words(send: Ask, size: int) -> None:
    response = send(b'{"a": "' + b"a" * size)
    assert response.status_code == 413
    assert response.json() == {
        "jsonrpc": "2.0",
        "id": None,
        "error": {"code": Code.INVALID_REQUEST, "message": "消息太大，没有执行：最多 64 KB。"},
    }


class HungUp(io.BytesIO):
    """A connection that ends after so many bytes, as a WSGI server hands it on."""

    def read(self, size: int | None = -1) -> bytes:
        if piece := super().read(size):
            return piece
        raise ConnectionResetError("hung up")


@pytest.mark.parametrize("sent", [0, 3, MAX_BYTES + 100])
def test_who_hangs_up_leaves_no_error_in_the_log(
    client: Client, caplog: pytest.LogCaptureFixture, sent: int
) -> None:
    body = b'{"jsonrpc": "2.0", "id": 1, "method": "ping"' + b" " * 1_000_000
    stream = HungUp(body[:sent])
    response = client.post("/mcp", body, content_type="application/json", **{"wsgi.input": stream})  # type: ignore[arg-type]
    assert response.status_code == 400
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_broken_message_is_refused_in_words(send: Ask) -> None:
    response = send('{"jsonrpc":')
    assert response.status_code == 400
    assert response.json()["error"]["code"] == Code.PARSE_ERROR


def test_a_notification_is_taken_and_not_answered(send: Ask) -> None:
    response = send('{"jsonrpc": "2.0", "method": "notifications/initialized"}')
    assert (response.status_code, response.content) == (202, b"")


# --- Revisions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "told"),
    [("2025-06-18", "2025-06-18"), ("2025-11-25", "2025-11-25"), ("1999-01-01", "2025-11-25")],
)
def test_a_client_that_begins_with_initialize_gets_its_revision_or_the_newest_of_them(
    ask: Ask, asked: str, told: str
) -> None:
    result = ask("initialize", {"protocolVersion": asked, "capabilities": {}, "clientInfo": {}})
    assert result["protocolVersion"] == told
    assert result["capabilities"] == {"tools": {}, "resources": {}}
    assert "出处" in result["instructions"]


def test_a_revision_that_is_not_known_is_refused_with_those_that_are(send: Ask) -> None:
    response = send(LIST, **{"mcp-protocol-version": "1999-01-01"})
    assert response.status_code == 400
    error = response.json()["error"]
    assert (error["code"], error["data"]["requested"]) == (Code.UNSUPPORTED_VERSION, "1999-01-01")
    assert STATELESS in error["data"]["supported"]


def test_the_newest_revision_says_what_an_answer_is_and_how_long_it_holds(send: Ask) -> None:
    response = send(stateless("server/discover"), **NEWEST, **{"mcp-method": "server/discover"})
    result = response.json()["result"]
    assert result["resultType"] == "complete"
    assert (result["cacheScope"], result["ttlMs"] > 0) == ("private", True)
    assert STATELESS in result["supportedVersions"]


@pytest.mark.parametrize(
    ("code", "body", "headers"),
    [
        (Code.INVALID_PARAMS, LIST, {"mcp-method": "tools/list"}),
        (Code.HEADER_MISMATCH, stateless("tools/list"), {}),
        (Code.HEADER_MISMATCH, stateless("tools/list"), {"mcp-method": "tools/call"}),
        (Code.HEADER_MISMATCH, stateless("tools/call", name="search"), {"mcp-method": "tools/call"}),
        (
            Code.HEADER_MISMATCH,
            stateless("tools/call", name="搜索"),
            {"mcp-method": "tools/call", "mcp-name": "=?base64?!?="},
        ),
        (Code.METHOD_NOT_FOUND, stateless("initialize"), {"mcp-method": "initialize"}),
        (Code.METHOD_NOT_FOUND, stateless("prompts/list"), {"mcp-method": "prompts/list"}),
    ],
)
def test_the_newest_revision_wants_headers_that_say_what_the_message_does(
    send: Ask, code: Code, body: str, headers: dict[str, str]
) -> None:
    response = send(body, **NEWEST, **headers)
    assert response.status_code == (404 if code == Code.METHOD_NOT_FOUND else 400)
    assert response.json()["error"]["code"] == code


def test_a_name_that_is_no_ascii_stands_in_its_header_as_base64(send: Ask) -> None:
    name = f"=?base64?{base64.b64encode('搜索'.encode()).decode()}?="
    response = send(
        stateless("tools/call", name="搜索"), **NEWEST, **{"mcp-method": "tools/call", "mcp-name": name}
    )
    assert response.json()["error"]["message"].startswith("没有“搜索”这个工具")


def test_a_message_of_the_newest_revision_without_its_header_is_refused(send: Ask) -> None:
    assert send(stateless("tools/list")).json()["error"]["code"] == Code.HEADER_MISMATCH


def test_older_clients_are_told_of_errors_within_a_200(send: Ask) -> None:
    response = send('{"jsonrpc": "2.0", "id": 3, "method": "prompts/list"}')
    assert (response.status_code, response.json()["id"]) == (200, 3)
    assert response.json()["error"]["code"] == Code.METHOD_NOT_FOUND


# --- Tools and resources -------------------------------------------------------------------------------


def test_every_tool_is_listed_with_the_schemas_of_what_it_takes_and_answers(ask: Ask) -> None:
    listed = {tool["name"]: tool for tool in ask("tools/list")["tools"]}
    assert [*listed] == [*TOOLS] == [*dict.fromkeys(TOOLS)]
    assert {"search", "read_article", "read_issue", "topic", "trend", "changed_since", "figures"} <= {*listed}
    for tool in listed.values():
        assert tool["inputSchema"]["type"] == tool["outputSchema"]["type"] == "object"
        assert tool["inputSchema"]["additionalProperties"] is False
        assert tool["annotations"]["readOnlyHint"]
        assert tool["description"]


def test_an_unknown_tool_is_an_error_and_unknown_arguments_are_told_to_the_model(ask: Ask, call: Ask) -> None:
    error = ask("tools/call", {"name": "delete_everything", "arguments": {}})
    assert error["code"] == Code.INVALID_PARAMS
    assert "search" in error["message"]
    assert call("search", query="HBM4") == (
        "参数不合要求，没有执行。q：必须写；query：没有这个参数。"
        "可用的参数：q、sort、since、until、topic、section、columnist、page。"
    )
    told = ask("tools/call", {"name": "search", "arguments": ["HBM4"]})
    assert (told["isError"], "应该是一个 JSON 对象" in told["content"][0]["text"]) == (True, True)


def test_issues_are_resources_of_which_the_text_is_whole(
    ask: Ask, issue: Issue, make_issue: WeekMaker
) -> None:
    make_issue({"草稿": "还没有发布。"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    (listed,) = ask("resources/list")["resources"]
    assert (listed["uri"], listed["mimeType"]) == ("xinwenku://issues/2025-03-21", "text/markdown")
    (text,) = ask("resources/read", {"uri": listed["uri"]})["contents"]
    assert "先进封装。" in text["text"]
    assert f"http://testserver{issue.articles.get().get_absolute_url()}" in text["text"]
    latest = ask("resources/read", {"uri": "xinwenku://issues/latest"})["contents"][0]["text"]
    assert latest == text["text"]


@pytest.mark.parametrize(
    "uri", ["xinwenku://issues/2025-03-28", "xinwenku://issues/", "file:///etc/passwd", "\0", 7, None]
)
def test_a_resource_that_there_is_not_is_refused_in_words(ask: Ask, make_issue: WeekMaker, uri: Any) -> None:
    make_issue({"草稿": "还没有发布。"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    assert ask("resources/read", {"uri": uri})["message"].startswith("没有这个资源")


def test_resources_come_in_pages(ask: Ask) -> None:
    Issue.objects.bulk_create(
        Issue(
            title=f"周报 {number}",
            start_date="2025-01-01",
            end_date="2025-01-01",
            slug=f"w-{number}",
            status="published",
        )
        for number in range(60)
    )
    first = ask("resources/list")
    rest = ask("resources/list", {"cursor": first["nextCursor"]})
    assert [len(page["resources"]) for page in (first, rest)] == [50, 10]
    assert "nextCursor" not in rest
    for cursor in ("x", "LTE=", 5, ["a"]):
        assert ask("resources/list", {"cursor": cursor})["code"] == Code.INVALID_PARAMS


# --- Who may ask ---------------------------------------------------------------------------------------


def test_who_asks_too_often_is_told_when_to_go_on(client: Client, settings: Any) -> None:
    settings.LIMITS_LIFTED_FOR, settings.LIMITS = [], {**settings.LIMITS, "api": "1/h"}
    codes = [
        client.post("/mcp", LIST, content_type="application/json", REMOTE_ADDR="203.0.113.77") for _ in (1, 2)
    ]
    assert [response.status_code for response in codes] == [200, 429]
    assert codes[1]["Retry-After"].isdecimal()
