"""At the desk half-width punctuation between Han characters is shown before and after, and changed by one click."""

from __future__ import annotations

import pytest

from archive.models import Issue
from tests.desk.conftest import Editor

WEEK = "芯片周报2025.3.17-3.21\n1. 虚电扩产,价格上涨\n今天,虚电宣布扩产.\n2. 别的事\n没有什么，1,000片。\n"

pytestmark = pytest.mark.django_db


def test_one_click_changes_all_of_it_and_is_undone_by_another(editor: Editor) -> None:
    editor.paste(WEEK)
    page = editor.page()
    assert "汉字之间有 2 处半角标点" in page
    assert "<td>今天,虚电宣布扩产</td>" in page
    assert "<td>今天，虚电宣布扩产</td>" in page
    before = editor.state
    assert editor.post("do", act="widen") == "汉字之间的半角标点已改成全角。"
    assert [card.title for card in editor.state.cards] == ["虚电扩产，价格上涨", "别的事"]
    assert editor.state.cards[0].paragraphs[0].text == "今天，虚电宣布扩产."
    assert editor.state.cards[1] == before.cards[1]
    assert editor.state.keys() == before.keys()
    assert "处半角标点" not in editor.page()
    editor.post("undo")
    assert editor.state == before


def test_without_the_click_it_is_stored_as_it_was_pasted(editor: Editor) -> None:
    editor.paste(WEEK)
    editor.post("store", how="draft")
    assert Issue.objects.get().articles.get(position=1).title == "虚电扩产,价格上涨"
