"""What the search report says of a period."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from insight.models import SearchRecord
from insight.reports import Report, to_csv
from tests.insight.conftest import EditorMaker, RecordMaker

pytestmark = pytest.mark.django_db

Answer = SearchRecord.Answer


@pytest.fixture
def searches(make_record: RecordMaker) -> None:
    for _ in range(3):
        make_record("HBM4", took_ms=4.0)
    make_record("hbm4", took_ms=8.0)
    make_record("陈立伍", answer=Answer.CORRECTED, corrected="陈立武", hits=2)
    make_record("陈立伍", answer=Answer.CORRECTED, corrected="陈立武", hits=2, days_ago=35)
    make_record("量子", answer=Answer.NOTHING, hits=0)
    make_record("量子", answer=Answer.NOTHING, hits=0)
    make_record("=1+1", took_ms=100.0)
    make_record("太旧了", days_ago=100)


@pytest.mark.usefixtures("searches")
def test_the_totals_are_those_of_the_period() -> None:
    totals = Report(30).totals()
    assert (totals.searches, totals.queries, totals.unmet) == (8, 4, 3)
    assert (totals.unmet_percent, totals.median_ms, totals.slow_ms) == (38, 4.0, 100.0)


def test_an_empty_log_has_a_report() -> None:
    totals = Report(7).totals()
    assert (totals.searches, totals.unmet_percent, totals.median_ms) == (0, 0, 0.0)
    assert [day.searches for day in Report(7).days_of_it()] == [0] * 7


@pytest.mark.usefixtures("searches")
def test_queries_are_counted_whatever_their_case() -> None:
    rows = Report(30).top()
    assert [(row.query, row.searches) for row in rows][:2] == [("hbm4", 4), ("量子", 2)]
    assert rows[0].took_ms == 5.0


@pytest.mark.usefixtures("searches")
def test_queries_without_a_full_answer_are_listed() -> None:
    assert [(row.query, row.unmet, row.corrected) for row in Report(30).unmet()] == [
        ("量子", 2, ""),
        ("陈立伍", 1, "陈立武"),
    ]


@pytest.mark.usefixtures("searches")
def test_rising_is_more_than_in_the_period_before() -> None:
    assert [(row.query, row.rise) for row in Report(30).rising()] == [("hbm4", 4), ("量子", 2)]


@pytest.mark.usefixtures("searches")
def test_slow_queries_come_first_in_their_table() -> None:
    assert Report(30).slow()[0].query == "=1+1"


@pytest.mark.usefixtures("searches")
def test_the_days_of_a_period_add_up() -> None:
    days = Report(30).days_of_it()
    assert (len(days), sum(day.searches for day in days)) == (30, 8)


@pytest.mark.usefixtures("searches")
def test_a_query_never_becomes_a_formula() -> None:
    cells = {row[0] for row in csv.reader(io.StringIO(to_csv(Report(30).top())))}
    assert "'=1+1" in cells
    assert "=1+1" not in cells


@pytest.mark.usefixtures("searches")
def test_the_page_offers_an_alias_or_a_term_for_what_was_not_found(admin_client: Client) -> None:
    page = admin_client.get("/admin/insight/searchrecord/?table=unmet").content.decode()
    assert "/admin/insight/ignoredword/alias/?text=%E9%99%88%E7%AB%8B%E4%BC%8D&amp;term=%E9%99%88" in page
    assert "/admin/glossary/term/add/?name=%E9%87%8F%E5%AD%90" in page
    assert "太旧了" not in page


@pytest.mark.usefixtures("searches")
def test_a_table_is_downloaded_whole_for_excel(admin_client: Client) -> None:
    response = admin_client.get("/admin/insight/searchrecord/report.csv?table=unmet&days=30")
    assert response["Content-Type"].startswith("text/csv")
    text = response.content.decode("utf-8-sig")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert [row[0] for row in csv.reader(io.StringIO(text))][1:] == ["量子", "陈立伍"]


@pytest.mark.parametrize(
    "address", ["/admin/insight/searchrecord/", "/admin/insight/searchrecord/report.csv"]
)
def test_only_who_may_sees_what_members_search_for(
    editor: EditorMaker, make_record: RecordMaker, address: str
) -> None:
    make_record("不给看")
    refused = editor("archive.view_issue").get(address)
    assert refused.status_code == 403
    assert "不给看" not in refused.content.decode()
    assert "不给看" in editor("insight.view_searchrecord").get(address).content.decode()


def test_an_address_that_makes_no_sense_gets_the_usual_report(admin_client: Client) -> None:
    page = admin_client.get("/admin/insight/searchrecord/?days=-1&table=__class__").content.decode()
    assert "常搜的词" in page
