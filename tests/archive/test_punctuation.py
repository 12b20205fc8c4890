"""Half-width punctuation between Han characters is shown full-width and stored as it was pasted."""

from __future__ import annotations

import doctest
import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from archive import page_text, punctuation
from archive.models import Article
from archive.punctuation import full_width, page_in_full_width
from tests.conftest import WeekMaker

TITLE, BODY = "虚电扩产,价格上涨", "今天,虚电(中国)宣布:扩产!产能为1,000片,HBM, DDR5也涨.\n后天?再看;"
WIDE = "今天，虚电（中国）宣布：扩产！产能为1,000片,HBM, DDR5也涨."


@pytest.mark.parametrize("module", [page_text, punctuation])
def test_the_examples_hold(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    "text",
    ["1,000片", "HBM,DDR", "台积电,TSMC", "甲, 乙", "甲 ,乙", "比分3:1", "甲.乙", "(甲)乙", "甲(TSMC)乙", "甲(乙", "甲)乙", "甲\n,乙"],
)  # fmt: skip
def test_what_has_no_han_on_both_sides_stays(text: str) -> None:
    assert full_width(text) == text


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        ("甲,乙;丙:丁?戊!己", "甲，乙；丙：丁？戊！己"),
        ("《甲》,乙", "《甲》，乙"),
        ("甲,“乙”", "甲，“乙”"),
        ("甲(乙)丙", "甲（乙）丙"),
        ("甲(乙),丙", "甲（乙），丙"),
        ("漢字,臺灣", "漢字，臺灣"),
    ],
)
def test_what_has_becomes_full_width(text: str, wide: str) -> None:
    assert full_width(text) == wide


PIECE = st.sampled_from(
    ["甲", "乙", ",", ":", "(", ")", "1", "a", "“", " ", "<b>", "</b>", "<p>", "</p>", '<a href="/?q=甲,乙">', "</a>",
     "<textarea>甲,乙</textarea>", "<script>甲,乙</script>", "&amp;", "<", ">"]
)  # fmt: skip


@given(st.lists(PIECE, max_size=30).map("".join))
def test_length_markup_and_everything_but_punctuation_stay(html: str) -> None:
    wide = page_in_full_width(html)
    assert len(wide) == len(html)
    assert page_in_full_width(wide) == wide
    changed = {(one, other) for one, other in zip(html, wide, strict=True) if one != other}
    assert changed <= {(",", "，"), (":", "："), ("(", "（"), (")", "）")}
    for kept in (r'href="[^"]*"', r"<textarea>[^<]*</textarea>", r"<script>[^<]*</script>"):
        assert re.findall(kept, html) == re.findall(kept, wide)


@pytest.mark.parametrize("script", ["", "normal-hant"])
def test_pages_marks_and_feeds_show_it_and_the_archive_keeps_what_was_pasted(
    make_issue: WeekMaker, client: Client, script: str
) -> None:
    article = make_issue({TITLE: BODY}).articles.get()
    if script:
        client.cookies["reading"] = script
    page = client.get(article.get_absolute_url()).content.decode()
    assert ("虛電擴產，價格上漲" if script else "虚电扩产，价格上涨") in page
    if not script:
        assert WIDE in page
        found = client.get("/search/", {"q": "扩产,价格"}).content.decode()
        assert "<mark>扩产，价格</mark>" in found.replace("</mark><mark>", "") or "扩产，价格" in found
        assert 'value="扩产,价格"' in found
        assert "今天，虚电（中国）宣布：扩产！" in client.get("/feeds/issues.atom").content.decode()
    stored = Article.objects.get()
    assert stored.title == TITLE
    assert "今天,虚电(中国)宣布:扩产!" in stored.text
    assert client.get("/api/v1/search", {"q": "虚电"}).json()["results"][0]["title"] == TITLE


def test_a_setting_turns_it_off_and_the_editors_room_never_has_it(
    make_issue: WeekMaker, client: Client, admin_client: Client, settings: Settings
) -> None:
    article = make_issue({TITLE: BODY}).articles.get()
    assert TITLE in admin_client.get(f"/admin/archive/article/{article.pk}/change/").content.decode()
    settings.FULL_WIDTH_PUNCTUATION = False
    assert TITLE in client.get(article.get_absolute_url()).content.decode()


@given(st.lists(PIECE, max_size=30).map("".join))
def test_a_page_changes_where_it_would_as_one_piece(html: str) -> None:
    assert page_in_full_width(html) == punctuation._in_full_width(html)
