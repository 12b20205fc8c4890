"""One writing for the numbers of a kind: what a page shows beside the sentence. Pure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

CURRENCIES = {
    "CNY": "人民币",
    "USD": "美元",
    "EUR": "欧元",
    "JPY": "日元",
    "KRW": "韩元",
    "TWD": "新台币",
    "GBP": "英镑",
    "HKD": "港元",
    "INR": "卢比",
    "SGD": "新加坡元",
}
_BEFORE = {"about": "约 "}
_AFTER = {"above": "以上", "below": "以下"}
_LARGE = ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
_PREFIXES = ((Decimal(10) ** 9, "GW"), (Decimal(10) ** 6, "MW"), (Decimal(10) ** 3, "kW"))


def in_words(
    kind: str,
    low: Decimal | None,
    high: Decimal | None,
    since: dt.date | None,
    until: dt.date | None,
    unit: str,
    qualifier: str,
) -> str:
    """Returns a number as people read it.

    >>> in_words("money", Decimal("38000000000"), Decimal("42000000000"), None, None, "USD", "")
    '380 亿—420 亿美元'
    >>> in_words("percent", Decimal("41.6"), Decimal("41.6"), None, None, "%", "about")
    '约 41.6%'
    >>> in_words("date", None, None, dt.date(2025, 7, 1), dt.date(2025, 12, 31), "", "")
    '2025年下半年'
    """
    if since is not None and until is not None:
        return _days(since, until)
    if low is None or high is None:
        return ""
    values = [_value(value, unit) for value in dict.fromkeys((low, high))]
    tail = CURRENCIES.get(unit, "" if unit == "W" else unit)
    if unit == "pp":
        tail = " 个百分点"
    elif unit not in CURRENCIES and unit not in ("%", "W"):
        tail = f" {unit}"
    elif unit in CURRENCIES and values[-1][-1].isdecimal():
        tail = f" {tail}"
    # Of 5—10%, the sign stands once.
    return _BEFORE.get(qualifier, "") + "—".join(values) + tail + _AFTER.get(qualifier, "")


def _value(value: Decimal, unit: str) -> str:
    if unit == "W":
        scale, name = next(
            ((scale, name) for scale, name in _PREFIXES if abs(value) >= scale), (Decimal(1), "W")
        )
        return f"{plain(value / scale)} {name}"
    if unit in CURRENCIES or "/" in unit:
        for scale, name in _LARGE:
            if abs(value) >= scale and "B/s" not in unit and "b/s" not in unit:
                return f"{plain(value / scale)} {name}"
    return plain(value)


def plain(value: Decimal) -> str:
    """Returns a number without idle zeros and without an exponent.

    >>> plain(Decimal("8.030000")), plain(Decimal("1E+2")), plain(Decimal("0.000"))
    ('8.03', '100', '0')
    """
    return f"{value.normalize():f}" if value else "0"


def _days(since: dt.date, until: dt.date) -> str:
    year, first, last = since.year, since.month, until.month
    is_whole = since.day == 1 and (until + dt.timedelta(days=1)).day == 1
    if since == until:
        return f"{year}年{first}月{since.day}日"
    if not is_whole:
        return f"{year}年{first}月{since.day}日—{'' if last == first else f'{last}月'}{until.day}日"
    if year != until.year:
        return f"{year}—{until.year}年"
    months = last - first + 1
    if months == 12:
        return f"{year}年"
    if months == 6 and first in (1, 7):
        return f"{year}年{'上' if first == 1 else '下'}半年"
    if months == 3 and first % 3 == 1:
        return f"{year}年{'一二三四'[first // 3]}季度"
    return f"{year}年{first}月" if months == 1 else f"{year}年{first}—{last}月"
