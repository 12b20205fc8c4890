"""For everyone: enlarged to 200%, on a narrow screen, with the keyboard alone, without motion, in either script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Watch
from tests.browser.conftest import Visit
from tests.browser.visiting import PAGES, axe_complaints, tab_to, visit
from tests.server.site import Site

CUT_OFF = """() => [...document.querySelectorAll("main *, header *, footer *")]
    .filter(e => e.checkVisibility() && !e.closest(".unseen, .skip, .block-table, svg, textarea, .clipped .text"))
    .filter(e => e.childNodes.length && getComputedStyle(e).overflow !== "visible")
    .filter(e => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
    .filter(e => !["auto", "scroll"].includes(getComputedStyle(e).overflowY))
    .map(e => e.outerHTML.slice(0, 100))"""
MORE_PAGES = {
    "topics that rise": "/topics/?sort=rise",
    "a year": "/issues/2025/",
    "filled basket": "/basket/",
}


def fill_basket(page: Page) -> None:
    page.goto("/search/help/")
    page.evaluate(
        "localStorage.setItem('xinwenku.basket', JSON.stringify([{key: '97', note: ''}, {key: '4-p2', note: ''}]))"
    )


@pytest.mark.parametrize("path", MORE_PAGES.values(), ids=MORE_PAGES)
def test_axe_finds_nothing_on_the_pages_that_need_something_first(
    demo_site: Site, new_visitor: Visit, path: str
) -> None:
    page = new_visitor(demo_site)
    if path == "/basket/":
        fill_basket(page)
    page.goto(path)
    if path == "/basket/":
        expect(page.locator("#basket-items > li")).to_have_count(2)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe_complaints(page) == [], scheme


def test_every_page_reflows_at_200_percent_and_at_320_pixels(
    demo_site: Site, new_visitor: Visit, watch: Watch
) -> None:
    page = new_visitor(demo_site, width=640, height=450)
    fill_basket(page)
    for path in PAGES.values():
        visit(page, watch, demo_site, path)
        for width in (640, 320):  # what 1280 pixels are at 200% and at 400%
            page.set_viewport_size({"width": width, "height": 450})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} at {width}"
            assert page.evaluate(CUT_OFF) == [], f"{path} at {width}"


def test_nothing_moves_for_who_wants_no_motion(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    for path in ("/", PAGES["article from a search"], PAGES["trends"], "/basket/"):
        page.goto(path)
        assert page.evaluate("document.getAnimations().length") == 0, path
        moving = page.evaluate(
            """() => [...document.querySelectorAll("*")].filter(e => {
                const style = getComputedStyle(e);
                return style.scrollBehavior === "smooth" || parseFloat(style.animationDuration) > 0
                    || style.transitionDuration.split(",").some(time => parseFloat(time) > 0);
            }).map(e => e.outerHTML.slice(0, 80))"""
        )
        assert moving == [], path


def test_choices_calendar_and_charts_are_reached_by_keyboard(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/issues/")
    page.get_by_role("button", name="搜索", exact=True).focus()
    tab_to(page, page.locator(".calendar .held a").first)
    assert page.locator(":focus").evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/issues/2025-*/")

    page.goto("/trends/")
    page.locator("#q1").focus()
    page.keyboard.insert_text("HBM3E")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("HBM4")
    page.keyboard.press("Enter")
    expect(page.locator(".legend li")).to_have_count(2)

    page.locator(".colophon summary").focus()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="繁体"))
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant-TW")
    page.locator(".colophon summary").focus()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="簡體"))
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
