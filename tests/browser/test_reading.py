"""A member reads: by key, in a larger and another type, follows a story, quotes, clips and exports."""

from __future__ import annotations

import io
import re

import docx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Visit
from tests.server.site import Site


@pytest.fixture
def reader(demo_site: Site, new_visitor: Visit) -> Page:
    page = new_visitor(demo_site)
    page.goto("/articles/97/")
    return page


def allow_clipboard(context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])


def axe_findings(page: Page) -> list[str]:
    return [f"{found['id']}: {found['help']}" for found in Axe().run(page).response["violations"]]


# --- By key --------------------------------------------------------------------------------------------


def test_keys_turn_articles_and_issues(reader: Page) -> None:
    for key, address in (("k", "/articles/96/"), ("j", "/articles/97/"), ("h", "/issues/2025-03-14/")):
        reader.keyboard.press(key)
        reader.wait_for_url(f"**{address}")
    reader.keyboard.press("l")
    reader.wait_for_url("**/issues/2025-03-21/")
    reader.keyboard.press("j")
    expect(reader.locator("h1")).to_have_text(reader.locator(".beside [aria-current]").inner_text())
    reader.keyboard.press("/")
    expect(reader.locator("#q")).to_be_focused()
    reader.keyboard.type("jkhl?/")
    expect(reader.locator("#q")).to_have_value("jkhl?/")
    expect(reader.locator("#keys")).to_be_hidden()


def test_keys_can_be_turned_off_for_good(reader: Page) -> None:
    reader.keyboard.press("?")
    dialog = reader.get_by_role("dialog", name="快捷键")
    expect(dialog).to_be_visible()
    assert axe_findings(reader) == []
    dialog.get_by_label("启用快捷键").uncheck()
    reader.keyboard.press("Escape")
    reader.goto("/articles/97/?q=英特尔")
    mark = reader.locator("#hit-bar output")
    expect(mark).to_have_text(re.compile("^第 1 处，"))
    for key in ("k", "/", "n", "?"):
        reader.keyboard.press(key)
    expect(mark).to_have_text(re.compile("^第 1 处，"))
    expect(reader.locator("#q")).not_to_be_focused()
    expect(dialog).to_be_hidden()
    assert reader.url.endswith("/articles/97/?q=%E8%8B%B1%E7%89%B9%E5%B0%94")
    reader.get_by_role("button", name="快捷键").click()
    dialog.get_by_label("启用快捷键").check()
    reader.keyboard.press("Escape")
    reader.keyboard.press("k")
    reader.wait_for_url("**/articles/96/")


# --- How it looks --------------------------------------------------------------------------------------


def test_size_and_script_are_remembered_without_javascript(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, java_script_enabled=False, width=360)
    page.goto("/articles/97/")
    before = page.locator("#p1").bounding_box()
    page.get_by_text("字号与简繁").click()
    page.get_by_role("button", name="特大").click()
    expect(page).to_have_url(re.compile("/articles/97/$"))
    after = page.locator("#p1").bounding_box()
    assert before
    assert after
    assert after["height"] > before["height"]
    page.get_by_text("字号与简繁").click()
    page.get_by_role("button", name="繁体").click()
    expect(page.locator("#p1")).to_contain_text("英特爾")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant-TW")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_hits_are_marked_in_traditional_characters_and_within_links(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site)
    page.context.add_cookies([{"name": "reading", "value": "normal-hant", "url": demo_site.url}])
    page.goto("/articles/97/?q=陈立武#p1")
    expect(page.locator("#p1 a.term mark")).to_have_text("陳立武")
    expect(page.locator("#p1")).to_have_text(re.compile("陳立武正式接掌英特爾"))


def test_what_scripts_say_is_in_traditional_characters_too(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.context.add_cookies([{"name": "reading", "value": "normal-hant", "url": demo_site.url}])
    allow_clipboard(page.context)
    page.goto("/articles/97/")
    said = page.locator("output.said")
    page.get_by_role("button", name="複製引文").click()
    expect(said).to_have_text("引文已複製")
    page.get_by_role("link", name="第 2 段的鏈接").click()
    expect(said).to_have_text("這一段的鏈接已複製")
    page.get_by_role("button", name="第 2 段放進剪報籃").click()
    expect(said).to_have_text("已放進剪報籃查看剪報籃")
    page.get_by_role("button", name="放進剪報籃", exact=True).click()
    expect(page.get_by_role("button", name="移出剪報籃")).to_be_visible()
    page.locator("#q").press_sequentially("tjd")
    expect(page.get_by_role("option").first).to_contain_text(re.compile("台積電.*公司 · [0-9]+ 篇"))

    page.goto("/basket/")
    expect(page.locator("#basket-count")).to_have_text("2 條")
    page.locator("#basket-items").get_by_role("button", name="下移").first.click()
    expect(said).to_have_text("現在是第 2 條")
    page.evaluate("localStorage.setItem('xinwenku.basket', JSON.stringify([{key: '999999'}]))")
    page.evaluate("localStorage.setItem('xinwenku.recent', JSON.stringify(['芯片']))")
    page.reload()
    expect(page.get_by_text("有 1 條的原文已撤回或改動")).to_be_visible()
    page.locator("#q").focus()
    expect(page.get_by_role("group", name="最近搜過").get_by_role("option").nth(0)).to_have_text("芯片")
    expect(page.get_by_role("option").nth(1)).to_have_text("清除搜索記錄只在這個瀏覽器裡")


# --- Glosses ----------------------------------------------------------------------------------------------


def test_a_gloss_is_read_by_keyboard_and_goes_with_escape(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/articles/97/?q=英特尔")
    mark = page.locator("#hit-bar output")
    expect(mark).to_have_text(re.compile("^第 1 处，"))
    gloss, term = page.locator("#gloss"), page.locator("#p1 a.term").first
    expect(term).to_have_accessible_description(re.compile("^(公司|人物)"))
    expect(term).not_to_have_attribute("title", re.compile("."))
    page.locator("#p1 .pilcrow").focus()
    while not term.evaluate("e => e === document.activeElement"):
        page.keyboard.press("Tab")
    expect(gloss).to_be_visible()
    expect(gloss.locator("p")).to_have_text(str(term.get_attribute("aria-description")))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe_findings(page) == []
    page.keyboard.press("Escape")
    expect(gloss).to_be_hidden()
    expect(term).to_be_focused()
    expect(mark).to_have_text(
        re.compile("^第 1 处，")
    )  # the same key takes the marks away, but one thing at a time
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(gloss).to_be_visible()
    page.locator("#p1 .pilcrow").focus()
    expect(gloss).to_be_hidden()
    term.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/topics/*/")


def test_a_gloss_stays_while_the_pointer_is_on_it(reader: Page) -> None:
    gloss, term = reader.locator("#gloss"), reader.locator("#p1 a.term").first
    term.hover()
    expect(gloss).to_be_visible()
    expect(gloss.get_by_role("link")).to_have_count(0)  # the term itself is one
    gloss.hover()
    reader.wait_for_timeout(600)  # longer than the pause after which it goes
    expect(gloss).to_be_visible()
    reader.locator("h1").hover()
    expect(gloss).to_be_hidden()


def test_a_gloss_is_read_by_touch_and_leads_on(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, width=360, height=740, has_touch=True, is_mobile=True)
    page.goto("/articles/97/")
    gloss, term = page.locator("#gloss"), page.locator("#p1 a.term").first
    topic = str(term.get_attribute("href"))
    term.tap()
    expect(gloss).to_be_visible()
    expect(page).to_have_url(re.compile("/articles/97/$"))
    box = gloss.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    page.locator("h1").tap()
    expect(gloss).to_be_hidden()
    term.tap()
    gloss.get_by_role("link", name="查看话题").tap()
    page.wait_for_url(f"**{topic}")
    page.go_back()
    term.tap()
    expect(gloss).to_be_visible()
    term.tap()
    page.wait_for_url(f"**{topic}")


def test_without_javascript_a_gloss_is_a_title(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, java_script_enabled=False)
    page.goto("/articles/97/")
    expect(page.locator("#p1 a.term").first).to_have_attribute("title", re.compile("^(公司|人物)"))
    expect(page.locator("#gloss")).to_be_hidden()


# --- Following, quoting ----------------------------------------------------------------------------------


def test_a_story_leads_on_and_back(reader: Page) -> None:
    thread = reader.get_by_role("region", name="来龙去脉")
    expect(thread.locator("[aria-current]")).to_contain_text("英特尔18A进入关键一年")
    thread.get_by_role("link", name=re.compile("陈立武3月18日就任")).click()
    later = reader.get_by_role("region", name="来龙去脉").get_by_role("link", name=re.compile("新帅上任"))
    expect(later).to_have_attribute("href", "/articles/97/")


def test_citation_and_paragraph_are_copied(reader: Page, demo_site: Site) -> None:
    allow_clipboard(reader.context)
    reader.get_by_role("button", name="复制引文").click()
    expect(reader.locator("output.said")).to_have_text("引文已复制")
    copied = reader.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“英特尔18A进入关键一年")
    assert copied.endswith(f"2025年3月17日—21日第 9 篇，芯闻库，{demo_site.url}/articles/97/")
    reader.get_by_role("link", name="第 2 段的链接").click()
    expect(reader.locator("output.said")).to_have_text("这一段的链接已复制")
    assert reader.evaluate("navigator.clipboard.readText()") == f"{demo_site.url}/articles/97/#p2"


# --- The basket ------------------------------------------------------------------------------------------


def test_clippings_are_collected_ordered_annotated_and_exported(reader: Page) -> None:
    reader.get_by_role("button", name="放进剪报篮", exact=True).click()
    reader.goto("/articles/4/")
    reader.get_by_role("button", name="第 2 段放进剪报篮").click()
    expect(reader.get_by_role("button", name="第 2 段放进剪报篮")).to_have_attribute("aria-pressed", "true")
    reader.locator("output.said").get_by_role("link", name="查看剪报篮").click()

    rows = reader.locator("#basket-items > li")
    expect(rows).to_have_count(2)
    assert axe_findings(reader) == []
    rows.nth(1).get_by_label("批注").fill("放在前面")
    rows.nth(1).get_by_role("button", name="上移").focus()
    reader.keyboard.press("Enter")
    expect(rows.nth(0).get_by_label("批注")).to_have_value("放在前面")
    expect(rows.nth(0).get_by_role("button", name="下移")).to_be_focused()

    reader.reload()
    expect(rows.nth(0).get_by_label("批注")).to_have_value("放在前面")
    with reader.expect_download() as download:
        reader.get_by_role("button", name="Word").click()
    document = docx.Document(io.BytesIO(download.value.path().read_bytes()))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert text.index("芯粒") < text.index("放在前面") < text.index("陈立武正式接掌")

    rows.nth(0).get_by_role("button", name="移出").click()
    expect(rows).to_have_count(1)
    reader.goto("/articles/97/")
    reader.get_by_role("button", name="移出剪报篮").click()
    reader.goto("/basket/")
    expect(reader.get_by_text("剪报篮还是空的")).to_be_visible()


def test_clippings_are_dragged_into_another_order(reader: Page) -> None:
    reader.evaluate(
        "localStorage.setItem('xinwenku.basket', JSON.stringify(['97', '4', '5'].map((key) => ({ key, note: key }))))"
    )
    reader.goto("/basket/")
    notes = reader.locator("#basket-items textarea")
    expect(notes).to_have_count(3)
    reader.locator(".grip").nth(2).drag_to(reader.locator("#basket-items h2").nth(0))
    assert [notes.nth(place).input_value() for place in range(3)] == ["5", "97", "4"]
    kept = reader.evaluate("JSON.parse(localStorage.getItem('xinwenku.basket')).map((item) => item.key)")
    assert kept == ["5", "97", "4"]


def test_what_is_in_the_browser_can_be_anything(reader: Page) -> None:
    reader.evaluate("localStorage.setItem('xinwenku.basket', '{\"no\": \"list\"}')")
    reader.goto("/basket/")
    expect(reader.get_by_text("剪报篮还是空的")).to_be_visible()
    reader.evaluate(
        "localStorage.setItem('xinwenku.basket', JSON.stringify([{key: '999999'}, {key: '97'}, 3]))"
    )
    reader.reload()
    expect(reader.locator("#basket-items > li")).to_have_count(1)
    expect(reader.get_by_text("有 1 条的原文已撤回或改动")).to_be_visible()


def test_without_javascript_the_basket_says_so(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, java_script_enabled=False)
    page.goto("/basket/")
    expect(page.get_by_text("要打开 JavaScript 才能用")).to_be_visible()
