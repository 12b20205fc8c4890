"""Markup and URL characters in titles, terms and columnists: shown as text, kept on their way."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.hostile import AMPERSAND, MARKUP
from tests.browser.searching import facet, suggestions
from tests.browser.visiting import hits, search_box
from tests.server.site import Site


def test_markup_in_titles_terms_and_columnists_is_shown_as_text(
    hostile_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(hostile_site)  # a dialog or a request for the image would fail the test
    page.goto("/search/?q=探针")
    expect(facet(page, "产品")).to_contain_text([MARKUP])
    expect(facet(page, "栏目作者")).to_contain_text([MARKUP])
    for label in ("产品", "栏目作者"):
        facet(page, label).filter(has_text=MARKUP).click()
        expect(page.get_by_role("link", name=f"去掉条件：{MARKUP}").first).to_be_visible()
    expect(hits(page)).to_have_count(1)
    assert MARKUP in hits(page).first.inner_text()
    search_box(page).fill("")
    search_box(page).press_sequentially("<img")
    expect(suggestions(page).first).to_contain_text(MARKUP)
    suggestions(page).first.click()
    expect(search_box(page)).to_have_value(MARKUP)
    page.goto(f"/search/?q={quote(MARKUP)}&explain=1")
    expect(page.locator(".explanation")).to_contain_text(MARKUP)
    hits(page).get_by_role("link").first.click()
    expect(page.locator(".prose mark.current").first).to_be_visible()
    asked = {"q": f'绝无此词 "{MARKUP}甲"', "term": MARKUP, "columnist": MARKUP, "explain": "1"}
    page.goto(f"/search/?{urlencode(asked)}")
    expect(page.get_by_role("region", name="没有文章符合")).to_be_visible()
    page.goto("/")
    search_box(page).focus()  # what was searched for comes back from the browser's memory
    expect(suggestions(page).first).to_contain_text(MARKUP)
    expect(
        page.locator("main img, main svg, main script:not([src^='/static/']), .suggestions img")
    ).to_have_count(0)


def test_name_with_url_characters_keeps_them_on_its_way(hostile_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(hostile_site)
    page.goto("/")
    search_box(page).press_sequentially("R&D")
    suggestions(page).filter(has_text=AMPERSAND).first.click()
    expect(search_box(page)).to_have_value(AMPERSAND)
    expect(page.locator(".total strong")).to_have_text("4")
    page.get_by_role("link", name="为什么是这些结果？").click()
    page.locator(".explanation dt a").click()
    expect(search_box(page)).to_have_value(AMPERSAND)
    hits(page).get_by_role("link").first.click()
    expect(page.locator("mark.current")).to_have_text(AMPERSAND)
