"""A member's journeys: to search, to read, to browse; on a phone, by keyboard, without JavaScript, in the dark."""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import pairwise, product, starmap

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Watch
from tests.browser.conftest import SAMPLE_WEEK, Visit
from tests.browser.visiting import (
    PAGES,
    SCHEMES,
    Scheme,
    axe_complaints,
    hit,
    hits,
    in_view,
    links_to_articles,
    search_box,
    search_for,
    tab_to,
    visit,
)
from tests.server.site import Site
from tests.tiers import thinned

MAX_PAGE_BYTES, MAX_WEEK_BYTES = 80_000, 200_000
WEEK = "2025-03-21"
BEST_OF_DEMO_WEEK = {
    "昇腾910C 带宽": 4,
    "HBM4": 3,
    "海力士12层": 3,
    '"先进封装"': 5,
    "910": 4,
    "CoWoS": 5,
}
"""Issue 2's queries, and which article of the demo week is about them."""
BEST_OF_SAMPLE_WEEK = {
    "昇腾910C 带宽": 1,
    "HBM4": 9,
    "海力士12层": 9,
    '"先进封装"': 4,
    "910": 1,
    "CoWoS": 10,
}
TAG_PROBES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}</title><svg onload=alert(1)>",
]

CASES = [pytest.param(path, id=name) for name, path in PAGES.items()]
some_pages = pytest.mark.parametrize("path", thinned(CASES, every=5))
"""Each time, all pages are narrowed by test_everyone.py and weighed by tests/test_page_sizes.py."""
LOOKS = [*product(SCHEMES, (1280, 360))]
LOOKED_AT = [
    pytest.param(path, looks, id=f"{name}-{when}", marks=marks)
    for number, (name, path) in enumerate(PAGES.items())
    for when, looks, marks in (
        ("each time", LOOKS[number % 4 :][:1], ()),
        ("every night", LOOKS[: number % 4] + LOOKS[number % 4 + 1 :], pytest.mark.nightly),
    )
]
"""Each page in one look each time, the next page in the next, and in the other three every night."""


# --- Finding and reading -------------------------------------------------------------------------------


def test_member_searches_from_home_and_lands_on_the_paragraph(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, height=500)
    page.goto("/")
    search_for(page, "梯度同步")
    expect(page).to_have_title(re.compile("梯度同步"))
    expect(search_box(page)).to_have_value("梯度同步")
    expect(hits(page)).to_have_count(1)
    expect(hits(page).locator(".snippet mark")).to_have_text(["梯度同步"])

    hits(page).get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/articles/\d+/\?q=[^#]+#p\d+$"))
    paragraph = page.locator(page.url[page.url.index("#") :])
    expect(paragraph).to_contain_text("梯度同步")
    assert in_view(paragraph)
    expect(page.get_by_role("heading", level=1)).to_have_text("昇腾910C怎么看？算力之外，带宽才是关键")


@pytest.mark.parametrize(
    ("query", "position"), thinned(starmap(pytest.param, BEST_OF_DEMO_WEEK.items()), every=3)
)
def test_search_finds_the_right_article_at_once(
    demo_site: Site, new_visitor: Visit, query: str, position: int
) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    search_for(page, query)
    best = {"CoWoS": 2}.get(query, 1)  # two articles have CoWoS in their headings
    expect(hit(page, WEEK, position)).to_have_count(1)
    assert hit(page, WEEK, position).evaluate("e => [...e.parentNode.children].indexOf(e)") < best


@pytest.mark.parametrize(("query", "seen"), [("芯", "芯"), ("２０２５", "2025")])
def test_search_for_what_is_everywhere_counts_every_article_that_shows_it(
    demo_site: Site, new_visitor: Visit, query: str, seen: str
) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/")
    search_for(page, query)
    expect(page.locator(".total strong")).to_have_text(str(count_articles_with(demo_site, seen)))
    assert set(hits(page).locator("mark").all_inner_texts()) == {seen}


@pytest.mark.skipif(not SAMPLE_WEEK.exists(), reason="the real week in ../shared is not here")
@pytest.mark.parametrize(
    ("query", "position"), thinned(starmap(pytest.param, BEST_OF_SAMPLE_WEEK.items()), every=3)
)
def test_search_finds_the_right_article_of_the_real_week_at_once(
    sample_site: Site, new_visitor: Visit, query: str, position: int
) -> None:
    page = new_visitor(sample_site)
    page.goto("/")
    search_for(page, query)
    expect(hit(page, f"{WEEK}-2", position)).to_have_count(1)
    expect(hit(page, f"{WEEK}-2", position).locator("mark").first).to_be_visible()
    assert hit(page, f"{WEEK}-2", position).evaluate("e => [...e.parentNode.children].indexOf(e)") < 3


@pytest.mark.skipif(not SAMPLE_WEEK.exists(), reason="the real week in ../shared is not here")
@pytest.mark.parametrize(("query", "seen"), [("芯", "芯"), ("２０２５", "2025")])
def test_search_for_what_is_everywhere_counts_the_real_week_too(
    sample_site: Site, new_visitor: Visit, query: str, seen: str
) -> None:
    page = new_visitor(sample_site)
    page.goto("/")
    search_for(page, query)
    expect(page.locator(".total strong")).to_have_text(str(count_articles_with(sample_site, seen)))


def count_articles_with(site: Site, run: str) -> int:
    """How many visible articles show this run of characters, by looking through all of them."""
    return sum(run in text for text in visible_texts(site))


@cache
def visible_texts(site: Site) -> list[str]:
    """What a reader sees of each published article, folded."""
    printed = site.run_python(
        "import json; from archive.models import Article; from glossary.folding import fold; "
        "print(json.dumps([fold(article.text) for article in Article.objects.published()]))"
    )
    texts: list[str] = json.loads(printed)
    return texts


def test_results_are_sorted_as_their_links_say(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=HBM")
    sorts = page.get_by_role("navigation", name="排序")
    expect(sorts.locator("[aria-current=true]")).to_have_text("相关")
    for label, is_reversed in (("最新", True), ("最早", False)):
        sorts.get_by_role("link", name=label).click()
        expect(sorts.locator("[aria-current=true]")).to_have_text(label)
        days = [
            time.get_attribute("datetime") for time in hits(page).locator(".where time:first-child").all()
        ]
        assert len(set(days)) > 2
        assert days == sorted(days, key=str, reverse=is_reversed)


def test_pager_leads_through_every_result_once(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=芯&sort=oldest")
    pager = page.get_by_role("navigation", name="分页")
    expect(pager.get_by_role("link", name="上一页")).to_have_count(0)
    total = int(page.locator(".total strong").inner_text())
    seen = links_to_articles(page)
    assert len(seen) == 20
    while pager.get_by_role("link", name="下一页").count():
        number = int(pager.locator("[aria-current=page]").inner_text())
        pager.get_by_role("link", name="下一页").click()
        expect(pager.locator("[aria-current=page]")).to_have_text(str(number + 1))
        seen += links_to_articles(page)
    assert (len(seen), len(set(seen))) == (total, total)
    pager.get_by_role("link", name="上一页").click()
    expect(page).to_have_url(re.compile("sort=oldest"))


def test_a_filter_can_be_taken_off_again(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=HBM&year=2025&month=3")
    in_march = int(page.locator(".total strong").inner_text())
    page.get_by_role("link", name="去掉条件：3月").click()
    expect(page.get_by_role("link", name="去掉条件：3月")).to_have_count(0)
    assert int(page.locator(".total strong").inner_text()) > in_march
    page.get_by_role("link", name="去掉条件：2025年").click()
    expect(page.locator(".chips")).to_have_count(0)
    expect(search_box(page)).to_have_value("HBM")


def test_nothing_found_says_so_and_what_to_try(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    search_for(page, "绝无此词")
    nothing = page.get_by_role("region", name="没有文章符合“绝无此词”")
    expect(nothing.get_by_role("listitem").first).to_be_visible()
    expect(page.locator(".hits, .pager, .sorts, .total")).to_have_count(0)
    nothing.get_by_role("link", name="全部往期").click()
    expect(page).to_have_url(re.compile("/issues/$"))


def test_every_example_of_the_tips_finds_something(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/")
    examples = page.get_by_role("region", name="怎么搜").locator("dt").get_by_role("link")
    assert examples.count() == 4
    for number in range(examples.count()):
        examples.nth(number).click()
        expect(hits(page).first).to_be_visible()
        page.go_back()


def test_member_browses_from_the_years_to_an_article_and_on(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/")
    page.get_by_role("region", name="历年").get_by_role("link", name="2025").click()
    expect(page).to_have_url(re.compile("/issues/2025/$"))
    expect(page.locator(".year .issues li")).to_have_count(12)

    page.get_by_role("link", name="3月17日—21日").click()
    expect(page).to_have_url(re.compile(f"/issues/{WEEK}/$"))
    contents = page.locator(".contents li").get_by_role("link")
    titles = contents.all_inner_texts()
    assert len(titles) == 9

    contents.first.click()
    for title, following in pairwise(titles):
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        page.locator("a[rel=next]").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(following)
    expect(page.locator("a[rel=next]")).to_have_count(0)
    page.locator("a[rel=prev]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[-2])
    expect(page.locator(".beside [aria-current=page]")).to_have_text(titles[-2])
    page.get_by_role("link", name="本期目录").click()
    expect(page).to_have_url(re.compile(f"/issues/{WEEK}/$"))


def test_issues_lead_to_the_one_before_and_after(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/issues/2025-03-14/")
    page.locator("a[rel=next]").click()
    expect(page).to_have_url(re.compile(f"/issues/{WEEK}/$"))
    page.locator("a[rel=next]").click()
    expect(page).to_have_url(re.compile("/issues/2025-03-28/$"))
    expect(page.locator("a[rel=next]")).to_have_count(0)
    page.locator("a[rel=prev]").click()
    expect(page).to_have_url(re.compile(f"/issues/{WEEK}/$"))


@pytest.mark.parametrize(
    "path", thinned(["/no-such-page/", "/articles/999999/", "/issues/1999-01-01/"], every=3)
)
def test_missing_page_offers_to_search(demo_site: Site, new_visitor: Visit, watch: Watch, path: str) -> None:
    watch.expected.add(demo_site.url + path)
    page = new_visitor(demo_site)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("没有这一页")
    search_for(page, "HBM4")
    expect(hits(page).first).to_be_visible()


@pytest.mark.parametrize("probe", thinned(TAG_PROBES, every=3))
def test_query_with_markup_is_shown_as_text(demo_site: Site, new_visitor: Visit, probe: str) -> None:
    page = new_visitor(demo_site)  # a dialog or a request for the image would fail the test
    page.goto("/")
    search_for(page, probe)
    expect(search_box(page)).to_have_value(probe)
    assert probe.split()[0][:10] in page.locator("main").inner_text()
    assert probe[:20] in page.title()
    expect(page.locator("main script:not([src^='/static/']), main img, main svg")).to_have_count(0)


# --- Without JavaScript, by keyboard, on a phone, in the dark ------------------------------------------


def test_everything_works_without_javascript(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, java_script_enabled=False)
    page.goto("/")
    search_box(page).fill("HBM")
    page.get_by_role("button", name="搜索").click()
    expect(page.locator(".total")).to_contain_text("找到")
    page.get_by_role("link", name="最早").click()
    expect(page.locator(".sorts [aria-current=true]")).to_have_text("最早")
    hits(page).get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/articles/\d+/\?q=[^#]+#p\d+$"))
    expect(page.locator(":target")).to_contain_text("HBM")
    page.locator("a[rel=prev], a[rel=next]").first.click()
    expect(page.locator(".prose .block").first).to_be_visible()
    page.get_by_role("navigation", name="栏目").get_by_role("link", name="往期").click()
    page.locator(".issues a").first.click()
    expect(page.locator(".contents li")).to_have_count(9)


def test_keyboard_reaches_skip_link_search_and_results(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/issues/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    page.goto("/")
    tab_to(page, search_box(page))
    page.keyboard.insert_text("混合键合")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    tab_to(page, hits(page).get_by_role("link").first)
    outline = hits(page).get_by_role("link").first.evaluate("e => getComputedStyle(e).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/articles/\d+/"))
    page.wait_for_load_state()  # a key that comes before the page is there goes nowhere
    tab_to(page, page.locator("a[rel=next], a[rel=prev]").first)


@some_pages
def test_phone_scrolls_in_one_direction_only(
    demo_site: Site, new_visitor: Visit, watch: Watch, path: str
) -> None:
    page = new_visitor(demo_site, width=360, height=740, has_touch=True, is_mobile=True)
    visit(page, watch, demo_site, path)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    sticking_out = page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter(e => e.checkVisibility() && !e.matches(".unseen, .skip"))
            .filter(e => e.getBoundingClientRect().right > 360.5 || e.getBoundingClientRect().left < -0.5)
            .map(e => e.outerHTML.slice(0, 100))"""
    )
    assert sticking_out == []


def test_dark_page_is_dark_and_light_page_is_light(demo_site: Site, new_visitor: Visit) -> None:
    brightness = {}
    for scheme in SCHEMES:
        page = new_visitor(demo_site, color_scheme=scheme)
        page.goto("/articles/4/")
        paper, ink = page.evaluate(
            """() => [getComputedStyle(document.documentElement).backgroundColor,
                      getComputedStyle(document.querySelector(".prose p")).color]
                .map(color => color.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3)"""
        )
        brightness[scheme] = (paper > 220, ink < 60, paper < 60, ink > 180)
    assert brightness == {"light": (True, True, False, False), "dark": (False, False, True, True)}


@pytest.mark.parametrize(("path", "looks"), LOOKED_AT)
def test_axe_finds_nothing_to_complain_about(
    demo_site: Site, new_visitor: Visit, watch: Watch, path: str, looks: list[tuple[Scheme, int]]
) -> None:
    page = new_visitor(demo_site)
    visit(page, watch, demo_site, path)
    for scheme, width in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        assert axe_complaints(page) == [], f"{scheme}, {width} pixels wide"


@some_pages
def test_page_is_light_with_all_that_it_asks_for(
    demo_site: Site, new_visitor: Visit, watch: Watch, path: str
) -> None:
    page = new_visitor(demo_site)
    visit(page, watch, demo_site, path)
    page.wait_for_load_state("networkidle")
    weight = {response.url: len(response.body()) for response in watch.responses}
    icon = str(page.locator("link[rel=icon]").get_attribute("href"))
    weight.setdefault(demo_site.url + icon, len(demo_site.get(icon).text.encode()))
    assert sum(weight.values()) < (MAX_WEEK_BYTES if "read=all" in path else MAX_PAGE_BYTES), weight
