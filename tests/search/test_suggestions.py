"""What is suggested while somebody types, and how often it would be found."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.http import urlencode

from archive.models import Article, Issue
from glossary.models import Term
from tests.conftest import WeekMaker
from tests.writing import create


@pytest.mark.usefixtures("small_archive")
@pytest.mark.parametrize("q", ["台", "台積", "taij", "tjd", "TJD"])
def test_a_term_is_suggested_with_the_articles_that_mention_it(client: Client, q: str) -> None:
    answered = client.get("/api/v1/suggest", {"q": q}).json()
    assert answered["query"] == q
    assert answered["suggestions"][0] == {
        "kind": "term",
        "text": "台积电",
        "label": "公司",
        "url": f"/search/?{urlencode({'q': '台积电'})}",
        "query": "台积电",
        "count": 4,
        "writing": "",
        "marks": [[0, {"台": 1, "台積": 2, "taij": 2, "tjd": 3}[q.lower()]]],
        "writing_marks": [],
    }


@pytest.mark.usefixtures("small_archive")
def test_an_alias_is_suggested_by_its_terms_name_and_a_title_as_its_article(client: Client) -> None:
    article = Article.objects.get(title="TSMC 开会")
    assert client.get("/api/v1/suggest", {"q": "tsmc"}).json()["suggestions"] == [
        {
            "kind": "term",
            "text": "台积电",
            "label": "公司",
            "url": f"/search/?{urlencode({'q': '台积电'})}",
            "query": "台积电",
            "count": 4,
            "writing": "TSMC",
            "marks": [],
            "writing_marks": [[0, 4]],
        },
        {
            "kind": "title",
            "text": "TSMC 开会",
            "label": "2024-12-27",
            "url": f"/articles/{article.pk}/",
            "query": "",
            "count": None,
            "writing": "",
            "marks": [[0, 4]],
            "writing_marks": [],
        },
    ]


@pytest.mark.usefixtures("small_archive")
def test_the_last_word_is_completed_and_the_words_before_stay(client: Client) -> None:
    for typed, before in [("三纳米 tai", "三纳米 "), ("HBM  -台", "HBM  -"), ("良率 OR tsm", "良率 OR ")]:
        found = client.get("/api/v1/suggest", {"q": typed}).json()["suggestions"][0]
        assert found["text"] == found["query"] == f"{before}台积电"
        assert found["url"] == f"/search/?{urlencode({'q': found['query']})}"
        if not found["writing"]:
            assert found["marks"] == [[len(before), len(before) + 1]]


COLUMNISTS = {"莫大康": "2025-02-02", "“甲”乙": "2025-03-01", '“甲"丙': "2025-03-08"}


@pytest.mark.parametrize(
    ("typed", "name"), [("modak", "莫大康"), ("MDK", "莫大康"), ("“甲”", "“甲”乙"), ('“甲"', '“甲"丙')]
)
def test_a_columnist_is_suggested_and_leads_to_what_is_theirs(
    client: Client, make_issue: WeekMaker, typed: str, name: str
) -> None:
    for number, (columnist, end_date) in enumerate(COLUMNISTS.items(), start=1):
        articles = {f"铠侠 {place}": "闪存。" for place in range(number)}
        make_issue(articles, end_date=end_date, columnist=columnist)
    for before in ("", "铠侠 "):
        found = client.get("/api/v1/suggest", {"q": before + typed}).json()["suggestions"]
        (one,) = [item for item in found if (item["kind"], item["text"]) == ("columnist", name)]
        assert one["label"] == "栏目作者"
        assert one["query"].startswith(before + "作者:")
        shown = client.get(one["url"]).context["found"]
        assert shown.total == one["count"] == [*COLUMNISTS].index(name) + 1
        found = Article.objects.filter(pk__in=[hit.article.pk for hit in shown.results])
        assert {article.issue.columnist for article in found} == {name}


@pytest.mark.parametrize(
    ("typed", "slugs"),
    [
        ("半导体周", ["2025-03-21", "2025-03-14"]),
        ("2025-03", ["2025-03-21", "2025-03-14"]),
        ("3月14", ["2025-03-14"]),
        ("2025年3月21日", ["2025-03-21"]),
        ("2025.2.7", ["2025-02-07"]),
        ("半导体 2月7", ["2025-02-07"]),
        ("半", []),
        ("2031", []),
    ],
)
def test_an_issue_is_suggested_by_its_name_and_by_its_day(
    client: Client, make_issue: WeekMaker, typed: str, slugs: list[str]
) -> None:
    for end_date in ("2025-02-07", "2025-03-14", "2025-03-21"):
        make_issue({"无关": "无关"}, end_date=end_date, title="半导体周报")
    make_issue({"无关": "无关"}, end_date="2025-03-28", title="半导体周报", status=Issue.Status.DRAFT)
    found = client.get("/api/v1/suggest", {"q": typed}).json()["suggestions"]
    assert [(item["kind"], item["url"]) for item in found] == [
        ("issue", f"/issues/{slug}/") for slug in slugs
    ]


def test_what_finds_nothing_beside_the_words_before_is_offered_only_when_nothing_else_is(
    client: Client, make_issue: WeekMaker
) -> None:
    for name in ("台积电", "台达电子"):
        create(Term, name=name, kind=Term.Kind.COMPANY)
    make_issue({"一": "英伟达与台积电", "二": "台达电子", "三": "铠侠"})

    def offered(typed: str) -> list[tuple[str, int]]:
        found = client.get("/api/v1/suggest", {"q": typed}).json()["suggestions"]
        return [(item["text"], item["count"]) for item in found if item["kind"] == "term"]

    assert offered("英伟达 tai") == [("英伟达 台积电", 1)]
    assert offered("铠侠 tai") == [("铠侠 台积电", 0), ("铠侠 台达电子", 0)]


@pytest.mark.usefixtures("small_archive")
def test_each_suggested_count_is_what_the_suggestion_finds(client: Client) -> None:
    for q in ("台", "h", "3", "t"):
        for suggestion in client.get("/api/v1/suggest", {"q": q}).json()["suggestions"]:
            if suggestion["count"] is not None:
                assert client.get(suggestion["url"]).context["found"].total == suggestion["count"]


def test_a_name_alone_is_counted_as_its_search_finds_it(client: Client, make_issue: WeekMaker) -> None:
    create(Term, name="芯片", kind=Term.Kind.TECHNOLOGY)
    create(Term, name="芯片法案", kind=Term.Kind.TECHNOLOGY)
    make_issue({"一": "芯片涨价。", "二": "芯片法案通过。", "三": "晶圆。"})
    offered = client.get("/api/v1/suggest", {"q": "芯"}).json()["suggestions"]
    assert {one["text"]: one["count"] for one in offered} == {"芯片": 2, "芯片法案": 1}
    assert client.get("/api/v1/search", {"q": "芯片"}).json()["total"] == 2


@pytest.mark.usefixtures("small_archive")
@pytest.mark.parametrize("q", ["", " ", "xyzzy", "\n", "\x00", "台" * 10_000, "<script>", "%", "😀"])
def test_nothing_to_suggest_is_an_empty_list(client: Client, q: str) -> None:
    assert client.get("/api/v1/suggest", {"q": q}).json() == {"query": q, "suggestions": []}


def test_a_term_that_no_article_mentions_is_not_suggested(client: Client, make_issue: WeekMaker) -> None:
    create(Term, name="台积电", kind=Term.Kind.COMPANY)
    make_issue({"无关": "铠侠"})
    assert client.get("/api/v1/suggest", {"q": "台"}).json()["suggestions"] == []
