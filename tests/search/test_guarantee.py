"""Nothing visible is unfindable, and the index answers what reading every article would answer."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from haystack.query import SQ, SearchQuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.models import Article, Issue
from glossary.vocabulary import current_vocabulary
from search.engines import database as scanning
from search.query.tree import Node
from search.results.reading import read
from search.results.request import SearchRequest
from search.results.service import find
from tests.conftest import WeekMaker
from tests.tiers import examples
from tests.writing import delete_all


def asked_for(text: str) -> list[Node]:
    """What the page shows: the results, and of a query with a date what holds it letter for letter on other days."""
    query = read(text)
    return [node for node in (query.effective_tree, query.verbatim) if node]


def ids_found(query: str) -> set[int]:
    return {int(row.pk) for node in asked_for(query) for row in SearchQuerySet().filter(content=node)}


def ids_by_reading(query: str) -> set[int]:
    return {
        article.pk
        for article in Article.objects.published().select_related("issue")
        for node in asked_for(query)
        if scanning.matches(node, scanning.ScannedArticle(article, current_vocabulary()))
    }


@pytest.mark.usefixtures("demo_archive")
def test_any_run_of_any_article_finds_it() -> None:
    chance = random.Random(20250321)
    missed = []
    for article in Article.objects.published():
        lines = [line for line in article.text.splitlines() if line]
        for _ in range(12):
            line = chance.choice(lines)
            start = chance.randrange(len(line))
            run = line[start : start + chance.choice([1, 2, 3, 5, 8, 20, 80])]
            if run.strip() and article.pk not in ids_found(run):
                missed.append(run)
    assert missed == []


@pytest.mark.usefixtures("demo_archive")
def test_every_title_finds_its_article_first() -> None:
    missed = []
    for article in Article.objects.published():
        found = find(SearchRequest(article.title))
        if not found or not found.results or found.results[0].article.pk != article.pk:
            missed.append(article.title)
    assert missed == []


@pytest.mark.usefixtures("demo_archive")
def test_the_index_answers_what_reading_every_article_answers() -> None:
    chance = random.Random(7)
    texts = [article.text for article in Article.objects.published()]

    def piece() -> str:
        text = chance.choice(texts)
        start = chance.randrange(len(text))
        return text[start : start + chance.choice([1, 2, 4, 6])].strip() or "芯"

    for _ in range(60):
        query = f'{piece()} {chance.choice(["", "OR ", "-", "NOT "])}{piece()} {chance.choice(["", "-"])}"{piece()}"'
        assert ids_found(query) == ids_by_reading(query), query


@pytest.mark.slow
@settings(
    max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_substring_of_any_text_finds_it(make_issue: WeekMaker, data: st.DataObject) -> None:
    alphabet = st.sampled_from('芯片台積電，。“”「」"-OR NT910C hbm+./\\&<>*()　é𠮷①')
    line = data.draw(st.text(alphabet, min_size=1, max_size=40).filter(lambda text: text.strip()))
    start = data.draw(st.integers(0, len(line) - 1))
    run = line[start : data.draw(st.integers(start + 1, len(line)))]
    delete_all(Issue.objects.all())
    article = make_issue({"标题": line, "别的": "无关"}).articles.get(position=1)
    if run.strip():
        assert article.pk in ids_found(run)


@pytest.mark.parametrize(
    "query", ["江存", "存储扩", "910", "１０", "積", "C采", "，", "片是。", "b c", "3月", "2019年"]
)
def test_runs_that_cross_every_cut_are_found(make_issue: WeekMaker, query: str) -> None:
    article = make_issue({"长江存储扩产": "昇腾910C采用，累积。a b c片是。2019年13月"}).articles.get()
    assert ids_found(query) == {article.pk}


def test_a_run_never_crosses_a_paragraph(make_issue: WeekMaker) -> None:
    make_issue({"题": "先进\n封装"})
    assert ids_found('"先进封装"') == set()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("HBM 三星", {"b"}),
        ("HBM OR 三星", {"a", "b", "c"}),
        ("HBM -三星", {"a"}),
        ('"三星HBM"', {"b"}),
        ("三星 NOT HBM", {"c"}),
        ("莫大康", {"a", "b", "c"}),
        ("莫大", set()),
    ],
)
def test_and_or_not_quotes_and_columnists(make_issue: WeekMaker, query: str, expected: set[str]) -> None:
    make_issue({"a": "HBM 海力士", "b": "三星 HBM", "c": "三星手机"}, columnist="莫大康")
    titles = {article.pk: article.title for article in Article.objects.all()}
    assert {titles[pk] for pk in ids_found(query)} == expected


def test_haystacks_own_interface_answers(make_issue: WeekMaker) -> None:
    issue = make_issue({"a": "HBM 海力士", "b": "三星 HBM", "c": "三星手机"})
    a, b, c = issue.articles.all()
    everything = SearchQuerySet()
    assert everything.count() == 3
    assert {row.object for row in everything.all()} == {a, b, c}
    assert [row.object for row in everything.filter(content="HBM").exclude(content="三星")] == [a]
    assert {row.object for row in everything.filter(SQ(content="手机") | SQ(content="海力士"))} == {a, c}
    assert [row.object for row in everything.filter(position__gte=2).order_by("-position")] == [c, b]
    assert [row.object for row in everything.order_by("position")[1:2]] == [b]
    assert [row.object for row in everything.filter(django_id__in=[a.pk])] == [a]
    assert everything.filter(end_date__lt=dt.date(2025, 3, 21)).count() == 0


def test_every_page_is_complete_and_none_repeats(make_issue: WeekMaker) -> None:
    make_issue({f"第{number}篇": "芯片" for number in range(1, 48)})
    for page_size in (1, 5, 7, 20):
        pages = -(-47 // page_size)
        seen = [
            hit.article.position
            for page in range(1, pages + 1)
            for hit in find(SearchRequest("芯片", page=page, page_size=page_size)).results  # type: ignore[union-attr]
        ]
        assert sorted(seen) == list(range(1, 48))
