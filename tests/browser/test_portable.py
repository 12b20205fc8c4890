"""The portable archive in a browser, opened from the disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from search.portable.issue import PortableIssue
from search.portable.page import write_archive
from tests.browser.chromium import Watch

OLD, NEW = "2025-03-14", "2025-03-21"
RICH = '<p>表格在下面</p>\n<table><tbody><tr><td>产能</td><td>5 万片</td></tr></tbody></table>\n<p>A &amp; B &lt;C&gt;</p><p><img alt="红点" data-picture="4"></p>'
DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAP8AAAAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stick") / "archive.html"
    newest = (
        (3, 1, "台積電擴產", "", "集邦咨询", "先进封装供不应求。\n昇腾 910C 与 HBM-4 送样。", 0),
        (4, 2, "存储涨价 </script>", "市场", "", RICH, 1),
    )
    oldest = ((1, 1, "旧闻一则", "", "", "台积电去年的事。Lip-Bu Tan 上任。", 0),)
    issues = [
        PortableIssue(
            NEW,
            "芯闻周报",
            "2025年3月17日—21日",
            "莫大康",
            "这一周很热闹。",
            "仅供参考。",
            tuple(map(list, newest)),
            {4: DOT},
        ),
        PortableIssue(OLD, "芯闻周报", "2025年3月10日—14日", "", "", "", tuple(map(list, oldest))),
    ]
    write_archive(path, issues, "芯闻库", "2025年3月22日做成")
    return path


@pytest.fixture
def page(chromium: Browser, file: Path) -> Iterator[Page]:
    with chromium.new_context(viewport={"width": 1100, "height": 800}, offline=True) as context:
        watch = Watch()
        watch.attach(context, file.parent.as_uri())
        page = context.new_page()
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-ready]", state="attached")
        yield page
        assert watch.problems == []


def ask(page: Page, query: str) -> list[str]:
    page.fill("#q", query)
    page.press("#q", "Enter")
    page.wait_for_selector("h1.found")
    return page.locator(".hits h2").all_inner_texts()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("台积电", ["台積電擴產", "旧闻一则"]),
        ("ＴＳＭＣ", []),
        ("昇腾910c", ["台積電擴產"]),
        ("hbm 4", ["台積電擴產"]),
        ("HBM4送样", ["台積電擴產"]),
        ("台积电 旧闻", ["旧闻一则"]),
        ("“供不应求”", ["台積電擴產"]),
        ("lip-bu tan", ["旧闻一则"]),
        ("产能5万片", ["存储涨价 </script>"]),
        ("a&b<c>", ["存储涨价 </script>"]),
        ("集邦", ["台積電擴產"]),
        ("莫大康", ["芯闻周报"]),
        ("仅供参考", ["芯闻周报"]),
        ("3月17日", ["芯闻周报"]),
    ],
)
def test_any_run_is_found_however_it_is_written(page: Page, query: str, found: list[str]) -> None:
    assert ask(page, query) == found
    if found:
        assert page.locator(".hits mark").count()
    else:
        assert "没有文章含有" in page.inner_text("main")


def test_a_result_opens_marked_and_leads_back_and_on(page: Page) -> None:
    ask(page, "台积电")
    page.click("text=旧闻一则")
    page.wait_for_selector("article h1")
    assert page.locator(".prose mark").all_inner_texts() == ["台积电"]
    assert page.evaluate("document.title").startswith("旧闻一则")
    page.go_back()
    page.wait_for_selector("h1.found")
    assert page.input_value("#q") == "台积电"
    page.click("text=台積電擴產")
    page.click("a[rel=next]")
    page.wait_for_selector("text=表格在下面")
    assert page.locator(".prose td").all_inner_texts() == ["产能", "5 万片"]
    assert page.locator(".prose img").evaluate("image => image.complete && image.naturalWidth") == 1


def test_keys_turn_articles_and_issues(page: Page) -> None:
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Escape")
    page.click("text=台積電擴產")
    page.wait_for_selector("article h1")
    page.keyboard.press("j")
    page.wait_for_selector("text=表格在下面")
    page.keyboard.press("h")
    page.wait_for_selector("text=旧闻一则")
    assert page.url.endswith(f"#i{OLD}")
    page.keyboard.press("l")
    page.wait_for_selector("text=这一周很热闹。")


def test_a_page_that_is_not_in_the_file_says_so(page: Page, file: Path) -> None:
    page.goto(f"{file.as_uri()}#a999")
    assert "没有要找的这一页" in page.inner_text("[role=status]")
    page.goto(f"{file.as_uri()}#%E0%A4%A")
    assert "没有要找的这一页" in page.inner_text("[role=status]")
    page.keyboard.press("h")
    page.wait_for_selector("text=旧闻一则")
