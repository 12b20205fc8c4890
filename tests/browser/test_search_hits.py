"""The hits of a search in the article that it led to: marked, stepped through, taken off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.visiting import hits, search_box
from tests.server.site import Site


def test_hits_are_stepped_through_by_buttons_and_keys_and_taken_off(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site, height=500)
    page.goto("/search/?q=HBM")
    hits(page).get_by_role("link").first.click()
    bar = page.get_by_role("group", name="命中处")
    expect(bar).to_be_visible()
    marks = page.locator(".prose mark")
    count = marks.count()
    assert count > 2
    assert set(marks.all_inner_texts()) <= {"HBM", "高带宽内存"}
    first = current_mark(page)
    assert page.locator(":target").evaluate("e => e.contains(document.querySelector('mark.current'))")

    text = page.locator(".prose").inner_text()
    steps = [
        (lambda: bar.get_by_role("button", name="下一处").click(), 1),
        (lambda: page.keyboard.press("n"), 2),
        (lambda: page.keyboard.press("Shift+N"), 1),
        (lambda: bar.get_by_role("button", name="上一处").click(), 0),
        (lambda: [page.keyboard.press("n") for _ in range(count)], 0),
    ]
    for step, distance in steps:
        step()
        place = (first + distance) % count
        expect(bar.locator("output")).to_have_text(f"第 {place + 1} 处，共 {count} 处")
        assert current_mark(page) == place
        expect(page.locator("mark.current")).to_be_in_viewport()

    search_box(page).press_sequentially("nN")  # in a field they are letters
    assert current_mark(page) == first
    page.locator("main").focus()
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    expect(marks).to_have_count(0)
    assert page.locator(".prose").inner_text() == text


def current_mark(page: Page) -> int:
    """Returns the number of the current hit."""
    return int(page.locator(".prose mark").evaluate_all("all => all.findIndex(e => e.matches('.current'))"))


def test_button_that_takes_the_marks_off_leaves_the_focus_on_the_page(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site)
    page.goto("/articles/7/?q=HBM")
    page.get_by_role("button", name="去掉标记").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".prose mark")).to_have_count(0)
    expect(page.locator("main")).to_be_focused()


def test_hit_that_is_partly_bold_is_one_hit(hostile_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(hostile_site)
    page.goto("/search/?q=探针词")
    hits(page).get_by_role("link").first.click()
    expect(page.locator("#hit-bar output")).to_have_text("第 1 处，共 1 处")
    expect(page.locator(":target mark.current")).to_have_text(["探", "针", "词"])
    page.keyboard.press("Escape")
    assert page.locator(".prose :target, .prose:has(:target)").first.inner_text()
    expect(page.locator(".prose strong")).to_have_text("针")


@pytest.mark.parametrize(
    "address", ["/articles/4/", "/articles/4/?q=绝无此词", "/articles/4/?q=", "/articles/7/?q=HBM#1%"]
)
def test_bar_is_there_only_where_there_are_hits(demo_site: Site, new_visitor: Visit, address: str) -> None:
    page = new_visitor(demo_site)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    expect(page.locator("#hit-bar")).to_be_visible(visible="HBM" in address)
