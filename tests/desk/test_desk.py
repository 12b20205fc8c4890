"""The import desk as an editor uses it, without JavaScript."""

from __future__ import annotations

import datetime as dt

from django.test import Client

from archive.models import Issue
from desk.models import Desk
from tests.archive.makers import BODIES, TEXT, TITLES, html_week
from tests.desk.conftest import URL, Editor, log_in, said

WITHOUT_NUMBER = TEXT.replace("3. 国产", "国产")
"""The golden week with its third heading gone astray: it reads as a paragraph of the second article."""


def test_a_pasted_week_lies_on_the_desk_and_nothing_is_stored(editor: Editor) -> None:
    assert said(editor.paste()) == "已拆好：3 篇文章。请看一遍，改好再保存。"
    assert editor.titles == list(TITLES)
    assert editor.texts(0) == BODIES[0].split("\n")
    assert editor.state.end_date == dt.date(2025, 4, 11)
    assert not Issue.objects.exists()


def test_leaving_and_coming_back_finds_the_desk_as_it_was(editor: Editor) -> None:
    editor.paste()
    editor.act("drop 1")
    again = Client()
    again.force_login(editor.user)
    page = again.get(URL).content.decode()
    assert 'value="三星调整存储芯片报价"' in page
    assert 'value="put_back 1"' in page


def test_every_editor_has_a_desk_of_her_own(editor: Editor) -> None:
    editor.paste()
    other = log_in("add_issue", name="other")
    assert "粘贴整期内容" in other.page()
    assert TITLES[0] not in other.page()


def test_a_wrong_split_is_mended_and_undone(editor: Editor) -> None:
    editor.paste(text=WITHOUT_NUMBER)
    assert editor.titles == list(TITLES[:2])
    [stray] = [paragraph for paragraph in editor.state.cards[1].paragraphs if paragraph.text == TITLES[2]]
    assert editor.act(f"split {stray.key}") == "已从这里拆成新的一篇。"
    assert editor.titles == list(TITLES)
    editor.act(f"merge {stray.key}")
    assert editor.titles == list(TITLES[:2])
    assert editor.post("undo") == "已撤销上一步。"
    assert editor.titles == list(TITLES)
    assert editor.post("redo") == "已重做。"
    assert editor.titles == list(TITLES[:2])


def test_what_is_done_after_an_undo_takes_the_place_of_what_was_undone(editor: Editor) -> None:
    editor.paste()
    first, second, third = (card.key for card in editor.state.cards)
    editor.act(f"drop {first}")
    editor.post("undo")
    editor.act(f"move {third} 0")
    assert not editor.desk.can_redo
    assert [card.key for card in editor.state.cards] == [third, first, second]


def test_title_source_and_particulars_are_changed_in_place(editor: Editor) -> None:
    editor.paste()
    key = editor.state.cards[0].key
    assert editor.post("card", card=key, title=" 台积电  扩产 ", source="集邦", source_url="example.org/a")
    card = editor.state.cards[0]
    assert (card.title, card.source, card.source_url) == ("台积电 扩产", "集邦", "https://example.org/a")
    editor.post(
        "week",
        title="新刊名",
        start_date="2025-04-14",
        end_date="2025-04-18",
        columnist="某某",
        source_url="",
    )
    assert (editor.state.title, editor.state.end_date) == ("新刊名", dt.date(2025, 4, 18))
    assert editor.post("card", card=key, title="x", source_url="不是网址").startswith("来源链接：")
    assert editor.state.cards[0].title == "台积电 扩产"


def test_a_text_edited_as_plain_lines_keeps_bold_and_tables(editor: Editor) -> None:
    table = "<table><tr><td>年份</td><td>产能</td></tr><tr><td>2025</td><td>7万</td></tr></table>"
    editor.paste(html=html_week(first_body=f"<p>产能<b>翻倍</b>。</p>{table}<p>明年投产。</p>"))
    card = editor.state.cards[0]
    page = editor.client.get(URL, {"edit": card.key}).content.decode()
    assert f"【表格 {card.paragraphs[1].key}：" in page
    text = f"产能翻倍。\r\n明年夏天投产。\r\n【表格 {card.paragraphs[1].key}：年份 产能】\r\n"
    assert editor.post("text", target=card.key, text=text) == "正文已修改。"
    first, second, third = editor.state.cards[0].paragraphs
    assert first.html == "<p>产能<strong>翻倍</strong>。</p>"
    assert second.html == "<p>明年夏天投产。</p>"
    assert third.tag == "table"


def test_a_text_from_the_body_editor_is_cleaned(editor: Editor) -> None:
    editor.paste()
    key = editor.state.cards[0].key
    editor.post(
        "text",
        target=key,
        html='<p onclick="x()">新<script>x()</script></p><img src="https://example.org/x.png">',
    )
    assert [paragraph.html for paragraph in editor.state.cards[0].paragraphs] == ["<p>新</p>"]


def test_introduction_and_sign_off_are_edited_as_lines(editor: Editor) -> None:
    editor.paste()
    editor.post("text", target="introduction", text="本周要点。\n\n两段。")
    editor.post("text", target="sign_off", text="作者：某某")
    editor.post("store", how="draft")
    issue = Issue.objects.get()
    assert (issue.introduction, issue.sign_off) == ("本周要点。\n两段。", "作者：某某")


def test_a_warning_stands_at_its_line_and_goes_with_its_cause(editor: Editor) -> None:
    editor.paste(text=TEXT.replace("3. 国产", "4. 国产"))
    assert "缺少编号3" in editor.page()
    line = editor.state.cards[2].line
    assert editor.act(f"settle number-missing:{line}") == "这条提醒不再显示。"
    assert "缺少编号3" not in editor.page()
    editor.post("undo")
    editor.act(f"merge {editor.state.cards[2].key}")
    assert "缺少编号3" not in editor.page()


def test_reordering_and_dropping_raise_no_warnings_about_numbers(editor: Editor) -> None:
    editor.paste()
    editor.act(f"move {editor.state.cards[2].key} 0")
    editor.act(f"drop {editor.state.cards[1].key}")
    assert "没有提醒" in editor.page()


# --- Stale pages, other people ---------------------------------------------------------------------------


def test_a_stale_page_changes_nothing_and_says_so(editor: Editor) -> None:
    editor.paste()
    key = editor.state.cards[2].key
    editor.act(f"merge {key}")
    before = editor.state
    for act in (f"merge {key}", "move 1", "explode 1", f"drop {key} 7", "split 9999999999", ""):
        assert "请" in editor.act(act)
    assert editor.state == before


def test_a_cleared_desk_is_empty(editor: Editor) -> None:
    editor.paste()
    assert editor.post("clear") == "导入台已清空。"
    for name in ("undo", "redo", "store"):
        editor.post(name)
    assert "导入台是空的" in editor.act("merge 1")
    assert not Desk.objects.exists()


def test_the_desk_is_for_those_who_may_add_issues(client: Client, db: None) -> None:
    assert client.get(URL).status_code == 302
    reader = log_in("view_issue")
    assert reader.client.get(URL).status_code == 403
    assert reader.client.post(f"{URL}open/", {"text": TEXT}).status_code == 403
    assert not Desk.objects.exists()
    assert "导入一期" not in reader.client.get("/admin/archive/issue/").content.decode()


def test_the_desk_is_found_from_the_front_page_and_the_list(chief: Editor) -> None:
    for page in ("/admin/", "/admin/archive/issue/"):
        assert f'href="{URL}"' in chief.client.get(page).content.decode()
