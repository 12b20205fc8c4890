"""What the units behind numbers make of them: money, percentages, process nodes, capacities."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from claims.reading.amounts import Amount, amounts, qualifier_of
from claims.reading.found import Found, Kind
from search.text.quantities import CHINESE_NUMBER, NUMBER, plain_number

_CURRENCIES = {
    "USD": "美元 美金 usd",
    "EUR": "欧元 eur",
    "JPY": "日元 日圆 日币 jpy",
    "KRW": "韩元 韩圆 韩币 krw",
    "TWD": "新台币 台币 元新台币 元台币 新台币元 新台币元整 twd",
    "GBP": "英镑 gbp",
    "HKD": "港元 港币 元港币 hkd",
    "INR": "卢比 印度卢比 inr",
    "SGD": "新元 新加坡元 sgd",
    "CNY": "元人民币 人民币 元 cny",
}
_CURRENCY_OF = {writing: code for code, writings in _CURRENCIES.items() for writing in writings.split()}
_LONGEST_FIRST = "|".join(sorted(map(re.escape, _CURRENCY_OF), key=len, reverse=True))
_CURRENCY = re.compile(rf"[多余]?\s?(?P<currency>{_LONGEST_FIRST})(?![a-z])(?!(?<=元)[件器素旦宵老首宇组])")
_CURRENCY_BEFORE = re.compile(r"(?P<sign>us\$|nt\$|hk\$|\$|€|£|人民币|新台币|台币|港币|usd|rmb|cny)\s?$")
_SIGNS = {
    "us$": "USD", "$": "USD", "usd": "USD", "€": "EUR", "£": "GBP", "nt$": "TWD", "新台币": "TWD", "台币": "TWD",
    "hk$": "HKD", "港币": "HKD", "人民币": "CNY", "rmb": "CNY", "cny": "CNY",
}  # fmt: skip

_PERCENT = re.compile(r"\s?(?:(?P<points>个?百分点)|(?P<percent>%|percent(?![a-z])))")
_SHARE = re.compile(
    rf"百分之(?:(?P<all>百)|(?P<share>{NUMBER}|{CHINESE_NUMBER})(?![多几零〇一二三四五六七八九十百千]))"
)
_TENTHS = re.compile(
    r"(?<![第数几上零〇一二三四五六七八九十百千两构])(?P<tens>[一二两三四五六七八九])成(?P<ones>[一二三四五六七八九](?![家个名项种款大方座是次]))?"
    r"(?![功立为本员长熟果品都人分形型色套绩交章因])"
)
_DIGIT = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}

_NANOMETRES = re.compile(r"\s?-?(?:nm|纳米|奈米)(?![a-z])")
_LARGEST_NODE = 500
_NODE_AFTER = re.compile(
    r"\s?(?:\(.{1,12}\))?(?:及|或|和|与|、|/|至|到|以[上下]|的|级|代|逻辑|先进|成熟|eul|euv|车规|国产|ai|[gc]pu|soc|finfet|gaa){0,3}\s?"
    r"(?:制程|工艺|节点|芯片|技术|产线|平台|良率|晶圆|工厂|流片|代工|方案|产能|处理器|时代|设备|起步|chiplet|gaa|finfet"
    r"|soc|production|process|node|chips?|及?以[上下]|\d|两种|三种)"
)
_NODE_BEFORE = re.compile(r"(?:制程|工艺|节点|线宽)[^,，;。]{0,16}$|(?:量产|代工|流片)\s?$")
_NO_NODE_BEFORE = re.compile(
    r"(?:波长|厚度|厚|精度|误差|粗糙度|间距|孔径|粒径|分辨率|颗粒|直径|偏差|缺陷)[^,，;。]{0,10}$"
)
_NO_NODE_AFTER = re.compile(r"\s?(?:的?波长|厚|光源|的?arf|的?krf|duv|激光|粒径|间距)")
_ANGSTROM = re.compile(
    r"(?:(?<=英特尔)|(?<=intel)|(?<=intel )|(?<![a-z\d]))(?P<value>20|18|14|10)a(?![a-z\d])"
)
_ANGSTROM_AFTER = re.compile(r"\s?-?p?(?:制程|工艺|节点|process|node)")
_INTEL = re.compile(r"(?:英特尔|intel)的?\s?$")

_BYTES = re.compile(r"\s?(?P<size>[kmgtpe])(?P<letter>b)(?P<per>/s|ps|每秒)?(?![a-z])")
_WATTS = re.compile(r"\s?(?P<watts>吉瓦|兆瓦|千瓦|瓦特|瓦|gw|mw|kw|w)(?![a-z时])(?!小时|/时|片|颗)")
_WATT = {
    "吉瓦": 10**9, "gw": 10**9, "兆瓦": 10**6, "mw": 10**6, "千瓦": 1000, "kw": 1000, "瓦特": 1, "瓦": 1, "w": 1,
}  # fmt: skip
_PIECES = re.compile(
    r"[多余]?\s?(?P<piece>片|颗|块|只|套)(?:[^\s,，;。/每\d]{0,6})?\s?(?:(?:/|每)\s?(?P<per>月|年))?"
)
_PER_BEFORE = re.compile(
    r"(?:(?P<month>月产能?|月投片|每月|单月|月产)|(?P<year>年产能?|每年|年产))[^,，;。]{0,28}$"
)
_HOURLY = re.compile(r"(?:每小时|每天|每日|每周)[^,，;。]{0,10}$")

_TO = re.compile(r"\s?(?:-|~|至|到|—)\s?")
_SLASH = re.compile(r"/")


class _Unit(NamedTuple):
    kind: Kind
    unit: str
    factor: Decimal
    end: int
    """Where the unit ends."""


def quantities(sentence: str, folded: str) -> list[Found]:
    """Returns what is not a date in a sentence, which comes folded beside it; in order."""
    return sorted([*_shares(folded), *_tenths(folded), *_angstroms(folded), *_with_units(sentence, folded)],
                  key=lambda found: found.start)  # fmt: skip


def _with_units(sentence: str, folded: str) -> Iterator[Found]:
    numbers = list(amounts(folded))
    taken = 0
    money_before = ""
    for place, first in enumerate(numbers):
        if place < taken:
            continue
        run, unit = _run_of(sentence, folded, numbers, place, money_before)
        if unit is None:
            continue
        taken = place + len(run)
        values = [_value(amount, run[-1], unit) for amount in run]
        start = first.start
        if unit.kind == "money":
            if sign := _CURRENCY_BEFORE.search(folded, max(start - 4, 0), start):
                start = sign.start()
            if unit.unit in ("TWD", "HKD"):
                money_before = unit.unit
        if unit.kind == "node" and not _is_node(folded, start, unit.end, max(values)):
            continue
        qualifier = qualifier_of(folded, start, unit.end)
        end = unit.end
        yield Found(unit.kind, min(values), max(values), unit.unit, qualifier, start, end)


def _run_of(
    sentence: str, folded: str, numbers: Sequence[Amount], place: int, money_before: str
) -> tuple[list[Amount], _Unit | None]:
    """A number, or the two of a range, with the unit that stands behind them."""
    run = [numbers[place]]
    unit = _unit_at(sentence, folded, run[0], money_before)
    while place + len(run) < len(numbers):
        following = numbers[place + len(run)]
        begin = unit.end if unit else run[-1].end
        between = folded[begin : following.start]
        is_list = unit is None and len(run) == 1 and _SLASH.fullmatch(between)
        if not (_TO.fullmatch(between) or is_list):
            break
        next_unit = _unit_at(sentence, folded, following, money_before)
        if next_unit is None or (unit and (unit.kind, unit.unit) != (next_unit.kind, next_unit.unit)):
            break
        if is_list and next_unit.kind != "node":
            break
        run.append(following)
        unit = next_unit
    return run, unit


def _value(amount: Amount, last: Amount, unit: _Unit) -> Decimal:
    """`380-420亿`: the scale of the second is that of the first, too."""
    scale = last.scale if not amount.has_scale and last.has_scale else Decimal(1)
    return amount.value * scale * unit.factor


def _unit_at(sentence: str, folded: str, amount: Amount, money_before: str) -> _Unit | None:
    end = amount.end
    if percent := _PERCENT.match(folded, end):
        return (
            None
            if amount.has_scale
            else _Unit("percent", "pp" if percent["points"] else "%", Decimal(1), percent.end())
        )
    sign = _CURRENCY_BEFORE.search(folded, max(amount.start - 4, 0), amount.start)
    if currency := _CURRENCY.match(folded, end):
        code = _CURRENCY_OF[currency["currency"]]
        if currency["currency"] == "元":
            code = _SIGNS[sign["sign"]] if sign else money_before or code
        return _Unit("money", code, Decimal(1), currency.end())
    if sign and (amount.has_scale or "$" in sign["sign"] or sign["sign"] in "€£"):
        return _Unit("money", _SIGNS[sign["sign"]], Decimal(1), end)
    if nanometres := _NANOMETRES.match(folded, end):
        return None if amount.has_scale else _Unit("node", "nm", Decimal(1), nanometres.end())
    return _capacity_at(sentence, folded, amount)


def _capacity_at(sentence: str, folded: str, amount: Amount) -> _Unit | None:
    if size := _BYTES.match(folded, amount.end):
        is_bytes = sentence[size.start("letter")] == "B"
        letter, name = size["size"].upper(), "B" if is_bytes else "b"
        if sentence[size.start("size")].islower() or amount.has_scale:
            return None
        if not size["per"]:
            return _Unit("capacity", f"{letter}{name}", Decimal(1), size.end())
        factor = {"K": Decimal("1e-6"), "M": Decimal("1e-3"), "G": Decimal(1), "T": Decimal(1000)}.get(letter)
        return None if factor is None else _Unit("capacity", f"G{name}/s", factor, size.end())
    if watts := _WATTS.match(folded, amount.end):
        if watts["watts"] == "w" and sentence[watts.start("watts")] != "W":
            return None
        return _Unit("capacity", "W", Decimal(_WATT[watts["watts"]]), watts.end())
    if pieces := _PIECES.match(folded, amount.end):
        per = pieces["per"]
        end = pieces.end() if per else pieces.end("piece")
        if not per and not _HOURLY.search(folded, 0, amount.start):
            before = _PER_BEFORE.search(folded, 0, amount.start)
            per = before and ("月" if before["month"] else "年")
        return _Unit("capacity", f"{pieces['piece']}/{per}", Decimal(1), end) if per else None
    return None


def _is_node(folded: str, start: int, end: int, value: Decimal) -> bool:
    if value > _LARGEST_NODE or _NO_NODE_BEFORE.search(folded, 0, start) or _NO_NODE_AFTER.match(folded, end):
        return False
    return bool(_NODE_AFTER.match(folded, end) or _NODE_BEFORE.search(folded, 0, start))


def _shares(folded: str) -> Iterator[Found]:
    for match in _SHARE.finditer(folded):
        value = Decimal(100) if match["all"] else Decimal(plain_number(match["share"]))
        qualifier = qualifier_of(folded, match.start(), match.end())
        yield Found("percent", value, value, "%", qualifier, match.start(), match.end())


def _tenths(folded: str) -> Iterator[Found]:
    for match in _TENTHS.finditer(folded):
        value = Decimal(10 * _DIGIT[match["tens"]] + _DIGIT.get(match["ones"], 0))
        qualifier = qualifier_of(folded, match.start(), match.end())
        yield Found("percent", value, value, "%", qualifier, match.start(), match.end())


def _angstroms(folded: str) -> Iterator[Found]:
    """`18A工艺`: 1.8 nm, as its maker counts."""
    for match in _ANGSTROM.finditer(folded):
        if _ANGSTROM_AFTER.match(folded, match.end()) or _INTEL.search(folded, 0, match.start()):
            value = Decimal(match["value"]) / 10
            yield Found("node", value, value, "nm", "", match.start(), match.end())
