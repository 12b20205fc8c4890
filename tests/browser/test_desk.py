"""An editor's week at the import desk: pasted, mended, stored, taken back."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.archive.makers import BODIES, TITLES, image_bytes
from tests.browser.chromium import Watch
from tests.browser.desk import rich_week, said, titles
from tests.browser.editors_week import CARET_STANDS_BEHIND, paste
from tests.server.site import Site

URL = "/admin/desk/"


def cards(page: Page) -> Locator:
    return page.locator(".desk-card")


def test_a_week_is_pasted_mended_stored_and_taken_back(editor: Page) -> None:
    editor.goto("/admin/archive/issue/")
    editor.get_by_role("link", name="导入一期").click()
    paste(editor, *rich_week())
    expect(said(editor)).to_contain_text("读好了：2 篇文章")
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

    editor.get_by_role("button", name="保存为草稿").click()
    expect(said(editor)).to_contain_text("已保存为草稿：台上周报")
    editor.get_by_role("button", name="撤销这次导入").click()
    expect(said(editor)).to_contain_text("内容回到了拆期台上")
    expect(titles(editor).nth(2)).to_have_value(TITLES[2])
    expect(cards(editor).nth(0).locator("figure img")).to_have_js_property("naturalWidth", 48)

    editor.get_by_role("button", name="立即发布").click()
    expect(said(editor)).to_contain_text("已发布，读者现在就能看到、搜到")
    editor.get_by_role("link", name="看读者的页面").click()
    editor.get_by_role("link", name="台积电把封装产能翻一倍").first.click()
    expect(editor.locator(".prose figcaption")).to_have_text("图1 月产能")
    expect(editor.locator(".prose figure img")).to_have_js_property("naturalWidth", 48)

    editor.goto(URL)
    editor.get_by_role("link", name="台上周报").click()
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
    editor.get_by_role("button", name="改好了").click()
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
    page.get_by_text("换一份，清空拆期台").click()
    page.get_by_role("button", name="清空", exact=True).click()
    expect(page.get_by_label("粘贴整期内容")).to_be_visible()
