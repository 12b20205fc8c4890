"""A PDF is read as a reader reads it: columns, paragraphs, headings; a scan and a locked one are refused with a way out."""

from __future__ import annotations

import datetime as dt
import io
import random
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from archive.limited import LimitedProcess
from archive.parsing import Reading, parse_issue
from archive.reading import read_document, read_weeks
from archive.reading.pdf.pages import MAX_PAGES
from archive.refusal import ImportRefused
from tests.archive.makers import image_bytes
from tests.archive.pdf_maker import Layout, Maker

CHARACTERS = "晶圆代工产能先进封装存储价格设备材料订单客户良率扩建投产测试平台季度市场需求工艺节点"
LAYOUTS = {
    "one column": Layout(),
    "one column, gaps": Layout(indent=0, gap=9),
    "two columns": Layout(columns=2),
    "two columns, gaps": Layout(columns=2, indent=0, gap=9),
    "three columns": Layout(columns=3, size=9, leading=14),
}


def sentence(source: random.Random, length: int) -> str:
    words = "".join(source.choice(CHARACTERS) for _ in range(length))
    return f"{words[: length // 2]}GB300，约{source.randint(2, 900)}片{words[length // 2 :]}。"


def written(layout: Layout, articles: int = 8, seed: int = 1) -> tuple[bytes, list[str], list[str]]:
    """A week of so many articles: the file, its titles, and all its paragraphs in order."""
    source, maker = random.Random(seed), Maker(layout)
    maker.title("芯片一周记")
    maker.paragraph("2025.4.7-2025.4.11")
    titles, texts = [], ["芯片一周记", "2025.4.7-2025.4.11"]
    for number in range(1, articles + 1):
        title = f"{sentence(source, 8)[:-1]}扩产"
        maker.heading(f"{number}. {title}")
        titles.append(title)
        texts.append(f"{number}. {title}")
        for _ in range(source.randint(1, 4)):
            text = "".join(sentence(source, source.randint(12, 40)) for _ in range(source.randint(1, 5)))
            maker.paragraph(text)
            texts.append(text)
    return maker.data(), titles, texts


def texts_of(reading: Reading) -> list[str]:
    return [line.text for line in reading.lines]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_paragraphs_come_back_whole_and_in_order(layout: Layout, seed: int) -> None:
    data, titles, texts = written(layout, seed=seed)
    reading = read_document("w.pdf", data)
    assert texts_of(reading) == texts
    issue = parse_issue(reading.lines)
    assert (issue.title, issue.start_date, issue.end_date) == (
        "芯片一周记",
        dt.date(2025, 4, 7),
        dt.date(2025, 4, 11),
    )
    assert [article.title for article in issue.articles] == titles


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_pages_that_are_written_turned_are_read_as_they_are_shown(rotation: int) -> None:
    data, _, texts = written(Layout(columns=2), articles=4)
    document = pypdfium2.PdfDocument(data)
    for page in document:
        width, height = page.get_size()
        turn = pypdfium2.PdfMatrix().rotate(rotation, ccw=True)
        turn = turn.translate(*{90: (height, 0), 180: (width, height), 270: (0, width)}[rotation])
        for drawn in page.get_objects():
            drawn.transform(turn)
        if rotation != 180:
            page.set_mediabox(0, 0, height, width)
        page.set_rotation(rotation)
        page.gen_content()
    document.save(turned := io.BytesIO())
    assert texts_of(read_document("w.pdf", turned.getvalue())) == texts


def test_running_heads_and_page_numbers_are_left_out_and_told() -> None:
    data, _, texts = written(Layout(head="内部参考 第12期", foot="- {} -"))
    reading = read_document("w.pdf", data)
    assert texts_of(reading) == texts
    assert [warning.code for warning in reading.warnings] == ["page-frame-left-out"]
    assert "内部参考 第12期" in reading.warnings[0].message


@pytest.mark.parametrize("foot", ["{}", "第 {} 页", "第{}页，共9页", "{} / 9", "Page {} of 9"])
def test_page_numbers_of_all_sorts_are_left_out(foot: str) -> None:
    data, _, texts = written(Layout(foot=foot))
    reading = read_document("w.pdf", data)
    assert (texts_of(reading), reading.warnings) == (texts, ())


def test_headings_that_begin_pages_are_no_running_heads() -> None:
    maker = Maker()
    for number in range(1, 5):
        maker.heading(f"{number}. 台积电扩产")
        maker.paragraph(sentence(random.Random(number), 20))
        maker.new_page()
    titles = [text for text in texts_of(read_document("w.pdf", maker.data())) if "台积电" in text]
    assert len(titles) == 4


def test_title_and_dates_are_taken_from_the_running_head_where_the_text_has_none() -> None:
    maker = Maker(Layout(head="芯片一周记 2025.4.7-2025.4.11", foot="{}"))
    for number in range(1, 4):
        maker.heading(f"{number}. 台积电扩产{number}")
        maker.paragraph("新厂动工。")
        maker.new_page()
    reading = read_document("w.pdf", maker.data())
    issue = parse_issue(reading.lines)
    assert (issue.title, issue.end_date) == ("芯片一周记", dt.date(2025, 4, 11))
    assert "header-read" in [warning.code for warning in reading.warnings]


def test_a_table_a_power_and_a_picture_stay_in_their_places() -> None:
    maker = Maker()
    maker.title("芯片一周记")
    maker.paragraph("2025.4.7-2025.4.11")
    maker.heading("1. 台积电扩产")
    maker.paragraph("月产能如下。")
    maker.table([("年份", "月产能"), ("2024", "3.5万片"), ("2025", "7.5万片")])
    maker.power("密度约为1×10", "15", "每立方厘米，比上一代高。")
    maker.picture(image_bytes(300, 200, "JPEG"))
    maker.paragraph("图为新厂。")
    maker.heading("2. 三星换帅")
    maker.paragraph("新帅上任。")
    [week] = read_weeks("w.pdf", maker.data())
    html = week.articles[0].html
    assert "<tr><td>2024</td><td>3.5万片</td></tr>" in html
    assert "1×10<sup>15</sup>每立方厘米" in html
    assert (
        html.index("月产能如下")
        < html.index("<table>")
        < html.index("<sup>")
        < html.index("<img")
        < html.index("图为新厂")
    )
    assert [len(article.images) for article in week.articles] == [1, 0]


def test_bold_lines_are_headings_where_all_text_has_one_size() -> None:
    source, maker = random.Random(7), Maker()
    maker.paragraph("芯片一周记")
    maker.paragraph("2025.4.7-2025.4.11")
    titles = ["台积电扩建先进封装产线", "三星调整存储芯片报价", "国产光刻胶进入验证"]
    for title in titles:
        maker.bold(title)
        maker.paragraph("".join(sentence(source, 30) for _ in range(4)))
    reading = read_document("w.pdf", maker.data())
    assert [line.text for line in reading.lines if line.is_bold] == titles
    assert [article.title for article in parse_issue(reading.lines).articles] == titles


def test_a_watermark_is_no_text() -> None:
    maker = Maker()
    maker.watermark("内部资料")
    maker.heading("1. 台积电扩产的消息得到证实")
    maker.paragraph("新厂动工，明年一季度投产，设备已经进厂。")
    assert texts_of(read_document("w.pdf", maker.data())) == [
        "1. 台积电扩产的消息得到证实",
        "新厂动工，明年一季度投产，设备已经进厂。",
    ]


def test_a_page_without_text_among_others_comes_as_a_picture_and_is_told() -> None:
    maker = Maker()
    maker.paragraph("新厂动工，明年一季度投产，设备已经进厂，客户正在验证。")
    maker.new_page()
    maker.scan(image_bytes(600, 800, "JPEG"))
    reading = read_document("w.pdf", maker.data())
    assert [(one.code, one.message[:6]) for one in reading.warnings] == [("page-scanned", "第 2 页是")]
    assert len(reading.images) == 1


# --- What is turned away -------------------------------------------------------------------------------


def refused(data: bytes) -> str:
    with pytest.raises(ImportRefused) as error:
        read_document("w.pdf", data)
    return error.value.message


def test_a_scan_is_refused_with_what_to_do() -> None:
    maker = Maker()
    for _ in range(3):
        maker.scan(image_bytes(600, 800, "JPEG"))
    message = refused(maker.data())
    assert "这个 PDF 是扫描件" in message
    assert "文字识别" in message


def test_an_empty_pdf_is_refused() -> None:
    assert "里没有文字。请" in refused(Maker().data())


def test_a_locked_pdf_is_refused_with_what_to_do() -> None:
    maker = Maker(password="secret")
    maker.paragraph("新厂动工，明年一季度投产。")
    assert "这个 PDF 加了密码。请打开它，另存或打印" in refused(maker.data())


def test_a_pdf_of_2000_pages_is_refused_and_one_of_the_most_is_read() -> None:
    maker = Maker()
    for _ in range(1999):
        maker.new_page()
    assert f"有 2000 页，最多 {MAX_PAGES} 页。请按期分成几个文件" in refused(maker.data())
    maker = Maker()
    for number in range(1, MAX_PAGES):
        maker.paragraph(sentence(random.Random(number), 20))
        maker.new_page()
    assert len(read_document("w.pdf", maker.data()).lines) == MAX_PAGES - 1


@pytest.mark.parametrize("damage", [b"%PDF-1.7\n...", b"%PDF-1.4\n" + b"0 obj <<" * 1000])
def test_a_damaged_pdf_is_refused(damage: bytes) -> None:
    assert "这个 PDF 坏了，打不开。请" in refused(damage)


def test_a_pdf_cut_off_is_read_or_refused() -> None:
    data = written(Layout())[0]
    with LimitedProcess() as process:
        for share in (0.3, 0.6, 0.9):
            part = data[: int(len(data) * share)]
            try:
                said = process.call(read_document, "w.pdf", part).lines[0].text
            except ImportRefused as error:
                said = error.message
            assert said == "芯片一周记" or said.startswith("这个 PDF ")


def test_a_picture_of_36_million_pixels_is_a_gap_and_not_unpacked() -> None:
    maker = Maker()
    maker.paragraph("新厂动工，明年一季度投产，设备已经进厂。")
    Image.new("1", (6000, 6000)).save(file := io.BytesIO(), "PNG")
    maker.picture(file.getvalue())
    with LimitedProcess() as process:
        reading = process.call(read_document, "w.pdf", maker.data())
    assert "〔图〕" in texts_of(reading)
    assert [warning.code for warning in reading.warnings] == ["object-left-out"]
    assert reading.images == {}


def test_a_pdf_is_known_by_its_content(tmp_path: Path) -> None:
    data, titles, _ = written(Layout(), articles=2)
    for name in ("周报", "w.doc", "w.txt"):
        [week] = read_weeks(name, data)
        assert [article.title for article in week.articles] == titles
