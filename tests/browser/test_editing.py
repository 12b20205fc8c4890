"""What the editors' forms do in a browser: order, figures, unsaved work, two editors, publishing by buttons."""

from __future__ import annotations

import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.archive.makers import image_bytes
from tests.browser.chromium import Watch
from tests.browser.conftest import Visit
from tests.browser.desk import rich_week, said
from tests.browser.desk import titles as titles_on_desk
from tests.browser.editing import (
    add_issue,
    message,
    open_article,
    open_issue,
    prose,
    save,
    to_the_end,
    write,
)
from tests.browser.editors_week import paste
from tests.browser.visiting import log_in
from tests.server.site import Site


def titles(page: Page) -> list[str]:
    """The titles of an issue's form, as they stand there."""
    rows = page.locator("#articles-group tr.form-row:not(.empty-form)")
    return [row.locator("input[name$=-title]").input_value() for row in rows.all()]


@pytest.fixture
def second_editor(editors_site: Site, prepared_site: tuple[Site, str], new_visitor: Visit) -> Page:
    """The same editor in another browser: what counts is that the other form is older."""
    return logged_in(new_visitor(editors_site, height=1000), prepared_site[1])


def logged_in(page: Page, password: str) -> Page:
    page.goto("/admin/")
    log_in(page, "editor", password)
    expect(page.get_by_role("heading", name="今天要做的事", level=1)).to_be_visible()
    return page


def test_articles_are_ordered_by_dragging_and_by_keys(editor: Page) -> None:
    add_issue(editor, "拖动周报", "2025-05-02", [("甲篇", "一。"), ("乙篇", "二。"), ("丙篇", "三。")])
    open_issue(editor, "拖动周报")
    handles = editor.locator("#articles-group .handle")
    handles.nth(2).hover()
    editor.mouse.down()
    box = editor.locator("#articles-0").bounding_box()
    assert box is not None
    editor.mouse.move(box["x"] + 20, box["y"] + 5, steps=8)
    editor.mouse.up()
    assert titles(editor) == ["丙篇", "甲篇", "乙篇"]
    handles.nth(0).focus()
    editor.keyboard.press("ArrowDown")
    assert titles(editor) == ["甲篇", "丙篇", "乙篇"]
    expect(editor.locator("[aria-live]").last).to_have_text("“丙篇”现在是第 2 篇")
    save(editor, "保存草稿")
    assert titles(editor) == ["甲篇", "丙篇", "乙篇"]


def test_unsaved_work_survives_a_closed_tab_and_is_forgotten_once_saved(editor: Page) -> None:
    add_issue(editor, "断线周报", "2025-05-03", [("未存篇", "原文。")])
    open_article(editor, "未存篇")
    address = editor.url
    write(editor, "写了一半。")
    editor.locator("#id_title").fill("未存篇改名")
    editor.goto("about:blank")
    editor.goto(address)
    expect(prose(editor)).not_to_contain_text("写了一半")
    expect(editor.locator("#unsaved")).to_contain_text("您刚才写的内容还没有保存")
    editor.get_by_role("button", name="恢复未保存的修改").click()
    expect(prose(editor)).to_contain_text("写了一半。")
    expect(editor.locator("#id_title")).to_have_value("未存篇改名")
    save(editor)
    editor.goto(address)
    expect(prose(editor)).to_contain_text("写了一半。")
    expect(editor.locator("#unsaved")).to_be_hidden()


def test_a_figure_is_put_into_the_text_with_its_caption(editor: Page, tmp_path: Path) -> None:
    add_issue(editor, "配图周报", "2025-05-04", [("配图篇", "图前。")])
    open_article(editor, "配图篇")
    picture = tmp_path / "样片.png"
    picture.write_bytes(image_bytes(64, 40))
    expect(editor.locator(".prose-menubar [title=加粗]")).to_be_visible()
    labels = (
        editor.locator(".prose-menubar").locator("[title]").evaluate_all("all => all.map(one => one.title)")
    )
    assert [label for label in labels if re.search("[a-z]", label)] == [], (
        "the editor's buttons are in Chinese"
    )
    prose(editor).locator("p").last.click()
    with editor.expect_file_chooser() as chooser:
        editor.locator(".prose-menubar [title=图片]").click()
    chooser.value.set_files(picture)
    editor.get_by_label("图注").fill("试产的样片")
    editor.get_by_label("图片说明").fill("一块玻璃基板")
    editor.get_by_role("button", name="插入正文").click()
    expect(prose(editor).locator("figure img")).to_have_js_property("naturalWidth", 64)
    save(editor)
    open_article(editor, "配图篇")
    expect(prose(editor).locator("p")).to_have_text(["图前。"])
    expect(prose(editor).locator("figcaption")).to_have_text("试产的样片")
    editor.get_by_role("button", name="保存并预览").click()
    expect(editor.get_by_text("草稿预览")).to_be_visible()
    image = editor.locator(".prose figure img")
    expect(image).to_have_attribute("alt", "一块玻璃基板")
    expect(image).to_have_js_property("naturalWidth", 64)
    expect(editor.locator(".prose figcaption")).to_have_text("试产的样片")


def test_the_second_to_save_chooses_and_nothing_is_lost(
    editor: Page, second_editor: Page, watch: Watch
) -> None:
    add_issue(editor, "两人周报", "2025-05-05", [("两人篇", "原文。")])
    for page in (editor, second_editor):
        open_article(page, "两人篇")
        watch.expected.add(page.url)
    write(editor, "第一人写的。")
    write(second_editor, "第二人写的。")
    save(editor)
    second_editor.get_by_role("button", name="保存", exact=True).click()
    expect(second_editor.get_by_role("heading", name="有人在您之前保存了改动")).to_be_visible()
    expect(second_editor.locator("ins")).to_have_text("二")
    second_editor.get_by_label("合在一起").check()
    sheet = second_editor.locator(".edited .ProseMirror[contenteditable=true]")
    expect(sheet).to_contain_text("第二人写的。")
    to_the_end(sheet)
    second_editor.keyboard.insert_text("第一人写的也留下。")
    second_editor.get_by_role("button", name="按选择保存").click()
    expect(message(second_editor)).to_contain_text("已保存")
    open_article(second_editor, "两人篇")
    expect(prose(second_editor)).to_contain_text("原文。第二人写的。第一人写的也留下。")


def test_an_issue_is_previewed_scheduled_published_and_withdrawn_by_buttons(
    editor: Page, member: Page, watch: Watch
) -> None:
    add_issue(editor, "按钮周报", "2025-05-06", [("按钮篇", "正文。")])
    open_issue(editor, "按钮周报")
    link = editor.locator("#preview-link").input_value()
    member.goto(link)
    expect(member.get_by_text("草稿预览")).to_be_visible()
    member.get_by_role("link", name="按钮篇").click()
    expect(member.locator(".prose")).to_contain_text("正文。")

    editor.get_by_role("button", name="保存并发布…").click()
    editor.locator("#id_schedule_at").fill("2099-01-02T08:00")
    expect(editor.locator("[data-moment]")).to_have_text("北京时间 2099年1月2日 周五 08:00")
    editor.get_by_role("button", name="定时发布").click()
    expect(message(editor)).to_have_text("“按钮周报”待发布，将于 北京时间 2099年1月2日 周五 08:00 自动发布。")
    editor.get_by_role("button", name="保存并改时间…").click()
    editor.get_by_role("button", name="立即发布").click()
    expect(message(editor)).to_contain_text("成员现在就能看到、搜到")
    expect(editor.locator(".status-banner")).to_contain_text("已发布")
    member.goto("/issues/2025-05-06/")
    expect(member.get_by_role("link", name="按钮篇")).to_be_visible()

    editor.get_by_role("button", name="撤回…").click()
    expect(editor.get_by_text("成员马上看不到")).to_be_visible()
    editor.get_by_role("button", name="撤回", exact=True).click()
    expect(message(editor)).to_contain_text("成员看不到，也搜不到了")
    for address in (link, re.sub(r"/preview/.*", "/issues/2025-05-06/", link)):
        watch.expected.add(address)
        answer = member.goto(address)
        assert answer is not None
        assert answer.status in (404, 410)

    editor.get_by_role("link", name="版本").click()
    expect(editor.locator(".versions tbody tr")).to_have_count(5)
    editor.get_by_role("link", name="与前一个版本比较").first.click()
    expect(editor.get_by_text("发布、定时发布、撤回也各记一个版本")).to_be_visible()


@contextmanager
def no_room(site: Site) -> Iterator[None]:
    """Whatever the server writes to any file is refused by the system, as on a disk that is full."""

    def allow(largest_file: int) -> None:
        for worker in site.workers():
            _, most = resource.prlimit(worker, resource.RLIMIT_FSIZE)
            resource.prlimit(worker, resource.RLIMIT_FSIZE, (largest_file, most))

    allow(0)
    try:
        yield
    finally:
        allow(resource.RLIM_INFINITY)


def test_what_the_disk_refused_is_still_there_and_saved_when_there_is_room(
    prepared_site: tuple[Site, str], new_visitor: Visit, watch: Watch, tmp_path: Path
) -> None:
    with prepared_site[0].copy_to(tmp_path / "data").served() as site:
        page = logged_in(new_visitor(site, height=1000), prepared_site[1])
        add_issue(page, "满盘周报", "2025-05-09", [("满盘篇", "原文。")])
        open_article(page, "满盘篇")
        address = page.url
        watch.expected.add(address)
        write(page, "磁盘满了也还在。")
        with no_room(site):
            page.get_by_role("button", name="保存", exact=True).click()
            expect(page.get_by_role("heading", level=1)).to_have_text("没有保存")
            expect(page.locator("main")).to_contain_text("刚才的修改没有保存，原来的内容没有变")
            page.get_by_role("link", name="回到刚才的表单").click()
            expect(page).to_have_url(address)
            expect(prose(page)).to_have_text("原文。")
            page.get_by_role("button", name="恢复未保存的修改").click()
            expect(prose(page)).to_contain_text("磁盘满了也还在。")
        save(page)
        page.goto(address)
        expect(prose(page)).to_contain_text("磁盘满了也还在。")
        expect(page.locator("#unsaved")).to_be_hidden()

        page.goto("/admin/archive/issue/")
        page.get_by_role("link", name="导入一期").click()
        paste(page, *rich_week())
        expect(titles_on_desk(page)).to_have_count(2)
        first = titles_on_desk(page).nth(0).input_value()
        watch.expected |= {f"{site.url}/admin/desk/{action}/" for action in ("do", "week", "card")}
        with no_room(site):
            page.get_by_role("button", name="下移").first.click()
            expect(said(page)).to_contain_text("没有保存")
            expect(titles_on_desk(page).nth(0)).to_have_value(first)
        page.get_by_role("button", name="下移").first.click()
        expect(titles_on_desk(page).nth(1)).to_have_value(first)
        page.close()  # it may still be asking, and the site ends
