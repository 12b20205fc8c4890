"""Pages that members see, and what they do on them."""

from __future__ import annotations

import json
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import Watch
from tests.server.site import Site

PAGES = {
    "home": "/",
    "issue list": "/issues/",
    "issue": "/issues/2025-03-21/",
    "whole week": "/issues/2025-03-21/?read=all",
    "offline": "/offline/",
    "article": "/articles/4/",
    "basket": "/basket/",
    "search tips": "/search/",
    "article from a search": "/articles/7/?q=HBM+先进封装#p2",
    "results": "/search/?q=HBM+带宽",
    "many results": "/search/?q=芯&sort=newest&year=2025&page=2",
    "filtered results": "/search/?q=HBM&year=2025&term=台积电",
    "explained results": "/search/?q=HBM+先进封装厂&explain=1",
    "corrected results": "/search/?q=taijidian",
    "relaxed results": "/search/?q=今年哪些厂在建先进封装新产线，什么时候量产？",
    "nothing found": "/search/?q=绝无此词",
    "nothing found, looser offered": '/search/?q=绝无此词+"台积电"+-三星&year=2025&explain=1',
    "search help": "/search/help/",
    "API": "/api/v1/docs",
    "topics": "/topics/",
    "topics by letter": "/topics/?sort=name&kind=company",
    "no such topic": "/topics/?q=绝无此词",
    "topic": "/topics/taijidian/",
    "trends": "/trends/?q=HBM&q=台积电&q=英伟达&q=光刻&q=存储",
    "trend of one query": "/trends/?q=HBM3E",
    "trends, examples": "/trends/",
    "not found": "/no-such-page/",
}


HELD_ANSWER = """
window.hold = true;
const real = fetch;
fetch = async (...asked) => {
    const answer = await real(...asked);
    if (window.hold) await new Promise(done => { window.release = done; });
    return answer;
};
"""
"""A script for a page before its own: an answer to its scripts waits until `release()`, while `hold` is true."""
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
PHONE: dict[str, Any] = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
TOO_SMALL = """smallest => [...document.querySelectorAll(":is(#content, #main) :is(button, .button, summary, input, textarea, li > a, .more a)")]
    .filter(one => one.checkVisibility() && one.ariaHidden !== "true")
    .filter(one => (one.closest("label") ?? one).getBoundingClientRect().height < smallest)
    .map(one => one.outerHTML.slice(0, 120))"""


def search_box(page: Page) -> Locator:
    return page.get_by_label("搜索全部往期")


def search_for(page: Page, query: str) -> None:
    """Types the query where the page offers to search, and sends it with the Enter key."""
    search_box(page).fill(query)
    search_box(page).press("Enter")
    page.wait_for_url("**/search/?q=*")


def hits(page: Page) -> Locator:
    return page.locator("ol.hits > li")


def hit(page: Page, slug: str, position: int) -> Locator:
    """The search result that is the issue's article number so and so."""
    issue = page.locator(f'a[href="/issues/{slug}/"]')
    return hits(page).filter(has=issue).filter(has_text=f"第 {position} 篇")


def in_view(locator: Locator) -> bool:
    """Whether the element's top stands in the window."""
    return bool(
        locator.evaluate(
            "e => { const top = e.getBoundingClientRect().top; return top >= 0 && top < window.innerHeight }"
        )
    )


def visit(page: Page, watch: Watch, site: Site, path: str) -> None:
    """Opens one of PAGES; only the missing one may answer that it is missing."""
    if path == PAGES["not found"]:
        watch.expected.add(site.url + path)
    page.goto(path)
    expect(page.locator("h1")).to_have_count(1)


def links_to_articles(page: Page) -> list[str]:
    """The addresses of the articles among the results, without the paragraph."""
    links = hits(page).locator("h2 a").all()
    return [str(link.get_attribute("href")).partition("#")[0] for link in links]


def tab_to(page: Page, target: Locator, most: int = 60) -> None:
    """Presses Tab until `target` has the focus; every stop on the way is something that can be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        expect(page.locator("body:not(:focus) :focus")).to_be_in_viewport()
        if target.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"{most} presses of Tab do not reach {target}")


def axe_complaints(page: Page) -> list[str]:
    """What axe says against the page, a line for each element."""
    # To preload, axe would apply the style sheets that others import by itself, which the policy forbids. Without
    # `resultTypes` it finds a selector for everything that is right, too, and sends it.
    options = {"preload": False, "resultTypes": ["violations"]}
    answer: dict[str, Any] = Axe().run(page, options=options).response
    return [
        f"{violation['id']}: {json.dumps(node['target'])} {node['html'][:120]}"
        for violation in answer["violations"]
        for node in violation["nodes"]
    ]


def check_look(page: Page) -> None:
    """For everyone: axe has no complaint, nothing is wider than the window, a finger meets what it aims at."""
    page.wait_for_load_state()  # who was led here by a click may have the beginning of it only
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == PHONE["width"]:
        assert page.evaluate(TOO_SMALL, 44) == []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        complaints = axe_complaints(page)
        assert complaints == [], f"{page.url}, {scheme}: {complaints}"
    page.emulate_media(color_scheme="light")


def log_in(page: Page, name: str, password: str) -> None:
    """Fills in the form of the log-in, which is shown, and sends it."""
    page.get_by_label("邮箱或用户名").fill(name)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
