"""What a member does shows up for the editors, without saying who did it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.server.site import Site
from tests.waiting import until

pytestmark = pytest.mark.tidy


def test_a_search_and_the_article_opened_from_it_are_in_the_report(
    editors_site: Site, new_visitor: Visit, editor: Page
) -> None:
    member = new_visitor(
        editors_site, user_agent="Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0 Safari/537.36"
    )
    member.goto("/search/?q=CoWoS")
    member.locator(".hits h2 a").first.click()
    expect(member.locator(".prose mark").first).to_be_visible()
    assert member.context.cookies() == []
    row = editor.get_by_role("row").filter(has=editor.get_by_role("link", name="CoWoS", exact=True))
    opened = row.locator("[data-label=打开文章]")

    def is_counted() -> bool:
        editor.goto("/admin/insight/searchrecord/")
        return opened.count() > 0 and opened.inner_text() == "1"

    until(is_counted, "the note of the opened article")  # written a second later, beside the requests


def test_a_term_is_tried_in_a_window_of_its_own_before_it_is_saved(editor: Page) -> None:
    editor.goto("/admin/glossary/term/add/")
    editor.get_by_label("名称").fill("工程样片")
    editor.get_by_label("类别").select_option("product")
    editor.locator("#id_aliases-0-text").fill("样品")
    with editor.expect_popup() as popup:
        editor.get_by_role("button", name="预览影响").click()
    impact = popup.value
    expect(impact.get_by_role("heading", name="新提到它的文章")).to_be_visible()
    expect(editor.get_by_label("名称")).to_have_value("工程样片")
