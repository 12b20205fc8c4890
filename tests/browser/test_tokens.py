"""The page of tokens in a browser: copied by a button, or selected where no script runs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.server.site import Site

pytestmark = pytest.mark.tidy

TOKEN = re.compile(r"^xwk_[\w-]{43}$")


def make(page: Page, name: str) -> None:
    page.goto("/account/tokens/")
    page.get_by_label("名称").fill(name)
    page.get_by_role("button", name="生成令牌").click()


def test_a_new_token_is_copied_and_the_page_says_so(editor: Page) -> None:
    make(editor, "手机上的阅读器")
    secret = editor.locator("#secret")
    expect(secret).to_have_text(TOKEN)
    editor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    editor.get_by_role("button", name="复制令牌").click()
    expect(editor.locator("output.said")).to_have_text("已复制")
    assert editor.evaluate("navigator.clipboard.readText()") == secret.text_content()
    ends = editor.get_by_role("button", name="停用“手机上的阅读器”")
    ends.click()
    expect(ends).to_have_count(0)
    expect(editor.get_by_label("名称")).to_be_visible()


def test_without_scripts_one_click_selects_all_of_it(
    editor: Page, editors_site: Site, new_visitor: Visit
) -> None:
    plain = new_visitor(editors_site, java_script_enabled=False)
    plain.context.add_cookies(editor.context.cookies())  # type: ignore[arg-type]
    make(plain, "没有脚本的浏览器")
    secret = plain.locator("#secret")
    expect(secret).to_have_text(TOKEN)
    expect(secret).to_have_css("user-select", "all")
    expect(plain.get_by_role("button", name="复制令牌")).to_have_count(0)
