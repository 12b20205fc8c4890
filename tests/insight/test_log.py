"""The search log: what it keeps of a search, and what it does not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from archive.models import Article
from glossary.models import Term
from insight import log
from insight.models import SearchRecord
from search.pages.signals import repeated
from search.query.parser import parse
from search.results.request import SearchRequest
from search.results.service import SearchResults
from tests.conftest import WeekMaker
from tests.insight.conftest import PERSON, RecordMaker
from tests.writing import create

pytestmark = pytest.mark.django_db


def search(client: Client, q: str, **parameters: object) -> None:
    response = client.get("/search/", {"q": q, **parameters}, headers={"user-agent": PERSON})
    assert response.status_code == 200


def noted(query: str, *, after_seconds: float = 0, **filters: object) -> SearchRecord:
    at = dt.datetime(2025, 3, 21, 9, tzinfo=dt.UTC) + dt.timedelta(seconds=after_seconds)
    read = parse(query)
    found = SearchResults(
        [], total=3, page=1, took_ms=1.5, facets={}, wider={}, reading="", typed=read, query=read
    )
    return log.record_of(SearchRequest(query, **filters), found, 1.5, at)  # type: ignore[arg-type]


def write(*notes: log.Note) -> list[str]:
    log._waiting.extend((PERSON, note) for note in notes)
    log.write()
    return [record.query for record in SearchRecord.objects.order_by("pk")]


def test_a_search_is_kept_with_its_filters_hits_and_time(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"HBM4送样": "三家都已送样。", "别的": "没有。"})
    search(client, " HBM4 ", year=2025)
    assert log.write() == 1
    record = SearchRecord.objects.get()
    assert (record.query, record.form, record.filters) == ("HBM4", "hbm4", {"year": [2025]})
    assert (record.answer, record.hits, record.opened) == ("full", 1, None)
    assert record.took_ms > 0
    assert abs(timezone.now() - record.created_at) < dt.timedelta(minutes=1)


def test_how_a_search_was_answered_is_kept(client: Client, make_issue: WeekMaker) -> None:
    create(Term, name="陈立武", kind=Term.Kind.PERSON)
    make_issue({"陈立武谈代工": "英特尔首席执行官陈立武说，代工业务要独立核算。", "别的": "没有。"})
    for q in ("陈立武", "陈立伍", "量子纠缠"):
        search(client, q)
    log.write()
    kept = {record.query: (record.answer, record.corrected) for record in SearchRecord.objects.all()}
    assert kept == {
        "陈立武": ("full", ""),
        "陈立伍": ("corrected", "陈立武"),
        "量子纠缠": ("nothing", ""),
    }


def test_nothing_says_who_searched() -> None:
    fields = {field.name for field in SearchRecord._meta.get_fields()}
    assert fields == {
        "id", "query", "form", "filters", "answer", "hits", "corrected", "opened", "took_ms", "created_at",
    }  # fmt: skip


def test_a_search_sets_no_cookie(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"HBM4": "送样。"})
    search(client, "HBM4")
    assert not client.cookies


def test_the_request_itself_writes_nothing(
    client: Client, make_issue: WeekMaker, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_issue({"HBM4": "送样。"})
    search(client, "HBM4")
    with django_assert_num_queries(
        3
    ):  # the state of the archive, what was withdrawn, the articles of the page
        search(client, "HBM4")
    assert not SearchRecord.objects.exists()
    assert log.write() == 2


@pytest.mark.parametrize(
    "user_agent",
    ["", "Baiduspider/2.0", "Mozilla/5.0 (compatible; Googlebot/2.1)", "curl/8.5.0", "GPTBot/1.2"],
)
def test_crawlers_are_left_out(client: Client, make_issue: WeekMaker, user_agent: str) -> None:
    make_issue({"HBM4": "送样。"})
    client.get("/search/?q=HBM4", headers={"user-agent": user_agent})
    assert log.write() == 0
    assert not SearchRecord.objects.exists()


def test_reading_on_and_prefetching_are_no_searches(client: Client, make_issue: WeekMaker) -> None:
    make_issue({f"HBM4第{number}篇": "送样。" for number in range(25)})
    client.get("/search/?q=HBM4&page=2", headers={"user-agent": PERSON})
    client.get("/search/?q=HBM4", headers={"user-agent": PERSON, "sec-purpose": "prefetch;prerender"})
    client.get("/search/", headers={"user-agent": PERSON})
    assert log.write() == 0


def test_typing_on_within_five_seconds_is_one_search() -> None:
    assert write(noted("H"), noted("HBM", after_seconds=2), noted("HBM4", after_seconds=6)) == ["HBM4"]


def test_typing_is_merged_across_writes() -> None:
    write(noted("台积"))
    assert write(noted("台积电", after_seconds=3)) == ["台积电"]


@pytest.mark.parametrize(
    "notes",
    [
        (noted("HBM"), noted("HBM4", after_seconds=5.5)),  # too late
        (noted("HBM"), noted("晶圆", after_seconds=1)),  # another matter
        (noted("HBM"), noted("HBM", after_seconds=1)),  # the same again: asked twice
        (noted("HBM"), noted("HBM4", after_seconds=1, year=(2025,))),  # other filters
    ],
)
def test_what_is_not_typing_stays_apart(notes: tuple[SearchRecord, SearchRecord]) -> None:
    assert len(write(*notes)) == 2


def test_the_opened_article_is_given_to_the_search_that_led_to_it(
    client: Client, make_issue: WeekMaker
) -> None:
    article = make_issue({"HBM4送样": "三家都已送样。"}).articles.get()
    search(client, "HBM4")
    client.get(f"/search/marks/{article.pk}/?q=HBM4", headers={"user-agent": PERSON})
    log.write()
    assert SearchRecord.objects.get().opened == article


def test_an_article_opened_from_a_corrected_search_counts_too(client: Client, make_issue: WeekMaker) -> None:
    create(Term, name="陈立武", kind=Term.Kind.PERSON)
    article = make_issue({"陈立武谈代工": "陈立武说，代工要独立核算。"}).articles.get()
    search(client, "陈立伍")
    client.get(f"/search/marks/{article.pk}/?q=陈立武", headers={"user-agent": PERSON})
    log.write()
    assert SearchRecord.objects.get().opened == article


def test_an_opening_without_a_search_or_long_after_it_is_forgotten(
    make_issue: WeekMaker, make_record: RecordMaker
) -> None:
    article = make_issue({"HBM4": "送样。"}).articles.get()
    make_record("HBM4", days_ago=0.1)
    now = timezone.now()
    write(log.Opening("HBM4", article.pk, now), log.Opening("别的", article.pk, now))
    assert SearchRecord.objects.get().opened is None


def test_an_opening_waits_a_little_for_its_search_that_another_process_writes(make_issue: WeekMaker) -> None:
    article = make_issue({"HBM4": "送样。"}).articles.get()
    at = timezone.now()
    write(log.Opening("HBM4", article.pk, at))
    search = noted("HBM4")
    search.created_at = at - dt.timedelta(seconds=1)
    write(search)
    log.write()
    assert SearchRecord.objects.get().opened == article
    assert log.write() == 0


def test_what_is_still_being_typed_is_no_search(client: Client, make_issue: WeekMaker) -> None:
    make_issue({"HBM4": "送样。"})
    typing = {"user-agent": PERSON, "x-typing": "1"}
    for _time in range(2):  # made, and sent again as it was kept
        page = client.get("/search/", {"q": "HBM4"}, headers=typing)
        assert "HBM4" in page.content.decode()
    assert log.write() == 0
    search(client, "HBM4")
    assert log.write() == 1


def test_an_article_that_is_deleted_meanwhile_takes_nothing_along(make_record: RecordMaker) -> None:
    make_record("HBM4", days_ago=0)
    assert write(log.Opening("HBM4", 987654, timezone.now())) == ["HBM4"]
    assert not Article.objects.exists()


def test_a_page_that_was_kept_counts_like_one_that_was_made(client: Client, make_issue: WeekMaker) -> None:
    article = make_issue({"HBM4送样": "三家都已送样。"}).articles.get()
    for address in (
        "/search/?q=HBM4&year=2025",
        f"/search/marks/{article.pk}/?q=HBM4",
        "/search/",
        "/search/?q=HBM4&page=2",
    ):
        request = RequestFactory().get(address, headers={"user-agent": PERSON})
        repeated.send_robust(sender=None, request=request, match=resolve(request.path_info))
    assert log.write() == 2
    record = SearchRecord.objects.get()
    assert (record.query, record.filters, record.hits, record.took_ms) == ("HBM4", {"year": [2025]}, 1, 0.0)
    assert record.opened == article


def test_a_listener_that_fails_fails_no_search(
    client: Client, make_issue: WeekMaker, caplog: pytest.LogCaptureFixture
) -> None:
    from search.pages.signals import searched

    def fail(**kwargs: object) -> None:
        raise RuntimeError("no")

    make_issue({"HBM4": "送样。"})
    searched.connect(fail)
    try:
        search(client, "HBM4")
    finally:
        searched.disconnect(fail)
    assert "RuntimeError" in caplog.text


def test_no_days_no_log(client: Client, make_issue: WeekMaker, settings: Settings) -> None:
    settings.SEARCH_LOG_DAYS = 0
    make_issue({"HBM4": "送样。"})
    search(client, "HBM4")
    assert log.write() == 0


def test_pruning_deletes_what_is_too_old(
    make_record: RecordMaker, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    make_record("旧的", days_ago=181)
    make_record("新的", days_ago=179)
    call_command("prune_search_log")
    assert capsys.readouterr().out == "1 records deleted.\n"
    assert [record.query for record in SearchRecord.objects.all()] == ["新的"]
    settings.SEARCH_LOG_DAYS = 0
    assert log.prune() == 1
