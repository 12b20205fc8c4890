"""意思相近: where words fail, beside the results, never a draft, never instead of an answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory

from archive.models import Article, Issue
from archive.publishing import withdraw
from config.page_cache import etag_of
from search.indexing import sync
from search.meaning import learning, store
from tests.conftest import WeekMaker
from tests.writing import delete

GUESSES = "similar_in_meaning"
SAID = "按意思猜的，不一定含这些词。"
SIC = {"Wolfspeed换帅", "天岳先进扩产", "三安在重庆投产"}


@pytest.fixture
def learnt(articles: Issue) -> Issue:
    learning.bring_up_to_date()
    return articles


def ask(client: Client, q: str, **parameters: str) -> dict[str, Any]:
    response = client.get("/api/v1/search", {"q": q, **parameters})
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


def titles(answer: dict[str, Any]) -> set[str]:
    return {article["title"] for article in answer[GUESSES]}


def page(client: Client, q: str, **parameters: str) -> str:
    response = client.get("/search/", {"q": q, **parameters})
    assert response.status_code == 200
    return response.content.decode()


def test_where_nothing_answers_the_nearest_are_shown_and_said_to_be_guesses(
    client: Client, learnt: Issue
) -> None:
    answer = ask(client, "耐高压的宽禁带材料")
    assert (answer["total"], answer["results"], titles(answer)) == (0, [], SIC)
    assert {article["issue"]["slug"] for article in answer[GUESSES]} == {learnt.slug}
    html = page(client, "耐高压的宽禁带材料")
    assert SAID in html
    assert html.index("没有文章符合") < html.index("意思相近") < html.index("Wolfspeed换帅")
    assert "找到" not in html.partition("意思相近")[0].rpartition("没有文章符合")[2]


def test_a_relaxed_answer_has_them_below_and_never_twice(client: Client, learnt: Issue) -> None:
    answer = ask(client, "碳化硅 衬底 跌 宽禁带 高压")
    results = {article["title"] for article in answer["results"]}
    assert answer["relaxed"]
    assert answer["total"] == len(results) > 0
    assert titles(answer)
    assert not titles(answer) & results
    html = page(client, "碳化硅 衬底 跌 宽禁带 高压")
    assert html.index('class="hits"') < html.index(SAID)


def test_results_of_other_pages_are_not_guessed_either(client: Client, learnt: Issue) -> None:
    whole = ask(client, "晶圆厂 停机 疏散 火灾")
    assert whole["relaxed"]
    assert whole["total"] > 1
    first = ask(client, "晶圆厂 停机 疏散 火灾", page_size="1")
    assert len(first["results"]) == 1
    assert titles(first) == titles(whole)
    assert not titles(first) & {article["title"] for article in whole["results"]}
    assert ask(client, "晶圆厂 停机 疏散 火灾", page_size="1", page="2")[GUESSES] == []


@pytest.mark.parametrize(
    "q",
    [
        "碳化硅",
        "碳化硅 衬底",
        "炭化硅",  # corrected
        '"耐高压的宽禁带材料"',
        "“宽禁带材料” 高压",
        "title:宽禁带材料",
        "宽禁带材料 -衬底",
        "宽禁带材料 OR 高压材料",
        "after:2030-01 碳化硅",
        "红烧肉怎么做",
        "",
        "的",
        "，。",
    ],
)
def test_an_answer_and_an_exact_question_have_none(client: Client, learnt: Issue, q: str) -> None:
    assert ask(client, q)[GUESSES] == []
    assert SAID not in page(client, q)


def test_a_draft_a_withdrawn_and_a_deleted_article_are_never_guessed(
    client: Client, articles: Issue, make_issue: WeekMaker
) -> None:
    other = make_issue({"雷神发布": "碳化硅的机密。"}, end_date="2025-03-28")
    learning.bring_up_to_date()
    assert titles(ask(client, "耐高压的宽禁带材料")) == {*SIC, "雷神发布"}
    withdraw(other)
    delete(Article.objects.get(title="三安在重庆投产"))
    for is_indexed in (False, True):  # by the model as it was
        assert titles(ask(client, "耐高压的宽禁带材料")) == SIC - {"三安在重庆投产"}
        assert "雷神" not in page(client, "耐高压的宽禁带材料")
        if not is_indexed:
            sync.drain()


def test_what_came_since_is_guessed_once_it_is_learnt(
    client: Client, learnt: Issue, make_issue: WeekMaker
) -> None:
    make_issue({"英飞凌降本": "碳化硅良率。"}, end_date="2025-03-28")
    assert titles(ask(client, "耐高压的宽禁带材料")) == SIC
    learning.bring_up_to_date()
    assert titles(ask(client, "耐高压的宽禁带材料")) == {*SIC, "英飞凌降本"}


def test_filters_hold(client: Client, articles: Issue, make_issue: WeekMaker) -> None:
    make_issue({"英飞凌降本": "碳化硅良率。"}, end_date="2026-03-27", columnist="某某")
    learning.bring_up_to_date()
    assert titles(ask(client, "耐高压的宽禁带材料", year="2026")) == {"英飞凌降本"}
    assert titles(ask(client, "耐高压的宽禁带材料", columnist="某某")) == {"英飞凌降本"}
    assert titles(ask(client, "耐高压的宽禁带材料", year="2025")) == SIC
    assert titles(ask(client, "耐高压的宽禁带材料", year="2020")) == set()


def test_there_are_at_most_five(client: Client, articles: Issue, make_issue: WeekMaker) -> None:
    make_issue(
        {f"第{number}家扩产": f"碳化硅，第{number}家。" for number in "一二三四五六"}, end_date="2025-03-28"
    )
    learning.bring_up_to_date()
    answer = ask(client, "耐高压的宽禁带材料")
    assert len(answer[GUESSES]) == 5


def test_without_a_model_the_page_is_as_it_was(client: Client, articles: Issue) -> None:
    assert ask(client, "耐高压的宽禁带材料")[GUESSES] == []
    assert SAID not in page(client, "耐高压的宽禁带材料")


def test_a_damaged_model_is_no_error(client: Client, learnt: Issue) -> None:
    (store.folder() / store.current_name() / "words.npy").write_bytes(b"\x93NUMPY")
    (store.folder() / "other").mkdir()
    (store.folder() / store.CURRENT).write_text("other", encoding="ascii")
    assert ask(client, "耐高压的宽禁带材料")[GUESSES] == []
    assert SAID not in page(client, "耐高压的宽禁带材料")


@pytest.mark.parametrize(
    "q", ["宽禁带" * 300, "宽禁带 " * 300, "\ud800宽禁带材料", "§1 宽禁带材料", "\x00宽禁带"]
)
def test_whatever_is_typed_is_answered(client: Client, learnt: Issue, q: str) -> None:
    response = client.get("/search/", {"q": q.encode("utf-8", "surrogatepass")})
    assert response.status_code == 200


def test_a_page_that_is_kept_is_made_anew_when_something_was_learnt(articles: Issue) -> None:
    request = RequestFactory().get("/search/", {"q": "宽禁带材料"})
    before = etag_of(request)
    learning.bring_up_to_date()
    assert before is not None
    assert etag_of(request) != before
    assert etag_of(request) == etag_of(request)
