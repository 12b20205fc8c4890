"""Sections on the desk, and the other reading of a week that can be read in two ways."""

from __future__ import annotations

import re

import pytest

from desk.opening import open_paste
from desk.operations import OperationRefused, perform
from desk.state import State
from tests.archive.makers import data_uri, image_bytes
from tests.desk.conftest import Editor

SECTIONED = "芯片周报\n2025.3.17-2025.3.21\n一、政策\n1. 甲地发布新政\n新政有十条。\n2. 乙部门征求意见\n月底截止。\n二、产业\n1. 丙厂扩产\n扩产两成。\n"
DOUBTFUL = (
    "# 芯片周报\n2025.3.17-2025.3.21\n"
    "## 甲公司发布会\n### 新款控制器功耗减半\n面向工业客户。\n### 开发板同时开售\n价格不到百元。\n"
    "## 乙公司说明会\n### 下半年资本开支上调\n设备已下单。\n### 海外研发中心不再扩大\n员工转岗。\n"
)


RICH = "".join(
    f"<{tag}>{text}</{tag}>"
    for mark, found, text in (line.rpartition("# ") for line in DOUBTFUL.splitlines())
    for tag in (f"h{len(mark) + 1}" if found else "p",)
)


def images(state: State) -> list[str]:
    return re.findall(r'src="([^"]*)"', "".join(part.html for part in state.paragraphs()))


def words(state: State) -> list[str]:
    """All characters that stand on the desk, each section once, without the marks of Markdown."""
    sections = dict.fromkeys(card.section for card in state.cards)
    texts = [*sections, *(card.text for card in state.cards)]
    return sorted(character for character in "".join(texts) if character.isalnum())


def test_a_card_has_the_section_of_its_article_and_a_split_keeps_it() -> None:
    state = open_paste(SECTIONED, "").state
    assert [card.section for card in state.cards] == ["政策", "政策", "产业"]
    assert state.other is None
    second = state.cards[1].paragraphs[0].key
    state = perform(state, {"name": "split", "paragraph": second})
    assert [card.section for card in state.cards] == ["政策", "政策", "政策", "产业"]


def test_what_was_told_of_a_card_before_there_were_sections_keeps_its_section() -> None:
    state = open_paste(SECTIONED, "").state
    told = {"name": "label", "card": state.cards[0].key, "title": "新政", "source": "", "source_url": ""}
    assert perform(state, told).cards[0].section == "政策"
    assert perform(state, {**told, "section": ""}).cards[0].section == ""


def test_the_other_reading_takes_the_other_level_and_comes_back() -> None:
    state = open_paste(DOUBTFUL, "").state
    assert state.cards[0].title == "新款控制器功耗减半"
    assert [card.section for card in state.cards] == [
        "甲公司发布会",
        "甲公司发布会",
        "乙公司说明会",
        "乙公司说明会",
    ]
    other = perform(state, {"name": "read_otherwise"})
    assert [card.title for card in other.cards] == ["甲公司发布会", "乙公司说明会"]
    assert "开发板同时开售" in other.cards[0].text
    assert "价格不到百元。" in other.cards[0].text
    again = perform(other, {"name": "read_otherwise"})
    assert again.cards == state.cards
    assert words(state) == words(other)


def test_a_week_that_reads_in_one_way_only_has_no_other_reading() -> None:
    with pytest.raises(OperationRefused):
        perform(open_paste(SECTIONED, "").state, {"name": "read_otherwise"})


def test_one_click_at_the_top_reads_otherwise_and_one_more_undoes_it(editor: Editor) -> None:
    editor.paste(DOUBTFUL)
    assert "按另一种读法" in editor.page()
    assert 'value="甲公司发布会"' in editor.page()
    assert editor.act("read_otherwise") == "已换成另一种读法，可以再换回来。"
    assert editor.titles == ["甲公司发布会", "乙公司说明会"]
    assert "按另一种读法" in editor.page()
    editor.post("undo")
    assert len(editor.titles) == 4


def test_figures_come_along_in_either_reading(editor: Editor) -> None:
    editor.paste(html=RICH.replace("面向工业客户。", f'面向工业客户。<img src="{data_uri(image_bytes())}">'))
    addresses = [images(editor.state)]
    editor.act("read_otherwise")
    addresses.append(images(editor.state))
    assert addresses[0] == addresses[1] != []
    assert addresses[0][0].startswith("/figures/")


def test_a_section_is_mended_on_the_card(editor: Editor) -> None:
    editor.paste(SECTIONED)
    card = editor.state.cards[2]
    editor.post("card", card=card.key, title=card.title, section="  产业 动态 ", source="", source_url="")
    assert editor.state.cards[2].section == "产业 动态"
