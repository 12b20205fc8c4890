"""通读本期 in a browser: by key, with its place kept, its words clipped, and as a booklet on paper."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.server.site import Site
from tests.waiting import until

WEEK = "/issues/2025-03-21/?read=all"


@pytest.fixture
def reader(demo_site: Site, new_visitor: Visit) -> Page:
    page = new_visitor(demo_site)
    page.goto("/issues/2025-03-21/")
    page.get_by_role("link", name="通读本期").click()
    page.wait_for_url(f"**{WEEK}")
    return page


def test_keys_lead_through_the_week_and_to_the_next(reader: Page) -> None:
    bar = reader.get_by_role("navigation", name="读到哪里")
    expect(bar).to_contain_text("第 1 篇，共 9 篇")
    for place in (1, 2, 3, 4):  # the first leads from the head of the page to the first article
        reader.keyboard.press("j")
        expect(bar).to_contain_text(f"第 {place} 篇，共 9 篇")
    reader.keyboard.press("k")
    expect(bar).to_contain_text("第 3 篇，共 9 篇")
    here = reader.locator(".beside [aria-current]")
    expect(here).to_have_text(
        reader.locator(".week-article").nth(2).locator("h2").inner_text().replace("\n", "")
    )
    reader.keyboard.press("End")
    expect(bar).to_contain_text("第 9 篇，共 9 篇")
    expect(bar).to_contain_text("读完了")
    expect(bar.get_by_role("progressbar")).to_have_js_property("value", 100)
    reader.keyboard.press("h")
    reader.wait_for_url("**/issues/2025-03-14/?read=all")


def test_where_one_stopped_is_kept(reader: Page) -> None:
    for _ in range(5):
        reader.keyboard.press("j")
    expect(reader.get_by_role("navigation", name="读到哪里")).to_contain_text("第 5 篇")
    until(lambda: '"place":"5"' in (reader.evaluate("localStorage.getItem('xinwenku.reading')") or ""))
    reader.goto("/")
    reader.goto(WEEK)
    reader.get_by_role("link", name="接着读：第 5 篇").click()
    expect(reader.locator(".week-article").nth(4)).to_be_in_viewport()
    reader.evaluate('localStorage.setItem(\'xinwenku.reading\', \'{"2025-03-21": {"at": "javascript:1"}}\')')
    reader.goto("/")
    reader.goto(WEEK)
    expect(reader.locator("#week-on")).to_be_hidden()


def test_selected_words_go_into_the_basket(reader: Page) -> None:
    number = reader.locator("[data-basket] .number")
    expect(number).to_be_hidden()
    reader.locator(".week-article").nth(1).get_by_role("button", name="放进剪报篮", exact=True).click()
    expect(number).to_have_text("1")
    said = reader.evaluate(
        """() => {
            const [first, second] = document.querySelectorAll(".week-article .block-p");
            const text = (block) => {
                const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
                const nodes = [];
                while (walker.nextNode()) if (walker.currentNode.data.trim()) nodes.push(walker.currentNode);
                return nodes;
            };
            const from = text(first).at(-1);
            const to = text(second)[0];
            const range = document.createRange();
            range.setStart(from, from.data.trimEnd().length - 4);
            range.setEnd(to, to.data.search(/\\S/) + 3);
            getSelection().addRange(range);
            return range.toString().split(/\\s{2,}/).map((part) => part.trim()).filter(Boolean);
        }"""
    )
    reader.get_by_role("button", name="选中的字放进剪报篮").click()
    expect(number).to_have_text("3")
    reader.locator("[data-basket]").click()
    texts = reader.locator("#basket-items .text")
    expect(texts).to_have_count(3)
    assert [texts.nth(1).inner_text(), texts.nth(2).inner_text()] == said


def test_on_paper_it_is_a_booklet(reader: Page, tmp_path: Path) -> None:
    file = tmp_path / "week.pdf"
    reader.pdf(path=file, prefer_css_page_size=True)
    booklet = pypdfium2.PdfDocument(file)
    pages = [page.get_textpage().get_text_range() for page in booklet]
    width, height = booklet[0].get_size()
    assert (round(width), round(height)) == (420, 595), "A5"
    assert "本期目录" in pages[0]
    assert all("芯闻周报" in page or "2025年3月17日—21日" in page for page in pages[1:]), "running heads"
    assert sum(page.count("SK海力士12层HBM4样品率先送达客户") for page in pages) == 2, (
        "in the contents and the text"
    )
    for tool in ("放进剪报篮", "打印成小册子", "下一篇", "搜索"):
        assert not any(tool in page for page in pages)


def test_without_javascript_the_week_is_read_too(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, java_script_enabled=False, width=390)
    page.goto(WEEK)
    expect(page.locator(".week-article")).to_have_count(9)
    expect(page.locator("#week-bar")).to_be_hidden()
    page.get_by_text("本期目录").first.click()
    page.locator(".fold a").nth(4).click()
    expect(page.locator(".week-article").nth(4)).to_be_in_viewport()
