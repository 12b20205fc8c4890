"""A served site, whose pages are kept: what members do is in the search log all the same."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from tests.server.site import Site
from tests.waiting import patience, until

PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"
RECORDS = "SELECT query, hits, opened_id FROM insight_searchrecord ORDER BY id"


@pytest.fixture(scope="module")
def prepared(set_up_site: tuple[Site, str]) -> Site:
    """The demo weeks."""
    return set_up_site[0]


@pytest.fixture(scope="module")
def site(prepared: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = prepared.copy_to(tmp_path_factory.mktemp("served") / "data")
    with site.served():
        yield site
    assert "Traceback" not in site.log


def visit(site: Site, path: str, etag: str = "") -> tuple[int, str]:
    """Asks as a member's browser does; returns the status and the ETag of the answer."""
    given = {"If-None-Match": etag} if etag else {}
    headers = {"Connection": "close", "User-Agent": PERSON, **given}
    request = Request(site.url + quote(path, safe="/?&=%"), headers=headers)  # noqa: S310
    try:
        with urlopen(request, timeout=patience()) as answer:  # noqa: S310
            return answer.status, answer.headers["ETag"]
    except HTTPError as answer:
        with answer:
            return answer.code, answer.headers["ETag"]


def records(site: Site, count: int) -> list[list[object]]:
    """What the log holds, once there are `count` records."""

    def enough() -> list[list[object]]:
        found = [list(row) for row in site.rows(RECORDS)]
        return found if len(found) >= count else []

    return until(enough, f"a log of {count} searches")


def opened(site: Site, count: int) -> list[list[object]]:
    """The searches from which an article was opened, once there are `count`."""

    def enough() -> list[list[object]]:
        found = [row for row in records(site, 10) if row[2]]
        return found if len(found) >= count else []

    return until(enough, f"{count} opened articles")


def test_a_page_that_was_kept_and_one_that_the_browser_had_are_in_the_log(site: Site) -> None:
    page = "/search/?q=CoWoS"
    status, etag = visit(site, page)
    assert status == 200
    for _ in range(8):  # each worker keeps what it has made: by now both have
        assert visit(site, page)[0] == 200
    assert visit(site, page, etag) == (304, etag)
    hits = site.search("CoWoS")["total"]
    found = records(site, 10)
    assert found == [["CoWoS", hits, None]] * 10, "the API is no search page"

    article = site.search("CoWoS")["results"][0]["id"]
    marks = f"/search/marks/{article}/?q=CoWoS"
    status, etag = visit(site, marks)
    assert status == 200
    assert opened(site, 1) == [["CoWoS", hits, article]]
    assert visit(site, marks, etag)[0] == 304
    assert opened(site, 2) == [["CoWoS", hits, article]] * 2, "opened from the browser's own copy counts too"


def test_what_was_noted_a_moment_before_the_server_is_told_to_end_is_in_the_log(
    prepared: Site, tmp_path: Path
) -> None:
    site = prepared.copy_to(tmp_path / "data")
    other = sqlite3.connect(site.data / "db.sqlite3", isolation_level=None, check_same_thread=False)
    asked = ["CoWoS", "HBM4", "光刻胶", "台积电", "英伟达", "昇腾", "碳化硅", "封装"]
    with site.served():
        for query in asked:
            visit(site, f"/search/?q={query}")
        # What is being written when the end comes waits for another process that writes, and is not given up.
        other.execute("BEGIN IMMEDIATE")
        visit(site, "/search/?q=刻蚀")
        time.sleep(2.5)  # by now the thread, which writes once a second, waits for it
        threading.Timer(1, other.close).start()
    asked.append("刻蚀")
    assert {query for query, *_ in site.rows(RECORDS)} == {*asked}
