"""The search page and the JSON of it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive.models import Article, Issue
from tests.conftest import WeekMaker

HOSTILE = [
    "OR OR",
    '"没有关上的引号',
    "(" * 500,
    ")" * 500,
    "*",
    "?" * 200,
    "，。！",
    "芯" * 10_000,
    "a b " * 2_500,
    '"' * 10_000,
    "-" * 10_000,
    "- " * 5_000,
    "NOT " * 2_500,
    "\x00\x01\x02",
    "\u202e芯\u200b片",
    "😀𠮷",
    "%00%ff",
    "' OR 1=1 --",
    "title:芯 AND [* TO *]~",
    "<script>alert(1)</script>",
]


@pytest.mark.usefixtures("demo_archive")
@pytest.mark.parametrize("address", ["/search/", "/api/v1/search"])
def test_any_query_gets_a_page(client: Client, address: str) -> None:
    for q in HOSTILE:
        response = client.get(address, {"q": q})
        assert response.status_code == 200, q[:20]
        if response["Content-Type"].startswith("text/html"):
            assert "<script>alert" not in response.content.decode(), q[:20]


@pytest.mark.parametrize(
    "parameters",
    [
        {"page": "999999"},
        {"page": "0"},
        {"page": "-1"},
        {"page": "abc"},
        {"year": "abc"},
        {"year": "99999999999999999999"},
        {"month": "13"},
        {"sort": "nonsense"},
        {"columnist": "无此人" * 100},
        {"page_size": "1000000"},
    ],
)
def test_parameters_that_make_no_sense_are_left_out(
    client: Client, make_issue: WeekMaker, parameters: dict[str, str]
) -> None:
    make_issue({"台积电扩产": "先进封装。"})
    response = client.get("/search/", {"q": "台积电", **parameters})
    assert response.context["found"].total == 1
    assert "台积电" in response.content.decode()


def test_results_are_sorted_and_filtered_by_plain_addresses(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"旧的": "先进封装"}, end_date="2024-12-27", columnist="甲")
    make_issue({"中的": "先进封装"}, end_date="2025-02-28", columnist="乙")
    make_issue({"新的": "先进封装"}, end_date="2025-03-31", columnist="甲")

    def titles(**parameters: str) -> list[str]:
        results = client.get("/search/", {"q": "先进封装", **parameters}).context["found"].results
        return [hit.article.title for hit in results]

    assert titles(sort="newest") == ["新的", "中的", "旧的"]
    assert titles(sort="oldest") == ["旧的", "中的", "新的"]
    assert titles(sort="oldest", year="2025") == ["中的", "新的"]
    assert titles(year="2025", month="3") == ["新的"]
    assert titles(year="2025", month="2") == ["中的"]
    assert titles(sort="newest", columnist="甲") == ["新的", "旧的"]
    page = client.get("/search/", {"q": "先进封装", "year": "2025", "month": "3", "sort": "newest"})
    assert [(chip.label, chip.url) for chip in page.context["chips"]] == [
        ("2025年", "?q=先进封装&sort=newest&month=3"),
        ("3月", "?q=先进封装&sort=newest&year=2025"),
    ]


def test_the_page_past_the_last_is_the_last(client: Client, make_issue: WeekMaker) -> None:
    make_issue({f"第{number}篇": "芯片" for number in range(1, 26)})
    page = client.get("/search/", {"q": "芯片", "page": "999"}).context["page"]
    assert (page.number, page.paginator.num_pages) == (2, 2)


def test_a_draft_is_found_by_no_page_no_api_and_no_count(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"公开的铠侠消息": "闪存"})
    make_issue({"秘密的铠侠消息": "闪存"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    make_issue({"更秘密的铠侠消息": "闪存"}, title="另一种", status=Issue.Status.DRAFT)
    page = client.get("/search/", {"q": "铠侠"})
    answer = client.get("/api/v1/search", {"q": "铠侠"}).json()
    assert page.context["found"].total == 1
    assert "秘密" not in page.content.decode()
    assert (answer["total"], [result["title"] for result in answer["results"]]) == (1, ["公开的铠侠消息"])


@pytest.mark.parametrize("doubled", [False, True])
def test_the_search_page_takes_three_queries_whatever_the_archive_holds(
    client: Client,
    make_issue: WeekMaker,
    django_assert_num_queries: DjangoAssertNumQueries,
    doubled: bool,
) -> None:
    for number in range(1, 5 if doubled else 3):
        make_issue({f"第{n}篇": "芯片" for n in range(1, 11)}, end_date=f"2025-03-{number:02}")
    with django_assert_num_queries(3):  # the state of the archive, what was withdrawn, the articles
        client.get("/search/", {"q": "芯片"})


def test_an_empty_question_is_shown_how_to_ask(client: Client, db: None) -> None:
    response = client.get("/search/")
    assert response.status_code == 200
    assert response.context["found"] is None


def test_the_answer_of_the_api_is_the_contract(client: Client, make_issue: WeekMaker) -> None:
    issue = make_issue({"台积电扩产": "先进封装 <产能>。"}, columnist="某某")
    article = Article.objects.get()
    answer = client.get("/api/v1/search", {"q": "先进封装", "page_size": "5"}).json()
    assert answer.pop("took_ms") >= 0
    assert answer["results"][0].pop("score") > 0
    assert answer == {
        "query": "先进封装",
        "total": 1,
        "page": 1,
        "page_size": 5,
        "relaxed": False,
        "corrected": None,
        "facets": {
            "year": [{"value": "2025", "count": 1}],
            "month": [{"value": "2025-03", "count": 1}],
            "section": [],
            "columnist": [{"value": "某某", "count": 1}],
            "term": [],
        },
        "filters": [],
        "verbatim": [],
        "issues": [],
        "results": [
            {
                "id": article.pk,
                "title": "台积电扩产",
                "section": "",
                "url": f"/articles/{article.pk}/",
                "snippet": "<mark>先进封装</mark> &lt;产能&gt;。",
                "position": 1,
                "missing": [],
                "issue": {
                    "slug": issue.slug,
                    "title": "测试周报",
                    "start_date": "2025-03-21",
                    "end_date": "2025-03-21",
                },
            }
        ],
        "similar_in_meaning": [],
    }


@pytest.mark.parametrize(
    "parameters", [{"page": "0"}, {"page_size": "101"}, {"year": "abc"}, {"sort": "best"}]
)
def test_the_api_names_a_parameter_that_makes_no_sense(
    client: Client, db: None, parameters: dict[str, str]
) -> None:
    response = client.get("/api/v1/search", {"q": "芯", **parameters})
    assert response.status_code == 422
    assert [error["parameter"] for error in response.json()["errors"]] == list(parameters)


def test_a_hit_leads_to_its_paragraph(client: Client, make_issue: WeekMaker) -> None:
    article = make_issue({"题": "第一段。\n先进封装在第二段。"}).articles.get()
    found = client.get("/search/", {"q": "先进封装"}).context["found"]
    assert found.results[0].url == f"/articles/{article.pk}/?q=先进封装#p2"


def test_a_query_of_nothing_but_exclusions_is_text_and_the_page_says_so(
    client: Client, make_issue: WeekMaker
) -> None:
    make_issue({"出货量": "变动-20%以内。"})
    found = client.get("/search/", {"q": "-20%"}).context["found"]
    assert (found.total, "按原样搜索" in found.notice) == (1, True)


def test_a_columnists_name_leads_to_all_that_they_wrote_which_can_be_followed(
    client: Client, make_issue: WeekMaker
) -> None:
    issue = make_issue({"先进封装": "扩产。"}, columnist="Ann Lee")
    make_issue({"别人的": "文章。"}, columnist="周一鸣", end_date="2025-03-28")
    for page in (issue, issue.articles.get()):
        found = re.search(
            r'<a href="(/search/\?q=columnist[^"]*)">Ann Lee</a>',
            client.get(page.get_absolute_url()).content.decode(),
        )
        assert found
    results = client.get(unescape(found[1])).content.decode()
    assert ("先进封装" in results, "别人的" in results) == (True, False)
    assert 'data-follow="q=columnist' in results
