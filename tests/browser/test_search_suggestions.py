"""What the search box suggests while a member types."""

from __future__ import annotations

import re
from itertools import product

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.searching import (
    LONGER_THAN_THE_PAUSE_MS,
    suggestion_groups,
    suggestions,
    total,
    type_query,
)
from tests.browser.visiting import SCHEMES, axe_complaints, hits, search_box, search_for
from tests.server.site import Site
from tests.tiers import thinned


@pytest.mark.parametrize("typed", thinned(["tjd", "taiji", "台积", "TSM", "臺積"], every=4))
def test_suggestions_know_letters_sound_and_initials(demo_site: Site, new_visitor: Visit, typed: str) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/")
    search_box(page).press_sequentially(typed)
    expect(suggestions(page).filter(has_text="台积电").first).to_be_visible()
    suggestions(page).filter(has_text="台积电").first.click()
    expect(search_box(page)).to_have_value("台积电")
    expect(hits(page).first).to_be_visible()


def test_title_among_the_suggestions_leads_to_its_article(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    type_query(page, search_box(page), "带宽才是")
    expect(suggestions(page)).to_have_count(1)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("昇腾910C怎么看？算力之外，带宽才是关键")


def test_box_is_the_combobox_that_aria_describes_at_every_step(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    box = page.get_by_role("combobox", name="搜索全部往期")
    expect(box).to_have_attribute("aria-autocomplete", "list")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(page.locator(f"#{box.get_attribute('aria-controls')}")).to_have_role("listbox")

    type_query(page, box, "tai")
    expect(box).to_have_attribute("aria-expanded", "true")
    count = suggestions(page).count()
    assert count > 2
    assert box.get_attribute("aria-activedescendant") is None
    for key, place in [
        ("ArrowDown", 0),
        ("ArrowDown", 1),
        ("ArrowUp", 0),
        ("ArrowUp", count - 1),
        ("ArrowDown", 0),
    ]:
        page.keyboard.press(key)
        active = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
        expect(active).to_have_attribute("aria-selected", "true")
        assert (
            active.evaluate(
                "e => [...e.closest('[role=listbox]').querySelectorAll('[role=option]')].indexOf(e)"
            )
            == place
        )
        expect(page.locator("[aria-selected=true]")).to_have_count(1)
        expect(box).to_be_focused()

    for scheme, width in product(SCHEMES, (1280, 360)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        assert axe_complaints(page) == [], f"{scheme}, {width} pixels wide"
        assert page.evaluate("document.documentElement.scrollWidth") == width

    page.keyboard.press("Escape")
    expect(suggestions(page)).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")
    assert box.get_attribute("aria-activedescendant") is None
    expect(box).to_have_value("tai")
    page.keyboard.press("ArrowDown")
    expect(suggestions(page)).to_have_count(count)
    page.keyboard.press("Tab")
    expect(suggestions(page)).to_have_count(0)


def test_escape_keeps_a_late_answer_from_opening_the_list_again(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    type_query(page, search_box(page), "ta")
    page.route("**/suggest?q=tai", lambda route: (page.wait_for_timeout(300), route.continue_()))
    with page.expect_request("**/suggest?q=tai"):
        search_box(page).press("i")
    page.keyboard.press("Escape")
    page.wait_for_timeout(2 * LONGER_THAN_THE_PAUSE_MS)
    expect(suggestions(page)).to_have_count(0)
    expect(search_box(page)).to_have_value("tai")


def test_the_last_word_is_completed_by_keyboard_and_the_words_before_stay(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    type_query(page, search_box(page), "英伟达 tai", asked="英伟达+tai")
    expect(suggestions(page).first.locator("span")).to_have_text("英伟达 台积电")
    expect(suggestions(page).first.locator("mark")).to_have_text("台")
    promised = int(suggestions(page).first.locator("small").inner_text().split()[-2])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    expect(search_box(page)).to_have_value("英伟达 台积电")
    assert total(page) == promised > 0


def test_the_last_word_is_completed_by_mouse_beside_filters_that_stay(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=HBM&sort=newest&year=2025")
    search_box(page).press("End")
    type_query(page, search_box(page), " 海力", asked="HBM+海力")
    chosen = suggestions(page).filter(has_text="SK海力士").first
    expect(chosen.locator("small")).to_have_text("公司")  # how many of all years is not what is found
    chosen.click()
    expect(search_box(page)).to_have_value("HBM SK海力士")
    expect(search_box(page)).to_be_focused()
    expect(suggestions(page)).to_have_count(0)
    expect(page).to_have_url(re.compile(r"\?q=HBM\+SK[^&]+&sort=newest&year=2025$"))
    expect(page.locator(".chips a")).to_have_text([re.compile("2025")])


def test_suggestions_stand_in_groups_with_headings(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    page.goto("/search/?q=HBM+散热")
    page.goto("/")
    type_query(page, search_box(page), "hbm")
    expect(suggestion_groups(page)).to_have_text(["最近搜过", "话题", "标题"])
    box = page.get_by_role("listbox")
    expect(box.get_by_role("group", name="最近搜过").get_by_role("option")).to_have_text(["HBM 散热"])
    expect(box.get_by_role("group", name="话题").get_by_role("option").first).to_contain_text("HBM")
    marked = page.locator("mark", has_text=re.compile("^hbm$", re.IGNORECASE))
    expect(suggestions(page).filter(has_not=marked)).to_have_count(0)

    search_box(page).fill("")
    type_query(page, search_box(page), "3月21")
    group = box.get_by_role("group", name="期", exact=True)
    expect(group.get_by_role("option")).to_contain_text(["2025年3月17日—21日"])
    group.get_by_role("option").first.click()
    page.wait_for_url("**/issues/2025-03-21/")


KEYS = ("Control+k", "Meta+k", "/")


@pytest.mark.parametrize("keys", thinned(KEYS, every=3))
def test_keys_lead_to_the_box_from_every_page(demo_site: Site, new_visitor: Visit, keys: str) -> None:
    page = new_visitor(demo_site)
    for path in ("/", "/issues/", "/articles/4/", "/search/?q=HBM", "/topics/", "/trends/?q=HBM"):
        page.goto(path)
        page.keyboard.press(keys)
        expect(search_box(page)).to_be_focused()
        value = search_box(page).input_value()
        assert page.evaluate("getSelection().toString()") == value, path


def test_each_of_the_keys_leads_to_the_box(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    for keys in KEYS:
        page.goto("/issues/")
        page.keyboard.press(keys)
        expect(search_box(page)).to_be_focused()


def test_enter_without_a_choice_searches_for_what_was_typed(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    search_box(page).press_sequentially("tai")
    expect(suggestions(page).first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=tai")


def test_recent_searches_of_this_browser_are_offered_on_focus(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    search_box(page).focus()
    expect(suggestions(page)).to_have_count(0)
    for query in ("混合键合", "HBM4", "混合键合"):
        search_for(page, query)
        page.goto("/")
    search_box(page).focus()
    expect(suggestion_groups(page)).to_have_text(["最近搜过"])
    expect(suggestions(page).locator("span")).to_have_text(["混合键合", "HBM4", "清除搜索记录"])
    expect(suggestions(page).locator("small")).to_have_text(["只在这个浏览器里"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=HBM4")
    search_box(page).fill("")
    expect(suggestions(page).locator("span").first).to_have_text("HBM4")

    page.keyboard.press("ArrowUp")
    expect(suggestions(page).last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(suggestions(page)).to_have_count(0)
    page.goto("/")
    search_box(page).focus()
    page.wait_for_timeout(LONGER_THAN_THE_PAUSE_MS)
    expect(suggestions(page)).to_have_count(0)

    stranger = new_visitor(demo_site)
    stranger.goto("/")
    search_box(stranger).focus()
    stranger.wait_for_timeout(LONGER_THAN_THE_PAUSE_MS)
    expect(suggestions(stranger)).to_have_count(0)


def test_box_works_when_the_browser_keeps_nothing_and_suggests_nothing(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site)
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})")
    page.route("**/suggest?*", lambda route: route.fulfill(status=200, body="not JSON"))
    page.goto("/")
    search_box(page).press_sequentially("HBM")
    page.wait_for_timeout(LONGER_THAN_THE_PAUSE_MS)
    expect(suggestions(page)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(hits(page).first).to_be_visible()
