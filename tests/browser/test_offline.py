"""A week on a phone without a network: what was kept is read, of nobody else, and signing out clears it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PATIENCE_SECONDS
from tests.browser.visiting import PHONE, axe_complaints, log_in
from tests.server.site import Site
from tests.waiting import patience, until

KEPT = """async beginning => {
    const names = (await caches.keys()).filter(name => name.startsWith(beginning));
    const keys = await Promise.all(names.map(async name => (await caches.open(name)).keys()));
    return keys.flat().map(({ url }) => decodeURIComponent(url.slice(location.origin.length)));
}"""


@pytest.fixture
def context(demo_site: Site, chromium: Browser) -> Iterator[BrowserContext]:
    """A phone that keeps pages. What fails in it is not watched: there is no network for a part of the time."""
    viewport = {"width": PHONE["width"], "height": PHONE["height"]}
    others: dict[str, Any] = {name: value for name, value in PHONE.items() if name not in viewport}
    made = chromium.new_context(
        base_url=demo_site.url,
        locale="zh-CN",
        viewport=viewport,
        service_workers="allow",
        reduced_motion="reduce",
        **others,
    )
    made.set_default_timeout(1000 * patience(PATIENCE_SECONDS))
    yield made
    made.close()


def kept(page: Page, beginning: str) -> list[str]:
    found: list[str] = page.evaluate(KEPT, beginning)
    return found


def online(context: BrowserContext) -> Page:
    """Opens the home page, and waits until the newest weeks are there."""
    page = context.new_page()
    page.goto("/")
    until(lambda: page.evaluate("!!navigator.serviceWorker.controller"), "a service worker")
    page.goto("/articles/4/")  # the first that the worker sees opened
    until(lambda: "/offline/weeks.json" in kept(page, "xinwenku-weeks-"))
    return page


def test_the_whole_week_is_read_on_a_phone_with_the_network_off(context: BrowserContext) -> None:
    page = online(context)
    pages = sorted(url for url in kept(page, "xinwenku-weeks-") if url.endswith("?read=all"))
    assert len(pages) == 4
    assert pages[-1] == "/issues/2025-03-28/?read=all"
    context.set_offline(True)
    page.goto("/issues/2025-03-21/?read=all")
    expect(page.locator("h1")).to_have_text("芯闻周报")
    expect(page.locator(".week-article")).to_have_count(9)
    expect(page.locator(".week-article").last).to_contain_text("英特尔")
    expect(page.get_by_role("status").filter(has_text="现在没有网络")).to_be_visible()
    # With its styles and its scripts: the bar is there, and leads on.
    bar = page.get_by_role("navigation", name="读到哪里")
    expect(bar).to_contain_text("第 1 篇，共 9 篇")
    bar.get_by_role("link", name="下一篇").click()  # to the first, from the head of the page
    bar.get_by_role("link", name="下一篇").click()
    expect(bar).to_contain_text("第 2 篇，共 9 篇")
    assert page.locator("#week").evaluate("e => getComputedStyle(e).display") == "grid"


def test_an_article_of_a_kept_week_opens_where_it_stands(context: BrowserContext) -> None:
    page = online(context)
    context.set_offline(True)
    page.goto("/articles/97/")
    expect(page.locator("#a97")).to_be_in_viewport()
    assert page.url.endswith("/issues/2025-03-21/?read=all#a97")
    page.goto("/articles/4/?q=光刻")  # that was opened without a search
    expect(page.locator("article.article h1")).to_be_visible()
    page.goto("/issues/2025-03-14/")
    expect(page.locator(".week-article").first).to_be_visible()


def test_without_a_network_a_page_says_what_there_is(context: BrowserContext) -> None:
    page = online(context)
    context.set_offline(True)
    page.goto("/search/?q=HBM")
    expect(page.get_by_role("heading", name="离线阅读", level=1)).to_be_visible()
    weeks = page.get_by_role("region", name="最近几期").get_by_role("link")
    expect(weeks).to_have_count(4)
    expect(weeks.first).to_contain_text("2025年3月24日—28日")
    opened = page.get_by_role("region", name="打开过的").get_by_role("link")
    expect(opened.first).to_be_visible()
    assert axe_complaints(page) == []
    weeks.nth(1).click()
    expect(page.locator(".week-article")).to_have_count(9)
    page.goto("/offline/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="清空离线内容").click()
    expect(page.get_by_text("还没有存下什么")).to_be_visible()
    assert kept(page, "xinwenku-opened-") == []


def test_another_reader_finds_nothing_and_signing_out_clears(
    context: BrowserContext, prepared_site: tuple[Site, str]
) -> None:
    page = online(context)
    nobodys = page.evaluate("caches.keys()")
    page.goto("/account/login/")
    page.get_by_label("用户名").fill("editor")
    page.get_by_label("密码").first.fill(prepared_site[1])
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto("/articles/97/")
    until(lambda: "/articles/97/" in kept(page, "xinwenku-opened-"))
    of_the_editor = [name for name in page.evaluate("caches.keys()") if "-opened-" in name]
    assert len(of_the_editor) == 1
    assert of_the_editor[0] not in nobodys
    assert "/articles/4/" not in kept(page, "xinwenku-opened-")
    # Neither the account nor the editors' room is kept.
    page.goto("/account/")
    page.goto("/admin/")
    assert not [
        url for url in kept(page, "xinwenku-") if url.startswith(("/account/", "/admin/", "/preview/"))
    ]
    page.goto("/account/logout/")
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/logout/" not in url)
    until(lambda: "/articles/97/" not in kept(page, "xinwenku-"))
    assert of_the_editor[0] not in page.evaluate("caches.keys()")
    context.set_offline(True)
    page.goto("/articles/97/")
    expect(page.get_by_role("heading", name="离线阅读", level=1)).to_be_visible()


def test_who_signs_out_without_a_network_leaves_nothing(
    context: BrowserContext, prepared_site: tuple[Site, str]
) -> None:
    page = online(context)
    page.goto("/account/login/")
    log_in(page, "editor", prepared_site[1])
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto("/articles/97/")
    until(lambda: "/articles/97/" in kept(page, "xinwenku-opened-"))
    page.evaluate("localStorage.setItem('xinwenku.reading', '{}')")
    page.goto("/account/logout/")
    context.set_offline(True)
    with page.expect_event("requestfailed", lambda request: "/logout/" in request.url):
        page.locator("main form button").first.click()
    page = context.new_page()  # in the other one comes what the browser says of it, when it likes
    page.goto("/articles/97/")
    expect(page.get_by_role("heading", name="离线阅读", level=1)).to_be_visible()
    assert kept(page, "xinwenku-opened-") == kept(page, "xinwenku-weeks-") == []
    assert page.evaluate("localStorage.getItem('xinwenku.reading')") is None


def test_a_page_that_is_gone_is_thrown_away(context: BrowserContext) -> None:
    page = online(context)
    page.evaluate(
        """async () => {
            const [name] = (await caches.keys()).filter(one => one.startsWith("xinwenku-opened-"));
            await (await caches.open(name)).put("/articles/99999/", new Response("stale"));
        }"""
    )
    page.goto("/articles/99999/")  # a 404, while there is a network
    until(lambda: "/articles/99999/" not in kept(page, "xinwenku-opened-"))
