"""Files of every kind come to the desk, one week at a time; what can not be read says the shortest way."""

from __future__ import annotations

import json

import pytest

from archive.models import Figure, Issue
from desk.models import Desk
from tests.archive.makers import BODIES, JSON, TEXT, TITLES, data_uri, html_week, image_bytes, table, zipped
from tests.archive.pdf_maker import Layout, Maker
from tests.desk.conftest import Editor, said


def pdf() -> bytes:
    maker = Maker(Layout(columns=2, head="内部参考"))
    maker.title("芯片一周记")
    maker.paragraph("2025.4.7-2025.4.11")
    for number, (title, body) in enumerate(zip(TITLES, BODIES, strict=True), 1):
        maker.heading(f"{number}. {title}")
        for line in body.split("\n"):
            maker.paragraph(line)
    return maker.data()


COLUMNS = ("标题", "文章内容")
PAGE = html_week(first_body='<p>甲。</p><img src="周报_files/1.png">')
BODY = TEXT.split("\n", 1)[1]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("周报.pdf", pdf()),
        ("周报.xlsx", table(COLUMNS, ("芯片一周记", BODY))),
        ("周报.zip", zipped({"周报.html": PAGE, "周报_files/1.png": image_bytes()})),
        ("周报.json", json.dumps(JSON).encode()),
        ("周报", html_week().encode()),
    ],
)
def test_a_file_of_every_kind_is_read(editor: Editor, name: str, data: bytes) -> None:
    assert said(editor.upload(name, data)) == "已拆好：3 篇文章。请看一遍，改好再保存。"
    assert editor.titles == list(TITLES)
    assert editor.state.title == "芯片一周记"


def test_a_json_week_is_stored_from_the_desk_with_its_figures_where_they_were(editor: Editor) -> None:
    html = '<p>甲。</p><figure><img src="figure:0" alt="产能"></figure>'
    articles = [
        {"title": title, "html": html, "figures": [data_uri(image).split(",")[1]]}
        for title, image in {"一": image_bytes(30, 20), "二": image_bytes(50, 40)}.items()
    ]
    editor.upload("w.json", json.dumps({**JSON, "introduction": "导语。", "articles": articles}).encode())
    editor.post("store", how="draft")
    issue = Issue.objects.get()
    assert issue.introduction == "导语。"
    assert [
        (figure.article.title, figure.width) for figure in Figure.objects.order_by("article__position")
    ] == [
        ("一", 30),
        ("二", 50),
    ]


@pytest.mark.parametrize(
    ("name", "data", "complaint"),
    [
        ("w.zip", zipped({"1.txt": TEXT, "2.txt": TEXT}), "w.zip 里有不止一期（w.zip/1.txt、w.zip/2.txt …）"),
        ("w.xlsx", table(COLUMNS, ("芯片一周记", BODY), ("芯片二周记", BODY)), "里有不止一期"),
        ("w.json", json.dumps([JSON, JSON]).encode(), "有 2 期，导入台一次读一期"),
        ("w.zip", zipped({"a/b.zip": zipped({"1.txt": TEXT})}), "压缩包里还有压缩包"),
        ("w.doc", b"\xd0\xcf\x11\xe0", "请打开它，全选复制，粘贴到“导入一期”里"),
        ("w.rar", b"Rar!\x1a\x07", "请先解压"),
        ("w.jpg", image_bytes(), "提取文字"),
        ("w.pdf", Maker().data(), "里没有文字"),
    ],
)
def test_what_can_not_be_read_is_refused_with_what_to_do(
    editor: Editor, name: str, data: bytes, complaint: str
) -> None:
    response = editor.upload(name, data)
    assert response.status_code == 422
    assert complaint in said(response)
    assert "请" in said(response)
    assert not Desk.objects.exists()
