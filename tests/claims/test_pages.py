"""Numbers on the pages of articles and topics, as files, and in the API."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive.models import Article, Issue
from claims.tasks import compare
from glossary.models import Term
from tests.conftest import WeekMaker
from tests.writing import create

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(make_issue: WeekMaker) -> Issue:
    create(Term, name="台积电", kind=Term.Kind.COMPANY)
    make_issue({"机密": "台积电投资77亿元。"}, end_date="2025-03-28", status=Issue.Status.DRAFT)
    issue = make_issue(
        {
            "台积电扩产": "台积电营收80亿美元，同比增长5%。\n=2025年下半年量产，业界投资<b>12亿元。",
            "别的": "台积电没有说数字。",
        }
    )
    compare.func()
    return issue


def article(issue: Issue) -> Article:
    return issue.articles.get(position=1)


def rows(content: bytes) -> list[list[str]]:
    assert content.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_an_article_lists_its_numbers_each_with_its_sentence(client: Client, issue: Issue) -> None:
    page = client.get(f"/articles/{article(issue).pk}/").content.decode()
    assert "本文里的数字" in page
    for shown in ("80 亿美元", "5%", "2025年下半年", "12 亿人民币"):
        assert f'<span class="figure">{shown}</span>' in page
    assert "<mark>12亿元</mark>" in page
    assert "&lt;b&gt;<mark>" in page
    assert 'href="#p2">到这一段' in page


def test_an_article_without_numbers_has_no_such_part(client: Client, issue: Issue) -> None:
    other = issue.articles.get(position=2)
    assert "本文里的数字" not in client.get(f"/articles/{other.pk}/").content.decode()
    assert len(rows(client.get(f"/articles/{other.pk}/figures.csv").getvalue())) == 1


def test_an_article_reads_its_numbers_without_asking_the_database(
    issue: Issue, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    from claims.listing import of_article

    read = article(issue)
    of_article(read)  # the words are known
    with django_assert_num_queries(0):
        assert len(of_article(read)) == 4


def test_a_topic_shows_what_is_surely_said_of_it(client: Client, issue: Issue) -> None:
    page = client.get("/topics/taijidian/").content.decode()
    assert '<span class="figure">80 亿美元</span>' in page
    assert "12 亿人民币" not in page
    whole = client.get("/topics/taijidian/figures/").content.decode()
    assert "金额" in whole
    assert '<span class="figure">5%</span>' in whole
    money = client.get("/topics/taijidian/figures/?kind=money&page=9").content.decode()
    assert "80 亿美元" in money
    assert '<span class="figure">5%</span>' not in money


def test_a_topic_without_numbers_says_so_and_none_that_nobody_mentions_has_a_page(
    client: Client, issue: Issue
) -> None:
    create(Term, name="数字", kind=Term.Kind.TECHNOLOGY)
    create(Term, name="机密", kind=Term.Kind.TECHNOLOGY)
    assert "还没有文章说到“数字”的数字" in client.get("/topics/shuzi/figures/").content.decode()
    assert client.get("/topics/jimi/figures/").status_code == 404
    assert client.get("/topics/jimi/figures.csv").status_code == 404
    assert client.get("/topics/nothing/figures/").status_code == 404


def test_nothing_of_a_draft_is_anywhere(client: Client, issue: Issue) -> None:
    draft = Article.objects.get(title="机密")
    for address in (
        "/topics/taijidian/",
        "/topics/taijidian/figures/",
        "/api/v1/figures",
        f"/api/v1/figures?article={draft.pk}",
    ):
        page = client.get(address).content.decode()
        assert "77亿" not in page.replace(" ", ""), address
    assert "77亿" not in client.get("/topics/taijidian/figures.csv").getvalue().decode()
    assert client.get(f"/articles/{draft.pk}/figures.csv").status_code == 404


def test_a_file_opens_in_a_spreadsheet_and_runs_nothing(client: Client, issue: Issue) -> None:
    pk = article(issue).pk
    head, *lines = rows(client.get(f"/articles/{pk}/figures.csv").getvalue())
    assert head[:4] == ["种类", "从", "到", "单位"]
    assert lines[0][:7] == ["金额", "8000000000", "8000000000", "USD", "", "80亿美元", "台积电"]
    assert lines[2][7] == "'=2025年下半年量产，业界投资<b>12亿元。"
    assert lines[2][:3] == ["日期", "2025-07-01", "2025-12-31"]
    assert lines[0][-1] == f"http://testserver/articles/{pk}/#p1"
    of_topic = rows(client.get("/topics/taijidian/figures.csv?kind=percent").getvalue())
    assert [line[5] for line in of_topic[1:]] == ["5%"]


def test_programs_get_the_same(client: Client, issue: Issue) -> None:
    answer = client.get("/api/v1/figures?topic=taijidian&kind=money").json()
    [figure] = answer["results"]
    assert answer["total"] == 1
    assert (figure["low"], figure["unit"], figure["written"]) == (8e9, "USD", "80亿美元")
    assert figure["sentence"][figure["start"] : figure["end"]] == figure["written"]
    assert figure["subject"] == {"slug": "taijidian", "name": "台积电"}
    assert figure["issue"]["end_date"] == "2025-03-21"
    assert figure["url"] == f"/articles/{article(issue).pk}/#p1"
    everything = client.get(f"/api/v1/figures?article={article(issue).pk}").json()["results"]
    assert [one["subject"] and one["subject"]["name"] for one in everything] == [
        "台积电",
        "台积电",
        None,
        None,
    ]
    assert client.get("/api/v1/figures?since=2025-03-22").json()["total"] == 0
    assert client.get("/api/v1/figures?until=2025-03-21").json()["total"] == 4


@pytest.mark.parametrize(
    ("asked", "status"),
    [("kind=weight", 422), ("article=0", 422), ("since=soon", 422), ("topic=%20", 422), ("topic=no", 404)],
)
def test_what_makes_no_sense_is_named(client: Client, issue: Issue, asked: str, status: int) -> None:
    response = client.get(f"/api/v1/figures?{asked}")
    assert response.status_code == status
    if status == 422:
        assert response.json()["errors"][0]["parameter"] == asked.partition("=")[0]


@pytest.mark.parametrize("doubled", [False, True])
def test_the_queries_of_a_topics_numbers_do_not_grow(
    client: Client,
    make_issue: WeekMaker,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    doubled: bool,
) -> None:
    create(Term, name="台积电", kind=Term.Kind.COMPANY)
    make_issue({f"第{number}条": "台积电投资9亿元。" for number in range(8 if doubled else 4)})
    compare.func()
    client.get("/topics/taijidian/figures/")
    with django_assert_max_num_queries(6):
        client.get("/topics/taijidian/figures/")
