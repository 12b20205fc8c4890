"""A table that an exporter of WeChat articles wrote becomes weeks: a row an issue, or a row an article."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import pytest

from archive.limited import LimitedProcess
from archive.reading import read_weeks
from archive.reading.members import Member, members, upload_entry
from archive.refusal import ImportRefused
from archive.week import Week
from tests.archive.makers import BODIES, TEXT, TITLES, html_week, table

EXPORTED = ("公众号", "ID", "链接", "标题", "摘要", "创建时间", "发布时间", "阅读", "作者", "文章内容")
"""The columns that the most used exporter writes, those apart that say nothing here."""


@pytest.fixture(scope="module")
def process() -> Iterator[LimitedProcess]:
    with LimitedProcess() as child:
        yield child


def found_in(data: bytes, process: LimitedProcess) -> list[Member]:
    return list(members([upload_entry("导出.xlsx", io.BytesIO(data), len(data))], process))


def weeks_in(data: bytes, process: LimitedProcess) -> list[Week]:
    return [week for one in found_in(data, process) for week in process.call(read_weeks, one.name, one.data)]


def exported(number: int, body: str, published: object = "2025-04-12 08:30:00") -> tuple[object, ...]:
    address = f"https://mp.weixin.example/s/{number}"
    return (
        "芯片观察",
        str(number),
        address,
        f"芯片一周记（第{number}期）",
        "",
        "",
        published,
        100,
        "王小明",
        body,
    )


# --- A row is an issue ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body", [TEXT.split("\n", 1)[1], html_week().split("</h1>")[1]], ids=["text", "html"]
)
def test_a_row_that_holds_a_digest_is_a_week(body: str, process: LimitedProcess) -> None:
    found = found_in(table(EXPORTED, exported(1, body), exported(2, body)), process)
    assert [member.name for member in found] == ["导出.xlsx/第 2 行.html", "导出.xlsx/第 3 行.html"]
    for number, member in enumerate(found, start=1):
        [week] = process.call(read_weeks, member.name, member.data)
        assert week.title == f"芯片一周记（第{number}期）"
        assert (week.start_date, week.end_date) == (dt.date(2025, 4, 7), dt.date(2025, 4, 11))
        assert tuple(article.title for article in week.articles) == TITLES
        assert tuple(article.body for article in week.articles) == BODIES
        assert (week.columnist, week.source_url) == ("王小明", f"https://mp.weixin.example/s/{number}")


def test_a_digest_without_dates_takes_the_day_on_which_it_was_published(process: LimitedProcess) -> None:
    body = TEXT.split("\n", 2)[2]
    for published in ("2025-04-12 08:30:00", dt.date(2025, 4, 12), 1744418000, "1744418000", 45759):
        [week] = weeks_in(table(EXPORTED, exported(1, body, published)), process)
        assert week.end_date == dt.date(2025, 4, 12), published


# --- A row is an article -------------------------------------------------------------------------------


def test_articles_of_one_week_are_one_issue(process: LimitedProcess) -> None:
    columns = ("Title", "Link", "Publish_Time", "Content", "Section")
    rows = [
        ("台积电扩产", "https://a.example/1", dt.date(2025, 4, 8), "第一段。\n第二段。", "代工"),
        (
            "三星调价",
            "https://a.example/2",
            dt.date(2025, 4, 10),
            "<p>第一段。</p><p><b>第二段</b>。</p>",
            "存储",
        ),
        ("光刻胶验证", "", dt.date(2025, 4, 15), "一段。", ""),
    ]
    first, second = weeks_in(table(columns, *rows, sheet="芯片周报"), process)
    assert (first.title, first.start_date, first.end_date) == (
        "芯片周报",
        dt.date(2025, 4, 7),
        dt.date(2025, 4, 13),
    )
    assert [(one.title, one.section, one.source_url, one.body) for one in first.articles] == [
        ("台积电扩产", "代工", "https://a.example/1", "第一段。\n第二段。"),
        ("三星调价", "存储", "https://a.example/2", "第一段。\n第二段。"),
    ]
    assert "<strong>第二段</strong>" in first.articles[1].html
    assert [article.title for article in second.articles] == ["光刻胶验证"]


def test_a_column_names_the_issue(process: LimitedProcess) -> None:
    columns = ("期号", "开始日期", "结束日期", "标题", "正文", "来源", "备注")
    rows = [
        ("第12期", "2025-04-07", "2025-04-11", "甲", "甲文。", "某社", "x"),
        ("第13期", "2025-04-14", "2025-04-18", "乙", "乙文。", "", ""),
        ("第12期", "2025-04-07", "2025-04-11", "丙", "丙文。", "", ""),
    ]
    twelve, thirteen = weeks_in(table(("内部资料",), columns, *rows), process)
    assert (twelve.title, twelve.end_date) == ("第12期", dt.date(2025, 4, 11))
    assert [(one.title, one.source) for one in twelve.articles] == [("甲", "某社"), ("丙", "")]
    assert (thirteen.title, [one.title for one in thirteen.articles]) == ("第13期", ["乙"])


# --- What is turned away -------------------------------------------------------------------------------


def test_a_row_without_text_and_one_cut_off_are_refused_and_the_others_read(process: LimitedProcess) -> None:
    body = TEXT.split("\n", 1)[1]
    rows = [exported(1, body), exported(2, ""), exported(3, (body * 300)[:32767]), exported(4, body)]
    found = found_in(table(EXPORTED, *rows), process)
    assert [member.name for member in found if not member.refusal] == [
        "导出.xlsx/第 2 行.html",
        "导出.xlsx/第 5 行.html",
    ]
    refused = {member.name: member.refusal.message for member in found if member.refusal}
    assert list(refused) == ["导出.xlsx/第 3 行", "导出.xlsx/第 4 行"]
    assert "“芯片一周记（第2期）”没有正文。请" in refused["导出.xlsx/第 3 行"]
    assert "被 Excel 截断了。请" in refused["导出.xlsx/第 4 行"]


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (table(EXPORTED[:-1], exported(1, "")[:-1]), "没有正文这一列"),
        (table(("甲", "乙"), ("一", "二")), "没有列名“标题”和“正文”。请"),
        (table(), "没有列名"),
        (table(EXPORTED), "表格是空的"),
        (
            table(EXPORTED, exported(1, TEXT)).replace(
                b"xl/worksheets/sheet1.xml", b"xl/worksheets/sheet9.xml"
            ),
            "坏了",
        ),
    ],
    ids=["links only", "no headings", "nothing", "headings only", "damaged"],
)
def test_a_table_without_weeks_is_refused(data: bytes, complaint: str, process: LimitedProcess) -> None:
    with pytest.raises(ImportRefused, match=complaint):
        process.call(read_weeks, "w.xlsx", data)
    assert [bool(member.refusal) for member in found_in(data, process)] == [True]
