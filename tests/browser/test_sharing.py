"""A page is passed on: its text to an assistant, its address to who sits in the room."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.server.site import Site
from tests.waiting import until

ARTICLE = "/articles/97/"


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_an_article_a_selection_and_results_are_copied_with_citation_and_address(
    demo_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(demo_site)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(ARTICLE)
    copy, said = page.get_by_role("link", name="复制给 AI"), page.locator("output.said")
    copy.click()
    expect(said).to_have_text("已复制，连同出处和网址，可以粘贴给 AI")
    whole = clipboard(page)
    assert whole.startswith("# 英特尔18A进入关键一年")  # as it is stored: files quote, pages tidy punctuation
    assert "\n\n出处：“英特尔18A" in whole
    assert f"<{demo_site.url}{ARTICLE}>" in whole
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.prose p'))")
    copy.click()
    until(lambda: clipboard(page).startswith("> "))
    passage = page.locator(".prose p").first.inner_text().strip()
    assert clipboard(page).startswith(f"> {passage[:20]}")
    assert clipboard(page).rstrip().endswith(f"{demo_site.url}{ARTICLE}")
    page.goto("/search/?q=HBM4")
    page.get_by_role("link", name="复制给 AI").click()
    expect(said).to_have_text("已复制，连同出处和网址，可以粘贴给 AI")
    assert clipboard(page).startswith("# 搜索：HBM4\n\n找到 ")


def test_the_code_of_a_page_fills_the_screen_and_is_closed_again(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site)
    page.goto(ARTICLE)
    page.get_by_role("link", name="二维码").click()
    dialog = page.get_by_role("dialog", name=page.locator("main h1").inner_text())
    expect(dialog).to_contain_text(f"{demo_site.url}{ARTICLE}")
    box = dialog.locator("img").bounding_box()
    assert box
    assert box["width"] > 400
    assert Axe().run(page).response["violations"] == []
    dialog.get_by_role("button", name="关闭").click()
    expect(dialog).to_be_hidden()


def test_without_scripts_the_links_lead_to_text_and_code(demo_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(demo_site, java_script_enabled=False)
    page.goto(ARTICLE)
    for name, kind in (("复制给 AI", "text/markdown"), ("二维码", "image/svg+xml")):
        address = page.get_by_role("link", name=name).get_attribute("href")
        assert page.request.get(f"{demo_site.url}{address}").headers["content-type"].startswith(kind)
