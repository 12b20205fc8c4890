"""Pages that are kept, and asked for again: cheap while nothing changes, gone with the change that outdates them."""

from __future__ import annotations

import datetime as dt
import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import get_resolver, resolve
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from archive.editing import save_issue
from archive.models import Article, Issue
from archive.publishing import withdraw as withdraw_issue
from config import settings as site_settings
from config.kept_pages import WeighedLocMemCache
from config.page_cache import PAGES, etag_of
from glossary.models import Alias, Term
from search.engines.registry import current_engine
from search.indexing import sync
from tests.conftest import WeekMaker
from tests.writing import create, delete, save, update

SECRET = "四日市铠侠"
TELLTALE = "四日市"
"""Of the title, as it stands on every page: `铠侠` is asked for, and stands in marks."""
ADDRESSES = [
    "/", "/issues/", "/search/?q=铠侠", "/api/v1/search?q=铠侠", "/api/v1/suggest?q=铠侠", "/api/v1/issues",
    "/feeds/issues.atom", "/search/feed.atom?q=铠侠", "/sitemap-issues.xml",
    "/trends/?q=铠侠", "/trends/trends.csv?q=铠侠",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _pages_are_kept(settings: Any) -> None:
    settings.CACHES = site_settings.CACHES


@pytest.fixture
def issue(make_issue: WeekMaker) -> Issue:
    make_issue({"另一条": "存储"}, end_date="2025-03-14")
    return make_issue({SECRET: "铠侠扩产。"})


def addresses_of(issue: Issue) -> list[str]:
    article = issue.articles.get()
    own = [issue.get_absolute_url(), article.get_absolute_url(), f"/search/marks/{article.pk}/?q=铠侠"]
    return [*ADDRESSES, *own]


def shows(client: Client, address: str) -> bool:
    """Whether the page tells of the issue or its article."""
    text = client.get(address).content.decode()
    # On a page of trends it is the week that the issue ends in.
    return any(telltale in text for telltale in (TELLTALE, "2025-03-21", '"start"', "2025-03-17"))


# --- While nothing changes -----------------------------------------------------------------------------


def test_a_repeat_costs_a_304_and_one_query(
    client: Client, issue: Issue, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for address in addresses_of(issue):
        first = client.get(address)
        assert first.status_code == 200
        assert first["Cache-Control"] == "private, no-cache"
        assert {"Cookie", "Accept-Encoding"} <= {name.strip() for name in first["Vary"].split(",")}
        with django_assert_num_queries(1):
            again = client.get(address, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_a_page_is_made_once_for_all_readers(
    client: Client, issue: Issue, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for address in addresses_of(issue):
        first = client.get(address)
        with django_assert_num_queries(1):
            again = Client().get(address)
        assert (again.status_code, again.content) == (200, first.content)
        assert again.headers == first.headers


def test_a_browser_that_reads_gzip_and_one_that_does_not_get_the_same_page(
    client: Client, issue: Issue
) -> None:
    packed, plain = client.get("/", headers={"accept-encoding": "gzip"}), client.get("/")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] == plain["ETag"]
    assert client.get("/", headers={"accept-encoding": "gzip"}).content == packed.content


@pytest.mark.parametrize("refused", ["gzip;q=0", "gzip; q=0.0, identity", "br, GZIP;Q=0.000"])
def test_who_refuses_gzip_gets_none_kept_or_not(client: Client, issue: Issue, refused: str) -> None:
    packed = client.get("/", headers={"accept-encoding": "br, gzip;q=0.5"})
    plain = client.get("/", headers={"accept-encoding": refused})
    assert (packed["Content-Encoding"], plain.has_header("Content-Encoding")) == ("gzip", False)
    assert gzip.decompress(packed.content) == plain.content
    admin = client.get("/admin/login/", headers={"accept-encoding": refused})
    assert not admin.has_header("Content-Encoding")


def test_other_questions_sites_and_days_are_other_pages(issue: Issue, settings: Any) -> None:
    def etag(address: str, today: dt.date = dt.date(2025, 3, 21), **headers: str) -> str | None:
        return etag_of(RequestFactory().get(address, **headers), today)

    tags = [
        etag("/search/?q=上周"),
        etag("/search/?q=上周", dt.date(2025, 3, 22)),
        etag("/search/?q=上月"),
        etag("/search/?q=上周&page=2"),
        etag("/search/?q=上周", HTTP_HOST="localhost"),
        etag("/"),
    ]
    tags.append(etag("/", HTTP_COOKIE="reading=large-hans"))
    tags.append(etag("/", HTTP_COOKIE="reading=large-hant"))
    settings.SITE_NAME = "别的名字"
    tags.append(etag("/search/?q=上周"))
    assert None not in tags
    assert len(set(tags)) == len(tags)


def test_parameters_that_no_page_reads_neither_fill_the_cache_nor_go_past_it(
    client: Client, issue: Issue, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for address in addresses_of(issue):
        first = client.get(address)
        mark = "&" if "?" in address else "?"
        with django_assert_num_queries(1):
            again = client.get(f"{address}{mark}utm_source=x&{'y' * 50}=1")
        assert (again.content, again["ETag"]) == (first.content, first["ETag"]), address


def test_a_page_that_is_kept_repeats_nothing_that_another_reader_made_up(
    client: Client, issue: Issue
) -> None:
    for address in addresses_of(issue):
        mark = "&" if "?" in address else "?"
        assert "zweiundvierzig" not in client.get(f"{address}{mark}zweiundvierzig=1").content.decode(), (
            address
        )


def test_every_parameter_that_the_api_describes_is_known(client: Client, issue: Issue) -> None:
    """What is not known is taken off: a parameter that is missing in PAGES would be without effect."""
    described = client.get("/api/v1/openapi.json").json()["paths"]
    for path, operations in described.items():
        view = resolve(path.replace("{slug}", "x").replace("{id}", "1")).view_name
        wanted = {one["name"] for one in operations["get"].get("parameters", []) if one["in"] == "query"}
        assert wanted == {*PAGES[view]}, path


@pytest.mark.parametrize(
    "cookie", ["sessionid=made-up", "messages=made-up", "anything=1", "csrftoken=x; sessionid="]
)
def test_a_cookie_that_opens_no_session_gets_the_page_that_all_get(
    client: Client, issue: Issue, cookie: str
) -> None:
    made = client.get("/search/?q=铠侠", headers={"cookie": cookie})
    kept = client.get("/search/?q=铠侠")
    assert made.content == kept.content
    assert not made.cookies
    assert client.get("/", headers={"cookie": cookie})["ETag"] == client.get("/")["ETag"]


def test_the_pages_that_are_kept_weigh_no_more_than_they_may() -> None:
    cache = WeighedLocMemCache("tests-weight", {"OPTIONS": {"MAX_ENTRIES": 500, "MAX_BYTES": 1000}})
    for number in range(50):
        cache.set(str(number), b"x" * 200)
        cache.get("0")
    kept = [number for number in range(50) if cache.get(str(number))]
    assert kept == [0, 47, 48, 49]
    cache.set("large", b"x" * 2000)
    assert cache.get("large") is None


# --- A change ------------------------------------------------------------------------------------------

WITHDRAWALS: dict[str, Callable[[Issue], object]] = {
    "saved as a draft": lambda issue: update([issue], status=Issue.Status.DRAFT),
    "withdrawn": lambda issue: withdraw_issue(issue),
    "deleted": lambda issue: delete(issue),
}


@pytest.mark.parametrize("withdraw", WITHDRAWALS.values(), ids=WITHDRAWALS)
def test_what_was_withdrawn_is_gone_from_every_page_at_the_next_request(
    client: Client, issue: Issue, withdraw: Callable[[Issue], object]
) -> None:
    """Before the index hears of it: nothing commits here, so nothing is drained."""
    addresses = addresses_of(issue)
    assert all(shows(client, address) for address in addresses)
    tags = [client.get(address)["ETag"] for address in addresses]
    withdraw(issue)
    for address, tag in zip(addresses, tags, strict=True):
        assert client.get(address, headers={"if-none-match": tag}).status_code != 304
        assert not shows(client, address)


CHANGES: dict[str, Callable[[Issue], object]] = {
    "title of an article": lambda issue: update(issue.articles.all(), title="铠侠改了"),
    "a new article": lambda issue: create(Article, issue=issue, position=2, title="铠侠改了"),
    "a line in the form of its issue": lambda issue: save_issue(
        issue, [Article(pk=issue.articles.get().pk, position=1, title="铠侠改了")]
    ),
    "past the use cases, then mended": lambda issue: (
        issue.articles.update(title="铠侠改了"),
        call_command("check_index", fix=True, stdout=io.StringIO()),
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_was_edited_shows_at_the_next_request(
    client: Client, issue: Issue, change: Callable[[Issue], object]
) -> None:
    for address in ("/", issue.get_absolute_url()):
        assert "铠侠改了" not in client.get(address).content.decode()
    change(issue)
    for address in ("/", issue.get_absolute_url()):
        assert "铠侠改了" in client.get(address).content.decode()


def test_a_change_that_is_rolled_back_leaves_every_page_as_it_was(client: Client, issue: Issue) -> None:
    before = client.get("/search/?q=铠侠")
    with transaction.atomic():
        issue.status = Issue.Status.DRAFT
        save(issue)
        within = client.get("/search/?q=铠侠")
        transaction.set_rollback(True)
    after = client.get("/search/?q=铠侠")
    assert within["ETag"] != before["ETag"] == after["ETag"]
    assert TELLTALE not in within.content.decode()
    assert TELLTALE in after.content.decode()


def test_a_new_alias_makes_the_page_anew_and_an_index_built_anew_of_the_same_does_not(
    client: Client, issue: Issue, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    def total() -> int:
        found: int = client.get("/api/v1/search?q=Kioxia").json()["total"]
        return found

    assert total() == 0
    with django_capture_on_commit_callbacks(execute=True):
        term = create(Term, name="铠侠", kind=Term.Kind.COMPANY)
        create(Alias, term=term, text="Kioxia")
    sync.drain()
    assert total() == 1
    tag = client.get("/search/?q=铠侠")["ETag"]
    sync.rebuild()
    assert client.get("/search/?q=铠侠")["ETag"] == tag


# --- For whom no page is kept --------------------------------------------------------------------------


def test_an_editor_gets_pages_of_his_own_and_leaves_none_to_others(
    client: Client, admin_client: Client, issue: Issue
) -> None:
    address = "/search/?q=铠侠&explain=1"
    editors = admin_client.get(address)
    assert "加为词条" in editors.content.decode()
    assert not editors.has_header("ETag")
    readers = client.get(address)
    assert "加为词条" not in readers.content.decode()
    again = admin_client.get(address, headers={"if-none-match": readers["ETag"]})
    assert (again.status_code, "加为词条" in again.content.decode()) == (200, True)


def test_a_reader_who_logs_in_and_out_never_gets_the_other_page(client: Client, issue: Issue) -> None:
    address = "/search/?q=铠侠&explain=1"
    tag = client.get(address)["ETag"]
    client.force_login(User.objects.create_superuser("x"))
    assert "加为词条" in client.get(address, headers={"if-none-match": tag}).content.decode()
    client.logout()
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("address", ["/issues/1999-01-01/", "/api/v1/search?page=0", "/admin/"])
def test_no_other_answer_is_kept(client: Client, issue: Issue, address: str) -> None:
    response = client.get(address)
    assert response.status_code != 200
    assert not response.has_header("ETag")


def test_nothing_is_kept_while_no_index_answers(client: Client, issue: Issue) -> None:
    (current_engine().generations.root / "CURRENT").unlink()
    for _ in range(2):
        response = client.get("/search/?q=铠侠")
        assert "搜索正在更新" in response.content.decode()
        assert not response.has_header("ETag")


def test_every_page_that_is_kept_exists() -> None:
    resolver = get_resolver()
    known = {
        f"{namespace}:{name}"
        for namespace, (_prefix, urls) in resolver.namespace_dict.items()
        for name in urls.reverse_dict
        if isinstance(name, str)
    } | {name for name in resolver.reverse_dict if isinstance(name, str)}
    assert known >= {*PAGES}


@pytest.mark.django_db(transaction=True)
def test_hosts_that_hold_the_same_give_the_same_etags_whatever_their_indexes_went_through(
    settings: Any, make_issue: WeekMaker, tmp_path: Path
) -> None:
    request = RequestFactory().get("/search/?q=铠侠")

    def on_host(name: str) -> str:
        settings.SEARCH_URL = f"whoosh://{tmp_path}/{name}"
        sync.bring_up_to_date()
        etag = etag_of(request)
        assert etag
        return etag

    def rewrite(body: str) -> None:
        article = first.articles.get()
        article.body = body
        save(article)

    first = make_issue({SECRET: "铠侠扩产。"})
    early = on_host("early")
    make_issue({"另一条": "存储"}, end_date="2025-03-14")
    rewrite("<p>铠侠扩产，四日市。</p>")
    delete(make_issue({"第三条": "内存"}, end_date="2025-03-07"))
    assert early != on_host("late") == on_host("early")
    settings.SEARCH_URL = f"whoosh://{tmp_path}/late"
    sync.rebuild()
    assert on_host("late") == on_host("early")
    rewrite("<p>铠侠停产。</p>")
    settings.SEARCH_URL = f"whoosh://{tmp_path}/late"
    behind = etag_of(request)
    assert behind != on_host("early") == on_host("late")
