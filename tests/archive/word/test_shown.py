"""What a Word page shows reaches the article where it stands, and what is not printed reaches none."""

from __future__ import annotations

import io

import pytest
from docx.oxml import parse_xml

from archive.reading import read_weeks
from tests.archive.makers import image_bytes
from tests.archive.word.builder import (
    ALL,
    DATES,
    TITLE,
    TITLES,
    WEEK,
    W,
    add_article,
    add_part,
    append,
    assert_front,
    assert_week,
    codes,
    new,
    read,
    run,
    spare,
    text_box,
    typed_week,
    with_document,
)

# --- Levels --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["文章标题", "新闻标题", "标题 2", "二级标题", "Headline"])
def test_a_style_of_ones_own_named_as_a_heading_is_one(name: str) -> None:
    document = new()
    document.styles.add_style(name, 1)
    for title, body in WEEK:
        add_article(document, title, body, style=name)
    assert_week(read(document))


@pytest.mark.parametrize("name", ["栏目作者", "标题日期", "副标题", "分类正文"])
def test_a_style_that_only_sounds_like_a_heading_is_none(name: str) -> None:
    document = new()
    document.styles.add_style(name, 1)
    for title, body in WEEK:
        add_article(document, title, [], style="Heading 2")
        for line in body:
            document.add_paragraph(line, style=name)
    assert_week(read(document))
    assert not any("<h3>" in article.html for article in read(document).articles)


def test_a_style_based_on_a_heading_or_with_an_outline_level_is_one() -> None:
    for base, outline in (("Heading 2", ""), ("Normal", "1")):
        document = new()
        style = document.styles.add_style("蓝条", 1)
        style.base_style = document.styles[base]
        if outline:
            append(document.add_paragraph(), "")  # an empty paragraph in the front changes nothing
            style.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {W} w:val="{outline}"/>'))
        for title, body in WEEK:
            add_article(document, title, body, style="蓝条")
        assert_week(read(document))


def test_an_outline_level_of_the_paragraph_itself_counts() -> None:
    document = new()
    for title, body in WEEK:
        heading = add_article(document, title, body)
        heading._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {W} w:val="1"/>'))
    assert_week(read(document))


def test_lines_that_are_bold_by_their_style_are_bold() -> None:
    document = new()
    document.styles.add_style("醒目", 1).font.bold = True
    document.styles.add_style("着重", 2).font.bold = True
    for at, (title, body) in enumerate(WEEK):
        heading = add_article(
            document, title if at % 2 else "", body, **({"style": "醒目"} if at % 2 else {})
        )
        if not at % 2:
            heading.add_run(title, style="着重")
    assert_week(read(document))


# --- What is not printed -------------------------------------------------------------------------------


def test_hidden_text_is_left_out_by_run_style_or_paragraph() -> None:
    document = typed_week()
    document.styles.add_style("暗", 2).font.hidden = True
    document.styles.add_style("暗段", 1).font.hidden = True
    paragraph = spare(document)
    append(paragraph, run("公开一句。") + run("密一", "<w:vanish/>") + run("密二", '<w:vanish w:val="1"/>'))
    append(paragraph, run("公开二句。", '<w:vanish w:val="0"/>'))
    paragraph.add_run("密三", style="暗")
    document.paragraphs[3].add_run("").add_text("")
    document.add_paragraph("密四", style="暗段")
    week = read(document)
    assert_week(week)
    assert "公开一句。公开二句。" in week.articles[0].body
    assert "密" not in str(week)
    [notice] = [warning for warning in week.warnings if warning.code == "hidden-left-out"]
    assert "3 处隐藏文字" in notice.message


def test_changes_are_taken_as_accepted() -> None:
    document = typed_week()
    paragraph = spare(document)
    append(
        paragraph,
        run("出货")
        + f'<w:del w:id="1" w:author="x">{run("一成").replace("w:t", "w:delText")}</w:del>'
        + f'<w:ins w:id="2" w:author="x">{run("三成")}</w:ins>'
        + f'<w:moveFrom w:id="3" w:author="x">{run("旧处")}</w:moveFrom><w:moveTo w:id="4" w:author="x">{run("，新处。")}</w:moveTo>',
    )
    row = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        [cell for one in row.rows for cell in one.cells], ("季度", "价格", "删行甲", "删行乙"), strict=True
    ):
        cell.text = text
    row.rows[1]._tr.get_or_add_trPr().append(parse_xml(f'<w:del {W} w:id="5" w:author="x"/>'))
    week = read(document)
    assert_week(week)
    assert "出货三成，新处。" in week.articles[0].body
    assert not any(gone in str(week) for gone in ("一成", "旧处", "删行"))
    assert "changes-accepted" in codes(week)


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    document = typed_week()
    paragraph = spare(document)
    append(paragraph, run("前半句，"))
    paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:rPr {W}><w:del w:id="9" w:author="x"/></w:rPr>'))
    paragraph._p.addnext(parse_xml(f"<w:p {W}><w:r><w:t>后半句。</w:t></w:r></w:p>"))
    week = read(document)
    assert_week(week)
    assert "前半句，后半句。" in week.articles[0].body


def test_a_clean_file_has_no_notice() -> None:
    assert codes(read(typed_week())) == []


# --- Beside and above the text -------------------------------------------------------------------------


def test_notes_stand_in_the_article_that_cites_them() -> None:
    document = typed_week()
    for kind, id_, text in (("footnote", 2, "见西岸公司公告。"), ("endnote", 3, "数据来自海关。")):
        add_part(
            document,
            f"{kind}s",
            f'<w:{kind}s {ALL}><w:{kind} w:type="separator" w:id="-1"><w:p><w:r><w:t>分隔</w:t></w:r></w:p></w:{kind}>'
            f'<w:{kind} w:id="{id_}"><w:p><w:r><w:{kind}Ref/></w:r>{run(" " + text)}</w:p></w:{kind}></w:{kind}s>',
        )
    append(document.paragraphs[2], '<w:r><w:footnoteReference w:id="2"/></w:r>')  # the first title
    append(
        next(p for p in document.paragraphs if p.text == WEEK[2][1][0]),
        '<w:r><w:endnoteReference w:id="3"/></w:r>',
    )
    week = read(document)
    assert_week(week)
    assert "注1：见西岸公司公告。" in week.articles[0].body
    assert "注2：数据来自海关。" in week.articles[2].body
    assert "<sup>注2</sup>" in week.articles[2].html
    assert "分隔" not in str(week)


@pytest.mark.parametrize("is_old", [False, True])
def test_a_text_box_is_read_once_where_it_is_anchored(is_old: bool) -> None:
    document = typed_week()
    append(
        spare(document),
        text_box(f"<w:p>{run('框里的第一段。')}</w:p><w:p>{run('框里的第二段。')}</w:p>", is_old=is_old),
    )
    week = read(document)
    assert_week(week)
    assert week.articles[0].body.count("框里的第一段。\n框里的第二段。") == 1


def test_title_and_dates_may_stand_in_text_boxes() -> None:
    document = new(has_front=False)
    append(document.add_paragraph(), text_box(f"<w:p>{run(TITLE)}</w:p>"))
    append(document.add_paragraph(), text_box(f"<w:p>{run(DATES)}</w:p>"))
    for at, (title, body) in enumerate(WEEK, 1):
        add_article(document, f"{at}. {title}", body)
    assert_week(read(document))


@pytest.mark.parametrize(
    ("header", "front"),
    [([f"{TITLE}  {DATES}"], []), ([TITLE, DATES], []), ([TITLE], [DATES]), ([DATES], [TITLE])],
)
def test_the_page_header_gives_what_the_page_lacks(header: list[str], front: list[str]) -> None:
    document = new(has_front=False)
    first, *more = header
    document.sections[0].header.paragraphs[0].text = first
    for line in more:
        document.sections[0].header.add_paragraph(line)
    page = document.sections[0].header.add_paragraph("第 ")
    append(page, '<w:fldSimple w:instr=" PAGE "><w:r><w:t>7</w:t></w:r></w:fldSimple>')
    for line in front:
        document.add_paragraph(line)
    for at, (title, body) in enumerate(WEEK, 1):
        add_article(document, f"{at}. {title}", body)
    week = read(document)
    assert_week(week)
    assert "header-read" in codes(week)


def test_a_page_header_is_not_read_where_the_page_says_it_all() -> None:
    document = typed_week()
    document.sections[0].header.paragraphs[0].text = "内部资料 2024.1.1-2024.1.5"
    week = read(document)
    assert_week(week)
    assert codes(week) == []
    assert "内部资料" not in str(week)


def test_ruby_gives_its_base_and_a_drop_cap_its_word() -> None:
    document = typed_week()
    ruby = f"<w:r><w:ruby><w:rt>{run('jīng')}</w:rt><w:rubyBase>{run('晶')}</w:rubyBase></w:ruby></w:r>"
    paragraph = spare(document)
    append(paragraph, ruby + run("圆价格"))
    cap = parse_xml(
        f'<w:p {W}><w:pPr><w:framePr w:dropCap="drop" w:lines="3"/></w:pPr><w:r><w:t>存</w:t></w:r></w:p>'
    )
    rest = parse_xml(f"<w:p {W}><w:r><w:t>储厂商涨价。</w:t></w:r></w:p>")
    paragraph._p.addnext(cap)
    cap.addnext(rest)
    week = read(document)
    assert_week(week)
    assert "晶圆价格\n存储厂商涨价。" in week.articles[0].body
    assert "jīng" not in str(week)


def test_fields_and_content_controls_show_what_they_show() -> None:
    document = typed_week()
    append(
        spare(document),
        run("截至")
        + f'<w:fldSimple w:instr=" DATE ">{run("6月13日")}</w:fldSimple>'
        + f"<w:sdt><w:sdtPr/><w:sdtContent>{run('，共')}</w:sdtContent></w:sdt>"
        + f'<w:smartTag w:element="n"><w:smartTag w:element="m">{run("三")}</w:smartTag></w:smartTag>'
        + '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> =1+1 </w:instrText></w:r>'
        + f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("家")}<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    )
    week = read(document)
    assert "截至6月13日，共三家" in week.articles[0].body


# --- Files that others would not read ------------------------------------------------------------------


def test_front_is_read_from_the_title_style() -> None:
    document = new(has_front=False)
    document.add_paragraph(TITLE, style="Title")
    document.add_paragraph(DATES, style="Subtitle")
    for title, body in WEEK:
        add_article(document, title, body, style="Heading 1")
    week = read(document)
    assert_front(week)
    assert [article.title for article in week.articles] == TITLES


@pytest.mark.parametrize(
    "xml",
    [
        '<w:hyperlink r:id="rId404"><w:r><w:t>这里。</w:t></w:r></w:hyperlink>',
        '<w:r><w:footnoteReference w:id="404"/><w:t>这里。</w:t></w:r>',
        '<w:r><w:sym w:font="Wingdings"/><w:sym w:font="Wingdings" w:char="zz"/><w:t>这里。</w:t></w:r>',
        '<w:r><w:t>这里。</w:t><w:commentReference w:id="404"/></w:r>',
    ],
)
def test_what_leads_nowhere_refuses_no_file(xml: str) -> None:
    document = typed_week()
    append(spare(document), xml)
    week = read(document)
    assert_week(week)
    assert "这里。" in week.articles[0].body


def test_a_picture_that_is_missing_leaves_a_gap() -> None:
    document = typed_week()
    spare(document).add_run("见图").add_picture(io.BytesIO(image_bytes()))
    blip = next(document.element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"))
    blip.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed", "rId404")
    week = read(document)
    assert_week(week)
    assert "见图〔图片〕" in week.articles[0].body
    assert "object-left-out" in codes(week)


def test_notes_keep_their_links_and_may_cite_each_other() -> None:
    document = typed_week()
    body = f'{run("见")}<w:hyperlink r:id="rId1">{run("公告")}</w:hyperlink><w:r><w:footnoteReference w:id="2"/></w:r>'
    add_part(
        document,
        "footnotes",
        f'<w:footnotes {ALL}><w:footnote w:id="2"><w:p>{body}</w:p></w:footnote></w:footnotes>',
    )
    [part] = [one.target_part for one in document.part.rels.values() if one.reltype.endswith("/footnotes")]
    part.rels.get_or_add_ext_rel(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
        "https://example.com/gg",
    )
    append(spare(document), run("数据") + '<w:r><w:footnoteReference w:id="2"/></w:r>')
    week = read(document)
    assert_week(week)
    assert '<p>注1：见<a href="https://example.com/gg"' in week.articles[0].html


def test_strict_open_xml_is_the_same() -> None:
    document = typed_week()
    append(spare(document), run("密一", "<w:vanish/>") + run("公开。"))
    strict = with_document(
        document,
        lambda xml: xml.replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        ),
    )
    [week] = read_weeks("w.docx", strict)
    assert_week(week)
    assert "密一" not in str(week)
