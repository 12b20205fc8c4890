"""What is passed on: an article as Markdown with its source, and the QR code of a page of ours, of no other."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from archive.models import Issue
from archive.passing_on import MOST
from archive.qr import qr_svg
from tests.conftest import WeekMaker

pytestmark = pytest.mark.django_db
_RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-\d+z")


def test_an_article_is_markdown_with_its_citation_and_address(client: Client, make_issue: WeekMaker) -> None:
    article = make_issue({"台积电*扩产*": "先进封装。\n<b>产能</b>翻倍。"}).articles.get()
    response = client.get(f"/articles/{article.pk}.md")
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["X-Robots-Tag"] == "noindex"
    assert response.content.decode() == (
        "# 台积电\\*扩产\\*\n\n"
        f"出处：“台积电\\*扩产\\*”，《测试周报》2025年3月21日第 1 篇，芯闻库，<http://testserver/articles/{article.pk}/>\n\n"
        "先进封装。\n\n\\<b\\>产能\\</b\\>翻倍。\n\n"
    )


def test_tables_and_figures_stay_html_with_full_addresses(client: Client, make_issue: WeekMaker) -> None:
    article = make_issue({"甲": "乙"}).articles.get()
    article.body = '<h3>小标题</h3><ul><li>一</li><li>二</li></ul><table><tbody><tr><td>1</td></tr></tbody></table><img src="/figures/7/" alt="图">'
    article.save()
    told = client.get(f"/articles/{article.pk}.md").content.decode()
    assert "### 小标题\n\n- 一\n- 二\n\n<table>" in told
    assert '<img src="http://testserver/figures/7/" alt="图">' in told


def test_items_keep_their_numbers_and_what_stands_within_them(client: Client, make_issue: WeekMaker) -> None:
    article = make_issue({"甲": "乙"}).articles.get()
    article.body = (
        '<ol start="5"><li>五<ul><li>*其一*</li><li>其二</li></ul></li><li>六<br>续</li></ol>'
        '<ol start="9999999999">散<li>多</li></ol>'
    )
    article.save()
    told = client.get(f"/articles/{article.pk}.md").content.decode()
    assert "5. 五\n   - \\*其一\\*\n   - 其二\n6. 六\n   续\n\n1. 散\n2. 多\n" in told


def test_a_draft_is_no_markdown(client: Client, make_issue: WeekMaker) -> None:
    draft = make_issue({"草稿": "没有发布。"}, status=Issue.Status.DRAFT)
    assert client.get(f"/articles/{draft.articles.get().pk}.md").status_code == 404


def test_a_page_of_ours_has_a_code_whatever_its_parameters(client: Client) -> None:
    response = client.get("/qr.svg", {"of": "/search/?q=台积电&year=2025"})
    assert response["Content-Type"].startswith("image/svg+xml")
    assert response.content.decode().startswith("<svg xmlns=")


def test_a_code_is_drawn_in_runs_that_are_its_squares() -> None:
    drawn = qr_svg("https://archive.example.org/articles/4/")
    cells = [(int(x) + n, int(y)) for x, y, length in _RUN.findall(drawn) for n in range(int(length))]
    assert len(cells) == len(set(cells)) > 300
    corner = {(4 + n, 4) for n in range(7)} | {(4, 4 + n) for n in range(7)}  # the finder, within the margin
    assert corner <= set(cells)
    assert (5, 5) not in cells


@pytest.mark.parametrize(
    "of",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/nothing/",
        "javascript:alert(1)",
        "articles/1/",
        "\\\\x",
        "/\0",
    ],
)
def test_no_other_page_has_one(client: Client, of: str) -> None:
    response = client.get("/qr.svg", {"of": of})
    assert (response.status_code, "没有这一页" in response.content.decode()) == (400, True)


def test_a_long_address_is_refused_in_words(client: Client) -> None:
    response = client.get("/qr.svg", {"of": "/search/?q=" + "x" * MOST})
    assert (response.status_code, "写短一些" in response.content.decode()) == (400, True)
