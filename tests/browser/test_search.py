"""The search page in the hands of members: the whole way, filters, help; by keyboard and on a phone."""

from __future__ import annotations

import re
from urllib.parse import quote

from playwright.sync_api import Locator, expect

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
    expect(page.locator(".chips a")).to_have_text([re.compile(x) for x in ("2025 年", month, company)])
    page.get_by_role("link", name=f"去掉条件：{company}").click()
    expect(page.locator(".chips a")).to_have_count(2)
    page.get_by_role("link", name="去掉条件：2025 年").click()
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
    for label, promised in dict(take_labels(facet(page, "年份"))).items():
        page.get_by_role("navigation", name="缩小范围").get_by_role("link", name=label).click()
        assert total(page) == promised
        page.get_by_role("link", name=f"去掉条件：{label}").click()


def take_labels(links: Locator) -> list[tuple[str, int]]:
    counts = [link.locator("span").all_inner_texts() for link in links.all()]
    assert len(counts) > 1
    return [(label, int(count)) for label, count in counts]


def test_every_filter_finds_as_many_as_it_promises_without_javascript(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site, java_script_enabled=False)
    page.goto("/")
    search_box(page).fill("HBM")
    page.get_by_role("button", name="搜索").click()
    address = page.url
    every = page.get_by_role("navigation", name="缩小范围").get_by_role("link").all()
    assert len(every) > 10
    for number in range(0, len(every), 4):
        page.goto(address)
        _label, promised = take(page.locator(".facet a").nth(number))
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
    to_filters = page.get_by_role("link", name="缩小范围")
    tab_to(page, to_filters)
    assert in_view(to_filters)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".facet a").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**&term=*")
    chip = page.locator(".chips a")
    tab_to(page, chip)
    page.keyboard.press("Enter")
    expect(chip).to_have_count(0)
    tab_to(page, page.get_by_role("link", name="最早"))
    page.keyboard.press("Enter")
    expect(page.locator(".sorts [aria-current]")).to_have_text("最早")
    tab_to(page, hits(page).get_by_role("link").first)
    page.keyboard.press("Enter")
    expect(page.locator(":target mark.current")).to_be_in_viewport()
    tab_to(page, page.get_by_role("button", name="去掉标记"), most=40)
    page.keyboard.press("Space")
    expect(page.locator("mark")).to_have_count(0)


def test_phone_begins_with_results_and_leads_to_the_filters(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, width=360, height=740, has_touch=True, is_mobile=True)
    page.goto("/search/?q=HBM")
    assert in_view(hits(page).locator(".snippet").first)
    link = page.get_by_role("link", name="缩小范围")
    expect(link).to_be_in_viewport()
    link.tap()
    expect(page.get_by_role("navigation", name="缩小范围").locator("h3").first).to_be_in_viewport()
    for touched in page.locator(".facet a").all():
        box = touched.bounding_box()
        assert box is not None
        assert box["height"] >= 24  # WCAG 2.2, target size
    take(page.locator(".facet a").first)
    expect(page.locator(".chips a")).to_have_count(1)
    assert in_view(hits(page).first)


def test_filters_stay_in_sight_beside_the_results(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=HBM")
    hits(page).nth(10).scroll_into_view_if_needed()
    expect(page.get_by_role("heading", name="缩小范围")).to_be_in_viewport()
    page.locator(".facet a").last.focus()
    expect(page.locator(".facet a").last).to_be_in_viewport()
