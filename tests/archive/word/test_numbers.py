"""Automatic numbers are those that Word shows, and belong to their own list."""

from __future__ import annotations

from typing import Any

import pytest
from docx.oxml import parse_xml

from archive.reading.word.number_formats import format_number
from tests.archive.word.builder import (
    TITLES,
    WEEK,
    W,
    add_article,
    add_list,
    append,
    assert_week,
    codes,
    new,
    number,
    read,
)

TITLE_LIST = [("decimal", "%1.", 1)]


def numbered_week(levels: list[tuple[str, str, int]], inner: Any = None) -> Any:
    document = new()
    titles = add_list(document, levels, 41)
    for at, (title, body) in enumerate(WEEK):
        number(add_article(document, title, body), titles)
        if inner and at == 1:
            inner(document)
    return document


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("decimal", "%1."), ("decimal", "%1、"), ("decimal", "%1）"), ("decimalZero", "%1"), ("decimalFullWidth", "%1．"),
        ("chineseCounting", "%1、"), ("chineseCountingThousand", "（%1）"), ("japaneseCounting", "第%1条"),
        ("decimalEnclosedCircle", "%1"), ("upperRoman", "%1."),
    ],
)  # fmt: skip
def test_titles_are_numbered_in_each_format(form: str, text: str) -> None:
    assert_week(read(numbered_week([(form, text, 1)])))


@pytest.mark.parametrize("form", ["decimal", "lowerLetter", "lowerRoman", "decimalEnclosedCircleChinese"])
@pytest.mark.parametrize("text", ["%1.", "%1)", "（%1）"])
def test_another_list_inside_an_article_is_not_its_titles(form: str, text: str) -> None:
    steps = ("先看设备到位。", "再看良率爬坡。", "最后看客户验证。")

    def inner(document: Any) -> None:
        other = add_list(document, [(form, text, 1)], 42)
        for step in steps:
            number(document.add_paragraph(step), other)

    week = read(numbered_week(TITLE_LIST, inner))
    assert_week(week)
    assert all(step in week.articles[1].body for step in steps)
    assert not codes(week)


def test_a_list_of_short_points_is_not_titles_even_in_the_same_format() -> None:
    def inner(document: Any) -> None:
        other = add_list(document, TITLE_LIST, 42)
        for point in ("设备国产化", "材料国产化", "人才培养", "资金支持", "土地保障"):
            number(document.add_paragraph(point), other)
            document.add_paragraph("这一点细则里写得很清楚，企业可以直接申请。")

    assert_week(read(numbered_week(TITLE_LIST, inner)))


def test_lists_of_one_definition_go_on_and_a_restarted_one_is_another() -> None:
    document = new()
    titles = add_list(document, TITLE_LIST, 41)
    again = add_list(document, [], 43, of=41)
    restarted = add_list(document, [], 44, of=41, start=1)
    for at, (title, body) in enumerate(WEEK):
        number(add_article(document, title, body), again if at % 2 else titles)
    assert_week(read(document))
    for step in ("第一步，设计。", "第二步，流片。"):
        number(document.add_paragraph(step), restarted)
    week = read(document)
    assert_week(week)
    assert "<ol><li>第一步，设计。</li><li>第二步，流片。</li></ol>" in week.articles[3].html


def test_an_override_begins_a_list_at_its_number() -> None:
    document = new()
    add_list(document, TITLE_LIST, 41)
    titles = add_list(document, [], 43, of=41, start=12)
    for title, body in WEEK:
        number(add_article(document, title, body), titles)
    week = read(document)
    assert_week(week)
    assert "number-missing" in codes(week)


def test_numbers_below_titles_are_text_as_word_shows_it() -> None:
    document = new()
    titles = add_list(
        document, [("chineseCounting", "%1、", 1), ("decimal", "%1.%2", 1), ("lowerLetter", "%3)", 1)], 41
    )
    for title, body in WEEK:
        number(add_article(document, title, body), titles)
        for point in ("背景如下。", "影响如下。"):
            number(document.add_paragraph(point), titles, 1)
            number(document.add_paragraph(f"{point}展开。"), titles, 2)
    week = read(document)
    assert_week(week)
    assert "b) " not in week.articles[0].body  # begins again below each point
    assert week.articles[1].body.count("a) ") == 2


def test_a_style_numbers_its_paragraphs() -> None:
    document = new()
    titles = add_list(document, TITLE_LIST, 41)
    style = document.styles.add_style("条目", 1)
    style.element.get_or_add_pPr().append(parse_xml(f'<w:numPr {W}><w:numId w:val="{titles}"/></w:numPr>'))
    for title, body in WEEK:
        add_article(document, title, body, style="条目")
    assert_week(read(document))


def test_a_paragraph_that_opts_out_of_its_styles_list_has_no_number() -> None:
    document = numbered_week(TITLE_LIST)
    out = document.add_paragraph("编者按：以上内容按日期排列。", style="List Number")
    out._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {W}><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>')
    )
    week = read(document)
    assert [article.title for article in week.articles] == TITLES
    assert "1. 编者按" not in week.articles[3].body


def test_an_empty_paragraph_of_a_list_is_counted_as_word_counts_it() -> None:
    document = new()
    titles = add_list(document, TITLE_LIST, 41)
    for at, (title, body) in enumerate(WEEK):
        number(add_article(document, title, body), titles)
        if at == 1:
            number(document.add_paragraph(""), titles)
    week = read(document)
    assert_week(week)
    [notice] = week.warnings
    assert "缺少编号3" in notice.message


@pytest.mark.parametrize("mark", ["del", "vanish"])
def test_a_title_that_is_deleted_or_hidden_as_a_whole_is_not_counted(mark: str) -> None:
    def inner(document: Any) -> None:
        gone = number(document.add_paragraph(), 41)
        words = f"<w:r><w:rPr>{'<w:vanish/>' if mark == 'vanish' else ''}</w:rPr><w:t>不要的标题</w:t></w:r>"
        deleted = f'<w:del w:id="1" w:author="x">{words.replace("w:t>", "w:delText>")}</w:del>'
        append(gone, deleted if mark == "del" else words)
        gone._p.get_or_add_pPr().append(parse_xml(f'<w:rPr {W}><w:{mark} w:id="1" w:author="x"/></w:rPr>'))

    week = read(numbered_week(TITLE_LIST, inner))
    assert_week(week)
    assert codes(week) == ["changes-accepted" if mark == "del" else "hidden-left-out"]


def test_sections_and_articles_of_one_list_of_two_levels() -> None:
    document = new()
    titles = add_list(document, [("chineseCounting", "%1、", 1), ("decimal", "%2.", 1)], 41)
    for section, pick in (("产业动态", WEEK[:2]), ("政策", WEEK[2:])):
        number(document.add_paragraph(section), titles)
        for title, body in pick:
            number(add_article(document, title, body), titles, 1)
    week = read(document)
    assert_week(week)
    assert [article.section for article in week.articles] == ["产业动态", "产业动态", "政策", "政策"]


def test_numbers_in_the_cells_of_a_table_are_shown() -> None:
    def inner(document: Any) -> None:
        ranks = add_list(document, [("decimal", "第%1", 1)], 42)
        table = document.add_table(rows=3, cols=2)
        for row, (rank, company) in zip(
            table.rows, (("排名", "公司"), ("名", "甲存储"), ("", "乙存储")), strict=True
        ):
            row.cells[0].text, row.cells[1].text = rank, company
            if company != "公司":
                number(row.cells[0].paragraphs[0], ranks)

    week = read(numbered_week(TITLE_LIST, inner))
    assert_week(week)
    assert "<td>第1 名</td><td>甲存储</td></tr><tr><td>第2</td><td>乙存储</td>" in week.articles[1].html


def test_bullets_and_numbers_stay_lists_in_the_body() -> None:
    def inner(document: Any) -> None:
        for style, words in (
            ("List Bullet", "小客户"),
            ("List Bullet", "大客户"),
            ("List Number", "设计"),
            ("List Number", "流片"),
        ):
            document.add_paragraph(words, style=style)

    [_, second, *_] = read(numbered_week([("chineseCounting", "%1、", 1)], inner)).articles
    assert "<ul><li>小客户</li><li>大客户</li></ul>" in second.html
    assert "<ol><li>设计</li><li>流片</li></ol>" in second.html


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        (10, "chineseCounting", "十"), (21, "chineseCountingThousand", "二十一"), (102, "chineseCountingThousand", "一百零二"),
        (110, "japaneseCounting", "一百一十"), (20, "ideographDigital", "二〇"), (12, "chineseLegalSimplified", "壹拾贰"),
        (3, "ideographTraditional", "丙"), (28, "lowerLetter", "bb"), (4, "lowerRoman", "iv"), (7, "decimalZero", "07"),
        (20, "decimalEnclosedCircle", "⑳"), (21, "decimalEnclosedCircle", "21"), (3, "none", ""), (3, "unheard-of", "3"),
        (5000, "upperRoman", "5000"), (0, "upperLetter", "0"),
    ],
)  # fmt: skip
def test_formats_of_numbers(value: int, form: str, written: str) -> None:
    assert format_number(value, form) == written
