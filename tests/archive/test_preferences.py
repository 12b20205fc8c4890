"""A reader's size and script of pages: kept in a cookie, applied by the server."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.test import Client

from archive.preferences import COOKIE
from tests.conftest import WeekMaker


def page_of(client: Client, address: str = "/issues/") -> str:
    return client.get(address).content.decode()


def test_a_choice_is_kept_and_shown_on_every_page(client: Client, make_issue: WeekMaker) -> None:
    article = make_issue({"国产光刻胶": "台积电扩产"}).articles.get()
    assert 'data-size="normal"' in page_of(client)
    chosen = client.post("/preferences/", {"size": "large", "back": article.get_absolute_url()})
    assert (chosen.status_code, chosen["Location"]) == (302, article.get_absolute_url())
    client.post("/preferences/", {"script": "hant", "back": "/"})
    for address in ("/issues/", article.get_absolute_url(), article.issue.get_absolute_url(), "/search/?q=x"):
        page = page_of(client, address)
        assert 'data-size="large"' in page, "the other choice was kept"
        assert 'lang="zh-Hant-TW"' in page
    assert "國產光刻膠" in page_of(client, article.get_absolute_url())


def test_the_usual_choice_takes_the_cookie_away(client: Client, db: None) -> None:
    client.post("/preferences/", {"size": "huge"})
    assert client.cookies[COOKIE].value == "huge-hans"
    client.post("/preferences/", {"size": "normal"})
    assert client.cookies[COOKIE].value == ""


@pytest.mark.parametrize("cookie", ["", "x", "enormous-hant-x", '"><script>-hans', "-", "large"])
def test_a_cookie_that_makes_no_sense_counts_as_none(client: Client, db: None, cookie: str) -> None:
    client.cookies[COOKIE] = cookie
    page = page_of(client)
    assert 'lang="zh-CN"' in page
    assert f'data-size="{"large" if cookie == "large" else "normal"}"' in page


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org", "javascript:alert(1)", "", "\\\\example.org"]
)
def test_the_way_back_leads_nowhere_else(client: Client, back: str) -> None:
    assert client.post("/preferences/", {"size": "large", "back": back})["Location"] == "/"


def test_a_choice_that_does_not_exist_changes_nothing(client: Client, db: None) -> None:
    client.post("/preferences/", {"size": "large"})
    client.post("/preferences/", {"size": "enormous", "script": "latin"})
    assert client.cookies[COOKIE].value == "large-hans"
    assert client.get("/preferences/").status_code == 405


def test_a_traditional_page_keeps_anchors_addresses_and_what_is_typed(
    client: Client, make_issue: WeekMaker
) -> None:
    article = make_issue({"国产光刻胶": "台积电扩产\n国产设备"}).articles.get()
    client.cookies[COOKIE] = "normal-hant"
    page = page_of(client, article.get_absolute_url())
    assert "國產設備" in page
    assert (
        "国产" not in page.split("<body")[1]
    )  # what the head tells programs is of the one address that they know
    assert 'id="p2"' in page
    results = page_of(client, "/search/?q=国产设备")
    assert 'value="国产设备"' in results
    assert "<mark>國產設備</mark>" in results


def test_a_traditional_page_has_its_own_quotation_marks_and_what_it_shows_is_found(
    client: Client, make_issue: WeekMaker
) -> None:
    article = make_issue({"题": "他说：“扩产‘加速’了”，见<b>TSMC’s</b>“Foundry”一节"}).articles.get()
    client.cookies[COOKIE] = "normal-hant"
    page = page_of(client, article.get_absolute_url()).split("<body")[1]
    shown = "他說：「擴產『加速』了」"
    assert shown in page
    assert "「Foundry」" in page
    assert not {"“", "”", "‘"} & set(page.split('id="p1"')[1].split("</p>")[0])
    for start in range(len(shown)):
        for end in range(start + 1, len(shown) + 1):
            if re.search(r"\w", run := shown[start:end]):
                assert f"{article.get_absolute_url()}?q=" in page_of(client, f"/search/?q={quote(run)}"), run


def test_the_admin_shows_what_is_stored(admin_client: Client, make_issue: WeekMaker) -> None:
    article = make_issue({"国产光刻胶": "台积电扩产"}).articles.get()
    admin_client.cookies[COOKIE] = "normal-hant"
    assert "国产光刻胶" in page_of(admin_client, f"/admin/archive/article/{article.pk}/change/")
