"""The search page in the hands of members: the whole way, filters, help; by keyboard and on a phone."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.searching import (
    LONGER_THAN_THE_PAUSE_MS,
    asked_suggestions,
    choose,
    compose,
    facet,
    suggestions,
    take,
    total,
    type_query,
)
from tests.browser.visiting import hits, in_view, links_to_articles, search_box, tab_to
from tests.server.site import Site
from tests.tiers import nightly

SHOWN = ".facet > ul > li > a:first-child"
"""What can be set, or taken off, and is not behind 显示更多."""

# --- The whole way -------------------------------------------------------------------------------------


def test_composed_word_suggested_filtered_opened_lands_on_its_mark(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site, height=500)
    page.goto("/")
    asked = asked_suggestions(page)
    search_box(page).focus()
    compose(page, "tai ji dian")
    page.wait_for_timeout(LONGER_THAN_THE_PAUSE_MS)
    assert asked == []
    expect(search_box(page)).to_have_attribute("aria-expanded", "false")

    choose(page, "台积电")
    expect(search_box(page)).to_have_value("台积电")
    expect(suggestions(page).first).to_contain_text("台积电")
    assert [request.url.partition("?q=")[2] for request in asked] == [quote("台积电")]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    expect(search_box(page)).to_have_value("台积电")

    before = total(page)
    page.goto(page.url + "&year=2025")
    month, promised = take(facet(page, "月份").first)
    assert total(page) == promised < before
    company, promised = take(facet(page, "公司").first)
    assert total(page) == promised
    expect(page.locator(".chips a")).to_have_text([re.compile(x) for x in ("2025年", month, company)])
    page.get_by_role("link", name=f"去掉条件：{company}").click()
    expect(page.locator(".chips a")).to_have_count(2)
    page.get_by_role("link", name="去掉条件：2025年", exact=True).click()
    expect(page.locator(".chips a")).to_have_text([re.compile(month)])
    page.get_by_role("link", name=f"去掉条件：{month}").click()
    expect(page.locator(".chips")).to_have_count(0)
    assert total(page) == before

    hits(page).filter(has=page.locator(".snippet mark")).first.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/articles/\d+/\?q=[^#]+#p\d+$"))
    marked = page.locator(":target mark.current")
    expect(marked).to_have_text(re.compile("台积电|TSMC"))
    assert in_view(marked)


def test_years_are_offered_where_there_are_several(hostile_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(hostile_site)
    page.goto("/search/?q=这")
    for number in range(2):
        label, promised = take(facet(page, "年份").nth(number))
        assert total(page) == promised
        expect(facet(page, "年份").first).to_have_attribute("aria-current", "true")
        expect(facet(page, "年份").nth(1)).to_contain_text("或 ")
        page.get_by_role("link", name=f"去掉条件：{label}").click()
        expect(page.locator(".chips")).to_have_count(0)


def test_every_filter_finds_as_many_as_it_promises_without_javascript(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site, java_script_enabled=False)
    page.goto("/")
    search_box(page).fill("HBM")
    page.get_by_role("button", name="搜索").click()
    page.wait_for_load_state()
    address = page.url
    every = page.get_by_role("navigation", name="筛选").locator(SHOWN)
    assert every.count() > 10
    for number in range(0, every.count(), 4):
        page.goto(address)
        _label, promised = take(every.nth(number))
        assert total(page) == promised
        expect(page.locator(".chips a")).to_have_count(1)


def test_shared_address_shows_another_reader_the_same(demo_site: Site, new_visitor: Visit) -> None:
    first = new_visitor(demo_site)
    first.goto("/search/?q=HBM")
    take(facet(first, "公司").first)
    first.get_by_role("link", name="最新").click()
    expect(first.locator(".sorts [aria-current]")).to_have_text("最新")
    second = new_visitor(demo_site)
    second.goto(first.url)
    assert links_to_articles(second) == links_to_articles(first) != []
    for what in (".chips", ".facets", ".sorts", ".total strong"):
        assert second.locator(what).inner_html() == first.locator(what).inner_html()
    expect(second.locator(".sorts [aria-current]")).to_have_text("最新")
    expect(search_box(second)).to_have_value("HBM")


def test_every_example_of_the_help_finds_what_it_promises(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/")
    page.get_by_role("link", name="还有更多写法").click()
    page.wait_for_load_state()
    examples = page.locator("dl > div").filter(has=page.locator("dt a"))
    assert examples.count() > 10
    for number in range(examples.count()):
        promised = examples.nth(number).locator(".count").inner_text()
        examples.nth(number).get_by_role("link").click()
        expect(search_box(page)).not_to_have_value("")
        found = page.locator(".total strong")
        if promised != "0 篇":  # last week, as long as the archive is a demo
            expect(found).to_have_text(promised.removesuffix(" 篇"))
            expect(page.locator(".notice")).to_have_count(0)
        page.go_back()


# --- By keyboard, on a phone ----------------------------------------------------------------------------


def test_keyboard_alone_suggests_filters_sorts_opens_and_steps(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    tab_to(page, search_box(page))
    type_query(page, search_box(page), "hbm")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    to_filters = page.get_by_role("link", name="筛选")
    tab_to(page, to_filters)
    assert in_view(to_filters)
    page.keyboard.press("Enter")
    tab_to(page, page.locator(SHOWN).first, most=3)
    page.keyboard.press("Enter")
    page.wait_for_url("**&month=*")
    chip = page.locator(".chips a")
    expect(chip).to_have_count(1)
    expect(page.locator(".facet [aria-current]")).to_be_focused()
    page.reload()
    tab_to(page, chip)
    page.keyboard.press("Enter")
    expect(chip).to_have_count(0)
    page.reload()
    tab_to(page, page.get_by_role("link", name="最早"))
    page.keyboard.press("Enter")
    expect(page.locator(".sorts [aria-current]")).to_have_text("最早")
    tab_to(page, hits(page).get_by_role("link").first)
    page.keyboard.press("Enter")
    expect(page.locator(":target mark.current")).to_be_in_viewport()
    tab_to(page, page.get_by_role("button", name="去掉标记"), most=60)
    page.keyboard.press("Space")
    expect(page.locator(".prose mark")).to_have_count(0)


def test_phone_begins_with_results_and_has_the_filters_in_a_sheet(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site, width=360, height=740, has_touch=True, is_mobile=True)
    page.goto("/search/?q=HBM")
    assert in_view(hits(page).locator(".snippet").first)
    hits(page).nth(12).scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    opener, sheet = page.get_by_role("link", name="筛选"), page.get_by_role("navigation", name="筛选")
    expect(sheet).to_be_hidden()
    opener.dispatch_event("click")
    expect(sheet).to_be_visible()
    for touched in page.locator(SHOWN).all():
        box = touched.bounding_box()
        assert box is not None
        assert box["height"] >= 24  # WCAG 2.2, target size
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    assert page.evaluate("scrollY") == place
    opener.tap()
    for number in (1, 2):  # the sheet stays, for more than one
        _label, promised = take(page.locator(f"{SHOWN}:not([aria-current])").first)
        assert total(page) == promised
        expect(page.locator(".chips a")).to_have_count(number)
        expect(sheet).to_be_visible()
    sheet.get_by_role("button", name=f"查看 {total(page)} 篇").tap()
    expect(sheet).to_be_hidden()
    expect(opener).to_have_text("筛选（2）")
    assert in_view(hits(page).first)
    page.go_back()
    expect(page.locator(".chips a")).to_have_count(1)


def test_a_phone_without_javascript_is_led_to_the_filters(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(
        demo_site, width=360, height=740, has_touch=True, is_mobile=True, java_script_enabled=False
    )
    page.goto("/search/?q=HBM")
    page.get_by_role("link", name="筛选").tap()
    expect(page.get_by_role("navigation", name="筛选").locator("h3").first).to_be_in_viewport()
    _label, promised = take(page.locator(SHOWN).first)
    assert total(page) == promised


PHONE = {"width": 360, "height": 740, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize("window", [{}, nightly(PHONE), {**PHONE, "java_script_enabled": False}])
def test_two_companies_a_month_and_a_section_and_every_number_is_true(
    sections_site: Site, new_visitor: Visit, window: dict[str, Any]
) -> None:
    page = new_visitor(sections_site, **window)
    page.goto("/search/?q=芯片 OR HBM OR AI")
    if window is PHONE:
        page.get_by_role("link", name="筛选").tap()
    set_so_far: list[str] = []
    for group in ("公司", "公司", "月份", "分栏"):
        label, promised = take(facet(page, group).locator("xpath=self::*[not(@aria-current)]").first)
        set_so_far.append(label)
        assert total(page) == promised > 0
        expect(page.locator(".chips a")).to_have_count(len(set_so_far))
        assert {*page.locator(".facet [aria-current] span").all_inner_texts()} == {*set_so_far}
    label, promised = take(facet(page, "分栏").filter(has_text="或").first)  # another section adds
    assert total(page) == promised
    before = total(page)
    for chip in set_so_far:
        page.get_by_role("link", name=f"去掉条件：{chip}", exact=True).dispatch_event("click")
        expect(page.get_by_role("link", name=f"去掉条件：{chip}", exact=True)).to_have_count(0)
    expect(page.locator(".chips a")).to_have_text([re.compile(label)])
    assert total(page) > before


def test_a_range_of_days_is_asked_for_without_knowing_a_parameter(
    demo_site: Site, new_visitor: Visit
) -> None:
    for options in ({}, {"java_script_enabled": False}):
        page = new_visitor(demo_site, **options)
        page.goto("/search/?q=HBM&term=英伟达")
        page.get_by_text("起止日期").click()
        page.get_by_label("从", exact=True).fill("2025-02-01")
        page.get_by_label("到", exact=True).fill("2025-02-28")
        page.get_by_role("button", name="确定").click()
        expect(page.locator(".chips a")).to_have_text(
            [re.compile("2025年2月1日—2025年2月28日"), re.compile("英伟达")]
        )
        assert 0 < total(page) < 13


def test_what_is_left_out_stands_in_the_box(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=HBM")
    before, row = total(page), page.locator(".facet li").filter(has_text="英伟达")
    number = int(row.locator(".count").inner_text())
    row.hover()
    row.get_by_role("link", name="排除 英伟达").click()
    expect(search_box(page)).to_have_value("HBM -term:英伟达")
    expect(page.locator(".total strong")).to_have_text(str(before - number))
    page.get_by_role("link", name="去掉条件：不含 英伟达").click()
    expect(search_box(page)).to_have_value("HBM")


def test_a_value_is_found_among_many(sections_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(sections_site)
    page.goto("/search/?q=AI")
    group = page.locator(".facet").filter(has=page.get_by_role("heading", name="公司", exact=True))
    group.get_by_text("显示更多").click()
    rows = group.locator("details li:visible")
    many, name = rows.count(), rows.last.locator("span").first.inner_text()
    group.get_by_placeholder("在“公司”里找").fill(name)
    expect(rows.locator("span").first).to_have_text(name)
    assert rows.count() < many


def test_filters_stay_in_sight_beside_the_results(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=HBM")
    hits(page).nth(10).scroll_into_view_if_needed()
    expect(page.get_by_role("heading", name="筛选")).to_be_in_viewport()
    page.locator(SHOWN).last.focus()
    expect(page.locator(SHOWN).last).to_be_in_viewport()
