"""An editor brings back issues at once, five of them bad: a table, the clean ones stored, one mended at the desk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import said, titles
from tests.desk.back_issues import BAD, GOOD, folder_of
from tests.tiers import nightly

URL = "/admin/desk/batches/"
WORKER_MS = 600_000
"""The worker reads and stores after all that anybody waits for: on a busy machine its turn comes late."""
BATCH = re.compile(r"/batches/\d+/$")


@pytest.fixture
def folder(tmp_path: Path, good: int) -> Path:
    """So many clean weeks, and the five bad ones."""
    for path, data in folder_of(good).items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return tmp_path / "旧刊"


def rows(page: Page, kind: str) -> Locator:
    return page.locator(f".batch-weeks tbody tr.is-{kind}")


def counted(page: Page, what: str) -> Locator:
    return page.locator(".batch-counts span", has_text=what).locator("b")


@pytest.mark.parametrize("good", [5, nightly(len(GOOD))])
def test_back_issues_of_which_five_are_bad(editor: Page, folder: Path, good: int) -> None:
    editor.goto("/admin/archive/issue/")
    editor.get_by_role("link", name="整批导入旧刊").click()
    editor.get_by_label("选一个文件夹").set_input_files(folder)
    editor.get_by_role("button", name="上传").click()
    editor.wait_for_url(BATCH)

    # The page follows the worker by itself.
    expect(counted(editor, "没有疑问")).to_have_text(f"{good}", timeout=WORKER_MS)
    expect(rows(editor, "refused")).to_have_count(4)
    expect(editor.locator(".batch-weeks tbody tr")).to_have_count(good + 5)
    above = editor.locator(".batch-weeks tbody tr:nth-child(-n+5) .batch-path").all_text_contents()
    assert {path.strip().replace("/里面.zip", "") for path in above} == set(BAD)
    expect(rows(editor, "refused").filter(has_text="空的.txt")).to_contain_text("请放入内容")
    expect(editor.locator(".batch-legend .missing")).to_contain_text("没有周报")

    # All that are clean, in one click; somebody may go away meanwhile.
    editor.get_by_role("button", name=f"收下没有疑问的 {good} 期").click()
    batch = editor.url
    editor.goto("/admin/")
    editor.goto(batch)
    expect(counted(editor, "已存入")).to_have_text(f"{good}", timeout=WORKER_MS)
    expect(editor.get_by_role("button", name="收下没有疑问的")).to_have_count(0)

    # The one without dates goes over the desk and back.
    rows(editor, "doubtful").filter(has_text="没有日期.txt").get_by_role("button", name="到导入台改").click()
    expect(titles(editor)).to_have_count(6)
    editor.get_by_label("开始日期").fill("2021-06-28")
    editor.get_by_label("结束日期").fill("2021-07-02")
    editor.get_by_label("结束日期").press("Tab")
    expect(said(editor)).to_contain_text("已更新本期信息")
    editor.get_by_role("button", name="保存草稿").click()
    editor.get_by_role("link", name="回到这一批，看下一期").click()
    expect(counted(editor, "已存入")).to_have_text(f"{good + 1}")

    for row in rows(editor, "refused").all()[::-1]:
        row.get_by_role("button", name="知道了").click()
    expect(counted(editor, "读不了")).to_have_text("0")
    rows(editor, "stored").filter(has_text="第01期.txt").get_by_role("link", name="打开这一期").click()
    expect(editor.get_by_label("刊名")).to_have_value("芯片旧闻")

    # The same folder once more: nothing is stored twice.
    editor.goto(URL)
    editor.get_by_label("选一个文件夹").set_input_files(folder)
    editor.get_by_role("button", name="上传").click()
    editor.wait_for_url(BATCH)
    expect(editor.get_by_text("这一期已经在文库里")).to_have_count(good, timeout=WORKER_MS)
    editor.get_by_text("做完了，删除这一批").click()
    editor.get_by_role("button", name="删除这一批").click()
    expect(said(editor)).to_contain_text("各期都还在")
