"""The writings of a range of days, and what is read from each."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.parsing import parse_dates
from archive.parsing.dates import find_days, find_full_dates

WEEK = ("2025-03-17", "2025-03-21")
NEW_YEAR = ("2025-12-29", "2026-01-02")
WHOLE_WEEK = ("2025-03-17", "2025-03-23")

WRITINGS = [
    ("2025.3.17- 2025.3.21", WEEK),
    ("2025.3.17-3.21", WEEK),
    ("2025.3.17-21", WEEK),
    ("2025.03.17—2025.03.21", WEEK),
    ("2025.3.17——3.21", WEEK),
    ("2025年3月17日-21日", WEEK),
    ("2025年3月17日至3月21日", WEEK),
    ("2025年3月17日－2025年3月21日", WEEK),
    ("2025 年 3 月 17 日 - 3 月 21 日", WEEK),
    ("2025年3月17日（周一）至3月21日（周五）", WEEK),
    ("2025/3/17—3/21", WEEK),
    ("2025/03/17～2025/03/21", WEEK),
    ("2025-03-17~2025-03-21", WEEK),
    ("2025-03-17-2025-03-21", WEEK),
    ("2025-03-17 到 2025-03-21", WEEK),
    ("20250317-20250321", WEEK),
    ("25.3.17-25.3.21", WEEK),
    ("２０２５．３．１７－３．２１", WEEK),
    ("3.17-2025.3.21", WEEK),
    ("（2025.3.17-3.21）", WEEK),
    ("某某半导体一周要闻2025.3.17-3.21", WEEK),
    ("2025.12.29-2026.1.2", NEW_YEAR),
    ("2025.12.29-1.2", NEW_YEAR),
    ("2025年12月29日-1月2日", NEW_YEAR),
    ("12.29-2026.1.2", NEW_YEAR),
    ("2025年第12周", WHOLE_WEEK),
    ("2025第12周", WHOLE_WEEK),
    ("2025年第十二周", WHOLE_WEEK),
    ("2025-W12", WHOLE_WEEK),
    ("2025W12", WHOLE_WEEK),
    ("2025年第12周（2025.3.17-3.21）", WEEK),
    ("March 17-21, 2025", WEEK),
    ("Chip weekly (Mar 17 – Mar 21, 2025)", WEEK),
    ("MARCH 17–21, 2025", WEEK),
    ("March 17th to 21st, 2025", WEEK),
    ("March 17, 2025 - March 21, 2025", WEEK),
    ("Mon, March 17 – Fri, March 21, 2025", WEEK),
    ("17–21 March 2025", WEEK),
    ("17 March – 21 March 2025", WEEK),
    ("17th of March 2025 through 21st of March 2025", WEEK),
    ("Mar. 17—21，2025", WEEK),
    ("Dec 29, 2025 – Jan 2, 2026", NEW_YEAR),
    ("Dec 29 – Jan 2, 2026", NEW_YEAR),
    ("29 December 2025 – 2 January", NEW_YEAR),
    ("Jul 28 – Aug 1, 2025", ("2025-07-28", "2025-08-01")),
    ("半导体周报July 7-11, 2025", ("2025-07-07", "2025-07-11")),
    ("芯片周报(20250317-0321)", WEEK),
    ("20250317-20250321", WEEK),
    ("20250317—0321", WEEK),
    ("250317-250321", WEEK),
    ("2025.0317-0321", WEEK),
    ("2025年0317-0321", WEEK),
    ("二〇二五年三月十七日至三月二十一日", WEEK),
    ("二零二五年三月十七日—二十一日", WEEK),
    ("03/17/2025 - 03/21/2025", WEEK),
    ("17/03/2025 – 21/03/2025", WEEK),
    ("2025年3月17日起至3月21日止", WEEK),
    ("2025.3.17 00:00 - 2025.3.21 24:00", WEEK),
    ("2025年12周", WHOLE_WEEK),
    ("2025W12", WHOLE_WEEK),
    ("2025 Week 12", WHOLE_WEEK),
    ("Week 12, 2025", WHOLE_WEEK),
    ("CW12/2025", WHOLE_WEEK),
]
WITHOUT_YEAR = [
    ("3.17-3.21", WEEK),
    ("3.17-21", WEEK),
    ("3/17-3/21", WEEK),
    ("3月17日-21日", WEEK),
    ("3月17日至3月21日", WEEK),
    ("03.17 ~ 03.21", WEEK),
    ("12.29-1.2", NEW_YEAR),
    ("第12周", WHOLE_WEEK),
    ("三月十七日至二十一日", WEEK),
    ("March 17-21", WEEK),
    ("17–21 Mar", WEEK),
    ("Dec 29 – Jan 2", NEW_YEAR),
]
PROBLEMS = [
    ("2025.3.21-2025.3.17", "dates-reversed"),
    ("2025.3.1-2025.4.30", "dates-too-long"),
    ("2025.2.24-2025.2.30", "dates-invalid"),
    ("2025.13.1-2025.13.5", "dates-invalid"),
    ("2025年第60周", "dates-invalid"),
    ("3.17-3.21", "dates-no-year"),
    ("第12周", "dates-no-year"),
    ("March 17-21", "dates-no-year"),
    ("March 21-17, 2025", "dates-reversed"),
    ("February 24-30, 2025", "dates-invalid"),
]
NO_DATES = [
    "",
    "半导体一周要闻",
    "2025.3.17",
    "增长45.6-52.3",
    "毛利率为3.5-4.2%",
    "订单3.2-4.5亿元",
    "第12期",
    "第一季度",
    "March 17, 2025",
    "firms that may 12-15 grow",
    "Marvell 17-21",
    "Mar 17-21% more",
    "Aug 40-45",
    "2025年12周年庆",
    "03/17/2025 - 13/45/2025",
    "三月十七日",
    "week 12",
    "20250317-03211",
    "型号250399-250321",
]


@pytest.mark.parametrize(("text", "expected"), WRITINGS)
def test_range_is_read(text: str, expected: tuple[str, str]) -> None:
    found = parse_dates(text)
    assert found is not None
    assert (str(found.start), str(found.end), found.problem) == (*expected, "")


@pytest.mark.parametrize(("text", "expected"), WITHOUT_YEAR)
def test_range_takes_the_year_that_is_given(text: str, expected: tuple[str, str]) -> None:
    found = parse_dates(text, year=2025)
    assert found is not None
    assert (str(found.start), str(found.end), found.problem) == (*expected, "")


@pytest.mark.parametrize(("text", "problem"), PROBLEMS)
def test_range_that_can_not_be_right_says_why(text: str, problem: str) -> None:
    found = parse_dates(text)
    assert found is not None
    assert found.problem == problem


@pytest.mark.parametrize("text", NO_DATES)
def test_text_without_range_has_none(text: str) -> None:
    assert parse_dates(text) is None


def test_range_of_31_days_is_no_problem() -> None:
    found = parse_dates("2025.3.1-2025.3.31")
    assert found is not None
    assert (found.days, found.problem) == (31, "")


def test_range_says_where_it_stands() -> None:
    text = "芯片周报（2025.3.17-3.21）第12期"
    found = parse_dates(text)
    assert found is not None
    assert text[found.begins : found.ends] == "2025.3.17-3.21"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025年3月第3周", WHOLE_WEEK),
        ("2025年3月第三周", WHOLE_WEEK),
        ("2025年3月份第三周", WHOLE_WEEK),
        ("2025年5月第1周", ("2025-04-28", "2025-05-04")),
        ("2025-03-17 to 2025-03-21", WEEK),
    ],
)
def test_week_of_a_month_is_the_one_whose_thursday_is_in_it(text: str, expected: tuple[str, str]) -> None:
    found = parse_dates(text)
    assert found is not None
    assert (str(found.start), str(found.end)) == expected
    assert found.problem == ("dates-reckoned" if "周" in text else "")


def test_days_in_words_and_in_numbers_come_in_the_order_of_the_text() -> None:
    text = "March 17, 2025, then 2025.3.18, 19 March 2025 and Mar 20 of no year"
    assert [str(day) for day in find_full_dates(text)] == ["2025-03-17", "2025-03-18", "2025-03-19"]
    days = list(find_days(text, year=2025))
    assert [str(day.start) for day in days] == ["2025-03-17", "2025-03-18", "2025-03-19", "2025-03-20"]
    assert text[days[2].begins : days[2].ends] == "19 March 2025"


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from([*"0123456789年月日.-/第周W至, –", "July", " Aug ", "to", "2025"]), max_size=40
    ).map("".join),
    st.none() | st.integers(2000, 2100),
)
def test_any_text_with_english_months_is_read_without_an_error(text: str, year: int | None) -> None:
    parse_dates(text, year)
    for found in find_days(text, year):
        assert 0 <= found.begins < found.ends <= len(text)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="0123456789年月日.-/第周W至 ", max_size=60), st.none() | st.integers(2000, 2100))
def test_any_text_is_read_without_an_error(text: str, year: int | None) -> None:
    parse_dates(text, year)
