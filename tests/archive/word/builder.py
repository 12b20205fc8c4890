"""Makes Word files part by part, as Word writes them: python-docx for what it knows, raw XML for the rest."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from archive.reading import read_weeks
from archive.week import Week

W = nsdecls("w")
ALL = (
    f'{W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
TITLE = "存储一周记"
DATES = "2025.6.9-2025.6.13"
WEEK = (
    ("西岸晶圆厂封顶", ("西岸的新厂上周封顶，设备年底进厂。", "一期月产能三万片。")),
    ("闪存合约价回升", ("六月合约价上涨百分之三。",)),
    ("南湖园区发布补贴细则", ("细则覆盖设备、材料与人才三类项目。",)),
    ("咨询机构下调手机预测", ("全年出货量预测下调两个百分点。",)),
)
TITLES = [title for title, _ in WEEK]

Level = tuple[str, str, int]
"""Format, text and first number of a level of a list."""


def new(*, has_front: bool = True) -> Any:
    document = docx.Document()
    if has_front:
        document.add_paragraph(TITLE)
        document.add_paragraph(DATES)
    return document


def add_list(
    document: Any, levels: Sequence[Level], number: int, *, of: int | None = None, start: int | None = None
) -> int:
    """Adds a list: with `of` another one of that list's definition, which begins at `start`."""
    root = document.part.numbering_part.element
    if of is None:
        content = "".join(
            f'<w:lvl w:ilvl="{at}"><w:start w:val="{first}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for at, (form, text, first) in enumerate(levels)
        )
        root.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="{number}">{content}</w:abstractNum>'))
    override = (
        f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>' if start else ""
    )
    abstract = number if of is None else of
    root.append(
        parse_xml(f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>{override}</w:num>')
    )
    return number


def number(paragraph: Any, list_number: int, level: int = 0) -> Any:
    properties = f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="{list_number}"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(properties))
    return paragraph


def append(paragraph: Any, xml: str) -> None:
    """Appends XML to a paragraph; it may use any prefix that Word does."""
    for element in parse_xml(f"<w:p {ALL}>{xml}</w:p>"):
        paragraph._p.append(element)


def run(text: str, properties: str = "") -> str:
    """A run of text as XML."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def text_box(content: str, *, is_old: bool = False) -> str:
    inner = f"<w:txbxContent>{content}</w:txbxContent>"
    old = f'<w:pict><v:shape id="s1"><v:textbox>{inner}</v:textbox></v:shape></w:pict>'
    new_ = (
        '<w:drawing><wp:anchor><wp:extent cx="1" cy="1"/><wp:docPr id="7" name="文本框"/><a:graphic><a:graphicData'
        f' uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:txbx>{inner}</wps:txbx></wps:wsp>'
        "</a:graphicData></a:graphic></wp:anchor></w:drawing>"
    )
    both = f"<mc:AlternateContent><mc:Choice Requires='wps'>{new_}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
    return f"<w:r>{old if is_old else both}</w:r>"


def chart(kind: str = "drawingml/2006/chart", name: str = 'name="图表 3" descr="月产能"') -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="1" cy="1"/><wp:docPr id="3" {name}/><a:graphic><a:graphicData'
        f' uri="http://schemas.openxmlformats.org/{kind}"/></a:graphic></wp:inline></w:drawing></w:r>'
    )


def add_article(document: Any, title: str, body: Sequence[str], **options: Any) -> Any:
    heading = document.add_paragraph(title, **options)
    for line in body:
        document.add_paragraph(line)
    return heading


def add_part(document: Any, name: str, xml: str) -> None:
    """Adds the part `word/NAME.xml`, as footnotes are one."""
    kind = getattr(RELATIONSHIP_TYPE, name.upper())
    content_type = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml"
    part = Part(PackURI(f"/word/{name}.xml"), content_type, xml.encode(), document.part.package)
    document.part.relate_to(part, kind)


def content(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_document(document: Any, change: Callable[[str], str]) -> bytes:
    """The file with its main part changed as text."""
    old, out = zipfile.ZipFile(io.BytesIO(content(document))), io.BytesIO()
    with old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in old.namelist():
            part = old.read(name)
            package.writestr(name, change(part.decode()) if name == "word/document.xml" else part)
    return out.getvalue()


def read(document: Any) -> Week:
    [week] = read_weeks("w.docx", content(document))
    return week


def assert_front(week: Week) -> None:
    assert (week.title, week.start_date, week.end_date) == (TITLE, dt.date(2025, 6, 9), dt.date(2025, 6, 13))


def assert_week(week: Week) -> None:
    assert_front(week)
    assert [article.title for article in week.articles] == TITLES
    for article, (_, lines) in zip(week.articles, WEEK, strict=True):
        for line in lines:
            assert line in article.body


def codes(week: Week) -> list[str]:
    return [warning.code for warning in week.warnings]


def typed_week(**options: Any) -> Any:
    """The week with its numbers typed; a paragraph to work on follows the first article."""
    document = new(**options)
    for at, (title, body) in enumerate(WEEK, 1):
        add_article(document, f"{at}. {title}", body)
        if at == 1:
            document.add_paragraph("").style = document.styles["Normal"]
    return document


def spare(document: Any) -> Any:
    return next(paragraph for paragraph in document.paragraphs if not paragraph.text)
