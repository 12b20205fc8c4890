"""Figures keep their captions, and what can not be shown leaves a gap with its name."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx.oxml import parse_xml

from tests.archive.makers import image_bytes
from tests.archive.word.builder import (
    W,
    append,
    assert_week,
    chart,
    read,
    run,
    spare,
    typed_week,
)


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (chart(), "〔图表：月产能〕"),
        (chart(name='name="图表 3"'), "〔图表：图表 3〕"),
        (chart("drawingml/2006/diagram"), "〔示意图：月产能〕"),
        (
            '<w:r><w:object><v:shape alt="报价表"/><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>',
            "〔表格：报价表〕",
        ),
        ('<w:r><w:object><o:OLEObject ProgID="Foo.Bar"/></w:object></w:r>', "〔嵌入的文件〕"),
        ("<m:oMathPara><m:oMath><m:r><m:t>P=UI</m:t></m:r></m:oMath></m:oMathPara>", "〔公式：P=UI〕"),
        ("<m:oMath><m:r><m:t>x</m:t></m:r><m:r><m:t>+1</m:t></m:r></m:oMath>", "〔公式：x+1〕"),
    ],
)
def test_what_can_not_be_shown_leaves_a_gap_with_its_name(xml: str, words: str) -> None:
    document = typed_week()
    append(spare(document), run("如下：") + xml)
    week = read(document)
    assert_week(week)
    assert f"如下：{words}" in week.articles[0].body
    [notice] = [warning for warning in week.warnings if warning.code == "object-left-out"]
    assert words in notice.message
    assert notice.line == week.articles[0].line + 3


def with_picture(*, caption: str, style: str | None, field: bool = False) -> Any:
    document = typed_week()
    paragraph = spare(document)
    paragraph.add_run().add_picture(io.BytesIO(image_bytes()))
    below = parse_xml(f"<w:p {W}/>")
    paragraph._p.addnext(below)
    line = next(one for one in document.paragraphs if one._p is below)
    if style:
        line.style = document.styles[style]
    head, _, rest = caption.partition("1")
    number = f'<w:fldSimple w:instr=" SEQ 图 \\* ARABIC ">{run("1")}</w:fldSimple>' if field else run("1")
    append(line, run(head) + number + run(rest))
    return document


@pytest.mark.parametrize(
    ("style", "field"), [("Caption", False), ("Caption", True), (None, True), (None, False)]
)
def test_the_caption_of_a_picture_keeps_its_number(style: str | None, field: bool) -> None:
    week = read(with_picture(caption="图 1 新厂位置", style=style, field=field))
    assert_week(week)
    assert "<figcaption>图 1 新厂位置</figcaption></figure>" in week.articles[0].html


def test_a_sentence_below_a_picture_is_no_caption() -> None:
    week = read(with_picture(caption="图1显示，新厂靠近港口。", style=None))
    assert "<p>图1显示，新厂靠近港口。</p>" in week.articles[0].html


def test_the_caption_of_a_table_stays_above_it() -> None:
    document = typed_week()
    paragraph = spare(document)
    paragraph.style = document.styles["Caption"]
    append(paragraph, run("表 ") + f'<w:fldSimple w:instr=" SEQ 表 ">{run("2")}</w:fldSimple>' + run(" 报价"))
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        [cell for one in table.rows for cell in one.cells], ("型号", "报价", "甲", "3.5"), strict=True
    ):
        cell.text = text
    paragraph._p.addnext(table._tbl)
    week = read(document)
    assert_week(week)
    assert "<p>表 2 报价</p>\n<table>" in week.articles[0].html
