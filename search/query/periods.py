"""Dates as people say and write them → the first and the last day meant. Pure: today is an argument.

    `2025年3月` `25年3月` `2025.3` `去年3月` `一季度` `4月第三周` `3月17日—21日` `2025.4.14-4.18` `最近三个月` `3月以来`

A point in time (a day, a week, a month, a quarter …) is read into its numbers, two of them make a range, and what
was left out is taken from the other one or is the last that was: `12月30日` in January is last year's.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from archive.numerals import read_number
from glossary.folding import fold
from search.query.moments import (
    IN_RANGES,
    POINTS,
    Known,
    Point,
    day_of,
    month_of,
    number_of,
    or_none,
    points,
    quarter_of,
    third_of_month,
    week_of,
    week_of_day,
    week_of_month,
    year_of,
)

MOST_CHARACTERS = 40
"""Characters of the longest way to write a date: nothing longer is looked at."""


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: dt.date
    last: dt.date
    is_months: bool = False
    """Whether it is made of whole months: an issue belongs to the month in which it ends, as facets count it."""
    remark: str = ""
    """What was said, where that alone does not tell the days: `上周`, `最近的3月`."""

    @property
    def name(self) -> str:
        """Returns the days as people write them: `2025年3月`, `2025年一季度`, `2025年3月17日—21日`."""
        first, last = self.first, self.last
        start = f"{first.year}年{first.month}月"
        if self.is_months and _ends_a_month(last) and first.day == 1:
            if (first.year, first.month) == (last.year, last.month):
                return start
            if first.year != last.year:
                is_years = first.month == 1 and last.month == 12
                return f"{first.year}年—{last.year}年" if is_years else f"{start}—{last.year}年{last.month}月"
            known = {(1, 12): "", (1, 6): "上半年", (7, 12): "下半年"}
            known |= {(3 * number + 1, 3 * number + 3): f"{'一二三四'[number]}季度" for number in range(4)}
            said = known.get((first.month, last.month))
            return f"{start}—{last.month}月" if said is None else f"{first.year}年{said}"
        start = f"{start}{first.day}日"
        if first == last:
            return start
        year = f"{last.year}年" if last.year != first.year else ""
        month = f"{last.month}月" if year or last.month != first.month else ""
        return f"{start}—{year}{month}{last.day}日"


def read_period(text: str, today: dt.date, issue_days: Sequence[dt.date] = ()) -> Period | None:
    """Returns the days that `text` names, both included; None when it names none.

    >>> period = read_period("2025年3月", dt.date(2025, 5, 1))
    >>> print(period.first, period.last, period.name)
    2025-03-01 2025-03-31 2025年3月
    >>> read_period("3月", dt.date(2026, 11, 1), [dt.date(2025, 3, 21)]).name
    '2025年3月'
    >>> read_period("2.5D", dt.date(2025, 3, 21)) is None
    True

    Weeks run from Monday to Sunday, and belong to the month and the year of their Thursday (ISO 8601). A day that
    does not exist (2月30日) names nothing. `issue_days` are the last days of the issues that there are, ascending:
    what is said without its year is the last of its kind with an issue, or else the last before today.
    """
    folded = _WITHIN.sub("", _CHINESE_YEAR.sub(_in_digits, fold(text).strip()))
    if len(folded) > MOST_CHARACTERS or not _BEGINNING.match(folded):
        return None
    try:
        return _read(folded, Known(today, issue_days))
    except (ValueError, OverflowError):  # there is no such day
        return None


def needs_issue_days(text: str) -> bool:
    """Returns whether `text` may hold a date without its year. A cheap look: often wrong, but it misses none."""
    return _YEARLESS.search(fold(text)) is not None


def _read(text: str, known: Known) -> Period | None:
    for point in points(text, known, POINTS):
        remark = _as_typed(text)
        if point.year is None:
            return Period(*point.last_one(known), point.is_months, f"最近的{remark}")
        days = point.at(point.year)
        period = Period(*days, point.is_months)
        is_told = text[:1].isdecimal() and point.days not in (
            week_of,
            week_of_day,
            week_of_month,
            third_of_month,
        )
        return period if is_told else replace(period, remark=remark)
    for pattern, read in _COUNTED_FROM_TODAY:
        if match := re.fullmatch(pattern, text):
            return replace(read(known.today, *match.groups()), remark=_as_typed(text))
    return _range(text, known) or _open(text, known)


_CHINESE_YEAR = re.compile(r"[一二][零〇○一二三四五六七八九]{3}(?=\s{0,3}年)")


def _in_digits(year: re.Match[str]) -> str:
    return str(read_number(year[0].replace("○", "〇")))


# --- Since and before -----------------------------------------------------------------------------------

_SAID = rf"(.{{1,{MOST_CHARACTERS}}}?)"
_SINCE = re.compile(rf"[自从]?{_SAID}\s{{0,3}}(?:起|开始|以来|至今|到现在|以后)|[自从]{_SAID}")
_UNTIL = re.compile(rf"(?:截[至止]到?|直到|到)\s{{0,3}}{_SAID}(?:为止)?")
_AFTER = re.compile(rf"{_SAID}(?<!前)\s{{0,3}}之?后")
_BEFORE = re.compile(rf"{_SAID}\s{{0,3}}[以之]?前")


def _open(text: str, known: Known) -> Period | None:
    """What has one end: up to today or the newest issue; back to the oldest one."""
    newest = max([known.today, *known.issue_days[-1:]])
    for pattern in (_SINCE, _AFTER, _BEFORE, _UNTIL):
        if (match := pattern.fullmatch(text)) and (said := _read(match[match.lastindex or 1], known)):
            if pattern in (_BEFORE, _UNTIL):
                last = said.last if pattern is _UNTIL else said.first - dt.timedelta(days=1)
                first = min([last, *known.issue_days[:1]])
            else:
                first = said.first if pattern is _SINCE else said.last + dt.timedelta(days=1)
                last = max(first, newest)
            return Period(first, last, said.is_months, _as_typed(text))
    return None


# --- Ranges ---------------------------------------------------------------------------------------------

_LONGEST_WITHOUT_WORDS = dt.timedelta(days=13)
"""`4.14-4.18` are the days of a digest, `1.5-2.5` is a number from one to another."""
_FULL_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST_OF_END = 20
"""Characters of one end of a range: `2025 年 12 月 31 日`, with room."""
_TO = re.compile(r"\s{0,3}(?:[-~]{1,2}|至|到|(?P<and>以及|[和与及、]))\s{0,3}")
_FROM = re.compile(rf"[自从](?=.{{0,{MOST_CHARACTERS}}}[至到])")
_WITHIN = re.compile(r"(?<=[年月日号季度周])(?:之[间内]|期间|以内|[里内间])$")


def _range(text: str, known: Known) -> Period | None:
    text = _FROM.sub("", text)
    for dash in _TO.finditer(text):
        left, right = text[: dash.start()], text[dash.end() :]
        if not left or not right or max(len(left), len(right)) > _MOST_OF_END:
            continue
        forms = [*POINTS, *IN_RANGES]
        for end in points(right, known, forms):
            for start in points(left, known, forms):
                period = _between(start, end, left, right, known)
                if period and (not dash["and"] or _are_neighbours(start, end, period)):
                    return period
    return None


def _are_neighbours(start: Point, end: Point, period: Period) -> bool:
    """Whether nothing lies between the two: `2月和3月` are one stretch of time, `2月和5月` are not."""
    left, right = or_none(start.at, period.first.year), or_none(end.at, period.last.year)
    return left is not None and right is not None and left[1] + dt.timedelta(days=1) == right[0]


def _between(start: Point, end: Point, left: str, right: str, known: Known) -> Period | None:
    """The days from one point to the other, of the same kind; None when the two make no range."""
    if start.days is not end.days or not _are_dates(start, left, right):
        return None
    if end.month is None and start.days is day_of:
        end = replace(end, month=start.month)
    if start.month is None and start.days is day_of:  # `17日—3月21日`
        return None
    if end.year is None and start.year is not None:
        first = start.at(start.year)[0]
        ends = [days for year in (start.year, start.year + 1) if (days := or_none(end.at, year))]
        last = next(days[1] for days in ends if days[1] >= first)
        return _ordered(first, last, start.is_months)
    if end.year is None:
        _, last = end.last_one(known)
        starts = [days for year in (last.year, last.year - 1) if (days := or_none(start.at, year))]
        first = next(days[0] for days in starts if days[0] <= last)
        if re.search("[./]", left) and last - first > _LONGEST_WITHOUT_WORDS:
            return None
        return Period(first, last, start.is_months, f"最近的{_as_typed(f'{left}—{right}')}")
    first = start.at(start.year if start.year is not None else end.year)[0]
    last = end.at(end.year)[1]
    if start.year is None and first > last:
        first = start.at(end.year - 1)[0]
    if first > last:  # backwards: the days between the two all the same
        (first, _), (_, last) = end.at(end.year), start.at(start.year or end.year)
    return _ordered(first, last, start.is_months)


def _ordered(first: dt.date, last: dt.date, is_months: bool) -> Period | None:
    """Days that make whole months are these months: two ways to name the same days find the same."""
    is_months = is_months or (first.day == 1 and _ends_a_month(last))
    return Period(first, last, is_months) if first <= last else None


def _are_dates(start: Point, left: str, right: str) -> bool:
    """Whether the two ends together say that they are dates: `3-5` are numbers, `3-5月` and `4.14-4.18` are not."""
    if any(mark in left + right for mark in "年月日号季q"):
        return True
    if _FULL_YEAR.match(left):
        return start.days is not year_of and ("." in left or _FULL_YEAR.match(right) is not None)
    return start.days is day_of and any(left.count(mark) == right.count(mark) == 1 for mark in "./")


# --- Counted from today ---------------------------------------------------------------------------------

_COUNT = r"(\d{1,3}|[一二三四五六七八九十两]{1,3})"


def _day_back(today: dt.date, word: str) -> Period:
    date = today - dt.timedelta(days={"今天": 0, "昨天": 1, "前天": 2}[word])
    return Period(date, date)


def _week_back(today: dt.date, word: str) -> Period:
    monday = today - dt.timedelta(days=today.weekday(), weeks=word.count("上"))
    return Period(monday, monday + dt.timedelta(days=6))


def _month_back(today: dt.date, word: str) -> Period:
    counted = today.year * 12 + today.month - 1 - word.count("上")
    return Period(*month_of(counted // 12, counted % 12 + 1, 0), is_months=True)


def _quarter_back(today: dt.date, word: str) -> Period:
    counted = today.year * 4 + (today.month - 1) // 3 - word.count("上")
    return Period(*quarter_of(counted // 4, 0, counted % 4 + 1), is_months=True)


def _last_days(today: dt.date, number: str, unit: str) -> Period:
    days = number_of(number) * {"天": 1, "日": 1, "周": 7, "星期": 7, "月": 30, "年": 365}[unit]
    return Period(today - dt.timedelta(days=days), today, is_months=unit in "月年")


def _last_half_year(today: dt.date) -> Period:
    return Period(today - dt.timedelta(days=182), today, is_months=True)


_COUNTED_FROM_TODAY: list[tuple[str, Callable[..., Period]]] = [
    (r"(今天|昨天|前天)", _day_back),
    (r"(本周|这周|上周|上上周|这一周|上一周|本星期|这个?星期|上个?星期)", _week_back),
    (r"(本月|这个月|上月|上个月|上上个月)", _month_back),
    (r"(本季度|这个季度|上季度|上个季度)", _quarter_back),
    (rf"(?:最近|近|过去)\s*{_COUNT}\s*个?(天|日|周|星期|月|年)", _last_days),
    (r"(?:最近|近|过去)半年", _last_half_year),
]

_BEGINNING = re.compile(r"[\d一二三四五六七八九十元今昨前去上下本这最近过第自从截直到]")
"""How every date begins: nearly no word does."""
_YEARLESS = re.compile(r"月|季度|半年|周|\d[./]\d|[前后来]|[起至到]|开始|现在")


def _ends_a_month(day: dt.date) -> bool:
    return (day + dt.timedelta(days=1)).day == 1 if day < dt.date.max else True


def _as_typed(folded: str) -> str:
    return re.sub(r"\s", "", folded).upper()
