"""HTML and Markdown become lines with clean HTML; what is hidden, active or elsewhere does not come in."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.reading import read_file
from archive.reading.html import read_html
from archive.reading.markdown import read_markdown
from archive.refusal import ImportRefused
from tests.archive.makers import data_uri, html_week, image_bytes


def texts(html: str) -> list[str]:
    return [line.text for line in read_html(html).lines]


def htmls(html: str) -> list[str]:
    return [line.html or "" for line in read_html(html).lines]


# --- What stays ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>昇腾<b>910C</b></p>", ["<p>昇腾<strong>910C</strong></p>"]),
        ("<p><span style='font-weight: 700'>量产</span>在即</p>", ["<p><strong>量产</strong>在即</p>"]),
        ("<p>第一行<br>第二行</p>", ["<p>第一行</p>", "<p>第二行</p>"]),
        ("<p><b>标题<br></b>正文</p>", ["<p><strong>标题</strong></p>", "<p>正文</p>"]),
        ("<p><b>甲<br>乙</b>丙</p>", ["<p><strong>甲</strong></p>", "<p><strong>乙</strong>丙</p>"]),
        ("<h3>供需</h3>", ["<h3>供需</h3>"]),
        ("<div>散<div>文</div>字</div>", ["<p>散</p>", "<p>文</p>", "<p>字</p>"]),
        ("<p>没有<p>结尾", ["<p>没有</p>", "<p>结尾</p>"]),
        ("<p>1 &lt; 2 &amp; 3</p>", ["<p>1 &lt; 2 &amp; 3</p>"]),
        ("<p>先进\n封装 and\n  test</p>", ["<p>先进封装 and test</p>"]),
        (
            "<ul><li>甲</li><li>乙 <ul><li>丙</ul></ul>",
            ["<ul><li>甲</li><li>乙<ul><li>丙</li></ul></li></ul>"],
        ),
        (
            "<ol start=3><li>甲</li><li>乙</li></ol>",
            ['<ol start="3"><li>甲</li></ol>', '<ol start="4"><li>乙</li></ol>'],
        ),
        (
            "<table><tr><th>年<td><p>产能</p></tr></table>",
            ["<table><tbody><tr><th>年</th><td>产能</td></tr></tbody></table>"],
        ),
        ("<table><tr><td>整页套在一格里</td></tr></table>", ["<p>整页套在一格里</p>"]),
        (
            "<a href='https://a.example/?b&amp;c'>原文</a>",
            ['<p><a href="https://a.example/?b&amp;c">原文</a></p>'],
        ),
        ("<p><a href='#top'>回</a><a href='/x'>站</a><a href='javascript:x()'>点</a></p>", ["<p>回站点</p>"]),
        ("<p>H<sub>2</sub>O</p>", ["<p>H<sub>2</sub>O</p>"]),
        ("<blockquote><p>他说</p></blockquote>", ["<blockquote>他说</blockquote>"]),
    ],
)
def test_meaning_is_kept_and_dress_is_not(html: str, expected: list[str]) -> None:
    assert htmls(html) == expected


def test_levels_and_bold_lines_are_told_to_the_parser() -> None:
    lines = read_html(
        "<h2>甲</h2><p><strong>乙</strong></p><p><b>丙</b>丁</p><p style='font-weight:bold'>戊</p>"
    ).lines
    assert [(line.level, line.is_bold) for line in lines] == [(2, False), (0, True), (0, False), (0, True)]


def test_number_is_that_of_the_paragraph_and_empty_ones_count() -> None:
    html = "<p>一</p><p>&nbsp;</p><p><br></p><div><p>四</p></div><p>五<br><br>七</p>"
    assert [(line.number, line.text) for line in read_html(html).lines] == [
        (1, "一"),
        (4, "四"),
        (5, "五"),
        (7, "七"),
    ]


def test_lists_of_one_count_on_as_word_shows_them() -> None:
    lines = read_html("<ol><li><b>台积电</b></li></ol><p>正文。</p><ol><li>三星</li></ol>").lines
    assert [line.text for line in lines] == ["1. 台积电", "正文。", "2. 三星"]
    assert [line.is_bold for line in lines] == [True, False, False]


# --- What does not come in -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        "<script>坏</script><p>好</p>",
        "<style>坏</style><p>好</p>",
        "<p style='display: none'>坏</p><p>好</p>",
        "<div style='DISPLAY:NONE'><p>坏</p></div><p>好</p>",
        "<p hidden>坏</p><p>好</p>",
        "<p>好<span style='mso-hide:all'>坏</span></p>",
        "<!-- 坏 --><p>好</p>",
        "<p onclick='坏()'>好</p>",
        "<iframe src=x>坏</iframe><p>好</p>",
        "<svg><text>坏</text></svg><p>好</p>",
        "<ul style='display:none'><li>坏</li><li>坏</li></ul><p>好</p>",
        "<title>坏</title><p>好</p>",
    ],
)
def test_scripts_and_hidden_text_do_not_come_in(html: str) -> None:
    assert texts(html) == ["好"]
    assert "坏" not in "".join(htmls(html))


def test_saved_wechat_page_gives_its_article_and_not_its_buttons() -> None:
    html = (
        '<div id="page"><h1 id="activity-name">芯片一周记</h1><p>微信号</p>'
        '<div id="js_content" style="visibility: hidden;"><section><p><span>正文</span></p></section></div>'
        "<p>预览时标签不可点</p></div>"
    )
    assert texts(html) == ["芯片一周记", "正文"]


@pytest.mark.parametrize(
    ("image", "code", "says"),
    [
        ('<img src="https://mmbiz.qpic.cn/a.png">', "figure-remote", "mmbiz.qpic.cn"),
        (
            f'<img data-src="http://a.example/b" src="{data_uri(image_bytes(1, 1))}">',
            "figure-remote",
            "a.example",
        ),
        ('<img src="week_files/a.png">', "figure-remote", "不在这个文件里"),
        ('<img src="cid:abc">', "figure-remote", "不在这个文件里"),
        ('<img src="data:image/svg+xml;utf8,<svg/>">', "figure-unsupported", "PNG"),
        ('<img src="data:image/x-emf;base64,AAAA">', "figure-unsupported", "PNG"),
        ('<img src="data:image/png;base64,?!">', "figure-unsupported", "PNG"),
    ],
)
def test_image_that_did_not_come_along_is_a_warning_with_its_place(image: str, code: str, says: str) -> None:
    reading = read_html(f"<p>一</p><p>二</p>{image}<p>三</p>")
    assert [(warning.line, warning.code) for warning in reading.warnings] == [(3, code)]
    assert says in reading.warnings[0].message
    assert reading.images == {}
    assert "img" not in "".join(line.html or "" for line in reading.lines)


def test_image_that_came_along_is_a_figure_in_its_place() -> None:
    picture = image_bytes()
    reading = read_html(
        f'<p>一</p><figure><img src="{data_uri(picture)}" alt="产能&quot;图"><figcaption>图1 产能</figcaption></figure>'
        f'<p>二<img src="{data_uri(picture)}">三</p>'
    )
    assert [line.html for line in reading.lines] == [
        "<p>一</p>",
        '<figure><img src="figure:0" alt="产能&quot;图"><figcaption>图1 产能</figcaption></figure>',
        "<p>二</p>",
        '<figure><img src="figure:1" alt=""></figure>',
        "<p>三</p>",
    ]
    assert reading.images == {"figure:0": picture, "figure:1": picture}
    assert reading.warnings == ()


def test_image_with_a_made_up_name_is_not_an_image() -> None:
    assert read_html('<p>一</p><img src="figure:9">').images == {}


# --- What would take for ever --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        "<table><tr><td>" * 500,
        "<span title='</span>'>" * 300,
        "<ul><li>" * 300,
        "<blockquote>" * 300,
    ],
    ids=["nested", "tables", "closed only in an attribute", "lists", "quotations"],
)
def test_deep_nesting_is_refused_at_once(tmp_path: Path, html: str) -> None:
    path = tmp_path / "deep.html"
    path.write_text(f"<p>x</p>\n{html}")
    with pytest.raises(ImportRefused, match=r"deep\.html:2: 网页代码嵌套超过 200 层。请"):
        read_file(path)


def test_page_of_more_than_2_mb_is_refused_but_images_do_not_count(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"网页代码有 3.0 MB（图片不算），最多 2 MB。请"):
        read_html("x" * 3 * 1024**2)
    uri = f"data:image/png;base64,{'A' * 3 * 1024**2}"
    assert len(read_html(f'<p>一</p><img src="{uri}">').images["figure:0"]) == 3 * 1024**2 * 3 // 4


def test_page_with_a_million_ampersands_is_read() -> None:
    assert texts("&" * 1_000_000) == ["&" * 1_000_000]


def test_page_full_of_svg_is_not_deep() -> None:
    assert texts("<svg>" + "<path d='m'/>" * 1000 + "</svg><p>好</p>") == ["好"]


# --- Markdown ------------------------------------------------------------------------------------------


def test_markdown_keeps_lists_tables_bold_links_and_line_numbers() -> None:
    text = (
        "# 芯片一周记\n"
        "2025.4.7-2025.4.11\n"
        "\n"
        "## 1. 台积电**扩产**\n"
        "产能[翻倍](https://example.com/a)，见*下*。\n"
        "- 嘉义\n"
        "- 台南\n"
        "  - 一厂\n"
        "\n"
        "| 年 | 产能 |\n"
        "|----|-----|\n"
        "| 2025 | 7.5万 |\n"
        "\n"
        "> 他说\n"
        "<script>x</script>\n"
    )
    lines = read_markdown(text).lines
    assert [(line.number, line.html) for line in lines] == [
        (1, "<h1>芯片一周记</h1>"),
        (2, "<p>2025.4.7-2025.4.11</p>"),
        (4, "<h2>1. 台积电<strong>扩产</strong></h2>"),
        (5, '<p>产能<a href="https://example.com/a">翻倍</a>，见<em>下</em>。</p>'),
        (6, "<ul><li>嘉义</li></ul>"),
        (7, "<ul><li>台南<ul><li>一厂</li></ul></li></ul>"),
        (
            10,
            "<table><thead><tr><th>年</th><th>产能</th></tr></thead>"
            "<tbody><tr><td>2025</td><td>7.5万</td></tr></tbody></table>",
        ),
        (14, "<blockquote>他说</blockquote>"),
        (15, "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
    ]
    assert [line.text for line in lines[4:6]] == ["- 嘉义", "- 台南 一厂"]
    assert lines[2].text == "1. 台积电扩产"
    assert lines[2].level == 2


def test_markdown_warns_at_the_line_of_a_remote_image() -> None:
    reading = read_markdown("# 甲\n\n文字。\n![图](https://a.example/b.png)\n")
    assert [(warning.line, warning.code) for warning in reading.warnings] == [(4, "figure-remote")]


def test_markdown_images_that_came_along_keep_their_own_names() -> None:
    one, two = image_bytes(colour="red"), image_bytes(colour="blue")
    reading = read_markdown(f"![a]({data_uri(one)})\n\n文字。\n\n![b]({data_uri(two)})\n")
    assert reading.images == {"figure:0": one, "figure:1": two}
    assert 'src="figure:1"' in (reading.lines[-1].html or "")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        "*" * 20_000,
        "![](" * 5_000,
        "a*b_c" * 4_000,
        "&" * 20_000,
        "> " * 5_000 + "x",
        "- " * 5_000 + "x",
        "`" * 20_000,
        "|a" * 10_000 + "\n" + "|-" * 10_000,
    ],
)
def test_markdown_of_any_kind_is_read_in_bounded_time_or_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "w.md"
    path.write_text(text)
    said = ""
    try:
        read_file(path)
    except ImportRefused as refused:
        said = refused.message
    assert said == "" or "这份内容太复杂" in said


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("a\n" * 20_001, "有 20001 行，最多 20000 行。请"), ("x" * 20_001, "这一行有 20001 个字")],
)
def test_markdown_that_would_take_minutes_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ImportRefused, match=complaint):
        read_markdown(text)


def test_figure_belongs_to_the_article_that_it_stands_in(tmp_path: Path) -> None:
    path = tmp_path / "w.html"
    path.write_text(html_week(first_body=f'<p>甲。</p><img src="{data_uri(image_bytes())}"><p>乙。</p>'))
    [week] = read_file(path)
    assert [list(article.images) for article in week.articles] == [["figure:0"], [], []]
    assert week.articles[0].html == '<p>甲。</p>\n<figure><img src="figure:0" alt=""></figure>\n<p>乙。</p>'
