"""What assistants are told: of what is published, in bounds, each with its source."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from archive import publishing
from archive.editing import save_article
from archive.models import Article, Issue
from assistants.tools import reading
from glossary.editing import save_term
from glossary.models import Alias, Term
from tests.assistants.conftest import Ask
from tests.conftest import WeekMaker

pytestmark = pytest.mark.django_db
WEEK = {"台积电扩产": "台积电在嘉义扩产先进封装。\n产能翻倍。", "HBM4 送样": "SK海力士的 HBM4 送样。"}


@pytest.fixture
def issue(make_issue: WeekMaker) -> Issue:
    return make_issue(WEEK, title="芯闻周报", columnist="编辑部")


@pytest.fixture
def draft(make_issue: WeekMaker) -> Issue:
    return make_issue(
        {"台积电的草稿": "还没有发布的封装。"}, end_date="2025-03-28", status=Issue.Status.DRAFT
    )


def test_a_search_cites_title_issue_date_and_address(call: Ask, issue: Issue, draft: Issue) -> None:
    found = call("search", q="封装")
    (result,) = found["results"]
    article = issue.articles.get(position=1)
    assert found["total"] == 1
    assert {name: result[name] for name in ("id", "title", "issue", "date", "text")} == {
        "id": article.pk,
        "title": "台积电扩产",
        "issue": "《芯闻周报》2025年3月21日",
        "date": "2025-03-21",
        "text": "“台积电扩产”，《芯闻周报》2025年3月21日第 1 篇，芯闻库",
    }
    assert result["url"] == f"http://testserver/articles/{article.pk}/#p1"
    assert result["passage"] == "台积电在嘉义扩产先进封装。"


def test_what_is_read_as_a_text_says_the_same(ask: Ask, issue: Issue) -> None:
    told = ask("tools/call", {"name": "search", "arguments": {"q": "封装"}})["content"][0]["text"]
    article = issue.articles.get(position=1)
    assert f"[台积电扩产](<http://testserver/articles/{article.pk}/#p1>)，《芯闻周报》2025年3月21日" in told
    assert "先进**封装**" in told


def test_a_search_says_what_it_did_in_place_of_what_was_asked(call: Ask, issue: Issue) -> None:
    assert "不含" in call("search", q="封装 嘉义 光刻")["notice"]
    assert call("search", q="2025年3月 封装")["notice"].startswith("2025年3月")
    assert call("search", q="  ").startswith("参数不合要求")
    assert call("search", q="没有这种东西")["results"] == []


def test_a_search_takes_filters_and_pages(call: Ask, make_issue: WeekMaker) -> None:
    make_issue({f"第 {number} 篇封装": "封装。" for number in range(1, 13)})
    assert call("search", q="封装", since="2025-03-22")["total"] == 0
    last = call("search", q="封装", page=2, until="2025-03-21")
    assert (last["total"], last["page"], last["pages"], len(last["results"])) == (12, 2, 2, 2)
    assert "2025-13-01" not in str(call("search", q="封装", since="2025-01-01"))
    assert call("search", q="封装", since="2025-13-01").startswith("参数不合要求")


def test_an_article_is_read_by_number_or_address_with_its_source(call: Ask, issue: Issue) -> None:
    article = issue.articles.get(position=1)
    read = call("read_article", id=article.pk)
    assert read["body"] == "台积电在嘉义扩产先进封装。\n\n产能翻倍。"
    assert (read["issue_url"], read["columnist"]) == ("http://testserver/issues/2025-03-21/", "编辑部")
    for other in (str(article.pk), read["url"], f"{read['url']}?q=x#p2"):
        assert call("read_article", id=other) == read


@pytest.mark.parametrize("id_", [0, -1, 10**30, "x", "https://example.org/", "", 999_999])
def test_an_article_that_there_is_not_is_told_of(call: Ask, issue: Issue, id_: Any) -> None:
    assert isinstance(call("read_article", id=id_), str)


def test_drafts_are_nothing(call: Ask, issue: Issue, draft: Issue) -> None:
    pk = draft.articles.get().pk
    assert call("read_article", id=pk) == call("read_article", id=pk + 1000).replace(str(pk + 1000), str(pk))
    assert call("read_issue", slug=draft.slug).startswith("没有“2025-03-28”这一期")
    assert call("read_issue")["slug"] == "2025-03-21"
    assert "草稿" not in str(call("changed_since", since="2020-01-01"))


def test_a_long_article_is_read_in_parts(call: Ask, make_issue: WeekMaker) -> None:
    text = "\n".join(f"第 {number} 段。" + "字" * 100 for number in range(300))
    pk = make_issue({"长文": text}).articles.get().pk
    first = call("read_article", id=pk)
    parts = [call("read_article", id=pk, part=part)["body"] for part in range(1, first["parts"] + 1)]
    assert len(parts) == 3
    assert max(map(len, parts)) <= reading.PART
    assert "".join(parts) == text.replace("\n", "\n\n")
    assert call("read_article", id=pk, part=4) == "这篇文章只有 3 部分。请把 part 写成 1 到 3。"


def test_an_issue_is_its_contents(call: Ask, issue: Issue) -> None:
    read = call("read_issue", slug="http://testserver/issues/2025-03-21/")
    assert [(one["position"], one["title"]) for one in read["articles"]] == [*enumerate(WEEK, start=1)]
    assert read["article_count"] == 2
    assert read == call("read_issue", slug="2025-03-21")


def test_a_topic_is_found_by_any_of_its_writings(call: Ask, issue: Issue, draft: Issue) -> None:
    save_term(term := Term(name="台积电", kind="company", note="代工企业"), [Alias(text="TSMC")])
    told = call("topic", name="tsmc")
    assert (told["name"], told["kind"], told["article_count"]) == ("台积电", "公司", 1)
    assert (told["first_mentioned"], told["aliases"]) == ("2025-03-21", ["TSMC"])
    assert told["articles"][0]["passage"] == "台积电在嘉义扩产先进封装。"
    for other in (term.slug, told["url"], "台積電"):
        assert call("topic", name=other) == told
    assert call("topic", name="台积") == "没有“台积”这个话题。名称相近的话题：台积电。"
    assert "search" in call("topic", name="没有")
    save_term(Term(name="没人提到", kind="company"))
    assert isinstance(call("topic", name="没人提到"), str)


def test_a_trend_counts_and_names_the_newest(call: Ask, issue: Issue) -> None:
    told = call("trend", q=["封装", "HBM4", "光刻"])
    assert told["unit"] == "week"
    assert [(line["query"], line["total"], line["counts"]) for line in told["lines"]] == [
        ("封装", 1, [1]),
        ("HBM4", 1, [1]),
        ("光刻", 0, [0]),
    ]
    assert told["lines"][1]["newest"][0]["title"] == "HBM4 送样"
    assert isinstance(call("trend", q=[]), str)
    assert isinstance(call("trend", q=["a"] * 6), str)


def test_an_empty_archive_says_so(call: Ask) -> None:
    assert call("trend", q=["封装"]) == "文库里还没有文章。"
    assert call("read_issue").startswith("没有")
    assert call("search", q="封装")["total"] == 0


def test_changes_are_what_came_and_what_was_changed_since(call: Ask, make_issue: WeekMaker) -> None:
    with time_machine.travel(dt.datetime(2025, 4, 1, tzinfo=dt.UTC), tick=False):
        old = make_issue(WEEK)
    with time_machine.travel(dt.datetime(2025, 4, 8, tzinfo=dt.UTC), tick=False):
        draft = make_issue({"后来发布": "内容。"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    with time_machine.travel(dt.datetime(2025, 4, 15, tzinfo=dt.UTC), tick=False):
        article: Article = old.articles.get(position=2)
        article.title = "HBM4 送样（更正）"
        save_article(article)
        publishing.publish(draft)
    told = call("changed_since", since="2025-04-10")
    assert [(one["title"], one["is_new"]) for one in told["articles"]] == [
        ("后来发布", True),
        ("HBM4 送样（更正）", False),
    ]
    assert call("changed_since", since=told["until"])["total"] == 0
    assert call("changed_since", since="0001-01-01")["total"] == 3
    assert call("changed_since", since=str(timezone.localdate() + dt.timedelta(days=2))).startswith(
        "since 在将来"
    )
