"""A week that a browser printed to PDF comes to the desk as it was; a file that can not be read says what to do."""

from __future__ import annotations

from html import escape

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.archive.makers import BODIES, TITLES
from tests.browser.chromium import Watch
from tests.browser.desk import clear, said, titles
from tests.server.site import Site

pytestmark = pytest.mark.tidy

STYLE = """
body { font: 10.5pt/1.6 "Noto Serif CJK SC"; }
h1 { font-size: 20pt; text-align: center; }
h2 { font-size: 13pt; }
p { margin: 0; text-indent: 2em; text-align: justify; }
.columns { column-count: 2; column-gap: 8mm; }
"""
LONG = "业内人士认为，这一轮扩产的力度超过市场预期，设备和材料厂商将先后受益，订单能见度已经到明年三季度。"


def printed(page: Page) -> bytes:
    """The golden week, long enough for several pages of two columns, with running heads and page numbers."""
    articles = "".join(
        f"<h2>{number}. {title}</h2>"
        + "".join(f"<p>{escape(line)}{LONG * 9}</p>" for line in body.split("\n"))
        for number, (title, body) in enumerate(zip(TITLES, BODIES, strict=True), 1)
    )
    page.set_content(
        f'<html lang="zh"><style>{STYLE}</style><h1>芯片一周记</h1><p>2025.4.7-2025.4.11</p>'
        f'<div class="columns">{articles}</div></html>'
    )
    small = '<div style="font-size: 8px; width: 100%; text-align: center">{}</div>'
    return page.pdf(
        format="A5",
        display_header_footer=True,
        header_template=small.format("内部参考"),
        footer_template=small.format('<span class="pageNumber"></span> / <span class="totalPages"></span>'),
        margin={"top": "18mm", "bottom": "18mm", "left": "14mm", "right": "14mm"},
    )


def upload(editor: Page, name: str, data: bytes) -> None:
    """Chooses a file, which is read at once."""
    editor.goto("/admin/desk/")
    editor.get_by_label("或者选一个文件").set_input_files(FilePayload(name=name, mimeType="", buffer=data))


def test_a_file_that_can_not_be_read_says_what_to_do(editor: Page, editors_site: Site, watch: Watch) -> None:
    watch.expected.add(f"{editors_site.url}/admin/desk/open/")
    upload(editor, "周报.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    expect(editor.locator(".desk-refused").first).to_contain_text("请打开它，全选复制，粘贴到“导入一期”里")


def test_a_week_printed_to_pdf_comes_to_the_desk(editor: Page) -> None:
    assert editor.context.browser
    press = editor.context.browser.new_page()
    data = printed(press)
    press.close()
    upload(editor, "周报.pdf", data)
    expect(said(editor)).to_contain_text("已拆好：3 篇文章")
    for place, title in enumerate(TITLES):
        expect(titles(editor).nth(place)).to_have_value(title)
    pieces = editor.locator(".desk-card").nth(0).locator(".desk-piece")
    first, second = BODIES[0].split("\n")
    expect(pieces.nth(0)).to_contain_text(first + LONG * 9)
    expect(pieces.nth(1)).to_contain_text(second + LONG * 9)
    expect(editor.locator("body")).to_contain_text("每页重复的页眉页脚没有读入（内部参考）")
    clear(editor)
