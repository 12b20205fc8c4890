"""The tool `figures`: numbers with their sentences and sources."""

from __future__ import annotations

import pytest

from archive.models import Issue
from claims.tasks import compare
from glossary.editing import save_term
from glossary.models import Alias, Term
from tests.assistants.conftest import Ask
from tests.conftest import WeekMaker

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(make_issue: WeekMaker) -> Issue:
    save_term(Term(name="台积电", kind=Term.Kind.COMPANY), [Alias(text="TSMC")])
    make_issue({"机密": "台积电投资77亿元。"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    issue = make_issue(
        {"台积电扩产": f"台积电营收约80亿美元，同比增长5%。\n业界投资12亿元。{'长' * 400}，成本5元。"}
    )
    compare.func()
    return issue


def test_numbers_come_with_sentence_and_source(call: Ask, issue: Issue) -> None:
    told = call("figures", topic="tsmc", kind="money")
    [one] = told["results"]
    assert (one["low"], one["unit"], one["qualifier"], one["written"]) == (8e9, "USD", "about", "80亿美元")
    assert (one["subject"], one["sentence"]) == ("台积电", "台积电营收约80亿美元，同比增长5%。")
    assert one["source"]["url"].endswith("#p1")
    assert one["source"]["date"] == "2025-03-21"
    assert told["url"] == "http://testserver/topics/taijidian/figures/"


def test_a_number_without_a_clear_subject_has_none_and_no_draft_has_any(call: Ask, issue: Issue) -> None:
    told = call("figures", article=issue.articles.get().pk)
    assert [one["subject"] for one in told["results"]] == ["台积电", "台积电", None, None]
    assert [one["low"] for one in told["results"]] == [8e9, 5, 1.2e9, 5]
    assert call("figures")["total"] == 4
    assert len(told["results"][3]["sentence"]) <= 302
    assert "成本5元" in told["results"][3]["sentence"]
    assert call("figures", since="2025-03-22")["total"] == 0
    assert "77" not in str(call("figures", topic="台积电"))


def test_what_there_is_not_is_said_in_words(call: Ask, ask: Ask, issue: Issue) -> None:
    assert "没有“无此公司”这个话题" in call("figures", topic="无此公司")
    assert call("figures", kind="weight").startswith("参数不合要求")
    text = ask("tools/call", {"name": "figures", "arguments": {"kind": "node"}})["content"][0]["text"]
    assert text == "没有这样的数字。"
    text = ask("tools/call", {"name": "figures", "arguments": {"topic": "台积电"}})["content"][0]["text"]
    assert "**约 80 亿美元**（台积电）" in text
