"""What the desk says of what the archive holds already."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.models import Issue
from archive.publishing import withdraw
from search.indexing import sync
from tests.archive.makers import TEXT, TITLES
from tests.conftest import WeekMaker
from tests.desk.conftest import URL, Editor

REPORT = (
    "某厂周二宣布，位于西部的第三座晶圆厂将提前半年投产，首批设备已在上月进厂，工程师团队正在调试。\n"
    "公司财务负责人在电话会上说，资本开支维持全年不变，折旧压力会在明年下半年体现，毛利率可能回落两个百分点。\n"
    "分析人士指出，提前投产与客户的先进封装订单有关，交期从五十周缩短到三十周，后续仍要看基板供应是否跟得上。"
)
WEEK = f"芯片一周记\n2025.4.7-2025.4.11\n1. 换了个题目\n{REPORT}\n2. {TITLES[1]}\n报价上调一成。"


@pytest.fixture
def earlier(make_issue: WeekMaker) -> Issue:
    """A published week with the same report, letter for letter."""
    issue = make_issue(
        {"新厂提前投产": REPORT, "别的": "晶圆价格上涨。"}, title="旧刊", end_date="2025-03-21"
    )
    sync.drain()
    return issue


def test_a_card_links_the_article_that_holds_most_of_its_text(editor: Editor, earlier: Issue) -> None:
    article = earlier.articles.get(position=1)
    editor.paste(text=WEEK)
    page = editor.page()
    assert "文库里有一篇很像，约 100% 的文字相同" in page
    assert (
        f'href="/admin/archive/article/{article.pk}/change/">新厂提前投产</a>（旧刊 2025年3月21日 第 1 篇）'
        in page
    )
    assert page.count("% 的文字相同") == 1, "the second card is like nothing"


def test_same_title_and_same_text_are_one_notice(editor: Editor, earlier: Issue) -> None:
    editor.paste(text=WEEK.replace("换了个题目", "新厂提前投产"))
    page = editor.page()
    assert "多半已经有了，标题一样，约 100% 的文字相同" in page
    assert page.count(f"/admin/archive/article/{earlier.articles.get(position=1).pk}/change/") == 1


def test_the_archive_is_compared_again_only_when_text_or_archive_change(
    editor: Editor, earlier: Issue, make_issue: WeekMaker
) -> None:
    make_issue({"草稿里的": "还没写完。"}, title="未完", end_date="2025-04-04", status="draft")
    editor.paste(text=WEEK)

    def bodies_read() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            editor.page()
        return sum("NOT" in query["sql"] and '"archive_article"."body"' in query["sql"] for query in queries)

    assert bodies_read() == 0, "the page after the paste has compared it"
    editor.act("move 1 1")
    assert bodies_read() == 0
    withdraw(earlier)
    assert bodies_read() == 1, "once for all cards"
    assert "第 1 篇，未发布）" in editor.page()
    assert bodies_read() == 0


def test_another_issue_of_the_same_days_is_named(editor: Editor, make_issue: WeekMaker) -> None:
    there = make_issue({"甲": "乙。"}, title="芯片一周计", end_date="2025-04-11")
    Issue.objects.update(start_date="2025-04-07")
    editor.paste(text=TEXT)
    page = editor.page()
    assert "这几天的周报文库里已经有一期" in page
    assert f'href="/admin/archive/issue/{there.pk}/change/"' in page
    assert editor.post("store", how="draft").startswith("已保存为草稿")
    editor.paste(text=TEXT)
    assert "文库里已经有这一期" in editor.client.get(URL).content.decode()
