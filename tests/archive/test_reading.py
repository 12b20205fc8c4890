"""A file becomes weeks, whatever its kind and encoding; what is not what it says is refused by name and place."""

from __future__ import annotations

import codecs
import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.reading import MAX_BYTES, MAX_LARGE_BYTES, read_file
from archive.reading.jsonweeks import from_json
from archive.reading.text import decode
from archive.refusal import ImportRefused
from archive.week import Week, WeekArticle, to_json
from tests.archive.makers import BODIES, JSON, TEXT, TITLES, html_week, image_bytes, save_docx


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ImportRefused) as refused:
        read_file(path)
    return str(refused.value)


def assert_golden(week: Week) -> None:
    assert week.title == "芯片一周记"
    assert (week.start_date, week.end_date) == (dt.date(2025, 4, 7), dt.date(2025, 4, 11))
    assert tuple(article.title for article in week.articles) == TITLES


# --- Every kind of file --------------------------------------------------------------------------------

MARKDOWN = (
    TEXT.replace("芯片一周记", "# 芯片一周记")
    .replace("\n1. ", "\n\n## 1. ")
    .replace("\n2. ", "\n\n## 2. ")
    .replace("\n3. ", "\n\n## 3. ")
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("w.txt", TEXT),
        ("w.TXT", TEXT),
        ("w.md", TEXT),
        ("w.md", MARKDOWN),
        ("w.html", html_week()),
        ("w.htm", html_week()),
        ("w.json", json.dumps(JSON)),
        ("w.json", json.dumps([JSON], ensure_ascii=False, indent=2)),
        ("w.jsonl", json.dumps(JSON, ensure_ascii=False) + "\n\n"),
    ],
)
def test_every_kind_of_file_gives_the_golden_week(tmp_path: Path, name: str, content: str) -> None:
    [week] = read_file(write(tmp_path / name, content))
    assert_golden(week)
    assert tuple(article.body for article in week.articles) == BODIES
    assert week.warnings == ()


@pytest.mark.parametrize("bold_headings", [False, True])
def test_word_file_gives_the_golden_week_with_table_list_and_picture(
    tmp_path: Path, bold_headings: bool
) -> None:
    path = save_docx(tmp_path / "w.docx", bold_headings=bold_headings, image=image_bytes())
    [week] = read_file(path)
    assert_golden(week)
    html = week.articles[0].html
    assert '<figure><img src="figure:0"' in html
    assert "<td>7.5万片</td>" in html
    assert "<ul><li>小客户</li><li>大客户</li></ul>" in html
    assert html.index("figure:0") < html.index("<table>") < html.index("<ul>")
    assert list(week.articles[0].images) == ["figure:0"]
    assert week.articles[1].images == {}


@pytest.mark.parametrize("path", [path for path in [Path("../shared/sample_week.txt")] if path.exists()])
def test_real_week_gives_ten_articles(path: Path) -> None:
    [week] = read_file(path)
    assert (week.start_date, week.end_date, len(week.articles)) == (
        dt.date(2025, 3, 17),
        dt.date(2025, 3, 21),
        10,
    )


FRONT = """---
{title}: "芯片一周记"
{date}: 2025-04-12
{author}: 王小明
{url}: https://a.example/1
tags: [a, b]
---
"""


@pytest.mark.parametrize("name", ["w.md", "w.txt"])
@pytest.mark.parametrize(
    "names",
    [
        {"title": "title", "date": "date", "author": "author", "url": "link"},
        {"title": "标题", "date": "日期", "author": "作者", "url": "原文链接"},
    ],
    ids=["english", "chinese"],
)
def test_front_matter_gives_what_the_text_lacks(tmp_path: Path, name: str, names: dict[str, str]) -> None:
    text = TEXT.split("\n", 2)[2]
    [week] = read_file(write(tmp_path / name, FRONT.format(**names) + text))
    assert (week.title, week.end_date) == ("芯片一周记", dt.date(2025, 4, 12))
    assert (week.columnist, week.source_url) == ("王小明", "https://a.example/1")
    assert tuple(article.body for article in week.articles) == BODIES
    [week] = read_file(write(tmp_path / name, FRONT.format(**names) + TEXT))
    assert week.end_date == dt.date(2025, 4, 11)


# --- Encodings -----------------------------------------------------------------------------------------

ENCODINGS = {
    "utf-8": TEXT.encode(),
    "utf-8 with mark": TEXT.encode("utf-8-sig"),
    "gb18030": TEXT.encode("gb18030"),
    "gbk": TEXT.encode("gbk"),
    "utf-16 le with mark": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf-16 be with mark": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "utf-16 le": TEXT.encode("utf-16-le"),
    "utf-16 be": TEXT.encode("utf-16-be"),
    "crlf": TEXT.replace("\n", "\r\n").encode(),
    "cr": TEXT.replace("\n", "\r").encode(),
    "gb18030 crlf": TEXT.replace("\n", "\r\n").encode("gb18030"),
    "utf-16 crlf": TEXT.replace("\n", "\r\n").encode("utf-16"),
}


@pytest.mark.parametrize("content", ENCODINGS.values(), ids=ENCODINGS.keys())
def test_text_is_read_in_every_encoding_of_chinese_windows(tmp_path: Path, content: bytes) -> None:
    [week] = read_file(write(tmp_path / "w.txt", content))
    assert_golden(week)
    assert tuple(article.body for article in week.articles) == BODIES


@given(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1),
    st.sampled_from(["utf-8", "gb18030", "utf-16"]),
)
def test_chinese_text_comes_back_as_it_was(text: str, encoding: str) -> None:
    line = f"半导体产业链上的公司本周公布了季度业绩，市场反应平淡。\n{text}"
    assert decode(line.encode(encoding)) == line


def test_page_is_read_in_the_encoding_that_it_declares(tmp_path: Path) -> None:
    page = html_week().replace("utf-8", "big5").replace("台积电扩建先进封装产线", "台積電擴建先進封裝產線")
    page = page.replace("芯片一周记", "晶片一周").replace("charset=big5", 'charset="big5"')
    content = page.encode("big5", "ignore")
    [week] = read_file(write(tmp_path / "w.html", content))
    assert week.articles[0].title == "台積電擴建先進封裝產線"


# --- What is turned away -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["w.txt", "w.md", "w.html", "w.docx", "w.json", "w.jsonl"])
@pytest.mark.parametrize("content", [b"", b"\n \r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_empty_file_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    assert f"{name}: 文件是空的。请" in refusal(write(tmp_path / name, content))


@pytest.mark.parametrize(
    ("name", "size", "most"),
    [
        *((name, 50, MAX_BYTES) for name in ("w.txt", "w.md", "w.html", "w.docx")),
        *((name, 250, MAX_LARGE_BYTES) for name in ("w.json", "w.jsonl")),  # a whole archive, exported
    ],
)
def test_file_of_50_mb_is_refused_before_it_is_read(tmp_path: Path, name: str, size: int, most: int) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(size * 1024**2)
    message = refusal(path)
    assert message == f"{path}: 文件有 {size}.0 MB，最多 {most // 1024**2} MB。请压缩图片，或分成几个文件"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04rest", "压缩包"),
        (bytes(range(256)) * 40, "文字读不出来"),
        (b"\x01\x02\x03\x04\x05" * 50, "文字读不出来"),
        (TEXT.encode() + b"\0", "文字读不出来"),
        (TEXT.encode("utf-16") + "\0".encode("utf-16-le"), "文字读不出来"),
    ],
)
def test_file_that_is_not_text_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    message = refusal(write(tmp_path / "w.txt", content))
    assert "w.txt:" in message
    assert "这不是文本" in message or "读不出来" in message
    assert reason in message
    assert "请" in message


def test_damaged_utf8_is_refused_with_its_line_and_not_read_as_gb18030(tmp_path: Path) -> None:
    content = TEXT.encode()
    third_line = content.index("台积电计划".encode())
    damaged = content[: third_line + 1] + content[third_line + 2 :]
    assert "w.txt:4: 这个文件的文字读不出来。请" in refusal(write(tmp_path / "w.txt", damaged))


@pytest.mark.parametrize("name", ["w", "w.exe"])
def test_unknown_kind_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    message = refusal(write(tmp_path / name, TEXT))
    assert f"不认识的文件类型 {Path(name).suffix or '（没有扩展名）'}，能导入 .txt .md" in message
    assert "全选复制，粘贴" in message


@pytest.mark.parametrize(
    ("name", "content", "kind", "remedy"),
    [
        ("w.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版或加了密码的 Office 文件", "全选复制，粘贴到“导入一期”里；或另存为 .docx"),
        ("w.wps", TEXT.encode(), "旧版或加了密码的 Office 文件", "全选复制，粘贴"),
        ("周报", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版或加了密码的 Office 文件", "全选复制，粘贴"),
        ("w.docx", b"{\\rtf1\\ansi}", " RTF 文件", "全选复制，粘贴"),
        ("w.docm", TEXT.encode(), "启用宏的 Word 文件", "另存为“Word 文档（.docx）”"),
        ("w.pages", TEXT.encode(), " Pages 文稿", "全选复制，粘贴"),
        ("w.eml", TEXT.encode(), "邮件", "全选复制，粘贴"),
        ("w.rar", b"Rar!\x1a\x07", " RAR 压缩包", "请先解压"),
        ("w.zip", b"7z\xbc\xaf\x27\x1c", " 7z 压缩包", "请先解压"),
        ("w.txt", b"\x1f\x8b\x08", "压缩包", "请先解压"),
        ("w.txt", image_bytes(), "图片", "提取文字"),
        ("w.jpg", image_bytes(image_format="JPEG"), "图片", "提取文字"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_refused_with_the_shortest_way(
    tmp_path: Path, name: str, content: bytes, kind: str, remedy: str
) -> None:
    message = refusal(write(tmp_path / name, content))
    assert f"{name}: 这是{kind}" in message
    assert remedy in message


@pytest.mark.parametrize("name", ["周报", "w.htm", "w.doc", "w.mp4", "w.txt"])
def test_a_page_is_read_under_any_name(tmp_path: Path, name: str) -> None:
    [week] = read_file(write(tmp_path / name, html_week()))
    assert_golden(week)


@pytest.mark.parametrize("name", ["周报", "w.doc", "w.zip", "w.txt", "w.md", "w.html"])
def test_a_word_file_is_read_under_any_name(tmp_path: Path, name: str) -> None:
    [week] = read_file(save_docx(tmp_path / "w.docx").rename(tmp_path / name))
    assert_golden(week)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.txt") == f"{tmp_path / 'gone.txt'}: 找不到这个文件。请核对路径"


# --- JSON ----------------------------------------------------------------------------------------------

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
weeks = st.builds(
    Week,
    title=texts,
    start_date=st.none() | st.dates(),
    end_date=st.none() | st.dates(),
    articles=st.lists(st.builds(WeekArticle, title=texts, body=texts, source=texts, source_url=texts)).map(
        tuple
    ),
    columnist=texts,
    introduction=texts,
    sign_off=texts,
    source_url=texts,
)


@given(weeks)
def test_week_written_as_json_is_read_back_the_same(week: Week) -> None:
    assert from_json(json.loads(json.dumps(to_json(week), ensure_ascii=False))) == week


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ("[1]", "应是一个 JSON 对象"),
        ("[]", "列表是空的"),
        ('{"title": 3}', "字段 title 应是文字"),
        ('{"title": "x", "articles": {}}', "字段 articles 应是列表"),
        ('{"articles": ["x"]}', "字段 articles[0] 应是对象"),
        ('{"articles": [{"title": "a"}, {"body": []}]}', "字段 articles[1].body 应是文字"),
        ('{"start_date": "3月17日"}', "字段 start_date 不是日期：'3月17日'。请写成"),
        ('{"end_date": 20250321}', "字段 end_date 不是日期"),
        ('{"title": NaN}', "不能有 NaN"),
        ("[" * 100_000, "嵌套太深"),
    ],
)
def test_json_of_the_wrong_shape_is_refused_by_the_name_of_the_field(
    tmp_path: Path, data: str, complaint: str
) -> None:
    assert complaint in refusal(write(tmp_path / "w.json", data))


def test_broken_json_is_refused_with_its_line(tmp_path: Path) -> None:
    assert "w.json:2: 不是合格的 JSON" in refusal(
        write(tmp_path / "w.json", '{"title": "a",\n "articles": [}')
    )


def test_broken_line_of_jsonl_is_refused_with_its_line(tmp_path: Path) -> None:
    good = json.dumps(JSON)
    assert "w.jsonl:3: 字段 title 应是文字" in refusal(
        write(tmp_path / "w.jsonl", f'{good}\n\n{{"title": []}}\n')
    )


def test_unknown_json_field_is_a_warning_and_not_lost_in_silence(tmp_path: Path) -> None:
    [week] = read_file(write(tmp_path / "w.json", json.dumps({**JSON, "colunmist": "甲", "warnings": []})))
    assert [(warning.code, "colunmist" in warning.message) for warning in week.warnings] == [
        ("field-unknown", True)
    ]
