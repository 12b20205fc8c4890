"""An issue is copied for WeChat: what is on the clipboard is read back, and pasted into an editor it stays."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.archive.wechat import faults
from tests.browser.chromium import FLAGS, Watch, find_chromium
from tests.browser.conftest import Visit, served_copy
from tests.browser.editors_week import log_in
from tests.server.site import Site

PLAIN_HOST = "archive.test"
"""Reached by plain HTTP: browsers give such pages no clipboard."""
MAKE_DRAFT = """
import datetime as dt
from archive.body import clean
from archive.editing import attach_figure, save_article, save_issue
from archive.images import prepare_image
from archive.models import Article, Issue
from tests.archive.makers import image_bytes
from tests.browser.editors_week import MAKE_CHIEF
exec(MAKE_CHIEF)
issue = Issue(title="推文周报", start_date=dt.date(2025, 4, 14), end_date=dt.date(2025, 4, 18), introduction="导语在此。")
body = clean('''
<h3>小标题</h3><p>一段<strong>加粗</strong>的字，<a href="https://example.org/report">报告</a>。</p>
<ol><li>第一</li><li>第二<ul><li>其中</li></ul></li></ol>
<table><tr><th>季度</th><th>产能</th></tr><tr><td>一季度</td><td>4.0万片</td></tr></table>''')
save_issue(issue, [
    Article(position=1, title="头一篇", body=body, section="产业"),
    Article(position=2, title="第二篇", body="<p>第二篇的正文。</p>", section="产业"),
])
article = issue.articles.get(position=2)
figure = attach_figure(article, prepare_image(image_bytes(300, 200, "WEBP", "blue")), "一张图")
article.body = f'<p>第二篇的正文。</p><figure><img src="{figure.get_absolute_url()}" alt="一张图"></figure>'
save_article(article)
"""
READ = """async () => {
    const [item] = await navigator.clipboard.read();
    const text = async type => (await item.getType(type)).text();
    return [await text("text/html"), await text("text/plain")];
}"""
EDITOR = '<!DOCTYPE html><title>编辑器</title><div contenteditable style="min-height:20em">这里</div>'


@pytest.fixture(scope="module")
def wechat_site(prepared_site: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo weeks, and a draft with everything that a body may hold."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALLOWED_HOSTS", f"127.0.0.1,localhost,{PLAIN_HOST}")
        with served_copy(prepared_site, tmp_path_factory, "wechat", MAKE_DRAFT) as site:
            yield site


@pytest.fixture
def plain_page(chromium: Browser, wechat_site: Site) -> Iterator[Page]:
    """A browser in which the chief editor came in by plain HTTP, under a name of the network."""
    rules = f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    flags = [flag for flag in FLAGS if not flag.startswith("--host-resolver-rules")]
    browser = chromium.browser_type.launch(
        executable_path=find_chromium(), headless=True, args=[*flags, rules, *as_root]
    )
    context = browser.new_context(base_url=f"http://{PLAIN_HOST}:{wechat_site.port}", locale="zh-CN")
    yield context.new_page()
    browser.close()


def open_the_page(page: Page) -> None:
    """Logs in and opens the draft's page from its form."""
    log_in(page)
    page.goto("/admin/archive/issue/")
    page.get_by_role("link", name="推文周报").click()
    page.get_by_role("link", name="复制到公众号").click()
    expect(page.frame_locator("#wechat-post").get_by_text("第二篇的正文。")).to_be_visible()


def press_copy(page: Page) -> None:
    page.get_by_role("button", name="复制到公众号").click()


def shown_post(page: Page) -> str:
    return page.frame_locator("#wechat-post").locator("article").inner_html()


def pasted(page: Page) -> Locator:
    """What an editor in a page of its own holds after Ctrl+V."""
    other = page.context.new_page()
    other.set_content(EDITOR)
    editor = other.locator("[contenteditable]")
    editor.click()
    other.keyboard.press("Control+A")
    other.keyboard.press("Control+V")
    expect(editor).to_contain_text("第二篇的正文。")
    return editor


def check_pasted(editor: Locator) -> None:
    """The words are all there in their order, with their colours, the table, the picture; no link, no list."""
    text = "".join(editor.inner_text().split())
    places = [
        text.index(words)
        for words in (
            "导语在此。",
            "本期要目",
            "小标题",
            "加粗",
            "报告[1]",
            "1.第一",
            "2.第二",
            "◦其中",
            "季度",
            "4.0万片",
        )
    ]
    assert places == sorted(places)
    assert "[1]报告：https://example.org/report" in text
    heading = editor.locator("h3", has_text="头一篇")
    assert heading.evaluate("e => getComputedStyle(e).borderLeftColor") == "rgb(171, 36, 23)"
    assert heading.evaluate("e => getComputedStyle(e).borderLeftWidth") == "4px"
    assert editor.locator("strong", has_text="加粗").evaluate("e => getComputedStyle(e).fontWeight") == "700"
    assert (
        editor.locator("td", has_text="4.0万片").evaluate("e => getComputedStyle(e).borderTopWidth") == "1px"
    )
    assert editor.locator("img").evaluate("e => e.decode().then(() => [e.naturalWidth, e.alt])") == [
        300,
        "一张图",
    ]
    assert editor.locator("a, ul, ol, [class], [id], script").count() == 0


def test_a_draft_is_copied_read_back_and_pasted(wechat_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(wechat_site, permissions=["clipboard-read", "clipboard-write"])
    open_the_page(page)
    post = shown_post(page)
    assert faults(post) == []
    press_copy(page)
    expect(page.locator(".wechat-said")).to_contain_text("已复制")
    html, text = page.evaluate(READ)
    assert faults(html) == []
    assert html.count("data:image/jpeg;base64,") == 1
    assert "导语在此。" in text
    assert "<" not in text
    check_pasted(pasted(page))


def test_a_browser_without_the_old_command_copies_by_the_new_interface(
    wechat_site: Site, new_visitor: Visit, watch: Watch
) -> None:
    page = new_visitor(wechat_site, permissions=["clipboard-read", "clipboard-write"])
    page.add_init_script("document.execCommand = () => false")
    open_the_page(page)
    press_copy(page)
    expect(page.locator(".wechat-said")).to_contain_text("已复制")
    assert faults(page.evaluate(READ)[0]) == []
    check_pasted(pasted(page))
    # Chromium parses what it is given in the page itself, and complains of each style; it takes them all the same.
    assert all("Applying inline style violates" in problem for problem in watch.problems)
    watch.problems.clear()


def test_over_plain_http_one_click_copies_as_well(plain_page: Page) -> None:
    open_the_page(plain_page)
    assert plain_page.evaluate("[isSecureContext, navigator.clipboard === undefined]") == [False, True]
    press_copy(plain_page)
    expect(plain_page.locator(".wechat-said")).to_contain_text("已复制")
    check_pasted(pasted(plain_page))


def test_where_the_browser_copies_nothing_the_post_is_selected_for_ctrl_c(plain_page: Page) -> None:
    plain_page.add_init_script("document.execCommand = () => false")
    open_the_page(plain_page)
    press_copy(plain_page)
    expect(plain_page.locator(".wechat-said.error")).to_contain_text("请按 Ctrl+C")
    plain_page.keyboard.press("Control+C")
    editor = pasted(plain_page)
    assert "今天" not in editor.inner_text()  # the line above the post is no part of it
    assert "头一篇" in editor.inner_text()
    assert (
        editor.locator("h3", has_text="头一篇").evaluate("e => getComputedStyle(e).borderLeftWidth") == "4px"
    )


def test_the_title_is_copied_by_itself(wechat_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(wechat_site, permissions=["clipboard-read", "clipboard-write"])
    open_the_page(page)
    page.get_by_role("button", name="复制标题").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "推文周报（4月14日—18日）"


def test_articles_are_chosen_on_a_phone(wechat_site: Site, new_visitor: Visit) -> None:
    page = new_visitor(wechat_site, width=390, height=800)
    open_the_page(page)
    page.get_by_label("1. 头一篇").uncheck()
    page.get_by_role("button", name="只要选中的").click()
    post = page.frame_locator("#wechat-post")
    expect(post.get_by_role("heading", name="第二篇", level=1)).to_be_visible()
    expect(post.get_by_text("小标题")).to_have_count(0)
    expect(page.get_by_label("标题")).to_have_value("第二篇")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="全选").click()
    expect(post.get_by_text("小标题")).to_be_visible()


def test_the_style_is_previewed_while_it_is_set_and_saved_on_request(
    wechat_site: Site, new_visitor: Visit
) -> None:
    page = new_visitor(wechat_site)
    open_the_page(page)
    page.get_by_role("link", name="改颜色、标题样式和结尾卡片").click()
    preview = page.frame_locator("iframe[name=wechat-preview]")
    expect(preview.get_by_text("本期要目")).to_be_visible()
    page.get_by_label("卡片里的话").fill("某某联盟")
    page.get_by_label("开头列出本期要目").uncheck()
    expect(preview.get_by_text("某某联盟")).to_be_visible()
    expect(preview.get_by_text("本期要目")).to_have_count(0)
    page.get_by_role("link", name="首页").first.click()
    page.goto("/admin/archive/poststyle/")
    expect(page.get_by_label("卡片里的话")).to_have_value("")
    page.get_by_label("卡片里的话").fill("某某联盟")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("公众号样式已保存")).to_be_visible()
    expect(preview.get_by_text("某某联盟")).to_be_visible()
