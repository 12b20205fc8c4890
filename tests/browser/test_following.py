"""Following in a browser: kept there without an account, told of on the home page, taken over by the account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit, served_copy
from tests.browser.visiting import HELD_ANSWER, PHONE, axe_complaints, log_in
from tests.server.site import Site
from tests.waiting import until

WEEK = """芯闻周报

1、玻璃基板中试线投产
某厂的玻璃基板中试线投产，良率过七成。

2、光刻胶国产验证
光刻胶通过验证。
"""


@pytest.fixture(scope="module")
def own_site(prepared_site: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo weeks; a week is published here."""
    with served_copy(prepared_site, tmp_path_factory, "following") as site:
        yield site


def publish(site: Site, folder: Path, end: str) -> None:
    path = folder / "week.txt"
    path.write_text(WEEK, encoding="utf-8")
    site.manage("import_issues", path, "--publish", "--start-date", end, "--end-date", end)


def row(page: Page, name: str) -> Locator:
    return page.locator("#follows > li").filter(has=page.get_by_role("link", name=name, exact=True))


def test_a_browser_follows_is_told_and_its_list_goes_to_the_account(
    own_site: Site, prepared_site: tuple[Site, str], new_visitor: Visit, tmp_path: Path
) -> None:
    page = new_visitor(own_site)
    page.goto("/search/?q=玻璃基板中试线")
    page.get_by_role("button", name="关注", exact=True).click()
    expect(page.locator("output.said")).to_contain_text("已关注")
    page.goto("/topics/taijidian/")
    page.get_by_role("button", name="关注", exact=True).click()
    page.reload()
    expect(page.get_by_role("button", name="取消关注")).to_be_visible()
    page.goto("/following/")
    expect(page.get_by_text("自上次以来没有新文章")).to_have_count(2)

    publish(own_site, tmp_path, "2025-04-11")
    page.goto("/")
    expect(page.get_by_role("link", name="关注里有新的：1 篇")).to_be_visible()
    page.get_by_role("link", name="关注里有新的：1 篇").click()
    glass = row(page, "玻璃基板中试线")
    expect(glass.get_by_text("自上次以来 1 篇")).to_be_visible()
    expect(glass.get_by_role("link", name="玻璃基板中试线投产")).to_be_visible()
    assert axe_complaints(page) == []
    glass.get_by_text("改名").click()
    glass.get_by_label("名称").fill("封装材料")
    glass.get_by_label("名称").press("Enter")
    named = row(page, "封装材料")
    expect(named).to_be_visible()
    named.get_by_role("button", name="下移").click()
    expect(page.locator("#follows > li h2").last).to_have_text("封装材料")
    row(page, "台积电").get_by_role("button", name="暂停").click()
    expect(row(page, "台积电").get_by_text("已暂停")).to_be_visible()

    page.goto("/account/login/")
    log_in(page, "editor", prepared_site[1])
    page.goto("/following/")
    mine = row(page, "封装材料")
    expect(mine.get_by_text("自上次以来 1 篇")).to_be_visible()
    assert page.evaluate("JSON.parse(localStorage['xinwenku.follows'])") == []
    assert axe_complaints(page) == []
    page.goto("/")
    expect(page.get_by_role("link", name="关注里有新的：1 篇")).to_be_visible()
    page.goto("/following/")
    mine.get_by_role("button", name="标为已读").click()
    expect(page.get_by_text("自上次以来没有新文章")).to_be_visible()
    page.goto("/")
    expect(page.get_by_text("关注里有新的")).to_have_count(0)


def test_who_is_logged_in_follows_without_scripts(
    own_site: Site, prepared_site: tuple[Site, str], new_visitor: Visit
) -> None:
    plain = new_visitor(own_site, java_script_enabled=False)
    plain.goto("/following/")
    expect(plain.get_by_text("要打开 JavaScript 才能用")).to_be_visible()
    plain.goto("/account/login/")
    log_in(plain, "editor", prepared_site[1])
    plain.goto("/search/?q=碳化硅")
    plain.get_by_role("button", name="关注", exact=True).click()
    expect(plain.get_by_role("button", name="取消关注")).to_be_visible()
    plain.goto("/following/")
    row(plain, "碳化硅").get_by_role("button", name="取消关注").click()
    expect(row(plain, "碳化硅")).to_have_count(0)


def test_live_results_have_the_button_of_what_is_shown(own_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(own_site)
    page.goto("/search/?q=HBM")
    page.get_by_role("button", name="关注", exact=True).click()
    page.get_by_label("搜索全部往期").fill("HBM4")
    expect(page.locator("[data-follow='q=HBM4']")).to_have_text("关注")
    page.get_by_label("搜索全部往期").fill("HBM")
    expect(page.locator("[data-follow='q=HBM']")).to_have_text("取消关注")


def test_what_another_window_follows_meanwhile_is_kept(own_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(own_site)
    page.goto("/search/?q=HBM")
    page.get_by_role("button", name="关注", exact=True).click()
    page.add_init_script(HELD_ANSWER)
    page.goto("/")
    until(lambda: page.evaluate("!!window.release"), "the answer is here, and held")
    other = page.context.new_page()
    other.goto("/topics/taijidian/")
    other.get_by_role("button", name="关注", exact=True).click()
    expect(other.get_by_role("button", name="取消关注")).to_be_visible()
    page.evaluate("release()")
    until(lambda: page.evaluate("JSON.parse(localStorage['xinwenku.follows'])[0].seen !== null"))
    keys = page.evaluate("JSON.parse(localStorage['xinwenku.follows']).map(({key}) => key)")
    assert keys == ["q=HBM", "topic=taijidian"]


MOVED = """window.moved = 0;
new PerformanceObserver(list => list.getEntries().forEach(one => { if (!one.hadRecentInput) moved += one.value; }))
  .observe({type: "layout-shift", buffered: true});"""
KEPT = {
    "follows": [
        {"key": key, "name": "", "seen": 0, "isPaused": False} for key in ("q=HBM", "topic=taijidian")
    ],
    "basket": [{"key": "4", "note": "记一笔"}, {"key": "5-p1", "note": ""}],
    "reading": {"2025-03-21": {"at": "/issues/2025-03-21/?read=all#a98", "place": "3", "on": 1}},
}


@pytest.mark.parametrize("kept", [{}, KEPT])
@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/following/", "#follows > li, #following-empty:not([hidden])"),
        ("/basket/", "#basket-items > li, #basket-empty:not([hidden])"),
        ("/issues/2025-03-21/?read=all", "#week-bar:not([hidden])"),
    ],
)
def test_nothing_moves_when_a_browser_shows_what_it_has_kept(
    own_site: Site, new_visitor: Visit, path: str, shown: str, kept: dict[str, Any]
) -> None:
    page = new_visitor(own_site, **PHONE)
    page.goto("/search/help/")
    for name, value in kept.items():
        page.evaluate(
            "([name, value]) => localStorage.setItem(name, value)", [f"xinwenku.{name}", json.dumps(value)]
        )
    page.context.add_init_script(MOVED)
    page.goto(path)
    expect(page.locator(shown).first).to_be_visible()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("moved") == 0
