"""Pages that are kept, and asked for again: cheap while nothing changes, gone with the change that outdates them."""

from __future__ import annotations

import datetime as dt
import gzip
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import get_resolver
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from archive.editing import save_issue
from archive.models import Article, Issue
from archive.publishing import withdraw as withdraw_issue
from config import settings as site_settings
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


def test_a_new_alias_and_a_new_index_make_the_page_anew(
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
    assert client.get("/search/?q=铠侠")["ETag"] != tag


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
        assert "索引正在更新" in response.content.decode()
        assert not response.has_header("ETag")


def test_every_page_that_is_kept_exists() -> None:
    resolver = get_resolver()
    known = {
        f"{namespace}:{name}"
        for namespace, (_prefix, urls) in resolver.namespace_dict.items()
        for name in urls.reverse_dict
        if isinstance(name, str)
    } | {name for name in resolver.reverse_dict if isinstance(name, str)}
    assert known >= PAGES
