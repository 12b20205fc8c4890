"""An editor's whole week, step by step: the test does it, and the pictures of the handbook are taken of it."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.browser import visiting
from tests.browser.chromium import Watch
from tests.server.site import Site
from tests.waiting import until

TEXT = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
"""A week as an editor has it in Word. Its third heading has lost its number."""
LOST = "碳化硅外延片开打价格战，八英寸成为分水岭"
TYPO, RIGHT = "价格战会持续到", "价格竞争会持续到"
ISSUE = "/issues/2025-04-04/"
SECONDS_AHEAD = 15
NAME, PASSWORD = "zhubian", "an-editors-week"
MAKE_CHIEF = f"""
from django.contrib.auth.models import Group, User
chief = User.objects.create_user({NAME!r}, password={PASSWORD!r}, is_staff=True)
chief.groups.add(Group.objects.get(name="主编"))
"""
PASTE = """([text, html]) => {
    const box = document.activeElement;
    const data = new DataTransfer();
    data.setData("text/plain", text);
    if (html) data.setData("text/html", html);
    box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def paste(page: Page, text: str, html: str = "") -> None:
    """Pastes into the box of the empty desk, as Word and WeChat do it: plain and rich at once."""
    page.locator("#desk.is-live").wait_for()  # until its script runs, nobody takes what is pasted here
    page.get_by_label("粘贴整期内容").focus()
    page.evaluate(PASTE, [text, html])


def log_in(page: Page, name: str = NAME, password: str = PASSWORD) -> None:
    """From the members' page, as an editor finds it."""
    page.goto("/")
    page.get_by_role("link", name="编辑室").click()
    visiting.log_in(page, name, password)
    expect(page.get_by_role("link", name="导入一期").first).to_be_visible()


def chart() -> bytes:
    """A PNG of bars that grow."""
    picture = Image.new("RGB", (640, 300), "#eef2f5")
    draw = ImageDraw.Draw(picture)
    for number, height in enumerate((60, 95, 150, 230)):
        left = 90 + number * 125
        draw.rectangle((left, 270 - height, left + 80, 270), fill="#2f5d86")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def whole_week(site: Site, watch: Watch, editor: Page, member: Page) -> Iterator[tuple[str, Page]]:
    """Does the week; after each step, gives its name and the page that shows it."""
    log_in(editor)
    yield "front", editor

    editor.get_by_role("link", name="导入一期").first.click()
    expect(editor.get_by_role("heading", name="导入一期")).to_be_visible()
    yield "empty", editor
    paste(editor, TEXT)
    titles = editor.locator(".desk-card input[name=title]")
    expect(titles).to_have_count(4)
    expect(editor.get_by_role("link", name="个新词")).to_be_visible()
    editor.locator(".desk-said p").wait_for(state="detached")
    yield "desk", editor

    stray = editor.locator(".desk-piece", has_text=LOST)
    stray.hover()
    expect(stray.locator(".desk-cut")).to_have_css("opacity", "1")
    yield "split", editor
    stray.get_by_role("button", name="从这里起是新的一篇").click()
    expect(titles).to_have_count(5)
    expect(titles.nth(2)).to_have_value(LOST)

    _add_figure(editor)
    yield "figure", editor

    editor.get_by_role("link", name="个新词").click()
    word = editor.locator(".insight-words > li", has_text="KX4100")
    expect(word.locator("mark")).to_have_text("KX4100")
    yield "words", editor
    word.get_by_role("button", name="忽略").click()
    expect(word).to_have_count(0)
    editor.get_by_role("link", name="回到导入台").click()

    editor.get_by_role("button", name="保存并预览").click()
    expect(editor.get_by_text("草稿预览")).to_be_visible()
    expect(editor.get_by_role("link", name=LOST).first).to_be_visible()
    yield "preview", editor
    editor.get_by_role("link", name="返回编辑").click()

    watch.expected |= {f"{site.url}{ISSUE}"}  # asked for before it is there, and after
    editor.get_by_role("button", name="保存并发布…").click()
    expect(editor.get_by_role("heading", name="发布前看一遍")).to_be_visible()
    yield "look", editor
    schedule(editor)
    yield "scheduled", editor
    until(partial(_is_live, member), "the worker's publication of the scheduled issue")
    yield "live", member

    until(partial(_is_found, member), "the index's knowledge of what the worker published")
    expect(_hits(member).first).to_have_text(LOST)
    yield "found", member
    _hits(member).first.click()
    expect(member.locator(".prose figure img")).to_have_js_property("naturalWidth", 640)
    expect(member.locator(".prose figcaption")).to_have_text("图1 六英寸外延片的报价")
    article = member.url.partition("?")[0]

    editor.reload()
    row = editor.locator("#articles-group tr.has_original", has_text=LOST)
    row.get_by_role("link", name="修改").click()
    _correct(editor)
    member.goto(article)
    expect(member.locator(".prose")).to_contain_text(RIGHT)

    editor.get_by_role("link", name="版本", exact=True).click()
    editor.get_by_role("link", name="与前一个版本比较").first.click()
    expect(editor.locator("ins")).to_have_text("竞争")
    yield "compare", editor
    editor.get_by_role("button", name="恢复改动之前的版本").click()
    expect(editor.locator(".messagelist")).to_contain_text("已恢复")
    member.goto(article)
    expect(member.locator(".prose")).to_contain_text(TYPO)

    editor.get_by_role("link", name="复制到公众号").click()
    expect(editor.frame_locator("#wechat-post").locator("img")).to_be_visible()
    yield "wechat", editor
    editor.go_back()

    editor.get_by_role("button", name="撤回…").click()
    editor.get_by_role("button", name="撤回", exact=True).click()
    expect(editor.locator(".messagelist")).to_contain_text("成员看不到，也搜不到了")
    yield "withdrawn", editor
    watch.expected |= {article}
    for address in (ISSUE, article):
        answer = member.goto(address)
        assert answer is not None
        assert answer.status == 404
    _search(member, "碳化硅外延片 分水岭")
    expect(_hits(member).filter(has_text=LOST)).to_have_count(0)


def _is_live(member: Page) -> bool:
    member.goto(ISSUE)
    return member.get_by_role("link", name=LOST).count() > 0


def _is_found(member: Page) -> bool:
    _search(member, "碳化硅外延片 分水岭")
    return _hits(member).filter(has_text=LOST).count() > 0


def _add_figure(editor: Page) -> None:
    piece = editor.locator(".desk-piece", has_text="六英寸碳化硅外延片的报价一年里")
    piece.hover()
    piece.get_by_text("插入图片").click()
    piece.locator("input[type=file]").set_input_files(
        {"name": "报价.png", "mimeType": "image/png", "buffer": chart()}
    )
    expect(editor.locator(".desk-prose figure img")).to_have_js_property("naturalWidth", 640)
    editor.get_by_label("图注").fill("图1 六英寸外延片的报价")
    editor.get_by_label("图片说明").fill("四根柱子，一根比一根高")
    editor.get_by_label("图片说明").press("Tab")
    expect(editor.locator(".desk-prose figcaption")).to_have_text("图1 六英寸外延片的报价")
    expect(editor.locator(".desk-prose figure img")).to_have_attribute("alt", "四根柱子，一根比一根高")


def schedule(editor: Page) -> None:
    """Has the week go live in a moment: a person would choose a whole minute."""
    when = dt.datetime.now(ZoneInfo("Asia/Shanghai")) + dt.timedelta(seconds=SECONDS_AHEAD)
    field = editor.locator("#id_schedule_at")
    field.evaluate("field => { field.step = 1; }")
    field.fill(f"{when:%Y-%m-%dT%H:%M:%S}")
    editor.get_by_role("button", name="定时发布").click()
    expect(editor.locator(".messagelist")).to_contain_text("将于")


def _correct(editor: Page) -> None:
    sheet = editor.locator(".field-body .ProseMirror[contenteditable=true]")
    sheet.get_by_text(TYPO).click(position={"x": 4, "y": 8})
    editor.keyboard.press("Home")
    for before in range(TEXT_BEFORE_TYPO):
        editor.wait_for_function(
            CARET_STANDS_BEHIND, arg=before
        )  # a person sees where it is, and only then types
        editor.keyboard.press("ArrowRight")
    editor.wait_for_function(CARET_STANDS_BEHIND, arg=TEXT_BEFORE_TYPO)
    editor.keyboard.press("Delete")
    editor.keyboard.insert_text("竞争")
    expect(sheet).to_contain_text(RIGHT)
    editor.get_by_role("button", name="保存", exact=True).click()
    expect(editor.locator(".messagelist")).to_contain_text("已保存")


TEXT_BEFORE_TYPO = len("业内人士认为，价格")
CARET_STANDS_BEHIND = """async characters => {
    const { isCollapsed, anchorOffset } = getSelection();
    if (!isCollapsed || anchorOffset !== characters) return false;
    await new Promise(requestAnimationFrame);  // by the next frame the editor has heard of it, too
    return true;
}"""


def _search(page: Page, words: str) -> None:
    page.goto("/")
    page.get_by_label("搜索全部往期").fill(words)
    page.get_by_label("搜索全部往期").press("Enter")
    page.wait_for_url("**/search/**")


def _hits(page: Page) -> Locator:
    return page.locator(".hits h2 a")
