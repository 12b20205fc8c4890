"""Why these results: the explanation that a member asks for, and what an editor teaches the glossary from it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.searching import total
from tests.browser.visiting import hits
from tests.server.site import Site

NO_TERM = "堆叠良率"
"""In the demo weeks, and in no glossary."""


def test_member_asks_why_and_is_told_in_words(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto("/search/?q=HBM+先进封装厂")
    page.get_by_role("link", name="为什么是这些结果？").click()
    why = page.get_by_role("region", name="为什么是这些结果")
    expect(why).to_be_in_viewport()
    expect(why).to_contain_text("是话题“HBM”，也搜 高带宽内存")
    expect(why).to_contain_text(re.compile(r"先进封装\s+\d+ 篇"))
    expect(hits(page).first).to_contain_text("主要因为“先进封装厂”，其次是“HBM 先进封装厂”、“HBM”")
    expect(why.get_by_text("加为")).to_have_count(0)
    promised = re.search(r"单独搜有 (\d+) 篇", why.locator("dd").first.inner_text())
    assert promised is not None
    why.get_by_role("link", name="HBM", exact=True).click()
    assert total(page) == int(promised[1])
    page.go_back()
    why.get_by_role("link", name="收起").click()
    expect(page.get_by_role("region", name="为什么是这些结果")).to_have_count(0)


def test_editor_who_asks_why_can_teach_the_glossary(editor: Page) -> None:
    editor.goto(f"/search/?q=台积电{NO_TERM}&explain=1")
    why = editor.locator(".explanation")
    expect(why.locator(".teach")).to_contain_text(f"词库里没有“台积电{NO_TERM}”")
    why.get_by_role("link", name="加为词条").click()
    expect(editor.get_by_label("名称")).to_have_value(f"台积电{NO_TERM}")
    editor.go_back()
    why.get_by_role("link", name="加为某个词条的别名").click()
    editor.get_by_role("link", name="台积电", exact=True).click()
    expect(editor.get_by_label("名称")).to_have_value("台积电")

    editor.goto("/search/?q=TSMC&explain=1")
    expect(editor.locator(".teach")).to_have_count(0)
    editor.locator(".explanation").get_by_role("link", name="台积电").click()
    expect(editor.get_by_label("名称")).to_have_value("台积电")
