"""Tables that lay a week out become its paragraphs; tables of data stay tables, wherever they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from archive.reading import read_weeks
from archive.reading.html import read_html
from archive.refusal import ImportRefused
from archive.richtext import parse
from tests.archive.word.builder import (
    DATES,
    TITLE,
    TITLES,
    WEEK,
    add_article,
    add_list,
    assert_week,
    new,
    number,
    read,
    with_document,
)

DATA = (("型号", "报价", "涨幅"), ("甲", "3.5", "2%"), ("乙", "4.1", "3%"))


def fill(table: Any, rows: Sequence[Sequence[str]]) -> Any:
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            first, *more = text.split("\n")
            cell.text = first
            for line in more:
                cell.add_paragraph(line)
    return table


def as_rows(*, numbers: str = "", is_split: bool = False) -> list[list[str]]:
    rows = []
    for at, (title, body) in enumerate(WEEK):
        lines = [title, "\n".join(body)] if is_split else ["\n".join([title, *body])]
        rows.append([*([numbers[2 * at : 2 * at + 2].strip()] if numbers else []), *lines])
    return rows


@pytest.mark.parametrize(
    "numbers", ["1 2 3 4 ", "1.2.3.4.", "1、2、3、4、", "01020304", "1)2)3)4)", "一 二 三 四 "]
)
@pytest.mark.parametrize("is_split", [False, True])
def test_numbers_in_a_column_of_their_own(numbers: str, is_split: bool) -> None:
    document = new()
    fill(document.add_table(rows=0, cols=3 if is_split else 2), as_rows(numbers=numbers, is_split=is_split))
    assert_week(read(document))


def test_a_week_as_pasted_from_excel_with_a_header_row() -> None:
    document = new()
    rows = [["序号", "标题", "内容", "来源", "链接"]]
    rows += [
        [str(at), title, "\n".join(body), "西岸日报", f"https://example.com/{at}"]
        for at, (title, body) in enumerate(WEEK, 1)
    ]
    fill(document.add_table(rows=0, cols=5), rows)
    week = read(document)
    assert_week(week)
    assert {article.source for article in week.articles} == {"西岸日报"}
    assert week.articles[2].source_url == "https://example.com/3"


def test_titles_beside_their_texts_without_numbers() -> None:
    document = new()
    fill(document.add_table(rows=0, cols=2), as_rows(is_split=True))
    assert_week(read(document))


def test_a_column_of_sections() -> None:
    document = new()
    rows = [["栏目", "标题", "正文"]]
    rows += [
        [section, title, "\n".join(body)]
        for section, (title, body) in zip(("产业", "产业", "政策", "市场"), WEEK, strict=True)
    ]
    fill(document.add_table(rows=0, cols=3), rows)
    week = read(document)
    assert_week(week)
    assert [article.section for article in week.articles] == ["产业", "产业", "政策", "市场"]


@pytest.mark.parametrize("is_merged", [False, True])
def test_a_column_of_sections_without_a_header_row(is_merged: bool) -> None:
    document = new()
    rows = [["产业", "\n".join([title, *body])] for title, body in WEEK[:2]]
    rows += [["政策", "\n".join([title, *body])] for title, body in WEEK[2:]]
    table = fill(document.add_table(rows=0, cols=2), rows)
    for first in (0, 2) if is_merged else ():
        table.cell(first + 1, 0).text = ""
        table.cell(first, 0).merge(table.cell(first + 1, 0))
    week = read(document)
    assert [article.title for article in week.articles] == TITLES
    assert [article.section for article in week.articles] == ["产业", "产业", "政策", "政策"]


@pytest.mark.parametrize("has_front", [True, False])
def test_one_column_holds_it_all(has_front: bool) -> None:
    document = new(has_front=not has_front)
    rows = [[f"{TITLE}\n{DATES}"]] if has_front else []
    rows += [[f"{at}. {row[0]}"] for at, row in enumerate(as_rows(), 1)]
    fill(document.add_table(rows=0, cols=1), rows)
    assert_week(read(document))


def test_a_week_from_excel_in_a_page() -> None:
    cells = "".join(
        f"<tr><td>{at}</td><td>{title}</td><td>{'<br>'.join(body)}</td></tr>"
        for at, (title, body) in enumerate(WEEK, 1)
    )
    lines = read_html(f"<p>{TITLE}</p><p>{DATES}</p><table>{cells}</table>").lines
    assert [line.text for line in lines][2:6] == [f"1. {TITLES[0]}", *WEEK[0][1], f"2. {TITLES[1]}"]


def week_with(document: Any, put: Any) -> Any:
    for at, (title, body) in enumerate(WEEK, 1):
        add_article(document, f"{at}. {title}", body)
        if at == 2:
            put(document)
    return document


def test_a_table_of_data_stays_one() -> None:
    week = read(week_with(new(), lambda document: fill(document.add_table(rows=0, cols=3), DATA)))
    assert_week(week)
    assert "<td>4.1</td><td>3%</td>" in week.articles[1].html


@pytest.mark.parametrize(
    "rows",
    [
        (("排名", "公司"), ("1", "甲存储"), ("2", "乙存储"), ("3", "丙存储")),
        (("公司", "进展"), ("甲存储", "新产线五月通线，六月开始小批量出货。"), ("乙存储", "仍在等待设备。")),
    ],
)
def test_a_table_of_numbers_or_sentences_within_an_article_stays_one(rows: Any) -> None:
    week = read(week_with(new(), lambda document: fill(document.add_table(rows=0, cols=2), rows)))
    assert_week(week)
    assert week.articles[1].html.count("<tr>") == len(rows)


def test_a_table_of_data_in_a_cell_of_the_layout_stays_one() -> None:
    document = new()
    table = fill(document.add_table(rows=0, cols=2), as_rows(numbers="1 2 3 4 "))
    fill(table.rows[1].cells[1].add_table(rows=0, cols=3), DATA)
    week = read(document)
    assert_week(week)
    assert "<td>4.1</td><td>3%</td>" in week.articles[1].html


@pytest.mark.parametrize("depth", [4, 50])
def test_tables_in_tables_are_read_to_the_bottom(depth: int) -> None:
    def put(document: Any) -> None:
        cell = document.add_table(rows=1, cols=1).rows[0].cells[0]
        for level in range(depth):
            cell.text = f"第{level}层。"
            cell = cell.add_table(rows=1, cols=1).rows[0].cells[0]
        cell.text = "最里面的一句。"

    week = read(week_with(new(), put))
    assert_week(week)
    assert all(f"第{level}层。" in week.articles[1].body for level in range(depth))
    assert "最里面的一句。" in week.articles[1].body


@pytest.mark.parametrize("tags", [["w:smartTag"], ["w:hyperlink"], ["w:ins"], ["w:sdt", "w:sdtContent"]])
@pytest.mark.parametrize("depth", [60, 400])
def test_what_nests_without_end_is_read_or_refused_in_plain_words(tags: list[str], depth: int) -> None:
    document = week_with(new(), lambda one: one.add_paragraph("此处。"))
    opening, closing = (
        "".join(f"<{slash}{tag}>" for tag in order) for slash, order in (("", tags), ("/", tags[::-1]))
    )
    deep = f"{opening * depth}<w:r><w:t>里面。</w:t></w:r>{closing * depth}"
    data = with_document(document, lambda xml: xml.replace("此处。</w:t></w:r>", f"此处。</w:t></w:r>{deep}"))
    refusal = ""
    try:
        [week] = read_weeks("w.docx", data)
    except ImportRefused as refused:
        refusal = str(refused)
    if refusal:
        assert "嵌套太深" in refusal
        assert "Error" not in refusal
    else:
        assert "此处。里面。" in week.articles[1].body


def test_what_is_no_table_of_a_week_is_unchanged_in_pages() -> None:
    table = "<table><tr><td>型号</td><td>报价</td></tr><tr><td>甲</td><td>3.5</td></tr></table>"
    [line] = read_html(table).lines
    assert [*parse(line.html or "").find("td")][3].children == ["3.5"]


def test_two_cells_side_by_side_are_read_one_after_the_other() -> None:
    document = new()
    cells = document.add_table(rows=1, cols=2).rows[0].cells
    for cell, articles in zip(cells, (WEEK[:2], WEEK[2:]), strict=True):
        for title, body in articles:
            cell.add_paragraph(f"{TITLES.index(title) + 1}. {title}")
            for line in body:
                cell.add_paragraph(line)
    assert_week(read(document))


def test_title_and_dates_across_the_top_and_sections_across_the_table() -> None:
    document = new(has_front=False)
    table = document.add_table(rows=0, cols=3)

    def across(text: str) -> None:
        first, _, last = table.add_row().cells
        first.merge(last).text = text

    across(TITLE)
    across(DATES)
    for section, articles in (("产业动态", WEEK[:2]), ("政策", WEEK[2:])):
        across(section)
        fill(table, [[str(TITLES.index(title) + 1), title, "\n".join(body)] for title, body in articles])
    week = read(document)
    assert_week(week)
    assert [article.section for article in week.articles] == ["产业动态", "产业动态", "政策", "政策"]


def test_a_form_for_each_article() -> None:
    document = new()
    for title, body in WEEK:
        fill(
            document.add_table(rows=0, cols=2),
            [("来源", "西岸日报"), ("标题", title), ("日期", "6月9日"), ("内容", "\n".join(body))],
        )
    week = read(document)
    assert_week(week)
    assert "日期：6月9日" in week.articles[0].body


def test_automatic_numbers_alone_in_their_cells() -> None:
    document = new()
    numbers = add_list(document, [("decimal", "%1.", 1)], 41)
    for row in fill(document.add_table(rows=0, cols=2), [("", text) for [text] in as_rows()]).rows:
        number(row.cells[0].paragraphs[0], numbers)
    assert_week(read(document))


def test_sections_with_a_table_of_articles_each() -> None:
    document = new()
    for section, articles in (("产业动态", WEEK[:2]), ("政策", WEEK[2:])):
        document.add_paragraph(section, style="Heading 1")
        rows = [[str(at), title, "\n".join(body)] for at, (title, body) in enumerate(articles, 1)]
        fill(document.add_table(rows=0, cols=3), rows)
    week = read(document)
    assert_week(week)
    assert [article.section for article in week.articles] == ["产业动态", "产业动态", "政策", "政策"]


def test_what_stands_in_no_cell_of_a_table_is_read_too() -> None:
    html = "<table><tr><td>甲</td></tr><tr><p>行外。</p></tr><p>表外。</p></table>"
    assert {"甲", "行外。", "表外。"} <= {
        word for line in read_html(html).lines for word in line.text.split()
    }
