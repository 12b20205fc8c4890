"""What page and API say around the results: the contract of the JSON, facets as links, help, explanations."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode

from archive.models import Article, Issue
from glossary.models import Term
from search.pages.help import RECENTLY, groups
from search.results.reading import read
from search.results.request import SearchRequest
from search.results.service import count, find
from tests.conftest import WeekMaker
from tests.writing import create

FORMS_OF_ASKING = 15


def answer(client: Client, **parameters: str) -> dict[str, Any]:
    response = client.get("/api/v1/search", parameters)
    assert response.status_code == 200, response.content
    return response.json()


# --- The API -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_archive")
def test_the_api_answers_with_facets_by_name(client: Client) -> None:
    found = answer(client, q="台积电")
    assert (found["relaxed"], found["corrected"], found["total"]) == (False, None, 4)
    # Terms of one count come by their keys as texts, and which keys they get here is the database's.
    found["facets"]["term"].sort(key=lambda term: (-term["count"], term["value"]))
    assert found["facets"] == {
        "year": [{"value": "2025", "count": 2}, {"value": "2024", "count": 2}],
        "month": [{"value": "2025-03", "count": 2}, {"value": "2024-12", "count": 2}],
        "section": [],
        "columnist": [{"value": "某某", "count": 2}, {"value": "莫大康", "count": 2}],
        "term": [
            {"value": "台积电", "count": 4},
            {"value": "3nm", "count": 1},
            {"value": "混合键合", "count": 1},
        ],
    }


@pytest.mark.usefixtures("small_archive")
def test_every_value_of_every_facet_narrows_to_as_many_as_it_says(client: Client) -> None:
    parameter = {"year": "year", "columnist": "columnist", "term": "term"}
    for q in ("台积电", "封装", "产能 OR 铠侠"):
        for facet, values in answer(client, q=q)["facets"].items():  # type: ignore[attr-defined]
            for value in values:
                if facet == "month":
                    year, month = value["value"].split("-")
                    narrowed = answer(client, q=q, year=year, month=str(int(month)))
                else:
                    narrowed = answer(client, q=q, **{parameter[facet]: value["value"]})
                assert narrowed["total"] == value["count"], (q, facet, value)


@pytest.mark.usefixtures("small_archive")
def test_the_api_says_when_it_corrected(client: Client) -> None:
    found = answer(client, q="台机电", year="2025", page_size="1")
    assert found["query"] == "台机电"
    assert (found["total"], found["relaxed"], len(found["results"])) == (2, False, 1)  # type: ignore[arg-type]
    assert found["corrected"] == {"query": "台积电", "total": 2}


@pytest.mark.usefixtures("small_archive")
def test_the_api_says_when_it_relaxed(client: Client) -> None:
    found = answer(client, q="台积电 先进封装 产能 铠侠")
    assert (found["relaxed"], found["corrected"]) == (True, None)
    assert found["total"] == len(found["results"]) > 0  # type: ignore[arg-type]


@pytest.mark.usefixtures("small_archive")
@pytest.mark.parametrize(("q", "shown"), [("", ""), ("   ", ""), ("\u200b", "\u200b")])
def test_nothing_asked_nothing_found(client: Client, q: str, shown: str) -> None:
    assert answer(client, q=q) == {
        "query": shown,
        "total": 0,
        "page": 1,
        "page_size": 20,
        "took_ms": 0,
        "relaxed": False,
        "corrected": None,
        "facets": {},
        "filters": [],
        "issues": [],
        "verbatim": [],
        "results": [],
        "similar_in_meaning": [],
    }


@pytest.mark.usefixtures("small_archive")
def test_nothing_found_has_empty_facets(client: Client) -> None:
    found = answer(client, q="xyzzy")
    assert (found["total"], found["relaxed"], found["corrected"], found["results"]) == (0, False, None, [])
    assert found["facets"] == {"year": [], "month": [], "section": [], "columnist": [], "term": []}


@pytest.mark.usefixtures("small_archive")
def test_a_page_past_the_last_is_the_last_and_says_which(client: Client) -> None:
    found = answer(client, q="台积电", page="99", page_size="3")
    assert (found["page"], found["page_size"], len(found["results"])) == (2, 3, 1)  # type: ignore[arg-type]


@pytest.mark.usefixtures("small_archive")
@pytest.mark.parametrize("page", ["2", "999999"])
def test_the_second_page_of_nothing_is_the_first(client: Client, page: str) -> None:
    assert answer(client, q="xyzzy", page=page)["page"] == 1
    assert client.get("/search/", {"q": "xyzzy", "page": page}).context["page"].number == 1


@pytest.mark.usefixtures("small_archive")
def test_the_same_page_and_json(client: Client) -> None:
    """Page and API are one search."""
    for q in ("台积电", "台机电", "台积电 先进封装 产能 铠侠", "封装 -台积电", "xyzzy"):
        page = client.get("/search/", {"q": q}).context["found"]
        found = answer(client, q=q)
        results = found["results"]
        assert isinstance(results, list)
        assert [hit.article.pk for hit in page.results] == [result["id"] for result in results]
        assert (page.total, page.is_relaxed) == (found["total"], found["relaxed"])


# --- Marks ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_archive")
def test_marks_tell_where_the_hits_of_an_article_are(client: Client) -> None:
    article = Article.objects.get(title="良率")
    marks = client.get(f"/search/marks/{article.pk}/", {"q": "三纳米 TSMC"}).json()
    # White space is not counted: 台积电3nm的。
    assert marks == {"marks": [{"block": "p1", "start": 0, "end": 3}, {"block": "p1", "start": 3, "end": 6}]}
    assert client.get(f"/search/marks/{article.pk}/", {"q": ""}).json() == {"marks": []}
    assert client.get(f"/search/marks/{article.pk}/").json() == {"marks": []}
    assert client.get("/search/marks/999999/", {"q": "台积电"}).status_code == 404


# --- Help ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("trade_archive")
def test_the_help_page_shows_each_example_with_what_it_finds(client: Client) -> None:
    response = client.get("/search/help/")
    examples = {example.query: example for group in response.context["groups"] for example in group.examples}
    # What is counted from today may not be in an archive of 2025.
    assert len(examples) == FORMS_OF_ASKING - (
        not any(when in query for when in RECENTLY for query in examples)
    )
    for query, example in examples.items():
        found = find(SearchRequest(query))
        assert found is not None
        is_answer = not found.is_relaxed and not found.corrected
        assert example.count == (found.total if is_answer else 0), query
        assert example.count == count(read(query), SearchRequest(query))
        assert client.get(f"/search/?{example.parameters}").context["q"] == query
        assert example.count > 0, query
    assert response.content.decode().count(" 篇</span>") == len(examples)


@pytest.mark.django_db
def test_the_help_page_of_an_empty_archive_shows_every_form_and_promises_nothing(client: Client) -> None:
    text = client.get("/search/help/").content.decode()
    assert text.count("<kbd>") > FORMS_OF_ASKING
    assert " 篇</span>" not in text


def test_the_examples_are_of_what_the_newest_issues_report_on(client: Client, make_issue: WeekMaker) -> None:
    for name in ("铠侠", "闪存", "内存"):
        create(Term, name=name, kind=Term.Kind.PRODUCT)
    make_issue({"铠侠": "闪存。", "铠侠二": "内存。"}, end_date="2024-12-27", columnist="甲 乙")
    make_issue({"机密": "铠侠机密"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    queries = [example.query for group in groups() for example in group.examples]
    assert {"issue:2024-12-27", 'columnist:"甲 乙"', "2024年12月 铠侠"} <= {*queries}
    assert not any("2025" in query for query in queries)


@pytest.mark.usefixtures("small_archive")
def test_the_explanation_of_a_corrected_query_is_of_the_one_that_was_run(client: Client) -> None:
    page = client.get("/search/", {"q": "taijidian 铠侠", "explain": "1"})
    corrected = page.context["found"].corrected
    if corrected is None:
        page = client.get("/search/", {"q": "taijidian", "explain": "1"})
        corrected = page.context["found"].corrected
    assert [leaf.text for leaf in page.context["explanation"]] == corrected.query.split()
    text = page.content.decode()
    assert re.search(rf"没有“taijidian[^”]*”，下面说明的是“{corrected.query}”", text)


# --- Explanations --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_archive")
def test_an_explanation_says_how_each_part_was_cut_and_what_it_finds(client: Client) -> None:
    page = client.get("/search/", {"q": '台積電 三纳米 OR CoWoS-L -铠侠 "封装"', "explain": "1"})
    leaves = {leaf.text: leaf for leaf in page.context["explanation"]}
    assert [(leaf.text, leaf.count, leaf.run_count) for leaf in leaves.values()] == [
        ("台積電", 4, 3),
        ("三纳米", 1, 0),
        ("CoWoS-L", 1, 1),
        ("封装", 2, 2),
    ]
    assert [
        [(part.text, part.count, part.term, part.writings) for part in leaf.parts] for leaf in leaves.values()
    ] == [
        [("台積電", 4, "台积电", ("台积电", "TSMC"))],
        [("三纳米", 1, "", ())],
        [("cowos-l", 1, "", ())],
        [("封装", 2, "", ())],
    ]
    assert [client.get(leaf.url).context["q"] for leaf in leaves.values()] == [
        "台積電",
        "三纳米",
        "CoWoS-L",
        '"封装"',
    ]


@pytest.mark.usefixtures("trade_archive")
def test_the_counts_of_an_explanation_are_those_of_a_search(client: Client) -> None:
    for q in ("英伟达 HBM4 先进封装产能", "title:量产 昇腾", "3纳米 “良率”", "title:“18A” 陈立武 -三星"):
        for leaf in client.get("/search/", {"q": q, "explain": "1"}).context["explanation"]:
            assert client.get(leaf.url).context["found"].total == leaf.count > 0, (q, leaf)
            assert leaf.run_count <= leaf.count
            assert min(part.count for part in leaf.parts) >= leaf.run_count


@pytest.mark.usefixtures("small_archive")
def test_scores_are_explained_by_the_parts_of_the_query(client: Client) -> None:
    page = client.get("/search/", {"q": "台积电 封装", "explain": "1"})
    for hit in page.context["found"].results:
        scores = dict(hit.reasons)
        assert scores.keys() <= {"台积电", "封装", "台积电 封装"}
        assert sum(scores.values()) == pytest.approx(hit.score, rel=1e-3)
    assert all(not hit.reasons for hit in client.get("/search/", {"q": "台积电"}).context["found"].results)


@pytest.mark.usefixtures("small_archive")
def test_an_explanation_only_when_asked_for(client: Client) -> None:
    assert client.get("/search/", {"q": "台积电"}).context["explanation"] == []
    assert client.get("/search/", {"q": "", "explain": "1"}).context["explanation"] == []


@pytest.mark.usefixtures("small_archive")
def test_ways_to_teach_the_glossary_are_for_editors(client: Client, admin_client: Client) -> None:
    address = "/search/?" + urlencode({"q": "混合粘合", "explain": "1"})
    assert "/admin/glossary" not in client.get(address).content.decode()
    assert "/admin/glossary" in admin_client.get(address).content.decode()


# --- Facets as links -----------------------------------------------------------------------------------


@pytest.mark.nightly  # test_filters.py clicks every link of other pages each time
@pytest.mark.usefixtures("trade_archive")
def test_every_link_of_every_facet_leads_to_as_many_as_it_says(client: Client) -> None:
    for q in ("台积电", "HBM4", "year:2025 量产", "芯片 -台积电"):
        page = client.get("/search/", {"q": q, "sort": "newest"})
        links = [value for facet in page.context["facets"] for value in facet.values]
        assert len(links) > 5
        for value in links:
            narrowed = client.get(f"/search/{value.url}")
            assert narrowed.context["found"].total == value.count, (q, value)
            assert [chip.label for chip in narrowed.context["chips"]] == [value.label]
            assert "sort=newest" in value.url
            assert client.get(f"/search/{narrowed.context['chips'][0].url}").context["found"].total == (
                page.context["found"].total
            )


@pytest.mark.usefixtures("trade_archive")
def test_a_value_that_all_results_share_is_no_choice(client: Client) -> None:
    page = client.get("/search/", {"q": "term:台积电"})
    labels = [value.label for facet in page.context["facets"] for value in facet.values]
    assert "台积电" not in labels
    assert all(value.count < page.context["found"].total for facet in page.context["facets"] for value in facet.values)  # fmt: skip


# --- Queries of the database ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parameters",
    [
        {"q": "芯片"},
        {"q": "芯片", "year": "2025", "month": "3", "term": "台积电", "columnist": "甲", "sort": "newest"},
        {"q": "芯篇"},
        {"q": "芯片 没有 台积电 这样的"},
        {"q": "xyzzy"},
    ],
    ids=lambda parameters: parameters["q"],
)
def test_a_search_takes_at_most_four_queries_however_large_the_archive(
    client: Client, make_issue: WeekMaker, parameters: dict[str, str]
) -> None:
    create(Term, name="台积电", kind=Term.Kind.COMPANY)
    create(Term, name="芯片", kind=Term.Kind.PRODUCT)
    counts = []
    for size in (2, 12):
        make_issue(
            {f"第{number}篇": "芯片与台积电" for number in range(size)},
            end_date=f"2025-03-{size:02}",
            title=f"{size}",
            columnist="甲",
        )
        client.get("/search/", parameters)  # the glossary is read when it has changed
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/search/", parameters).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 4


def test_the_reading_of_the_page_has_no_markup_of_the_query(client: Client, db: None) -> None:
    hostile = '<b>x</b> "><script>alert(1)</script> title:<i>'
    text = client.get("/search/", {"q": hostile, "explain": "1"}).content.decode()
    assert not re.search(r"<b>x|<script>alert|<i>", text)
