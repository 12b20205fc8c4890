"""What the search page says and offers where nothing answers the query as it was typed."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.searching import total
from tests.browser.visiting import hits, search_box, search_for
from tests.server.site import Site
from tests.waiting import until

LONG_QUESTION = "今年哪些厂在建先进封装新产线，什么时候量产？"


def test_corrected_query_says_what_was_searched_for_instead(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    search_for(page, "taijidian")
    note = page.get_by_role("status").filter(has_text="没有“taijidian”")
    expect(note).to_contain_text("已改搜“台积电”")
    expect(search_box(page)).to_have_value("taijidian")
    before = total(page)
    note.get_by_role("link", name="台积电").click()
    expect(search_box(page)).to_have_value("台积电")
    assert total(page) == before


def test_long_question_says_that_not_every_word_was_found(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    search_for(page, LONG_QUESTION)
    expect(page.get_by_role("status").filter(has_text="没有文章")).to_be_visible()
    expect(hits(page).first.locator("mark").filter(has_text="先进封装").first).to_be_visible()


def test_empty_page_names_what_is_missing_and_offers_looser_searches(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    search_for(page, '绝无此词 "台积电" -三星')
    nothing = page.get_by_role("region", name="没有文章符合")
    missing = nothing.get_by_role("listitem").filter(has=page.locator(".none"))
    expect(missing).to_have_text(re.compile(r"绝无此词\s+0 篇"))
    offered = nothing.get_by_role("listitem").filter(has=page.locator("a + .change, a + .count"))
    assert offered.count() >= 2
    for number in range(offered.count()):
        promised = offered.nth(number).locator(".count").inner_text()
        query = offered.nth(number).get_by_role("link").inner_text()
        offered.nth(number).get_by_role("link").click()
        expect(search_box(page)).to_have_value(query)
        assert f"{total(page)} 篇" == promised
        expect(page.locator(".notice")).to_have_count(0)
        page.go_back()


def test_empty_page_offers_the_search_without_its_filters(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=台积电&year=1999&sort=newest")
    looser = page.get_by_role("listitem").filter(has_text="不限已加的条件")
    promised = looser.locator(".count").inner_text()
    looser.get_by_role("link").click()
    expect(page.locator(".chips")).to_have_count(0)
    assert f"{total(page)} 篇" == promised
    expect(page.locator(".sorts [aria-current]")).to_have_text("最新")


def test_empty_page_offers_the_quotation_without_its_quotes(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto('/search/?q="封装 先进 台积电"')
    looser = page.get_by_role("listitem").filter(has_text="不要求一字不差")
    looser.get_by_role("link", name="封装 先进 台积电").click()
    expect(hits(page).first).to_be_visible()


def test_empty_page_offers_what_a_missing_part_sounds_like(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=绝无此词+taijidian")
    looser = page.get_by_role("listitem").filter(has_text="与“taijidian”写法或读音相近")
    looser.get_by_role("link", name="台积电").click()
    expect(hits(page).first).to_be_visible()


def test_what_the_worker_learnt_is_guessed_apart_and_leads_to_its_article(
    demo_site: Site, new_visitor: Visit
) -> None:
    question = "电车用的耐高压材料为什么越卖越便宜"
    until(lambda: demo_site.search(question)["similar_in_meaning"], "that the worker learns the archive")
    page = new_visitor(demo_site)
    page.goto("/")
    search_for(page, question)
    guesses = page.get_by_role("region", name="意思相近")
    expect(guesses).to_contain_text("按意思猜的，不一定含这些词。")
    assert total(page) == hits(page).count()
    link = guesses.get_by_role("link").first
    title = link.inner_text()
    assert title not in hits(page).get_by_role("heading").all_inner_texts()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
