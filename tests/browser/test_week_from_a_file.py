"""An editor chooses the file of a week, and the desk makes a draft of it: whatever the file is, its words are all there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.archive.makers import BODIES, TITLES, data_uri, html_week, image_bytes, save_docx
from tests.browser.desk import clear, titles
from tests.tiers import nightly

pytestmark = pytest.mark.tidy

FIRST = "".join(f"<p>{line}</p>" for line in BODIES[0].split("\n"))
WIDTH = 48
"""Of the picture in the first article, in pixels."""


def word(page: Page, folder: Path) -> bytes:
    """As Word saves it, its titles in the style of a heading."""
    return save_docx(folder / "week.docx", image=image_bytes(WIDTH, 30)).read_bytes()


def pdf(page: Page, folder: Path) -> bytes:
    """As a browser prints it."""
    page.set_content(html_week())
    return page.pdf()


def wechat(page: Page, folder: Path) -> bytes:
    """As a browser saves the page of a post, pictures included: what stands around the post is none of the week."""
    picture = f'<p><img src="{data_uri(image_bytes(WIDTH, 30))}"></p>'
    title, post = (
        html_week(first_body=FIRST + picture).split("<body>")[1].removesuffix("</body></html>").split("</h1>")
    )
    page.set_content(
        f"<html><body><div>微信扫一扫</div>{title.replace('<h1>', '<h1 id=activity-name>')}</h1>"
        f'<div id="js_content">{post}</div><p>预览时标签不可点</p></body></html>'
    )
    saved = page.context.new_cdp_session(page).send("Page.captureSnapshot", {"format": "mhtml"})
    return str(saved["data"]).encode()


@pytest.mark.parametrize(
    ("name", "make", "pictures"),
    [
        pytest.param("周报.docx", word, 1, id="word"),
        nightly("周报.pdf", pdf, 0, id="pdf"),
        nightly("周报.mhtml", wechat, 1, id="wechat"),
    ],
)
def test_a_week_goes_from_its_file_over_the_desk_to_a_draft(
    editor: Page, tmp_path: Path, name: str, make: Callable[[Page, Path], bytes], pictures: int
) -> None:
    assert editor.context.browser
    other = editor.context.browser.new_page()
    data = make(other, tmp_path)
    other.close()

    editor.goto("/admin/desk/")
    editor.get_by_label("或者选一个文件").set_input_files(FilePayload(name=name, mimeType="", buffer=data))
    expect(titles(editor)).to_have_count(len(TITLES))
    for place, title in enumerate(TITLES):
        expect(titles(editor).nth(place)).to_have_value(title)
    expect(editor.get_by_label("刊名")).to_have_value("芯片一周记")
    expect(editor.get_by_label("结束日期")).to_have_value("2025-04-11")
    editor.get_by_role("button", name="预览").click()

    # The draft, as members are going to see it.
    expect(editor.get_by_text("草稿预览")).to_be_visible()
    draft = editor.url
    for title, body in zip(TITLES, BODIES, strict=True):
        editor.goto(draft)
        editor.get_by_role("link", name=title).first.click()
        for line in body.split("\n"):
            expect(editor.locator(".prose")).to_contain_text(line)
        expect(editor.locator(".prose")).not_to_contain_text("预览时标签不可点")
        if title == TITLES[0]:
            expect(editor.locator(".prose figure img")).to_have_count(pictures)
        for picture in editor.locator(".prose figure img").all():
            expect(picture).to_have_js_property("naturalWidth", WIDTH)

    # Another test finds the desk and the archive as they were.
    editor.goto("/admin/desk/")
    editor.get_by_role("link", name="芯片一周记").first.click()
    editor.get_by_role("button", name="撤销这次导入").click()
    expect(titles(editor)).to_have_count(len(TITLES))
    clear(editor)
