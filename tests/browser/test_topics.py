"""A member follows a topic: from the home page to it, from its chart to a week, and side by side with another."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.server.site import Site


def found(page: Page) -> int:
    """How many results the search page says there are."""
    return int(page.locator(".total strong").inner_text())


def test_a_topic_is_found_opened_and_followed_to_a_week(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    expect(page.get_by_role("heading", name="近四周升温")).to_be_visible()
    page.get_by_role("link", name="话题", exact=True).click()
    page.get_by_label("筛选").fill("tsmc")
    page.get_by_label("筛选").press("Enter")
    page.locator(".topics").get_by_role("link", name="台积电", exact=True).click()
    expect(page.get_by_role("heading", name="台积电", exact=True)).to_be_visible()
    expect(page.locator(".passages mark").first).to_have_text(re.compile("台积电|TSMC"))
    week = page.locator(".chart a").nth(3)
    said = re.search(r"：(\d+) 篇", week.locator("title").text_content() or "")
    assert said
    week.click(force=True)
    page.wait_for_url("**/search/?q=*since=*")
    assert found(page) == int(said[1])


def test_two_queries_are_laid_over_each_other_without_javascript(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, java_script_enabled=False)
    page.goto("/search/?q=HBM3E")
    page.get_by_role("link", name="看热度").click()
    page.get_by_label("第 2 条").fill("HBM4")
    page.get_by_role("button", name="画出来").click()
    expect(page.locator(".legend li")).to_have_count(2)
    expect(page.locator(".chart .series .line")).to_have_count(2)
    cell = page.get_by_role("row", name=re.compile("第12周")).get_by_role("link").last
    number = int(cell.inner_text())
    cell.click()
    assert found(page) == number
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("下载 CSV")).click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "周,从,到,全部文章,HBM3E,HBM4"
    assert len(lines) == 13
