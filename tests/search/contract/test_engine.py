"""What every engine must do, and what one without an index must refuse: the contract of search/engines/base."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.management import call_command
from django.test import Client
from haystack.query import SearchQuerySet

from archive.models import Article, Issue
from glossary.models import Mention, Term
from glossary.vocabulary import current_vocabulary
from search.engines.base import Engine, IndexQuery, Unsupported
from search.engines.documents import DocumentId
from search.engines.registry import current_engine
from search.indexing import sync
from search.query.parser import parse
from search.query.tree import About, And, Everything, Leaf, Node, Or, Where
from tests.conftest import WeekMaker
from tests.search.contract.asking import NEWEST, found, queries
from tests.search.contract.conftest import Kind
from tests.tiers import nightly
from tests.writing import create, update

FACETS = ("year", "month", "section", "columnist", "issue", "term")


# --- Filters, facets, pages ----------------------------------------------------------------------------


@pytest.fixture
def weeks(make_issue: WeekMaker) -> None:
    for name in ("台积电", "英特尔", "铠侠"):
        create(Term, name=name, kind=Term.Kind.COMPANY)
    make_issue({"甲": "台积电芯片", "乙": "芯片"}, end_date="2024-12-27", columnist="莫大康")
    make_issue({"丙": "英特尔与台积电芯片", "丁": "英特尔"}, end_date="2025-03-14", columnist="某某")
    make_issue({"戊": "芯片"}, end_date="2025-03-21", title="另一种", columnist="")
    update(Article.objects.filter(title__in="甲丙"), section="政策")
    update(Article.objects.filter(title="丁"), section="产业 动态")
    if current_engine().has_index:
        sync.rebuild()


CONDITIONS: list[tuple[Node, str]] = [
    (Where("columnist", "exact", "莫大康"), "甲乙"),
    (Where("columnist", "in", ("莫大康", "某某")), "甲乙丙丁"),
    (Where("columnist", "in", ()), ""),
    (Where("issue", "in", ("2025-03-14", "2025-03-21")), "丙丁戊"),
    (Where("end_date", "range", (20250101, 20250315)), "丙丁"),
    (Where("end_date", "gte", 20250314), "丙丁戊"),
    (Where("end_date", "lt", 20250314), "甲乙"),
    (Where("end_date", "in", (20241227, 20250321)), "甲乙戊"),
    (Where("position", "exact", 2), "乙丁"),
    (Where("end_month", "exact", 3), "丙丁戊"),
    (Where("end_month", "in", (3, 12)), "甲乙丙丁戊"),
    (Where("section", "exact", "政策"), "甲丙"),
    (Where("section", "in", ("政策", "產業 動態", "无此栏")), "甲丙丁"),
    (And((Where("section", "in", ("政策",)), Where("end_month", "in", (3,)))), "丙"),
    (And((About("台积电"), About("英特尔"))), "丙"),
    (Where("kind", "exact", "article"), "甲乙丙丁戊"),
    (Where("kind", "in", ("issue",)), ""),
    (Or((Where("columnist", "exact", "某某"), Where("issue", "exact", "2025-03-21"))), "丙丁戊"),
]
"""Conditions, and the titles of the weeks' articles that they hold for."""


@pytest.mark.usefixtures("weeks")
def test_filters_of_one_value_of_several_and_of_ranges(engine: Engine) -> None:
    titles = dict(Article.objects.values_list("pk", "title"))
    held = {condition: {titles[pk] for pk in found(engine, condition)} for condition, _ in CONDITIONS}
    assert held == {condition: {*expected} for condition, expected in CONDITIONS}
    for condition in held:
        assert found(engine, And((Leaf("芯片"), condition))) == found(engine, And((condition, Leaf("芯片"))))


@pytest.mark.usefixtures("weeks")
def test_facets_are_counted_without_a_page(engine: Engine) -> None:
    hits = engine.search(IndexQuery(Leaf("芯片"), NEWEST, end=0, facets=("section", "month")))
    assert (hits.total, hits.documents) == (4, [])
    assert hits.facets == {"section": [("政策", 2)], "month": [("2025-03", 2), ("2024-12", 2)]}


@pytest.mark.usefixtures("weeks")
def test_an_unknown_column_operator_or_facet_is_named(engine: Engine) -> None:
    for query in (
        IndexQuery(Where("colour", "exact", 1), NEWEST),
        IndexQuery(Where("columnist", "gt", "甲"), NEWEST),
        IndexQuery(Everything(), ("colour",)),
        IndexQuery(Everything(), NEWEST, facets=("colour",)),
    ):
        with pytest.raises(ValueError, match=r"colour|columnist.*gt"):
            engine.search(query)


@pytest.mark.slow
@pytest.mark.usefixtures("trade_archive")
@pytest.mark.parametrize(("every", "every_without_index"), [nightly(2, 8), (8, 32)])
def test_facets_count_what_sql_counts(
    kind: Kind, engine: Engine, every: int, every_without_index: int
) -> None:
    for query in queries()[:: every if kind.has_index else every_without_index]:
        node = parse(query, current_vocabulary()).effective_tree
        if node is None:
            continue
        hits = engine.search(IndexQuery(node, NEWEST, end=10, facets=FACETS))
        articles = Article.objects.filter(pk__in=found(engine, node)).select_related("issue")
        assert (hits.total, len(hits.documents)) == (len(articles), min(10, len(articles)))
        expected = {
            "year": Counter(str(a.issue.end_date.year) for a in articles),
            "month": Counter(f"{a.issue.end_date:%Y-%m}" for a in articles),
            "section": Counter(a.section for a in articles if a.section),
            "columnist": Counter(a.issue.columnist for a in articles if a.issue.columnist),
            "issue": Counter(a.issue.slug for a in articles),
            "term": Counter(
                map(str, Mention.objects.filter(article__in=articles).values_list("term", flat=True))
            ),
        }
        for facet, counts in hits.facets.items():
            assert dict(counts) == expected[facet], (query, facet)
            newest_first = sorted(counts, reverse=True)
            most_first = sorted(counts, key=lambda item: (-item[1], item[0]))
            assert counts == (newest_first if facet in ("year", "month") else most_first)


@pytest.mark.slow
@pytest.mark.usefixtures("demo_archive")
def test_pages_repeat_and_lose_nothing(kind: Kind, engine: Engine) -> None:
    everything = {*Article.objects.published().values_list("pk", flat=True)}
    orders: list[tuple[str, ...]] = [NEWEST, ("end_date",), ("position", "-end_date"), ("-pk",)]
    for sort_by in [*orders, *([()] if kind.has_index else [])]:
        for node, sizes in ((Everything(), (40,)), (Leaf("碳化硅"), (1, 3))):
            whole = found(engine, node, sort_by)
            assert len(whole) > max(sizes)
            for size in sizes:
                pages = [
                    engine.search(IndexQuery(node, sort_by, start, start + size)).documents
                    for start in range(0, len(whole) + size, size)
                ]
                assert [document.pk for page in pages for document in page] == whole
            assert len({*whole}) == len(whole)
            assert node != Everything() or {*whole} == everything
    assert found(engine, Everything(), ("pk",)) == sorted(everything)


@pytest.mark.usefixtures("weeks")
def test_equals_come_newest_first_and_then_as_in_the_issue(engine: Engine) -> None:
    titles = dict(Article.objects.values_list("pk", "title"))
    assert "".join(titles[pk] for pk in found(engine, Everything())) == "戊丙丁甲乙"
    assert "".join(titles[pk] for pk in found(engine, Everything(), ("end_date",))) == "甲乙丙丁戊"


@pytest.mark.usefixtures("trade_archive")
def test_days_and_terms_are_counted(engine: Engine) -> None:
    nodes = [Everything(), Leaf("台积电"), Leaf("绝无此词xyzzy")]
    days = dict(Article.objects.published().values_list("pk", "issue__end_date"))
    expected = [sorted(Counter(days[pk] for pk in found(engine, node)).items()) for node in nodes]
    assert engine.counts_by_day(nodes) == expected
    mentions = Counter(Mention.objects.published().values_list("term", flat=True))
    assert engine.term_counts() == (len(days), dict(mentions))


# --- Ranking -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("weeks")
def test_one_that_ranks_ranks_and_one_that_does_not_says_so(kind: Kind, engine: Engine) -> None:
    best = IndexQuery(Leaf("台积电"))
    article = DocumentId("article", Article.objects.get(title="丙").pk)
    if not kind.has_index:
        for ask in (
            lambda: engine.search(best),
            lambda: engine.scores([Leaf("台积电")], article),
            lambda: engine.similar(article, Everything()),
        ):
            with pytest.raises(Unsupported, match="does not rank"):
                ask()
        return
    scores = {document.pk: document.score for document in engine.search(best).documents}
    assert len(scores) == 2
    assert list(scores.values()) == sorted(scores.values(), reverse=True)
    assert engine.scores([Leaf("台积电"), Leaf("铠侠")], article) == [
        pytest.approx(scores[article.pk], rel=1e-5),
        0.0,
    ]


def test_similar_documents_share_terms(kind: Kind, engine: Engine, make_issue: WeekMaker) -> None:
    if not kind.has_index:
        pytest.skip("refused: see above")
    for name in ("台积电", "英特尔", "混合键合", "玻璃基板"):
        create(Term, name=name, kind=Term.Kind.COMPANY)
    make_issue(
        {
            "原": "台积电 混合键合 玻璃基板",
            "近": "玻璃基板与混合键合",
            "远": "台积电 玻璃基板 英特尔",
            "无关": "英特尔",
        }
    )
    ids = {article.title: article.pk for article in Article.objects.all()}
    hits = engine.similar(DocumentId("article", ids["原"]), Everything())
    assert [document.pk for document in hits.documents] == [ids["近"], ids["远"]]
    assert engine.similar(DocumentId("article", ids["原"]), Leaf("英特尔")).total == 1
    assert (
        engine.similar(DocumentId("article", ids["原"]), Everything(), 1, 2).documents == hits.documents[1:]
    )
    assert engine.similar(DocumentId("article", 999_999), Everything()).total == 0


# --- What stands on it ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("weeks")
def test_haystack_works_on_it(kind: Kind, engine: Engine) -> None:
    everything = SearchQuerySet().order_by("-end_date")
    assert everything.count() == 5
    assert [
        row.object.title for row in everything.filter(content="芯片").filter(columnist__in=["莫大康"])
    ] == ["甲", "乙"]
    assert [row.pk for row in everything.models(Article)[1:3]] == [
        str(pk) for pk in found(engine, Everything())[1:3]
    ]
    assert everything.models(Article).count() == 5
    assert everything.models(Issue).count() == 3
    assert everything.facet("year").facet_counts()["fields"] == {"year": [("2025", 3), ("2024", 2)]}
    call_command("update_index", verbosity=0)
    if kind.has_index:
        assert SearchQuerySet().filter(content="芯片")[0].score > 0
        call_command("rebuild_index", verbosity=0)
    else:
        with pytest.raises(Unsupported, match="sort by"):
            list(SearchQuerySet().filter(content="芯片"))


@pytest.mark.usefixtures("weeks")
def test_no_page_fails_and_what_could_not_be_done_is_said(kind: Kind, client: Client) -> None:
    article = Article.objects.get(title="丙")
    for address in (
        "/search/?q=芯片",
        "/search/?q=芯片&explain=1&sort=newest",
        "/search/?q=芯片&explain=1&page=99",
        "/search/?q=绝无此词xyzzy 台积电",
        "/search/?q=xyzzy",
        "/search/?q=taijidian",
        "/search/help/",
        "/search/feed.atom?q=芯片",
        f"/search/marks/{article.pk}/?q=芯片",
        "/api/v1/search?q=芯片",
        "/api/v1/suggest?q=台",
        "/api/v1/trends?q=芯片",
        "/trends/?q=芯片",
        article.get_absolute_url(),
        "/readyz",
    ):
        assert client.get(address).status_code == 200, address
    ranked, dated = (
        client.get(f"/search/?q=芯片&sort={sort}").context["found"] for sort in ("relevance", "newest")
    )
    assert (ranked.total, dated.total) == (4, 4)
    assert ("不按相关度排列" in ranked.notice) == (not kind.has_index)
    assert dated.notice == ""
    trends = client.get("/api/v1/trends?q=芯片").json()
    assert trends["trends"][0]["total"] == 4
