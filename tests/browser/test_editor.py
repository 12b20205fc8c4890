"""An editor's journeys in the admin: put a week in, publish it, correct it, withdraw it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Watch
from tests.browser.conftest import Visit
from tests.browser.editing import (
    MAKE_ARTICLE,
    add_issue,
    message,
    open_article,
    open_issue,
    prose,
    save,
    write,
)
from tests.browser.visiting import log_in
from tests.server.site import Site
from tests.waiting import until

FIRST_TEXT = "玻璃基板在仙台试产，样片送测。"
SECOND_TEXT = "钌互连进入试验线，电阻下降。"


def act(page: Page, title: str, action: str) -> None:
    """Chooses the issue in the list and runs an action on it."""
    page.goto(f"/admin/archive/issue/?q={title}")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    page.locator("#result_list tbody input[type=checkbox]").check()
    page.get_by_label("批量操作").select_option(label=action)
    page.get_by_role("button", name="执行").click()


def publish(page: Page, title: str) -> None:
    """Goes from the list over the last look."""
    act(page, title, "发布所选的期")
    expect(page.get_by_role("heading", name="发布前看一遍")).to_be_visible()
    page.get_by_role("button", name="立即发布").click()
    expect(message(page)).to_contain_text(f"已发布“{title}”，成员现在就能看到、搜到。")


def withdraw(page: Page, title: str) -> None:
    """Goes from the list over the question."""
    act(page, title, "撤回所选的期（改回草稿）")
    page.get_by_role("button", name="撤回", exact=True).click()
    expect(message(page)).to_contain_text(f"“{title}”现在是草稿，成员看不到，也搜不到了。")


def found(site: Site, query: str) -> int:
    """How many articles of the running site hold these characters: a quotation is never relaxed.

    A save that meets the worker at the index leaves it what is to be done: it is found within a second.
    """
    return int(site.search(f'"{query}"')["total"])


def visible_words(page: Page) -> set[str]:
    """The Latin words of an admin page, its tooltips and placeholders, without the archive's data."""
    texts = page.locator("#container").evaluate(
        """container => {
            const data = "script, style, .visually-hidden, #result_list tbody, .actionlist, .desk-front li a, .desk-front ol, #user-tools strong, .account";
            return [...container.querySelectorAll("*")]
                .filter(e => e.checkVisibility() && !e.closest(data))
                .flatMap(e => [...e.childNodes].filter(n => n.nodeType === Node.TEXT_NODE).map(n => n.data)
                    .concat(e.getAttribute("title") || "", e.getAttribute("placeholder") || ""));
        }"""
    )
    return set(re.findall(r"[A-Za-z]{2,}", " ".join(texts)))


# --- The admin speaks Chinese --------------------------------------------------------------------------


def test_admin_speaks_chinese(editor: Page) -> None:
    editor.goto("/admin/archive/issue/")
    heads = editor.locator("#result_list thead th .text").all_inner_texts()
    assert [head.strip() for head in heads if head.strip()] == [
        "刊名",
        "开始日期",
        "结束日期",
        "文章",
        "栏目作者",
        "状态",
    ]
    actions = editor.get_by_label("批量操作").locator("option").all_inner_texts()
    assert actions[1:] == ["删除所选", "发布所选的期", "撤回所选的期（改回草稿）"]
    for path in (
        "/admin/",
        "/admin/archive/issue/",
        "/admin/archive/issue/add/",
        "/admin/archive/issue/bin/",
        "/admin/archive/issue/3/history/",
        "/admin/archive/article/",
    ):
        editor.goto(path)
        assert visible_words(editor) == set(), path


def test_wrong_password_is_refused_in_chinese(
    editors_site: Site, new_visitor: Visit, prepared_site: tuple[Site, str]
) -> None:
    page = new_visitor(editors_site)
    page.goto("/admin/")
    log_in(page, "editor", prepared_site[1] + "x")
    expect(page.locator(".refusal:not([hidden])")).to_contain_text("密码不对")
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()


def test_admin_pages_fit_the_window(editor: Page) -> None:
    for path in (
        "/admin/",
        "/admin/archive/issue/",
        "/admin/archive/issue/3/change/",
        "/admin/archive/article/",
        "/admin/archive/article/3/change/",
    ):
        editor.goto(path)
        assert editor.evaluate("document.documentElement.scrollWidth") == 1280, path


# --- From the form to the reader, and back -------------------------------------------------------------


def test_issue_goes_from_form_to_readers_and_back(
    editors_site: Site, editor: Page, member: Page, watch: Watch
) -> None:
    add_issue(editor, "玻钌周报", "2025-04-04", [("玻璃基板试产", FIRST_TEXT), ("钌互连试验", SECOND_TEXT)])
    assert found(editors_site, "仙台试产") == 0
    member.goto("/issues/")
    expect(member.locator(".year .issues li")).to_have_count(12)

    publish(editor, "玻钌周报")
    until(lambda: found(editors_site, "仙台试产"))
    assert [hit["title"] for hit in editors_site.search("仙台试产")["results"]] == ["玻璃基板试产"]
    member.goto("/search/?q=钌互连进入试验线")
    member.locator("ol.hits h2 a").click()
    expect(member.locator(".prose")).to_contain_text(SECOND_TEXT)
    article = member.url.partition("#")[0]
    member.goto("/")
    expect(member.get_by_role("link", name="玻钌周报")).to_be_visible()
    expect(member.locator(".contents li")).to_have_count(2)
    expect(member.locator(".years .count")).to_have_text("13 期")

    withdraw(editor, "玻钌周报")
    assert found(editors_site, "仙台试产") == 0
    assert found(editors_site, "钌") == 0
    member.goto('/search/?q="仙台试产"')
    expect(member.get_by_role("region", name="没有文章符合")).to_be_visible()
    member.goto("/")
    expect(member.get_by_text("玻钌周报")).to_have_count(0)
    expect(member.locator(".years .count")).to_have_text("12 期")
    for address in (article, f"{editors_site.url}/issues/2025-04-04/"):
        watch.expected.add(address)
        answer = member.goto(address)
        assert answer is not None
        assert answer.status == 404


@pytest.mark.nightly
def test_empty_issue_is_not_published(editors_site: Site, editor: Page, member: Page) -> None:
    add_issue(editor, "空白周报", "2025-04-05", [])
    act(editor, "空白周报", "发布所选的期")
    expect(editor.get_by_role("heading", name="先改好才能发布")).to_be_visible()
    expect(editor.get_by_text("还没有文章。请先添加文章。")).to_be_visible()
    expect(editor.get_by_role("button", name="立即发布")).to_have_count(0)
    member.goto("/issues/")
    expect(member.get_by_text("空白周报")).to_have_count(0)


def test_edited_text_is_found_and_the_old_text_is_not(editors_site: Site, editor: Page, member: Page) -> None:
    add_issue(editor, "改字周报", "2025-04-06", [("氧化镓外延", "氧化镓外延片尺寸到了六吋零头。")])
    publish(editor, "改字周报")
    until(lambda: found(editors_site, "六吋零头") == 1)

    open_article(editor, "氧化镓外延")
    prose(editor).locator("p").last.click()
    editor.keyboard.press("Control+A")
    editor.wait_for_function("getSelection().toString().includes('六吋零头')")
    editor.keyboard.type("改成八吋整数。")
    save(editor)
    until(lambda: found(editors_site, "八吋整数") == 1)
    assert found(editors_site, "六吋零头") == 0
    member.goto("/search/?q=八吋整数")
    member.locator("ol.hits h2 a").click()
    expect(member.locator(".prose .block")).to_have_text(["改成八吋整数。"])


@pytest.mark.nightly
def test_two_articles_swap_places_and_keep_their_addresses(
    editors_site: Site, editor: Page, member: Page
) -> None:
    add_issue(editor, "换位周报", "2025-04-07", [("先来的甲篇", "甲篇的字。"), ("后到的乙篇", "乙篇的字。")])
    publish(editor, "换位周报")
    member.goto("/issues/2025-04-07/")
    addresses = contents(member)
    assert list(addresses) == ["先来的甲篇", "后到的乙篇"]

    open_issue(editor, "换位周报")
    editor.locator("#id_articles-0-position").fill("2")
    editor.locator("#id_articles-1-position").fill("1")
    save(editor, "保存")
    member.reload()
    assert list(contents(member)) == ["后到的乙篇", "先来的甲篇"]
    assert contents(member) == addresses
    until(lambda: found(editors_site, "先来的甲篇"))
    assert [hit["position"] for hit in editors_site.search("先来的甲篇")["results"]] == [2]


def contents(page: Page) -> dict[str, Any]:
    """The titles of an issue's contents, in order, with their addresses."""
    links = page.locator(".contents a").all()
    return {link.inner_text(): link.get_attribute("href") for link in links}


@pytest.mark.nightly
def test_two_articles_may_not_have_one_place(editor: Page) -> None:
    add_issue(editor, "撞号周报", "2025-04-08", [("一号篇", "一。"), ("二号篇", "二。")])
    open_issue(editor, "撞号周报")
    editor.locator("#id_articles-1-position").fill("1")
    editor.get_by_role("button", name="保存草稿", exact=True).click()
    expect(editor.locator(".errorlist").filter(has_text="第 1 篇已经是“一号篇”")).to_be_visible()


# --- What the prose editor keeps -----------------------------------------------------------------------

KEPT = (
    '<p>开头<strong>粗</strong><em>斜</em>H<sub>2</sub>O 10<sup>3</sup><a href="https://example.org/" title="说明"'
    ' rel="noopener nofollow">链接</a></p><h3>大段</h3><h4>小段</h4><blockquote><p>引文</p></blockquote><hr>'
    "<ul><li><p>甲</p><ul><li><p>乙</p></li></ul></li></ul>"
    '<ol start="3"><li><p>第三</p></li></ol>'
    '<table><tbody><tr><th><p>型号</p></th><th colspan="2"><p>带宽</p></th></tr>'
    '<tr><td rowspan="2"><p>丙</p></td><td><p>1</p></td><td><p>2</p></td></tr>'
    "<tr><td><p>3</p></td><td><p>4</p></td></tr></tbody></table>"
    '<figure><img src="FIGURE" alt="图样" width="32" height="20"><figcaption>图的说明</figcaption></figure>'
    "<p>一行<br>又一行</p><p>末段。</p>"
)


def test_table_and_figure_survive_an_edit(editors_site: Site, editor: Page, member: Page) -> None:
    """What a body may hold comes back from the editor as it went in, with what was typed."""
    article = make_article(editors_site, "图表俱全", "2025-04-09", KEPT)
    before = body_of(editor, article)
    open_article(editor, "图表俱全")
    expect(prose(editor).locator("figure img")).to_have_js_property("naturalWidth", 32)
    write(editor, "新加的一句。")
    save(editor)
    assert body_of(editor, article) == before.replace("末段。", "末段。新加的一句。")

    member.goto(f"/articles/{article}/")
    expect(member.locator(".prose table td")).to_have_text(["丙", "1", "2", "3", "4"])
    expect(member.locator(".prose figcaption")).to_have_text("图的说明")
    expect(member.locator(".prose figure img")).to_have_js_property("naturalWidth", 32)
    until(lambda: found(editors_site, "图的说明") == 1)


@pytest.mark.nightly
def test_caption_of_a_table_survives_an_edit(editors_site: Site, editor: Page) -> None:
    body = "<table><caption>表的说明</caption><tbody><tr><td><p>丁</p></td></tr></tbody></table><p>末段。</p>"
    article = make_article(editors_site, "有题的表", "2025-04-10", body)
    open_article(editor, "有题的表")
    write(editor, "新加。")
    save(editor)
    saved = body_of(editor, article)
    assert "<td><p>表的说明</p></td>" not in saved
    assert "表的说明" in saved


def make_article(site: Site, title: str, date: str, body: str) -> int:
    return int(site.run_python(MAKE_ARTICLE.format(title=title, date=date, body=body)).split()[-1])


def body_of(editor: Page, article: int) -> str:
    """The article's body as it is stored: what the server puts into the form, before the prose editor reads it."""
    form = editor.request.get(f"/admin/archive/article/{article}/change/").text()
    found = re.search(r'<textarea name="body"[^>]*>(.*?)</textarea>', form, re.DOTALL)
    assert found is not None
    return unescape(found[1]).strip()
