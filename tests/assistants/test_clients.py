"""The protocol's own client finds, reads and cites, in each of its modes, against a server that runs."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError

from archive.models import Issue
from tests.conftest import WeekMaker

MODES = {"2026-07-28": "2026-07-28", "auto": "2026-07-28", "legacy": "2025-11-25"}
"""Mode of the client → the revision that it speaks with us then."""


@pytest.fixture
def issue(transactional_db: None, make_issue: WeekMaker) -> Issue:
    return make_issue({"台积电扩产": "先进封装。", "HBM4 送样": "SK海力士的 HBM4 送样。"})


@pytest.mark.parametrize("mode", MODES)
def test_the_official_client_finds_reads_and_cites(live_server: Any, issue: Issue, mode: str) -> None:
    async def talk() -> None:
        async with Client(f"{live_server.url}/mcp", mode=mode) as client:
            assert client.session.protocol_version == MODES[mode]
            assert {"search", "trend"} <= {tool.name for tool in (await client.list_tools()).tools}
            found = await client.call_tool("search", {"q": "封装"})
            result = found.structured_content["results"][0]  # the client has checked it against the schema
            read = await client.call_tool("read_article", {"id": result["id"]})
            assert read.structured_content["body"] == "先进封装。"
            assert result["text"] in read.content[0].text
            assert read.structured_content["url"].startswith(f"{live_server.url}/articles/")
            for name, given in (
                ("read_issue", {}),
                ("trend", {"q": ["HBM4"]}),
                ("changed_since", {"since": "2020-01-01"}),
            ):
                assert not (await client.call_tool(name, given)).is_error
            assert (await client.call_tool("search", {})).is_error
            (listed,) = (await client.list_resources()).resources
            assert "HBM4 送样" in (await client.read_resource(listed.uri)).contents[0].text
            with pytest.raises(MCPError, match="没有“nothing”这个工具"):
                await client.call_tool("nothing", {})

    asyncio.run(talk())
