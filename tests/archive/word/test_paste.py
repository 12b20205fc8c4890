"""What Word and Excel put on the clipboard is read as the file would be: pieces of their HTML as they write it."""

from __future__ import annotations

import pytest

from archive.reading.html import read_html


def texts(html: str) -> list[str]:
    return [line.text for line in read_html(html).lines]


def codes(html: str) -> list[str]:
    return [warning.code for warning in read_html(html).warnings]


CHANGED = (
    '<p class=MsoNormal><span style=\'font-family:宋体\'>报价上涨<span class=msoDel><del cite="mailto:x" datetime="2025-06-10">'
    '一成</del></span><span class=msoIns><ins cite="mailto:x">三成</ins></span>。</span></p>'
)


def test_changes_are_taken_as_accepted() -> None:
    assert texts(CHANGED) == ["报价上涨三成。"]
    assert codes(CHANGED) == ["changes-accepted"]


def test_text_that_is_only_struck_through_stays() -> None:
    assert texts("<p>原价<s>三元</s>两元</p>") == ["原价三元两元"]


COMMENTED = (
    "<p class=MsoNormal><a style='mso-comment-reference:甲_1;mso-comment-date:20250610T0900'>新厂封顶</a><span class=MsoCommentReference>"
    '<span lang=EN-US><!--[if !supportAnnotations]--><a class=msocomanchor id="_anchor_1" href="#_msocom_1" name="_msoanchor_1">'
    "[甲1]</a><!--[endif]--></span></span>。</p><div style='mso-element:comment-list'><div style='mso-element:comment'>"
    '<div id="_com_1" class=msocomtxt><p class=MsoCommentText>此处待核</p></div></div></div>'
)


def test_comments_are_left_out() -> None:
    assert texts(COMMENTED) == ["新厂封顶。"]
    assert "comments-left-out" in codes(COMMENTED)


def test_hidden_text_is_left_out_and_said() -> None:
    html = "<p>公开。<span style='display:none;mso-hide:all'>内部</span></p>"
    assert texts(html) == ["公开。"]
    assert codes(html) == ["hidden-left-out"]
    assert codes("<p>公开。<span style='display:none'>菜单</span></p>") == []  # as any page has


def word_list(number: str, text: str, style: str = "l0 level1 lfo1") -> str:
    return (
        f"<p class=MsoListParagraph style='margin-left:21pt;mso-list:{style}'><![if !supportLists]><span lang=EN-US"
        f" style='mso-fareast-font-family:宋体'><span style='mso-list:Ignore'>{number}<span style='font:7.0pt \"Times New Roman\"'>"
        f"&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>{text}</p>"
    )


def test_automatic_numbers_are_those_of_their_list() -> None:
    html = (
        word_list("1.", "西岸晶圆厂封顶")
        + word_list("1.", "设计", "l1 level1 lfo2")
        + word_list("（一）", "背景", "l0 level2 lfo1")
    )
    lines = read_html(html).lines
    assert [line.text for line in lines] == ["1. 西岸晶圆厂封顶", "1. 设计", "（一）背景"]
    assert [line.html for line in lines] == [
        "<ol><li>西岸晶圆厂封顶</li></ol>",
        "<ol><li>设计</li></ol>",
        "<p>（一）背景</p>",
    ]
    assert len({line.list_id for line in lines}) == 3


@pytest.mark.parametrize("bullet", ["·", "l", "Ø", "●"])
def test_bullets_are_items_of_a_list(bullet: str) -> None:
    [line] = read_html(word_list(bullet, "小客户")).lines
    assert (line.text, line.html) == ("小客户", "<ul><li>小客户</li></ul>")


def test_a_footnote_of_a_title_is_no_part_of_it() -> None:
    html = (
        '<h2>西岸晶圆厂封顶<a style=\'mso-footnote-id:ftn1\' href="#_ftn1" name="_ftnref1" title=""><span class=MsoFootnoteReference>'
        "<span style='mso-special-character:footnote'>[1]</span></span></a></h2><p>正文。</p><h2>闪存回升</h2><p>正文二。</p>"
        "<div style='mso-element:footnote-list'><hr><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText>"
        '<a style=\'mso-footnote-id:ftn1\' href="#_ftnref1" name="_ftn1"><span class=MsoFootnoteReference>[1]</span></a> 见公告。</p></div></div>'
    )
    assert texts(html) == ["西岸晶圆厂封顶", "注1：见公告。", "正文。", "闪存回升", "正文二。"]


def test_ruby_gives_its_base() -> None:
    assert texts("<p><ruby>晶<rp>(</rp><rt>jīng</rt><rp>)</rp></ruby>圆</p>") == ["晶圆"]


def test_a_picture_and_its_caption_are_one_figure() -> None:
    from tests.archive.makers import data_uri, image_bytes

    html = (
        f'<p class=MsoNormal><img src="{data_uri(image_bytes())}"></p><p class=MsoCaption>图 2 报价走势</p>'
    )
    [line] = read_html(html).lines
    assert line.html == '<figure><img src="figure:0" alt=""><figcaption>图 2 报价走势</figcaption></figure>'


def test_what_other_pages_call_alike_is_left_alone() -> None:
    html = (
        '<p data-list="bullet">一句<span class="note">旁注</span>。<ins class="ads">广告</ins></p>'
        '<table><tr><td data-label="型号">甲</td><td data-label="报价">3.5</td></tr><tr><td>乙</td><td>4</td></tr></table>'
    )
    [line, table] = read_html(html).lines
    assert (line.text, line.list_id) == ("一句旁注。广告", "")
    assert table.text == "甲 3.5 乙 4"
    assert codes(html) == []
