"""A page of results as Markdown: hits with passage, citation and address."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.conftest import WeekMaker

pytestmark = pytest.mark.django_db


def told(client: Client, **asked: str) -> str:
    response = client.get("/search/results.md", asked)
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    return response.content.decode()


def test_each_hit_has_its_passage_citation_and_address(client: Client, make_issue: WeekMaker) -> None:
    article = make_issue({"台积电扩产": "先进封装<增产>。", "三星": "别的。"}).articles.get(position=1)
    text = told(client, q="封装", since="2025-01-01")
    assert text.startswith(
        "# 搜索：封装\n\n条件：2025年1月1日以后\n\n找到 1 篇，这里是 1 篇。\n\n## 台积电扩产\n\n"
    )
    assert "> 先进**封装**\\<增产\\>。" in text
    assert f"第 1 篇，芯闻库，<http://testserver/articles/{article.pk}/>" in text
    assert "<http://testserver/search/?q=%E5%B0%81%E8%A3%85&since=2025-01-01>" in text
    assert "三星" not in text


def test_nothing_asked_and_nothing_found_are_said(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"台积电扩产": "先进封装。"})
    assert told(client).startswith("没有关键词")
    assert "找到 0 篇" in told(client, q="完全没有的东西")


def test_a_page_of_results_leads_to_it(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"台积电扩产": "先进封装。"})
    page = client.get("/search/", {"q": "封装", "sort": "newest"}).content.decode()
    assert 'href="/search/results.md?q=封装&amp;sort=newest"' in page
