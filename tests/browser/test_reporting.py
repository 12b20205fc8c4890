"""A member says what is wrong at a paragraph; an editor finds it, mends it and closes it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from archive.punctuation import full_width
from tests.browser.chromium import Watch
from tests.browser.conftest import Visit
from tests.browser.visiting import axe_complaints
from tests.server.site import Site

pytestmark = pytest.mark.tidy

ARTICLE = "/articles/97/"


def test_a_member_reports_without_leaving_the_paragraph_and_an_editor_closes_it(
    member: Page, editor: Page
) -> None:
    member.goto(ARTICLE)
    paragraph = member.locator("#p2")
    quoted = paragraph.inner_text()
    paragraph.hover()
    paragraph.get_by_role("link", name="第 2 段报错").click()
    dialog = member.get_by_role("dialog", name="报错")
    message = dialog.get_by_label("错在哪里？")
    expect(message).to_be_focused()
    expect(dialog.locator("blockquote")).to_have_text(re.compile(re.escape(quoted[:20])))
    for scheme in ("light", "dark"):
        member.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert axe_complaints(member) == [], scheme

    message.fill("年份写错了")
    member.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    paragraph.get_by_role("link", name="第 2 段报错").press("Enter")
    expect(message).to_have_value("年份写错了")
    dialog.get_by_label("联系方式").fill("wang@example.com")
    dialog.get_by_role("button", name="提交").click()
    expect(member.locator("output.said")).to_have_text("谢谢，编辑会看到")
    expect(dialog).to_be_hidden()
    expect(member).to_have_url(re.compile(f"{ARTICLE}$"))
    expect(paragraph.get_by_role("link", name="第 2 段报错")).to_be_focused()

    editor.goto("/admin/")
    editor.get_by_role("region", name="报错").get_by_role("link", name="年份写错了").click()
    sheet = editor.locator(".field-body .ProseMirror[contenteditable=true]")
    expect(sheet.locator("p").nth(1)).to_be_in_viewport()
    editor.wait_for_function("CSS.highlights.has('reported')")
    before = sheet.inner_text()
    expect(editor.locator(".reported")).to_contain_text("wang@example.com")
    editor.get_by_role("button", name="保存，并标为已处理").click()
    expect(editor.locator(".messagelist")).to_contain_text("这条报错已标为已处理")
    editor.get_by_role("link", name="已处理").click()
    row = editor.get_by_role("row").filter(has_text="年份写错了")
    expect(row).to_contain_text("第 2 段")
    expect(editor.locator("#result_list")).not_to_contain_text("wang@example.com")
    member.reload()
    assert paragraph.inner_text() == quoted
    assert quoted[:20] in full_width(before)  # members see full-width marks


def test_what_is_refused_is_said_in_the_form_and_nothing_is_lost(
    editors_site: Site, new_visitor: Visit, watch: Watch
) -> None:
    page = new_visitor(editors_site, width=360, height=720, has_touch=True, is_mobile=True)
    watch.expected.add(f"{editors_site.url}{ARTICLE}report/")
    page.goto(ARTICLE)
    link = page.locator("#p1 > .report")
    box = link.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 40
    link.tap()
    dialog = page.get_by_role("dialog", name="报错")
    dialog.get_by_label("错在哪里？").fill("https://example.com/")
    dialog.get_by_role("button", name="提交").tap()
    expect(dialog).to_contain_text("不要只放链接")
    expect(dialog.get_by_label("错在哪里？")).to_have_value("https://example.com/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for button in (dialog.get_by_role("button", name="提交"), dialog.get_by_role("link", name="取消")):
        box = button.bounding_box()
        assert box
        assert box["height"] >= 40
    dialog.get_by_role("link", name="取消").tap()
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(re.compile(f"{ARTICLE}$"))


def test_a_lost_connection_is_said_and_what_was_written_stays(
    editors_site: Site, new_visitor: Visit, watch: Watch
) -> None:
    page = new_visitor(editors_site)
    watch.expected.add(f"{editors_site.url}{ARTICLE}report/")
    page.goto(ARTICLE)
    page.get_by_role("link", name="报错", exact=True).click()
    dialog = page.get_by_role("dialog", name="报错")
    dialog.get_by_label("错在哪里？").fill("标题少了一个字")
    page.route("**/report/", lambda route: route.abort("aborted"))
    dialog.get_by_role("button", name="提交").click()
    expect(dialog).to_contain_text("没有提交，您写的还在")
    expect(dialog.get_by_label("错在哪里？")).to_have_value("标题少了一个字")
    page.unroute("**/report/")
    dialog.get_by_role("button", name="提交").click()
    expect(page.locator("output.said")).to_have_text("谢谢，编辑会看到")


def test_without_javascript_the_form_is_a_page_of_its_own(editors_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(editors_site, java_script_enabled=False)
    page.goto(ARTICLE)
    page.get_by_role("link", name="第 3 段报错").click()
    expect(page.get_by_role("heading", name="报错", level=1)).to_be_visible()
    expect(page.locator("blockquote")).to_be_visible()
    page.get_by_label("错在哪里？").fill("单位不对")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="谢谢，编辑会看到")).to_be_visible()
    page.get_by_role("link", name="回到这一段").click()
    expect(page).to_have_url(re.compile(f"{ARTICLE}#p3$"))
