"""Dates as people say them → the first and the last day meant. Pure: today is an argument."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable

from archive.numerals import read_number
from glossary.folding import fold

Period = tuple[dt.date, dt.date]

_NUMBER = r"(\d{1,3}|[一二三四五六七八九十两]{1,3})"
_YEAR = r"((?:19|20)\d\d)"
_MONTH = r"(1[0-2]|0?[1-9])"
_DAY = r"(3[01]|[12]\d|0?[1-9])"


def read_period(text: str, today: dt.date) -> Period | None:
    """Returns the days that `text` names, both included; None when it names none.

    >>> read_period("2025年3月", dt.date(2025, 5, 1))
    (datetime.date(2025, 3, 1), datetime.date(2025, 3, 31))
    >>> read_period("上周", dt.date(2025, 3, 21))
    (datetime.date(2025, 3, 10), datetime.date(2025, 3, 16))
    >>> read_period("2.5D", dt.date(2025, 3, 21)) is None
    True

    Weeks run from Monday to Sunday (ISO 8601). A day that does not exist (2月30日) names nothing.
    """
    folded = fold(text).strip()
    if not _ANY_FORM.fullmatch(folded):  # nearly always, and every word of a query comes here
        return None
    for pattern, read in _FORMS:
        match = re.fullmatch(pattern, folded)
        if match:
            try:
                return read(today, *match.groups())
            except (ValueError, OverflowError):
                return None
    return None


def _day(today: dt.date, year: str, month: str, day: str) -> Period:
    date = dt.date(int(year), int(month), int(day))
    return date, date


def _month(today: dt.date, year: str, month: str) -> Period:
    return _months(int(year), int(month), int(month))


def _quarter(today: dt.date, year: str, quarter: str) -> Period:
    number = _number(quarter)
    return _months(int(year), number * 3 - 2, number * 3)


def _half(today: dt.date, year: str, half: str) -> Period:
    return _months(int(year), 1, 6) if half == "上" else _months(int(year), 7, 12)


def _year(today: dt.date, year: str) -> Period:
    return _months(int(year), 1, 12)


def _week(today: dt.date, year: str, week: str) -> Period:
    monday = dt.date.fromisocalendar(int(year), int(week), 1)
    return monday, monday + dt.timedelta(days=6)


def _day_of_this_year(today: dt.date, month: str, day: str) -> Period:
    """A day without its year is the last one that was: in January, `12月30日` is last year's."""
    if (int(month), int(day)) > (today.month, today.day):
        return _day(today, str(today.year - 1), month, day)
    return _day(today, str(today.year), month, day)


def _day_back(today: dt.date, word: str) -> Period:
    date = today - dt.timedelta(days={"今天": 0, "昨天": 1, "前天": 2}[word])
    return date, date


def _week_back(today: dt.date, word: str) -> Period:
    monday = today - dt.timedelta(days=today.weekday(), weeks=word.count("上"))
    return monday, monday + dt.timedelta(days=6)


def _month_back(today: dt.date, word: str) -> Period:
    counted = today.year * 12 + today.month - 1 - word.count("上")
    return _months(counted // 12, counted % 12 + 1, counted % 12 + 1)


def _quarter_back(today: dt.date, word: str) -> Period:
    counted = today.year * 4 + (today.month - 1) // 3 - word.count("上")
    return _quarter(today, str(counted // 4), str(counted % 4 + 1))


def _year_back(today: dt.date, word: str) -> Period:
    return _months(today.year - {"今年": 0, "去年": 1, "前年": 2}[word], 1, 12)


def _last_days(today: dt.date, number: str, unit: str) -> Period:
    days = _number(number) * {"天": 1, "日": 1, "周": 7, "星期": 7, "月": 30, "年": 365}[unit]
    return today - dt.timedelta(days=days), today


def _last_half_year(today: dt.date) -> Period:
    return today - dt.timedelta(days=182), today


def _months(year: int, first: int, last: int) -> Period:
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])


def _number(text: str) -> int:
    """Raises ValueError for what is no one number: `三五` days are about so many."""
    number = read_number(text)
    if number is None or (len(text) > 1 and "十" not in text and not text.isdecimal()):
        raise ValueError(f"{text} is no one number")
    return number


_FORMS: list[tuple[str, Callable[..., Period]]] = [
    (rf"{_YEAR}年{_MONTH}月{_DAY}[日号]", _day),
    (rf"{_YEAR}-{_MONTH}-{_DAY}", _day),
    (rf"{_YEAR}/{_MONTH}/{_DAY}", _day),
    (rf"{_YEAR}\.{_MONTH}\.{_DAY}", _day),
    (rf"{_YEAR}(0[1-9]|1[0-2])([0-3]\d)", _day),
    (rf"{_YEAR}年{_MONTH}月", _month),
    (rf"{_YEAR}[-/]{_MONTH}", _month),
    (rf"{_YEAR}年?q([1-4])", _quarter),
    (rf"{_YEAR}年?第?([一二三四])季度?", _quarter),
    (rf"{_YEAR}年第?([1-4])季度?", _quarter),
    (rf"{_YEAR}年?([上下])半年", _half),
    (rf"{_YEAR}年第?(\d{{1,2}})周", _week),
    (rf"{_YEAR}-?w(\d{{1,2}})", _week),
    (rf"{_YEAR}年", _year),
    (rf"{_MONTH}月{_DAY}[日号]", _day_of_this_year),
    (r"(今天|昨天|前天)", _day_back),
    (r"(本周|这周|上周|上上周|这一周|上一周|本星期|这个?星期|上个?星期)", _week_back),
    (r"(本月|这个月|上月|上个月|上上个月)", _month_back),
    (r"(本季度|这个季度|上季度|上个季度)", _quarter_back),
    (r"(今年|去年|前年)", _year_back),
    (rf"(?:最近|近|过去){_NUMBER}个?(天|日|周|星期|月|年)", _last_days),
    (r"(?:最近|近|过去)半年", _last_half_year),
]
"""Each way of naming days, tried from the first to the last on folded text."""
_ANY_FORM = re.compile("|".join(f"(?:{pattern})" for pattern, _read in _FORMS))
