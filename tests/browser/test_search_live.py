"""Results while one types, and the way from a result to the next one and back."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from urllib.parse import unquote

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.browser.conftest import Visit, served_copy
from tests.browser.searching import choose, compose, suggestions, total
from tests.browser.visiting import hits, links_to_articles, search_box, search_for
from tests.server.site import Site
from tests.waiting import until

BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
"""A browser that says that it has no window counts as a crawler, and is not logged."""
NOTE_SIGNALS = """
    window.signals = new Map();
    const original = window.fetch;
    window.fetch = (address, how) => { signals.set(address, how?.signal); return original(address, how); };
"""
MET = re.compile(r"[?&]q=([^&#]*)")


@pytest.fixture
def logging_site(prepared_site: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo weeks, and a search log that only this test writes."""
    with served_copy(prepared_site, tmp_path_factory, "logging") as site:
        yield site


def logged(site: Site) -> list[tuple[str, bool]]:
    """The queries in the search log, the oldest first, each with whether an article was opened from it."""
    with closing(sqlite3.connect(site.data / "db.sqlite3")) as database:
        rows = database.execute("SELECT query, opened_id FROM insight_searchrecord ORDER BY created_at, id")
        return [(query, opened is not None) for query, opened in rows]


def asked_answers(page: Page) -> list[tuple[str, bool]]:
    """Records the queries of which results are asked for from now on, each with whether it was still being typed."""
    asked: list[tuple[str, bool]] = []

    def note(request: Request) -> None:
        met = MET.search(unquote(request.url))
        if "/search/?" in request.url and met:
            asked.append((met[1], "x-typing" in request.headers))

    page.on("request", note)
    return asked


def leads_to(address: str) -> Callable[[str], bool]:
    """Whether an address that the browser shows is the one of a link, in which Chinese stands as it is."""
    return lambda shown: unquote(shown).endswith(address)


def titled(page: Page, query: str) -> Locator:
    """The heading of the results of a query: it is there when they are."""
    return page.get_by_role("heading", level=1, name=f"“{query}”的搜索结果", exact=True)


def test_results_follow_what_is_typed_and_the_box_keeps_focus_and_caret(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=HBM")
    before = total(page)
    box = search_box(page)
    box.press("End")
    box.press_sequentially("4")
    expect(titled(page, "HBM4")).to_be_attached()
    assert 0 < total(page) < before
    expect(page).to_have_url(re.compile(r"/search/\?q=HBM4$"))
    expect(page).to_have_title(re.compile("^HBM4 · "))
    expect(box).to_be_focused()
    assert box.evaluate("e => [e.selectionStart, e.selectionEnd]") == [4, 4]
    live = links_to_articles(page)
    page.reload()
    assert links_to_articles(page) == live


def test_results_come_where_there_were_none_and_filters_and_order_stay(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/")
    search_box(page).press_sequentially("HBM")
    expect(titled(page, "HBM")).to_be_attached()
    assert total(page) > 0
    page.goto("/search/?q=HBM&sort=oldest&year=2025&term=台积电&page=2")
    search_box(page).press("End")
    search_box(page).press_sequentially("4")
    expect(titled(page, "HBM4")).to_be_attached()
    expect(page.locator(".sorts [aria-current]")).to_have_text("最早")
    expect(page.locator(".chips a")).to_have_count(2)
    assert "page=" not in page.url
    page.keyboard.press("Enter")
    expect(suggestions(page)).to_have_count(0)
    page.reload()
    expect(page.locator(".chips a")).to_have_count(2)


def test_back_leads_to_the_search_before_and_not_to_half_a_word(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    page.goto("/search/?q=英伟达")
    first = links_to_articles(page)
    box = search_box(page)
    box.fill("混")
    expect(titled(page, "混")).to_be_attached()
    box.fill("混合")
    expect(titled(page, "混合")).to_be_attached()
    box.fill("混合键合")
    box.press("Enter")
    expect(titled(page, "混合键合")).to_be_attached()
    second = links_to_articles(page)
    assert second != first
    box.fill("光刻")
    expect(titled(page, "光刻")).to_be_attached()

    page.go_back()
    expect(titled(page, "混合键合")).to_be_attached()
    expect(box).to_have_value("混合键合")
    assert links_to_articles(page) == second
    page.go_back()
    expect(titled(page, "英伟达")).to_be_attached()
    expect(box).to_have_value("英伟达")
    assert links_to_articles(page) == first
    page.go_forward()
    expect(titled(page, "混合键合")).to_be_attached()
    page.go_back()
    expect(titled(page, "英伟达")).to_be_attached()
    page.go_back()
    page.wait_for_url(demo_site.url + "/")


def test_half_typed_letters_of_an_input_method_ask_for_nothing(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=HBM")
    asked = asked_answers(page)
    search_box(page).fill("")
    compose(page, "tai ji dian")
    expect(search_box(page)).to_have_value("tai ji dian")
    choose(page, "台积电")
    expect(titled(page, "台积电")).to_be_attached()
    assert asked == [("台积电", True)]


def test_a_slow_answer_is_given_up_for_what_is_typed_next(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.add_init_script(NOTE_SIGNALS)
    page.goto("/search/?q=HBM")
    page.route(re.compile(r"/search/\?q=HBM4$"), lambda _route: None)  # is never answered
    with page.expect_request(lambda request: request.url.endswith("/search/?q=HBM4")):
        search_box(page).fill("HBM4")
    search_box(page).fill("HBM3E")
    expect(titled(page, "HBM3E")).to_be_attached()
    assert page.evaluate("signals.get('/search/?q=HBM4').aborted")
    assert not page.evaluate("signals.get('/search/?q=HBM3E').aborted")
    expect(search_box(page)).to_have_value("HBM3E")


def test_what_is_being_typed_is_not_logged_and_what_is_meant_is_logged_once(
    logging_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(logging_site, user_agent=BROWSER)
    page.goto("/search/")
    asked = asked_answers(page)
    box = search_box(page)
    for typed in ("光", "英", "混"):  # none continues another: merging would hide nothing
        box.fill(typed)
        expect(titled(page, typed)).to_be_attached()
    box.fill("混合键合")
    box.press("Enter")
    expect(titled(page, "混合键合")).to_be_attached()
    box.press("Enter")
    assert [query for query, is_typed in asked if not is_typed] == ["混合键合"]

    box.fill("HBM4")
    expect(titled(page, "HBM4")).to_be_attached()
    box.press("Escape")
    hits(page).get_by_role("link").first.click()  # opened before the typing was over
    expect(page.locator(".prose mark").first).to_be_visible()
    until(lambda: logged(logging_site)[-1:] == [("HBM4", True)], "what was opened is logged")
    page.goto("/search/?q=光刻")
    until(lambda: logged(logging_site)[-1:] == [("光刻", False)], "a later search is logged")
    assert logged(logging_site) == [("混合键合", False), ("HBM4", True), ("光刻", False)]


def test_who_stops_typing_has_searched(logging_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(logging_site, user_agent=BROWSER)
    page.goto("/search/")
    asked = asked_answers(page)
    with page.expect_request(
        lambda request: request.url.endswith("/search/?q=HBM4") and "x-typing" not in request.headers
    ):
        search_box(page).fill("HBM4")
    expect(page.locator(".announced")).to_contain_text(f"找到 {total(page)} 篇")
    assert asked == [("HBM4", True), ("HBM4", False)]
    search_box(page).press("Enter")
    until(lambda: logged(logging_site) == [("HBM4", False)], "it is logged")
    page.goto("/search/?q=光刻")
    until(lambda: logged(logging_site)[-1:] == [("光刻", False)], "a later search is logged")
    assert logged(logging_site) == [("HBM4", False), ("光刻", False)]


def test_filters_come_along_and_an_open_sheet_stays_open_on_a_phone(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site, width=360, height=740, has_touch=True, is_mobile=True)
    page.goto("/search/?q=HBM")
    held: list[Route] = []
    page.route(
        re.compile(r"/search/\?q=台积电$|/search/\?q=%E5%8F%B0%E7%A7%AF%E7%94%B5$"),
        lambda route: held.append(route),
    )
    with page.expect_request(lambda request: request.headers.get("x-typing") == "1"):
        search_box(page).fill("台积电")
    search_box(page).press("Escape")
    page.get_by_role("link", name=re.compile("^筛选")).tap()
    sheet = page.locator("#facets:popover-open")
    expect(sheet).to_be_visible()
    (typed,) = held
    typed.continue_()
    page.unroute_all()
    expect(titled(page, "台积电")).to_be_attached()
    expect(sheet).to_be_visible()
    expect(sheet.get_by_role("button", name=re.compile(rf"^查看 {total(page)} 篇$"))).to_be_visible()
    sheet.locator(".facet a").filter(has_text="HBM").first.tap()
    expect(page.locator(".chips a")).to_have_count(1)
    page.go_back()
    expect(page.locator(".chips")).to_have_count(0)
    expect(search_box(page)).to_have_value("台积电")
    page.go_back()
    expect(titled(page, "HBM")).to_be_attached()
    expect(search_box(page)).to_have_value("HBM")


# --- From hit to hit ------------------------------------------------------------------------------------


def test_j_and_k_move_on_results_and_enter_opens(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, height=500)
    page.goto("/search/?q=HBM")
    links = hits(page).locator("h2 a")
    for key, place in [("j", 0), ("j", 1), ("j", 2), ("k", 1), ("k", 0), ("k", 0), ("j", 1)]:
        page.keyboard.press(key)
        expect(links.nth(place)).to_be_focused()
        expect(links.nth(place)).to_be_in_viewport()
    search_box(page).press_sequentially("jk")  # in a field they are letters
    expect(search_box(page)).to_have_value("jkHBM")
    page.goto("/search/?q=HBM")
    page.evaluate("localStorage.setItem('xinwenku.keys', 'off')")
    page.keyboard.press("j")
    expect(page.locator(".hits :focus")).to_have_count(0)
    page.evaluate("localStorage.removeItem('xinwenku.keys')")
    page.keyboard.press("j")
    page.keyboard.press("j")
    address = str(links.nth(1).get_attribute("href"))
    page.keyboard.press("Enter")
    page.wait_for_url(leads_to(address))


def test_an_opened_hit_knows_its_search_and_leads_to_its_neighbours_and_back(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=芯片&sort=newest&year=2025")
    addresses = [str(link.get_attribute("href")) for link in hits(page).locator("h2 a").all()]
    page.get_by_role("link", name="下一页").click()
    page.wait_for_load_state()
    further = [str(link.get_attribute("href")) for link in hits(page).locator("h2 a").all()]
    page.go_back()
    hits(page).locator("h2 a").nth(len(addresses) - 2).click()
    expect(search_box(page)).to_have_value("芯片")
    bar = page.get_by_role("navigation", name="搜索结果")
    earlier, later = (bar.get_by_role("link", name=name) for name in ("上一条", "下一条"))
    steps = [
        (lambda: earlier.click(), addresses[-3]),
        (lambda: later.click(), addresses[-2]),
        (lambda: page.keyboard.press("]"), addresses[-1]),
        (lambda: page.keyboard.press("]"), further[0]),
        (lambda: page.keyboard.press("]"), further[1]),
        (lambda: page.keyboard.press("["), further[0]),
        (lambda: page.keyboard.press("["), addresses[-1]),
    ]
    for step, address in steps:
        step()
        page.wait_for_url(leads_to(address))
        expect(later).to_be_visible()
    bar.get_by_role("link", name="回到结果").click()
    page.wait_for_url(leads_to("/search/?q=芯片&sort=newest&year=2025&page=1"))
    expect(hits(page).locator("h2 a").last).to_be_focused()
    expect(page.locator(".sorts [aria-current]")).to_have_text("最新")
    expect(page.locator(".chips a")).to_have_count(1)


def test_the_first_hit_has_none_before_it_and_live_results_are_the_ones_to_step_through(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=光刻")
    search_box(page).fill("HBM4")
    expect(titled(page, "HBM4")).to_be_attached()
    second = str(hits(page).locator("h2 a").nth(1).get_attribute("href"))
    search_box(page).press("Escape")
    hits(page).locator("h2 a").first.click()
    bar = page.get_by_role("navigation", name="搜索结果")
    expect(bar.get_by_role("link")).to_have_text(["回到结果", "下一条"])
    page.keyboard.press("[")
    page.keyboard.press("]")
    page.wait_for_url(leads_to(second))


def test_a_shared_address_of_a_hit_leads_to_the_search_alone(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/articles/7/?q=HBM#p2")
    expect(search_box(page)).to_have_value("HBM")
    bar = page.get_by_role("navigation", name="搜索结果")
    expect(bar.get_by_role("link")).to_have_text(["回到结果"])
    bar.get_by_role("link").click()
    page.wait_for_url("**/search/?q=HBM")
    page.goto("/articles/7/")
    expect(bar).to_have_count(0)
    expect(search_box(page)).to_have_value("")


def test_results_that_were_opened_look_otherwise(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=HBM")
    # Scripts are not told what was visited; the style sheet says how it looks, in either scheme.
    rules = page.evaluate(
        """() => [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
            .filter(rule => rule.selectorText?.includes(".hits h2 a:visited")).map(rule => rule.style.color)"""
    )
    assert rules == ["var(--soft)"]


def test_without_javascript_the_form_searches_and_a_hit_leads_back(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site, java_script_enabled=False)
    page.goto("/search/?q=HBM&sort=newest&year=2025")
    search_for(page, "HBM4")
    expect(page).to_have_url(re.compile(r"\?q=HBM4&sort=newest&year=2025$"))
    expect(page.locator(".chips a")).to_have_count(1)
    hits(page).locator("h2 a").first.click()
    expect(search_box(page)).to_have_value("HBM4")
    page.get_by_role("link", name="回到结果").click()
    expect(titled(page, "HBM4")).to_be_attached()
