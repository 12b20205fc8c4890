"""Highlighting: marked titles and the best passage."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.parser import parse
from search.results.highlighting import PASSAGE_LENGTH, Highlighter

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "芯<b onmouseover=alert(1)>片",
    "&lt;芯&gt; &amp;",
    "</mark><script>",
    "芯'\"`",
]


def highlighted(query: str, text: str) -> str:
    return Highlighter(parse(query).tree).highlight(text)


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("HBM4", "12层HBM4样品", "12层<mark>HBM4</mark>样品"),
        ("ｈｂｍ４", "12层HBM4样品", "12层<mark>HBM4</mark>样品"),
        ("台積電", "台积电扩产", "<mark>台积电</mark>扩产"),
        ("昇腾910C", "华为昇腾 910C 量产", "华为<mark>昇腾 910C</mark> 量产"),
        ("昇腾 带宽", "昇腾的带宽", "<mark>昇腾</mark>的<mark>带宽</mark>"),
        ("910", "昇腾910C", "昇腾<mark>910</mark>C"),
        ("江存", "长江存储", "长<mark>江存</mark>储"),
        ('"先进封装"', "先进的封装，先进封装", "先进的封装，<mark>先进封装</mark>"),
        ("先进封装", "先进的封装", "<mark>先进</mark>的<mark>封装</mark>"),
        ("HBM -三星", "三星HBM", "三星<mark>HBM</mark>"),
        ("芯", "芯片与芯", "<mark>芯</mark>片与<mark>芯</mark>"),
        ("5000片", "月产5,000片", "月产<mark>5,000</mark>片"),
        ("zzz", "芯片", "芯片"),
        ("", "芯片", "芯片"),
    ],
)
def test_hits_are_marked_in_the_original_text(query: str, text: str, expected: str) -> None:
    assert highlighted(query, text) == expected


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("query", [*HOSTILE, "芯", "script", "<", "&", "lt", "mark"])
def test_nothing_but_marks_is_markup(query: str, text: str) -> None:
    pieces = highlighted(query, text).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in pieces
    assert ">" not in pieces
    assert unescape(pieces) == text


@given(st.text(), st.text(min_size=1))
def test_marking_changes_no_character(query: str, text: str) -> None:
    assert unescape(highlighted(query, text).replace("<mark>", "").replace("</mark>", "")) == unescape(
        Highlighter(None).highlight(text)
    )


def test_the_best_passage_shows_most_of_the_query() -> None:
    filler = "这一段与所问无关。" * 30
    passage = Highlighter(parse("昇腾 带宽").tree).best_passage(
        [
            ("p1", "昇腾先出现一次。" + filler),
            ("p2", filler + "昇腾的互联带宽有限。" + filler),
            ("p3", filler),
        ]
    )
    assert passage.anchor == "p2"
    assert "<mark>昇腾</mark>的互联<mark>带宽</mark>有限" in passage.html


def test_a_passage_starts_at_a_sentence_and_is_short() -> None:
    text = "前一句话很长很长。" * 20 + "这里说到HBM4的样品。" + "后一句。" * 60
    html = Highlighter(parse("HBM4").tree).best_passage([("p1", text)]).html
    plain = html.replace("<mark>", "").replace("</mark>", "").replace('<span class="gap">…</span>', "")
    assert plain.startswith(("前一句", "这里说到"))
    assert len(plain) <= PASSAGE_LENGTH


def test_without_a_hit_in_the_body_the_passage_is_its_beginning() -> None:
    passage = Highlighter(parse("标题里的词").tree).best_passage([("p1", "第一段。"), ("p2", "第二段。")])
    assert (passage.html, passage.anchor) == ("第一段。", "")


def test_an_article_without_text_has_an_empty_passage() -> None:
    assert Highlighter(parse("芯").tree).best_passage([]).html == ""


def test_a_character_that_is_several_letters_is_marked_as_one() -> None:
    def highlight(query: str, text: str) -> str:
        return Highlighter(parse(query).tree).highlight(text)

    assert highlight("finfet", "鳍式 ﬁnfet 结构") == "鳍式 <mark>ﬁnfet</mark> 结构"
    assert highlight("III族", "在Ⅲ族") == "在<mark>Ⅲ族</mark>"
    assert highlight("Ⅲ族", "在III族") == "在<mark>III族</mark>"
    assert highlight("3nm", "用 3㎚ 工艺") == "用 <mark>3㎚</mark> 工艺"


def test_a_character_of_a_longer_text_is_not_marked_where_it_stands_alone() -> None:
    highlighter = Highlighter(parse("先进封装的产能").tree)
    assert highlighter.highlight("先进封装的产能，紧张的一年") == "<mark>先进封装的产能</mark>，紧张的一年"
    assert highlighter.highlight("封装与产能，紧张的一年").count("<mark>") == 2
    alone = Highlighter(parse("厂与人").tree).highlight("工厂招人")
    assert alone == "工<mark>厂</mark>招<mark>人</mark>", (
        "where nothing longer was asked for, they are what was found"
    )
