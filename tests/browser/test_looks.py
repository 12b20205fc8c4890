"""Layout of pages: headlines by clauses, columns of like height, paper, the editors' lists on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.server.site import Site

pytestmark = pytest.mark.tidy


def width(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return box["width"]


def bottom(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def test_a_headline_breaks_between_clauses(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, width=400)
    page.goto("/search/?q=昇腾910C+带宽")
    page.locator(".hits h2 a").first.click()
    clauses = page.locator("h1 .clause")
    expect(clauses).to_have_text(["昇腾910C怎么看？", "算力之外，", "带宽才是关键"])
    heights = clauses.evaluate_all("all => all.map(one => one.getClientRects().length)")
    assert heights == [1, 1, 1], "no clause is torn by the end of a line"


def test_earlier_issues_fill_the_wide_column_of_the_home_page(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, width=1280)
    page.goto("/")
    earlier = page.get_by_role("region", name="前几期")
    contents = page.locator(".newest .contents")
    assert bottom(earlier) > bottom(contents)
    assert abs(width(earlier) - width(contents)) < 1
    assert bottom(page.get_by_role("region", name="历年")) <= bottom(earlier)


def test_advice_is_no_link_until_it_is_one(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=绝无此词")
    advice = page.locator(".nothing li", has_text="换一种叫法")
    expect(advice).to_have_css("text-decoration-line", "none")
    expect(advice.locator("xpath=..")).to_have_css("text-decoration-line", "none")


def test_what_stands_in_the_margin_of_a_phone_can_be_touched(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, width=360, has_touch=True, is_mobile=True)
    page.goto("/articles/4/")
    for one in (page.locator(".pilcrow").first, page.locator(".block > .clip").first):
        box = one.bounding_box()
        assert box is not None
        assert box["x"] >= 3, "not at the very edge of the glass"
        assert min(box["width"], box["height"]) >= 30


def test_what_is_said_does_not_lie_over_the_bar_of_hits(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, width=360, height=640, has_touch=True, is_mobile=True)
    page.goto("/articles/7/?q=HBM")
    bar = page.locator("#hit-bar")
    expect(bar).to_be_visible()
    page.locator(".block > .clip").first.tap()
    said = page.locator("output.said")
    expect(said.get_by_role("link", name="查看剪报篮")).to_be_visible()
    assert bottom(said) < (bar.bounding_box() or {"y": 0})["y"]


def test_paper_says_what_was_searched_and_has_no_tools(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=HBM&year=2025")
    expect(page.locator("h1")).to_have_css("position", "absolute")
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_have_css("position", "static")
    expect(page.locator(".chips")).to_be_visible()
    for tool in (".chips span", ".sorts", ".facets", ".masthead nav", ".colophon"):
        expect(page.locator(tool).first).to_be_hidden()
    page.goto("/search/?q=HBM")
    trends = page.locator(".to-trends")  # offered where no filter is set
    expect(trends).to_have_count(1)
    expect(trends).to_be_hidden()


def test_paper_gives_clippings_its_whole_width_and_shows_written_notes_only(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site)
    page.goto("/articles/4/")
    page.get_by_role("button", name="放进剪报篮", exact=True).click()
    page.locator(".block .clip").nth(1).dispatch_event("click")
    page.goto("/basket/")
    expect(page.locator("#basket-items li")).to_have_count(2)
    page.get_by_label("批注").first.fill("写进第三节。")
    page.emulate_media(media="print")
    assert width(page.locator("#basket-items h2").first) > 500
    expect(page.get_by_label("批注").first).to_be_visible()
    expect(page.get_by_label("批注").last).to_be_hidden()
    expect(page.get_by_role("button", name=re.compile("上移|移出"))).to_have_count(0)


def test_lists_of_the_editors_keep_their_columns_on_a_phone(editor: Page) -> None:
    editor.set_viewport_size({"width": 360, "height": 720})
    editor.goto("/admin/archive/issue/")
    assert width(editor.locator("#result_list tbody .field-title").first) >= 70
    assert editor.evaluate("document.documentElement.scrollWidth") <= 360, (
        "the list scrolls, the page does not"
    )


def test_the_editors_room_wears_the_inks_of_the_members_pages(editor: Page) -> None:
    editor.goto("/admin/")
    expect(editor.locator("#header")).to_have_css("background-color", "rgb(27, 27, 29)")
    expect(editor.locator("#site-name a")).to_have_css("color", "rgb(255, 255, 255)")
