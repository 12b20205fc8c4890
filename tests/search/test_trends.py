"""How many articles answer a query, week by week: the page, its table and its file."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import unquote

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive.models import Issue
from search.engines.registry import current_engine
from search.results import trends
from search.results.trends import MAX_QUERIES, MAX_QUERY_LENGTH
from tests.conftest import WeekMaker

pytestmark = pytest.mark.django_db


@pytest.fixture
def weeks(make_issue: WeekMaker) -> None:
    make_issue({"HBM4样品": "海力士。", "HBM3E降价": "三星。"}, end_date="2025-03-07")
    make_issue({"HBM4量产": "海力士。", "HBM4涨价": "美光。"}, end_date="2025-03-21")
    make_issue({"HBM4机密": "草稿。"}, end_date="2025-03-14", status=Issue.Status.DRAFT)


def counts(*queries: str, years: int | None = None) -> list[tuple[int, ...]]:
    found = trends.weekly(queries, years)
    assert found is not None
    return [trend.counts for trend in found.trends]


@pytest.mark.usefixtures("weeks")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("HBM4", (1, 0, 2)),
        ("HBM4 -美光", (1, 0, 1)),
        ("HBM3E OR 美光", (1, 0, 1)),
        ('"HBM4量产"', (0, 0, 1)),
        ("绝无此词", (0, 0, 0)),
        ("机密", (0, 0, 0)),
        ("，", (0, 0, 0)),
    ],
)
def test_a_query_is_counted_by_the_week_and_drafts_are_not(query: str, expected: tuple[int, ...]) -> None:
    assert counts(query) == [expected]


@pytest.mark.usefixtures("weeks")
def test_the_week_without_an_issue_is_told_from_one_without_a_hit() -> None:
    found = trends.weekly(["HBM3E"])
    assert found is not None
    assert (found.articles, found.trends[0].counts) == ((2, 0, 2), (1, 0, 0))


@pytest.mark.usefixtures("weeks")
def test_the_database_counts_what_the_index_counts() -> None:
    queries = ["HBM4", "海力士 HBM4", "，", "绝无此词", "HBM3E OR 美光"]
    from_index = counts(*queries)
    (current_engine().generations.root / "CURRENT").unlink()
    assert counts(*queries) == from_index


def test_years_are_counted_from_the_newest_issue(make_issue: WeekMaker) -> None:
    for end_date in ("2015-06-05", "2024-01-05", "2024-12-27"):
        make_issue({"HBM": "文。"}, end_date=end_date)
    assert [sum(one) for one in (*counts("HBM", years=1), *counts("HBM", years=3), *counts("HBM"))] == [
        2,
        2,
        3,
    ]
    found = trends.count(["HBM"])
    assert found is not None
    assert (found.timeline.unit, sum(found.trends[0].counts)) == ("quarter", 3)


@pytest.mark.usefixtures("weeks")
def test_each_number_leads_to_a_search_that_finds_just_so_many(client: Client) -> None:
    rows = client.get("/trends/?q=HBM4&q=美光").context["rows"]
    cells = [cell for row in rows for cell in row.cells]
    assert sorted(cell.articles for cell in cells) == [0, 0, 0, 1, 1, 2]
    for cell in cells:
        if cell.articles:
            answer = client.get(f"/trends/{cell.url}", follow=True)
            assert answer.context["found"].total == cell.articles


@pytest.mark.usefixtures("weeks")
def test_a_week_of_the_chart_leads_to_its_search_or_with_several_queries_to_its_row(client: Client) -> None:
    one = client.get("/trends/?q=HBM4").content.decode()
    assert 'href="w2025-03-03/?q=HBM4"' in one
    there = client.get("/trends/w2025-03-03/?q=HBM4")
    assert there["Location"] == "/search/?q=HBM4&since=2025-03-03&until=2025-03-09"
    several = client.get("/trends/?q=HBM4&q=美光").content.decode()
    assert 'href="#d2025-03-03"' in several
    assert 'id="d2025-03-03"' in several


@pytest.mark.usefixtures("weeks")
@pytest.mark.parametrize(
    "path",
    [
        "w2025-02-31/?q=a",
        "today/?q=a",
        "d2025-03-03/?q=a",
        "w2025-03-03/",
        "w/?q=a",
    ],
)
def test_a_period_that_is_none_is_not_there(client: Client, path: str) -> None:
    assert client.get(f"/trends/{path}").status_code == 404


@pytest.mark.usefixtures("weeks")
def test_what_is_asked_is_bounded_and_hostile_text_stays_text(client: Client) -> None:
    queries = ["<script>alert(1)</script>", "芯" * 5_000, *(f"词{number}" for number in range(20)), "", "词1"]
    response = client.get("/trends/", {"q": queries, "years": "-7"})
    found = response.context["found"]
    assert [len(trend.query) <= MAX_QUERY_LENGTH for trend in found.trends] == [True] * MAX_QUERIES
    assert "<script>alert" not in response.content.decode()
    assert response.context["years"] is None


@pytest.mark.usefixtures("weeks")
def test_the_file_holds_the_weeks_and_no_formula(client: Client) -> None:
    response = client.get("/trends/trends.csv", {"q": ["HBM4", "=1+2"]})
    assert "attachment" in response["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows == [
        ["周", "从", "到", "全部文章", "HBM4", "'=1+2"],
        ["2025-W10", "2025-03-03", "2025-03-09", "2", "1", "0"],
        ["2025-W11", "2025-03-10", "2025-03-16", "0", "0", "0"],
        ["2025-W12", "2025-03-17", "2025-03-23", "2", "2", "0"],
    ]


def test_without_a_query_there_are_examples_that_find_something(client: Client, trade_archive: None) -> None:
    examples = client.get("/trends/").context["examples"]
    assert examples
    for _, parameters in examples:
        found = client.get(f"/trends/?{parameters}").context["found"]
        assert all(trend.total for trend in found.trends)


def test_an_empty_archive_has_nothing_to_draw(client: Client) -> None:
    assert "文库里还没有文章" in client.get("/trends/?q=HBM4").content.decode()
    assert client.get("/trends/").context["examples"] == []


@pytest.mark.usefixtures("weeks")
def test_more_queries_take_no_more_sql(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/trends/?q=三星")  # what is counted over the whole archive is kept
    for address in ("/trends/?q=HBM4", "/trends/?q=HBM4&q=美光&q=三星&q=海力士&q=HBM3E"):
        with django_assert_max_num_queries(4):
            client.get(address)


def test_a_search_can_be_narrowed_to_days_and_widened_again(client: Client, weeks: None) -> None:
    response = client.get("/search/?q=HBM4&since=2025-03-17&until=2025-03-23")
    assert response.context["found"].total == 2
    assert [chip.url for chip in response.context["chips"]] == ["?q=HBM4"]
    assert client.get("/search/?q=HBM4&since=2025-03-08").context["found"].total == 2
    assert client.get("/search/?q=HBM4&since=gestern").context["found"].total == 3


def test_the_way_from_a_search_leads_to_the_trend_of_what_it_shows(
    client: Client, make_issue: WeekMaker
) -> None:
    make_issue({"一": "HBM报价。", "二": "光刻机。"}, end_date="2025-03-21")

    def ways(q: str, **filters: str) -> list[str]:
        return re.findall(
            r'href="(/trends/[^"]*)"\s*>看热度', client.get("/search/", {"q": q, **filters}).content.decode()
        )

    assert [unquote(way) for way in ways("三月份的HBM")] == ["/trends/?q=三月份 HBM"]
    assert ways("HBM 光刻机 报价") == []  # no article holds all of it
    assert [unquote(way) for way in ways("HBM 报价")] == ["/trends/?q=HBM 报价"]
    assert ways("HBM", year="2025") == []  # a trend would lose the year
