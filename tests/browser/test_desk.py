"""An editor's week at the import desk: pasted, mended, stored, taken back."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Locator, Page, expect

from tests.archive.makers import BODIES, TEXT, TITLES, image_bytes
from tests.browser.chromium import Watch
from tests.browser.conftest import Visit
from tests.browser.desk import rich_week, said, titles
from tests.browser.editing import message
from tests.browser.editors_week import CARET_STANDS_BEHIND, paste
from tests.browser.visiting import log_in
from tests.server.site import Site

URL = "/admin/desk/"


def cards(page: Page) -> Locator:
    return page.locator(".desk-card")


def test_a_week_is_pasted_mended_stored_and_taken_back(editor: Page) -> None:
    editor.goto("/admin/archive/issue/")
    editor.get_by_role("link", name="导入一期").click()
    paste(editor, *rich_week())
    expect(said(editor)).to_contain_text("已拆好：2 篇文章")
    expect(titles(editor).nth(1)).to_have_value(TITLES[1])

    stray = editor.locator(".desk-piece", has_text=TITLES[2])
    stray.hover()
    stray.get_by_role("button", name="从这里起是新的一篇").click()
    expect(titles(editor).nth(2)).to_have_value(TITLES[2])
    editor.keyboard.press("Escape")
    editor.locator("h1").click()
    editor.keyboard.press("Control+z")
    expect(cards(editor)).to_have_count(2)
    editor.keyboard.press("Control+Shift+Z")
    expect(cards(editor)).to_have_count(3)

    # What was typed is kept by whatever is clicked next.
    titles(editor).nth(0).fill("台积电把封装产能翻一倍")
    cards(editor).nth(2).get_by_role("button", name="上移").click()
    expect(titles(editor).nth(1)).to_have_value(TITLES[2])
    expect(titles(editor).nth(0)).to_have_value("台积电把封装产能翻一倍")
    cards(editor).nth(1).get_by_role("button", name="下移").press("Alt+ArrowDown")
    expect(titles(editor).nth(2)).to_have_value(TITLES[2])

    missing = cards(editor).nth(0).locator(".is-missing")
    expect(missing).to_contain_text("mmbiz.example")
    missing.locator("input[type=file]").set_input_files(
        {"name": "图.png", "mimeType": "image/png", "buffer": image_bytes(48, 30)}
    )
    expect(cards(editor).nth(0).locator("figure img")).to_have_js_property("naturalWidth", 48)
    editor.get_by_label("图注").fill("图1 月产能")
    editor.get_by_label("图注").press("Tab")
    expect(editor.locator(".desk-prose figcaption")).to_have_text("图1 月产能")

    # Coming back finds the desk as it was.
    editor.goto("/admin/")
    editor.get_by_role("link", name="导入一期").click()
    expect(titles(editor).nth(0)).to_have_value("台积电把封装产能翻一倍")

    editor.get_by_role("button", name="保存草稿").click()
    expect(said(editor)).to_contain_text("已保存为草稿：台上周报")
    editor.get_by_role("button", name="撤销这次导入").click()
    expect(said(editor)).to_contain_text("内容回到了导入台")
    expect(titles(editor).nth(2)).to_have_value(TITLES[2])
    expect(cards(editor).nth(0).locator("figure img")).to_have_js_property("naturalWidth", 48)

    editor.get_by_role("button", name="保存并发布…").dblclick()
    expect(editor.get_by_role("heading", name="发布前看一遍")).to_be_visible()
    expect(message(editor)).to_contain_text("已保存为草稿：台上周报")
    editor.get_by_role("button", name="立即发布").dblclick()
    expect(message(editor)).to_contain_text("已发布“台上周报”，成员现在就能看到、搜到")
    editor.goto("/issues/2025-05-16/")
    editor.get_by_role("link", name="台积电把封装产能翻一倍").first.click()
    expect(editor.locator(".prose figcaption")).to_have_text("图1 月产能")
    expect(editor.locator(".prose figure img")).to_have_js_property("naturalWidth", 48)

    editor.goto(URL)
    editor.get_by_role("link", name="台上周报").click()
    editor.get_by_text("撤销这次导入…").click()
    expect(editor.get_by_text("成员马上看不到")).to_be_visible()
    editor.get_by_role("button", name="撤销这次导入").click()
    clear(editor)


def test_two_clicks_store_a_week_once_and_lead_to_it(editor: Page) -> None:
    editor.goto(URL)
    paste(editor, *rich_week())
    expect(cards(editor)).to_have_count(2)
    stale = editor.context.new_page()
    stale.goto(URL)
    expect(cards(stale)).to_have_count(2)
    editor.get_by_role("button", name="保存草稿").dblclick()
    expect(said(editor)).to_contain_text("已保存为草稿：台上周报")
    expect(said(editor).locator(".error")).to_have_count(0)
    stale.get_by_role("button", name="保存草稿").click()
    expect(said(stale)).to_contain_text("这一期刚才已经保存过了，没有再存一次：台上周报")
    expect(said(stale).locator(".error")).to_have_count(0)
    expect(stale).to_have_url(editor.url)
    editor.get_by_role("button", name="撤销这次导入").dblclick()
    expect(said(editor)).to_contain_text("内容回到了导入台")
    expect(said(editor).locator(".error")).to_have_count(0)
    clear(editor)


def test_nothing_that_was_typed_is_lost_while_the_database_restarts(editor: Page, watch: Watch) -> None:
    editor.goto(URL)
    paste(editor, *rich_week())
    expect(cards(editor)).to_have_count(2)
    address = cards(editor).first.locator("form[data-auto]").first.evaluate("form => form.action")
    watch.expected.add(address)
    page = render_to_string("database_away.html", {"was_sent": True, "seconds": 5})
    editor.route(
        address, lambda route: route.fulfill(status=503, content_type="text/html", body=page), times=1
    )
    titles(editor).nth(0).fill("台积电把封装产能翻一倍")
    down = cards(editor).nth(0).get_by_role("button", name="下移")
    down.click()  # sends the title, which is refused; the rest of what waits is not sent behind it
    expect(said(editor)).to_contain_text("没有保存：数据库正在重启")
    expect(titles(editor).nth(0)).to_have_value("台积电把封装产能翻一倍")
    down.click()
    expect(titles(editor).nth(1)).to_have_value("台积电把封装产能翻一倍")
    expect(said(editor).locator(".error")).to_have_count(0)
    editor.reload()
    expect(titles(editor).nth(1)).to_have_value("台积电把封装产能翻一倍")
    clear(editor)


@pytest.mark.nightly
def test_two_clicks_at_once_without_a_script_are_one_of_everything(
    editors_site: Site, prepared_site: tuple[Site, str], new_visitor: Visit
) -> None:
    """The browser sends both forms, and shows the answer to the second."""
    page = new_visitor(editors_site, java_script_enabled=False)
    page.goto("/admin/")
    log_in(page, "editor", prepared_site[1])
    page.goto(URL)
    page.get_by_label("粘贴整期内容").fill(TEXT.replace("芯片一周记", "两下周报"))
    page.get_by_role("button", name="开始导入").dblclick()
    expect(titles(page)).to_have_count(3)
    page.get_by_role("button", name="下移").first.dblclick()
    expect(titles(page).nth(1)).to_have_value(TITLES[0])
    page.get_by_role("button", name="保存并发布…").dblclick()
    expect(page.get_by_role("heading", name="发布前看一遍")).to_be_visible()
    for button, words in (
        ("立即发布", "已发布“两下周报”"),
        ("撤回…", ""),
        ("撤回", "现在是草稿"),
        ("撤销", "已撤销"),
    ):
        page.get_by_role("button", name=button, exact=True).dblclick()
        if words:
            expect(message(page)).to_contain_text(words)
        expect(page.locator(".messagelist :is(.error, .warning), .errornote")).to_have_count(0)
    page.get_by_role("link", name="版本", exact=True).click()
    expect(page.locator(".versions tbody tr")).to_have_count(
        4
    )  # stored, published, withdrawn, published again
    page.goto("/admin/archive/issue/?q=两下周报")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    page.get_by_role("link", name="两下周报").click()
    page.get_by_role("link", name="删除这一期", exact=True).click()
    page.get_by_role("button", name="确定删除").dblclick()
    expect(message(page)).to_contain_text("已删除“两下周报")
    expect(page.locator(".messagelist :is(.error, .warning)")).to_have_count(0)


def test_a_missing_figure_needs_a_tick_before_the_week_goes_live(
    editor: Page, member: Page, watch: Watch
) -> None:
    editor.goto(URL)
    paste(editor, *rich_week())
    expect(cards(editor)).to_have_count(2)
    editor.get_by_role("button", name="保存并发布…").click()
    expect(editor.get_by_role("heading", name="缺 1 张图")).to_be_visible()
    watch.expected.add(editor.url)  # refused: nobody has said that they know
    editor.get_by_role("button", name="立即发布").click()
    expect(editor.locator(".errornote")).to_contain_text("没有发布：第 1 篇")
    editor.get_by_label("我知道缺这 1 张图片").check()
    editor.get_by_role("button", name="立即发布").click()
    expect(message(editor)).to_contain_text("已发布“台上周报”")
    member.goto("/issues/2025-05-16/")
    member.get_by_role("link", name=TITLES[0]).first.click()
    expect(member.locator(".prose")).to_contain_text(BODIES[0].split("\n")[0])
    expect(member.locator(".prose img")).to_have_count(0)

    editor.goto("/admin/")
    lacking = editor.get_by_role("region", name="缺图")
    lacking.get_by_role("link", name=TITLES[0]).click()
    expect(editor.get_by_role("heading", name="缺 1 张图")).to_be_visible()
    editor.get_by_label("补上了，或者不要了").check()
    editor.get_by_role("button", name="保存", exact=True).click()
    expect(message(editor)).to_contain_text("已保存")
    editor.get_by_role("button", name="撤回…").click()
    editor.get_by_role("button", name="撤回", exact=True).click()
    expect(message(editor)).to_contain_text("成员看不到，也搜不到了")
    editor.get_by_role("button", name="撤销", exact=True).dblclick()
    expect(message(editor)).to_contain_text("已撤销：“台上周报”成员现在就能看到")
    member.reload()
    expect(member.locator(".prose")).to_be_visible()

    editor.goto(URL)
    editor.get_by_role("link", name="台上周报").click()
    editor.get_by_text("撤销这次导入…").click()
    editor.get_by_role("button", name="撤销这次导入").click()
    clear(editor)


def test_cards_are_dragged_by_their_grips_and_by_nothing_else(editor: Page) -> None:
    editor.goto(URL)
    paste(editor, *rich_week())
    expect(cards(editor)).to_have_count(2)
    above = {"x": 60, "y": 4}
    cards(editor).nth(1).locator("[data-grip]").drag_to(cards(editor).nth(0), target_position=above)
    expect(said(editor)).to_contain_text("已移动")
    expect(titles(editor).nth(0)).to_have_value(TITLES[1])
    expect(titles(editor).nth(1)).to_have_value(TITLES[0])
    expect(editor.locator(".dragged, .is-before, .is-after")).to_have_count(0)
    cards(editor).nth(1).locator(".position").drag_to(cards(editor).nth(0), target_position=above)
    editor.get_by_role("button", name="撤销").click()
    expect(titles(editor).nth(0)).to_have_value(TITLES[0])
    expect(editor.get_by_role("button", name="撤销")).to_be_disabled()
    clear(editor)


def test_the_text_of_a_card_is_written_in_the_body_editor(editor: Page) -> None:
    editor.goto(URL)
    paste(editor, *rich_week())
    cards(editor).nth(1).get_by_role("link", name="编辑正文").click()
    sheet = editor.locator(".desk-edit .ProseMirror[contenteditable=true]:not(.prose-menubar)").first
    sheet.locator("p").first.click()
    editor.keyboard.press("Home")
    editor.wait_for_function(CARET_STANDS_BEHIND, arg=0)
    editor.keyboard.insert_text("最新消息：")
    editor.get_by_role("button", name="完成").click()
    expect(cards(editor).nth(1).locator(".desk-prose").first).to_have_text(f"最新消息：{BODIES[1]}")
    clear(editor)


def test_a_dropped_file_is_read_and_what_is_refused_stays_in_the_box(
    editors_site: Site, editor: Page, watch: Watch
) -> None:
    watch.expected.add(f"{editors_site.url}{URL}open/")
    editor.goto(URL)
    box = editor.get_by_label("粘贴整期内容")
    box.fill("这些字不能丢。")
    drop(editor, "周报.exe", "没有用")
    expect(editor.locator(".desk-refused:visible")).to_contain_text("不认识的文件类型 .exe")
    expect(box).to_have_value("这些字不能丢。")
    drop(editor, "周报.txt", rich_week()[0])
    expect(cards(editor)).to_have_count(2)
    clear(editor)


def test_days_are_written_pictures_come_several_at_once_and_punctuation_is_widened(editor: Page) -> None:
    editor.goto(URL)
    week = "芯片周报2025.9.1-9.5\n1. 虚电扩产,价格上涨\n产能在增长。\n图1 产能走势\n2. 别的事\n没有什么。"
    paste(editor, week, "")
    editor.get_by_label("结束日期").fill("")
    editor.get_by_label("开始日期").fill("July 7-11, 2025")
    editor.get_by_label("开始日期").press("Enter")
    expect(editor.get_by_label("结束日期")).to_have_value("2025-07-11")
    expect(editor.get_by_role("button", name="选日期").first).to_be_visible()

    drop_pictures(editor, ["图10.png", "图2.png"])
    expect(said(editor)).to_contain_text("2 张图片都放好了")
    expect(cards(editor).nth(0).locator("figure")).to_have_count(2)
    expect(cards(editor).nth(0).locator("figure").first.locator("figcaption")).to_have_text("图1 产能走势")
    images = cards(editor).nth(0).locator("figure img")
    for place, width in enumerate([2, 10]):
        expect(images.nth(place)).to_have_js_property("naturalWidth", width)

    editor.get_by_role("button", name="全部改成全角").click()
    expect(titles(editor).nth(0)).to_have_value("虚电扩产，价格上涨")
    clear(editor)


def drop_pictures(page: Page, names: list[str]) -> None:
    """Drops pictures on the first piece, each as wide as the number in its name says."""
    page.evaluate(
        """async names => {
            const data = new DataTransfer();
            for (const name of names) {
                const canvas = document.createElement("canvas");
                canvas.width = Number(/\\d+/.exec(name)[0]);
                canvas.height = 8;
                canvas.getContext("2d").fillRect(0, 0, 99, 99);
                const blob = await new Promise(resolve => canvas.toBlob(resolve, "image/png"));
                data.items.add(new File([blob], name, { type: "image/png" }));
            }
            const piece = document.querySelector(".desk-card .desk-piece");  // as it is now: an answer replaces it
            for (const kind of ["dragover", "drop"]) {
                piece.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
            }
        }""",
        names,
    )


def drop(page: Page, name: str, text: str) -> None:
    """Drops a file on the box."""
    page.locator("[data-drop]").evaluate(
        """(zone, [name, text]) => {
            const data = new DataTransfer();
            data.items.add(new File([text], name));
            zone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        [name, text],
    )


def clear(page: Page) -> None:
    page.get_by_text("清空导入台", exact=True).first.click()
    page.locator(".desk-clear button").click()
    expect(page.get_by_label("粘贴整期内容")).to_be_visible()
