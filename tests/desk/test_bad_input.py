"""Bad input at the desk is cleaned, or refused with a message, and the desk stays as it was."""

from __future__ import annotations

import io
import zipfile
import zlib
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from archive.models import Issue
from desk.models import Desk, DeskImage
from desk.opening import MAX_CHARACTERS, MAX_LINES
from tests.archive.makers import TEXT, TITLES, data_uri, html_week, image_bytes, rezip, save_docx
from tests.desk.conftest import URL, Editor, said

SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:v="urn:schemas-microsoft-com:vml"><head>
<meta name=Generator content="Microsoft Word 15"><!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View>
</w:WordDocument></xml><![endif]--><style><!-- p.MsoNormal {margin:0cm;mso-pagination:widow-orphan;} --></style></head>
<body lang=ZH-CN style='tab-interval:21.0pt'><!--StartFragment-->
<p class=MsoTitle align=center><b><span style='font-size:22.0pt;font-family:黑体;mso-hansi-theme-font:minor'>芯片一周记<o:p></o:p></span></b></p>
<p class=MsoNormal><span lang=EN-US>2025.4.7-2025.4.11<o:p></o:p></span></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><b><span lang=EN-US style='mso-list:Ignore'>1.<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></b><![endif]><b>台积电扩建先进封装产线</b></p>
<p class=MsoNormal>产能<b style='mso-bidi-font-weight:normal'>翻
倍</b>，见<a href="https://example.org/a?utm_source=w" onclick="x()">报道</a>。<span style='display:none;mso-hide:all'>隐藏的字</span>
<v:shape id="_x0000_i1025" style='width:10pt'><v:imagedata src="file:///C:/Temp/clip_image001.png" o:href="cid:x"/></v:shape></p>
<p class=MsoNormal><![if !vml]><img width=300 height=200 src="file:///C:/Users/x/AppData/Temp/clip_image002.png" v:shapes="a"><![endif]></p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse;mso-yfti-tbllook:1184'><tr style='mso-yfti-irow:0'><td width=277
style='width:207.4pt'><p class=MsoNormal>年份<o:p></o:p></p></td><td><p class=MsoNormal>产能</p></td></tr><tr><td><p>2025</p></td><td><p>7万</p></td></tr></table>
<p class=MsoListParagraph><b><span style='mso-list:Ignore'>2.<span>&nbsp; </span></span>三星调整存储芯片报价</b></p>
<p class=MsoNormal>上调一成。</p><!--EndFragment--></body></html>"""


def refused(editor: Editor, response: object) -> str:
    """The refusal; the desk is as empty as before."""
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert not Desk.objects.exists()
    assert not DeskImage.objects.exists()
    words = said(response)  # type: ignore[arg-type]
    assert "请" in words
    return words


def test_words_worst_html_keeps_its_meaning_only(editor: Editor) -> None:
    editor.paste(text="芯片一周记", html=WORD)
    assert editor.titles == list(TITLES[:2])
    text, missing, table = editor.state.cards[0].paragraphs
    assert text.html == (
        '<p>产能<strong>翻倍</strong>，见<a href="https://example.org/a?utm_source=w" rel="noopener nofollow">报道</a>。</p>'
    )
    assert "不在这个文件里" in missing.missing
    assert table.text.split() == ["年份", "产能", "2025", "7万"]
    everything = str(editor.desk.origin) + editor.page()
    for dress in ("mso-", "MsoNormal", "clip_image", "隐藏的字", "onclick", "o:p"):
        assert dress not in everything


@pytest.mark.parametrize(
    "dirt",
    [
        '<p onmouseover="alert(1)" style="background:url(javascript:alert(1))">新厂</p>',
        '<p>新厂</p><img src=x onerror="alert(1)">',
        "<p>新厂</p><script>alert(1)</script><iframe src='javascript:alert(1)'></iframe>",
        f"<p>新厂</p>{SVG}",
        '<p>新厂<a href="javascript:alert(1)">点</a></p>',
        '<p>新厂</p><img src="https://track.example/p.gif?u=alert(1)" width=1 height=1>',
    ],
)
def test_scripts_and_tracking_do_not_come_in(editor: Editor, dirt: str) -> None:
    editor.paste(html=html_week(first_body=dirt))
    assert editor.texts(0)[0].startswith("新厂")
    stored = str([paragraph.html for paragraph in editor.state.cards[0].paragraphs])
    assert not any(poison in stored for poison in ("alert", "script", "svg", "http", "style", "onerror"))
    assert 'src="https://' not in editor.page()


@pytest.mark.parametrize("name", ["周报.docx", "周报.doc", "周报.exe", "周报", "周报.pdf", "周报.json"])
def test_a_file_with_the_wrong_ending_is_refused(editor: Editor, name: str) -> None:
    refused(editor, editor.upload(name, TEXT.encode()))


def test_a_zip_bomb_is_refused(editor: Editor, tmp_path: Path) -> None:
    good = save_docx(tmp_path / "good.docx")
    bomb = rezip(good, tmp_path / "bomb.docx", changed={"word/document.xml": b" " * 60 * 1024**2})
    assert "MB" in refused(editor, editor.upload("周报.docx", bomb.read_bytes()))


def test_external_entities_are_refused(editor: Editor, tmp_path: Path) -> None:
    good = save_docx(tmp_path / "good.docx")
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    bad = rezip(good, tmp_path / "bad.docx", changed={"word/document.xml": evil})
    assert "这个 Word 文件不正常" in refused(editor, editor.upload("周报.docx", bad.read_bytes()))


def test_a_zip_that_only_looks_like_a_word_file_is_refused(editor: Editor) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("week.txt", TEXT)
    assert "不是 Word 文件" in refused(editor, editor.upload("周报.docx", out.getvalue()))


def test_an_empty_file_and_an_empty_box_are_refused(editor: Editor) -> None:
    assert "空的" in refused(editor, editor.upload("周报.txt", b""))
    assert "还没有内容" in refused(editor, editor.paste(text=""))
    assert "没有文字" in refused(editor, editor.paste(text="\u200b \n", html="<p>&nbsp;</p>"))


def test_a_paste_that_is_no_week_is_refused_and_stays_in_the_box(editor: Editor) -> None:
    text = "芯片。\n" * (MAX_CHARACTERS // 4 + 1)
    response = editor.paste(text=text)
    assert "最多 50 万字" in refused(editor, response)
    assert text[:5000] in unescape(response.content.decode())


def test_twenty_megabytes_of_markup_are_refused_and_the_text_stays(editor: Editor) -> None:
    response = editor.paste(text=TEXT, html="<p>芯</p>" * 2_000_000)
    assert "MB" in refused(editor, response)
    assert TITLES[1] in response.content.decode()


def test_a_refused_paste_leaves_what_lies_on_the_desk(editor: Editor) -> None:
    editor.paste()
    response = editor.paste(text="", html="<div>" * 1000)
    assert response.status_code == 422
    assert editor.titles == list(TITLES)


def bomb() -> bytes:
    """A small PNG that says it has 30,000 × 30,000 pixels."""
    data = bytearray(image_bytes(1, 1))
    data[16:24] = (30_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


def test_an_image_bomb_in_a_paste_is_refused(editor: Editor) -> None:
    html = html_week(first_body=f'<p>看图：</p><img src="{data_uri(bomb())}">')
    assert "第 1 张图" in refused(editor, editor.paste(html=html))


@pytest.mark.parametrize(
    "data", [SVG.encode(), bomb(), b"", b"GIF89a", TEXT.encode()], ids=["svg", "bomb", "empty", "cut", "text"]
)
def test_what_is_no_picture_is_refused_as_a_figure(editor: Editor, data: bytes) -> None:
    editor.paste()
    before = editor.state
    target = before.cards[0].paragraphs[0].key
    response = editor.client.post(
        f"{URL}figure/", {"after": target, "image": SimpleUploadedFile("图.png", data)}, follow=True
    )
    assert "请" in said(response)
    assert editor.state == before
    assert not DeskImage.objects.exists()


def test_more_lines_than_a_page_can_hold_are_refused(editor: Editor) -> None:
    assert f"最多 {MAX_LINES} 段" in refused(editor, editor.paste(text="短行\n" * (MAX_LINES + 1)))


@pytest.mark.parametrize(
    ("html", "complaint"),
    [("<p>短</p>" * (MAX_LINES + 1), f"最多 {MAX_LINES} 段"), ("<div>" * 300 + "深", "嵌套超过 200 层")],
    ids=["lines", "depth"],
)
def test_an_edited_text_over_the_limits_is_refused_and_the_desk_is_as_it_was(
    editor: Editor, html: str, complaint: str
) -> None:
    editor.paste()
    before = editor.state
    data = {"target": str(before.cards[0].key), "html": html}
    assert complaint in said(editor.client.post(f"{URL}text/", data, follow=True))
    assert editor.state == before


def test_more_pixels_than_can_be_read_in_time_are_refused(editor: Editor) -> None:
    picture = f'<img src="{data_uri(image_bytes(3400, 3300))}">'
    assert "一次最多" in refused(editor, editor.paste(html=html_week(first_body=picture * 9 + "<p>图。</p>")))


def test_nothing_of_all_this_is_an_issue(editor: Editor) -> None:
    editor.paste(text=TEXT, html=WORD)
    assert not Issue.objects.exists()


def test_a_form_from_another_site_is_refused(editor: Editor) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor.user)
    assert strict.post(f"{URL}open/", {"text": TEXT}).status_code == 403
    assert not Desk.objects.exists()


def test_more_than_a_request_can_hold_is_refused_in_words(editor: Editor) -> None:
    response = editor.client.post(f"{URL}open/", {"text": "x" * (26 * 1024**2)})
    assert response.status_code == 400
    assert "请点浏览器的“后退”" in response.content.decode()
    assert not Desk.objects.exists()
