"""Several weeks in one file are as many issues; a week whose dates lack a year takes that of the file's name."""

from __future__ import annotations

import datetime as dt

import pytest

from archive.parsing import find_year_in_name, parse_issue, read_lines, split_weeks
from archive.reading import read_weeks
from archive.refusal import ImportRefused
from desk.opening import open_paste, open_upload

WEEK = "{name}\n{days}\n1. {one}扩产\n{one}宣布扩产两成。\n2. {two}裁员\n{two}裁员一成。\n"
FIRST = WEEK.format(name="芯片周报 第11期", days="2025.3.10-3.14", one="甲厂", two="乙厂")
SECOND = WEEK.format(name="芯片周报 第12期", days="2025.3.17-3.21", one="丙厂", two="丁厂")


@pytest.mark.parametrize("between", ["", "\n", "\n\n————————\n"])
def test_each_week_of_a_file_is_an_issue(between: str) -> None:
    weeks = read_weeks("weeks.txt", (FIRST + between + SECOND).encode())
    assert [(week.title, week.start_date) for week in weeks] == [
        ("芯片周报 第11期", dt.date(2025, 3, 10)),
        ("芯片周报 第12期", dt.date(2025, 3, 17)),
    ]
    assert [article.title for week in weeks for article in week.articles] == [
        "甲厂扩产", "乙厂裁员", "丙厂扩产", "丁厂裁员",
    ]  # fmt: skip


def test_dates_beside_the_name_tell_weeks_apart_too() -> None:
    text = "".join(
        WEEK.format(name="", days=f"芯片周报（{days}）", one=one, two=two)
        for days, one, two in (("2025.3.10-3.14", "甲厂", "乙厂"), ("2025.3.17-3.21", "丙厂", "丁厂"))
    )
    assert len(split_weeks(read_lines(text))) == 2


@pytest.mark.parametrize(
    "text",
    [
        FIRST + FIRST,
        FIRST + "往期推荐\n芯片周报（2025.3.3-3.7）\n芯片周报（2025.2.24-2.28）\n",
        FIRST + "3. 展会日程\n芯片展\n2025.5.1-5.3\n在某地举行。\n",
        FIRST + "芯片周报\n2025.3.17-3.21\n",
        "没有日期\n",
        "",
    ],
)
def test_what_is_no_other_week_stays_in_its_own(text: str) -> None:
    lines = read_lines(text)
    assert split_weeks(lines) == [lines]


def test_the_desk_takes_one_week_and_says_so() -> None:
    for opened in (
        lambda: open_paste(FIRST + SECOND, ""),
        lambda: open_upload("a.txt", (FIRST + SECOND).encode()),
    ):
        with pytest.raises(ImportRefused, match="这里面有 2 期"):
            opened()


def test_a_year_in_the_name_of_the_file_is_taken_and_told() -> None:
    text = FIRST.replace("2025.", "").encode()
    [week] = read_weeks("周报2025-03-14.txt", text)
    assert week.start_date == dt.date(2025, 3, 10)
    assert [warning.code for warning in week.warnings] == ["year-from-name"]
    opened = open_upload("20250314.txt", text)
    assert opened.state.start_date == dt.date(2025, 3, 10)
    assert [warning.code for warning in opened.warnings] == ["year-from-name"]
    [unnamed] = read_weeks("周报.txt", text)
    assert [warning.code for warning in unnamed.warnings] == ["dates-no-year"]


def test_a_year_in_the_text_is_stronger_than_that_of_the_name() -> None:
    [week] = read_weeks("2019年存档.txt", FIRST.encode())
    assert (week.start_date, week.warnings) == (dt.date(2025, 3, 10), ())


@pytest.mark.parametrize(
    ("name", "year"),
    [("芯片周报20250317-0321.txt", 2025), ("第12期（２０２５）.docx", 2025), ("202503.md", 2025), ("week12.txt", None),
     ("IMG_20258.txt", None), ("1120250.txt", None), ("", None)],
)  # fmt: skip
def test_the_year_in_a_name(name: str, year: int | None) -> None:
    assert find_year_in_name(name) == year


def test_lines_above_the_articles_that_are_no_text_of_the_digest_are_left_out_and_told() -> None:
    head = (
        "发件人：资讯组\n主题：转发：芯片周报（2025.3.10-3.14）\n点击上方蓝字关注我们\n本周焦点仍是封装。\n"
    )
    issue = parse_issue(head + FIRST.split("\n", 2)[2])
    assert (issue.title, issue.introduction) == ("芯片周报", "本周焦点仍是封装。")
    [warning] = issue.warnings
    assert (warning.code, warning.line) == ("page-frame-left-out", 1)
    assert "发件人" in warning.message
    assert "点击上方蓝字" in warning.message
