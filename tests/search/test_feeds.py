"""The feed of a search: what answers the query, newest first, and nothing that only nearly does."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client

from archive.models import Issue
from tests.atom import read_feed
from tests.conftest import WeekMaker


@pytest.fixture
def archive(make_issue: WeekMaker) -> None:
    make_issue({"混合键合的进展": "混合键合，混合键合。"}, end_date="2025-03-14")
    make_issue({"机密混合键合": "混合键合"}, end_date="2025-03-20", status=Issue.Status.DRAFT)
    make_issue({"台积电开会": "说到混合键合。", "别的": "无关。"}, columnist="莫大康")


def titles(client: Client, **parameters: str) -> list[str]:
    return [entry.title for entry in read_feed(client.get("/search/feed.atom", parameters)).entries]


def test_the_feed_of_a_search_is_sorted_by_date_whatever_the_page_is_sorted_by(
    client: Client, archive: None
) -> None:
    assert titles(client, q="混合键合", sort="oldest") == ["台积电开会", "混合键合的进展"]
    assert titles(client, q="混合键合", columnist="莫大康") == ["台积电开会"]
    assert titles(client, q="混合键合", page="9", year="2025", month="3") == ["台积电开会", "混合键合的进展"]


def test_a_feed_holds_no_correction_and_nothing_relaxed(client: Client, archive: None) -> None:
    for q in ("hunhejianhe", "混合键合 火星 木星 土星 开会 台积电", "绝无此词", "", "\x01<>&"):
        assert titles(client, q=q) == []


def test_the_feed_names_its_page_and_itself_and_the_page_names_the_feed(
    client: Client, archive: None
) -> None:
    asked = {"q": "混合键合", "year": "2025", "since": "2025-03-01", "sort": "oldest"}
    address = f"/search/feed.atom?q={quote('混合键合')}&year=2025&since=2025-03-01"
    feed = read_feed(client.get("/search/feed.atom", asked)).feed
    links = {link.rel: link.href for link in feed.links}
    assert links["self"] == f"http://testserver{address}"
    assert links["alternate"] == f"http://testserver/search/?q={quote('混合键合')}&year=2025&since=2025-03-01"
    assert feed.title == "搜索“混合键合” · 芯闻库"
    page = client.get("/search/", asked).content.decode()
    assert f'href="{address.replace("&", "&amp;")}"' in page


def test_an_entry_has_the_text_of_its_article(client: Client, archive: None) -> None:
    entry = read_feed(client.get("/search/feed.atom", {"q": "混合键合"})).entries[0]
    assert "<p>说到混合键合。</p>" in entry.content[0].value
    assert entry.author == "莫大康"


def test_a_browser_learns_how_to_search_and_what_to_complete(client: Client, archive: None) -> None:
    response = client.get("/opensearch.xml")
    assert response["Content-Type"] == "application/opensearchdescription+xml; charset=utf-8"
    description = response.content.decode()
    assert description.startswith("<?xml")
    for template in (
        "search/?q={searchTerms}",
        "search/feed.atom?q={searchTerms}",
        "search/completions/?q={searchTerms}",
    ):
        assert f'template="http://testserver/{template}"' in description
    completed = client.get("/search/completions/", {"q": "台积电"}).json()
    assert completed == ["台积电", ["台积电开会"]]
    assert 'href="/opensearch.xml"' in client.get("/").content.decode()
