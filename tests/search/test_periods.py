"""Dates as people say them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.periods import read_period

TODAY = dt.date(2025, 3, 21)
"""A Friday; the week began on the 17th."""

# What is said → the first and the last day meant, or the one day.
PERIODS = {
    "2025年3月21日": "2025-03-21",
    "2025年3月21号": "2025-03-21",
    "2025年03月05日": "2025-03-05",
    "２０２５年３月５日": "2025-03-05",
    "2025-03-21": "2025-03-21",
    "2025-3-5": "2025-03-05",
    "2025/3/5": "2025-03-05",
    "2025.3.5": "2025-03-05",
    "20250321": "2025-03-21",
    "2024年2月29日": "2024-02-29",
    "2025年3月": "2025-03-01 2025-03-31",
    "2025年03月": "2025-03-01 2025-03-31",
    "2024年2月": "2024-02-01 2024-02-29",
    "2025-03": "2025-03-01 2025-03-31",
    "2025-12": "2025-12-01 2025-12-31",
    "2025/3": "2025-03-01 2025-03-31",
    "2025Q1": "2025-01-01 2025-03-31",
    "2025q4": "2025-10-01 2025-12-31",
    "２０２５Ｑ３": "2025-07-01 2025-09-30",
    "2025年Q2": "2025-04-01 2025-06-30",
    "2025年一季度": "2025-01-01 2025-03-31",
    "2025年第三季度": "2025-07-01 2025-09-30",
    "2025年4季度": "2025-10-01 2025-12-31",
    "2025第二季度": "2025-04-01 2025-06-30",
    "2025年上半年": "2025-01-01 2025-06-30",
    "2025下半年": "2025-07-01 2025-12-31",
    "2025年第12周": "2025-03-17 2025-03-23",
    "2025年1周": "2024-12-30 2025-01-05",
    "2025W12": "2025-03-17 2025-03-23",
    "2025-W12": "2025-03-17 2025-03-23",
    "2026年第53周": "2026-12-28 2027-01-03",
    "2025年": "2025-01-01 2025-12-31",
    "1999年": "1999-01-01 1999-12-31",
    "3月18日": "2025-03-18",
    "3月21日": "2025-03-21",
    "3月22日": "2024-03-22",
    "12月30日": "2024-12-30",
    "12月30号": "2024-12-30",
    "今天": "2025-03-21",
    "昨天": "2025-03-20",
    "前天": "2025-03-19",
    "本周": "2025-03-17 2025-03-23",
    "这周": "2025-03-17 2025-03-23",
    "這周": "2025-03-17 2025-03-23",
    "这个星期": "2025-03-17 2025-03-23",
    "上周": "2025-03-10 2025-03-16",
    "上一周": "2025-03-10 2025-03-16",
    "上星期": "2025-03-10 2025-03-16",
    "上个星期": "2025-03-10 2025-03-16",
    "上上周": "2025-03-03 2025-03-09",
    "本月": "2025-03-01 2025-03-31",
    "这个月": "2025-03-01 2025-03-31",
    "上月": "2025-02-01 2025-02-28",
    "上个月": "2025-02-01 2025-02-28",
    "上上个月": "2025-01-01 2025-01-31",
    "本季度": "2025-01-01 2025-03-31",
    "上个季度": "2024-10-01 2024-12-31",
    "今年": "2025-01-01 2025-12-31",
    "去年": "2024-01-01 2024-12-31",
    "前年": "2023-01-01 2023-12-31",
    "最近7天": "2025-03-14 2025-03-21",
    "最近三天": "2025-03-18 2025-03-21",
    "最近十天": "2025-03-11 2025-03-21",
    "最近二十五天": "2025-02-24 2025-03-21",
    "近30日": "2025-02-19 2025-03-21",
    "近两周": "2025-03-07 2025-03-21",
    "最近两个星期": "2025-03-07 2025-03-21",
    "最近三个月": "2024-12-21 2025-03-21",
    "最近半年": "2024-09-20 2025-03-21",
    "过去一年": "2024-03-21 2025-03-21",
}
NO_PERIODS = [
    # No such day, month, quarter or week.
    "2025年2月29日", "2025年2月30日", "2025-02-30", "20250230", "20251332", "2025-13", "2025-13-01", "2025年13月",
    "2025-00-01", "2月30日", "13月1日", "2025Q5", "2025年五季度", "2025年第53周", "2025W0", "2025年第99周",
    # About so many, or none.
    "最近一二天", "近三五年", "过去二三十年", "最近十十天", "最近零天", "最近几天", "最近天",
    # Two ways of writing in one, a piece of a date, or more than a date.
    "2025/3-5", "2025-3年", "2025", "2025年3", "3月", "202503", "2025.3", "年", "月", "25年3月", "上半年", "一季度",
    "上周五", "2025年3月上旬", "2025年春节", "3月18日起", "1899年", "2100年", "12025年",
    # The future has not been reported on.
    "明天", "下周", "下个月", "明年",
    # The trade's own numbers.
    "3nm", "2.5D", "18A", "910C", "N+2", "1.2万亿", "20%", "12.1.3", "4.0", "",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PERIODS.items())
def test_a_period_is_read_as_its_first_and_last_day(text: str, expected: str) -> None:
    first, _, last = expected.partition(" ")
    assert read_period(text, TODAY) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last or first))


@pytest.mark.parametrize("text", NO_PERIODS)
def test_what_names_no_days_is_none(text: str) -> None:
    assert read_period(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("上周", "2025-01-01", ("2024-12-23", "2024-12-29")),
        ("上个月", "2025-01-31", ("2024-12-01", "2024-12-31")),
        ("上上个月", "2024-04-30", ("2024-02-01", "2024-02-29")),
        ("上季度", "2025-01-01", ("2024-10-01", "2024-12-31")),
        ("昨天", "2024-03-01", ("2024-02-29", "2024-02-29")),
        ("本周", "2025-03-17", ("2025-03-17", "2025-03-23")),
        ("本周", "2025-03-23", ("2025-03-17", "2025-03-23")),
        ("2月29日", "2025-01-05", ("2024-02-29", "2024-02-29")),
        ("2月29日", "2024-02-29", ("2024-02-29", "2024-02-29")),
    ],
)
def test_edges_of_weeks_months_and_years(text: str, today: str, expected: tuple[str, str]) -> None:
    period = read_period(text, dt.date.fromisoformat(today))
    assert period == (dt.date.fromisoformat(expected[0]), dt.date.fromisoformat(expected[1]))


SAID = st.text(
    st.sampled_from(
        "0123456789０９年月日号周星期季度上下半本这个今去前昨天最近过一二三五十百两零〇第Qqw-/.年 "
    )
)


@given(SAID | st.text(), st.dates())
def test_reading_never_fails_and_the_first_day_is_not_after_the_last(text: str, today: dt.date) -> None:
    period = read_period(text, today)
    assert period is None or period[0] <= period[1]


@given(
    st.from_regex(r"(最近|近|过去)[一二三四五六七八九十两0-9]{1,4}个?(天|日|周|星期|月|年)", fullmatch=True),
    st.dates(),
)
def test_no_number_of_days_is_too_odd(text: str, today: dt.date) -> None:
    period = read_period(text, today)
    assert period is None or period[1] == today


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2099, 12, 31)))
def test_every_way_to_write_a_day_is_the_same_day(day: dt.date) -> None:
    writings = [
        f"{day.year}年{day.month}月{day.day}日",
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        day.strftime("%Y%m%d"),
    ]
    assert {read_period(writing, TODAY) for writing in writings} == {(day, day)}
