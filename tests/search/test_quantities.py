"""Quantities: every way to write a number with its unit becomes one token."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.folding import fold
from search.text import quantities
from search.text.quantities import find_quantities

FOUND = {
    "5,000片": "5000",
    "12，500台": "12500",
    "1,234,567.50美元": "1234567.5",
    "3纳米": "3nm",
    "3 nm": "3nm",
    "３ＮＭ制程": "3nm",
    "3㎚": "3nm",
    "300 ㎜": "300mm",
    "3.2㎓": "3.2ghz",
    "三纳米": "3nm",
    "两奈米": "2nm",
    "二十八纳米": "28nm",
    "二八纳米": "28nm",
    "十纳米": "10nm",
    "一百零五纳米": "105nm",
    "一百〇五纳米": "105nm",
    "一百一十微米": "110um",
    "两百微米": "200um",
    "零点一三微米": "0.13um",
    "0.13µm": "0.13um",
    "12英寸": "12寸",
    "12吋": "12寸",
    "12英吋": "12寸",
    "12 inches": "12寸",
    "十二英寸": "12寸",
    "十二点五英寸": "12.5寸",
    "300毫米": "300mm",
    "5公分": "5cm",
    "20%": "20%",
    "２０％": "20%",
    "百分之二十": "20%",
    "百分之20": "20%",
    "百分之二点五": "2.5%",
    "百分之百": "100%",
    "百分之三百二十": "320%",
    "百分之零点五": "0.5%",
    "占百分之二十数据": "20%",
    "99.90%": "99.9%",
    "1.2万亿": "1.2万亿",
    "1,500亿": "1500亿",
    "1,500.00亿": "1500亿",
    "0.50万": "0.5万",
    "0%": "0%",
    "10万": "10万",
    "120千瓦": "120kw",
    "1.2吉瓦": "1.2gw",
    "50MW": "50mw",
    "700瓦特": "700w",
    "800伏": "800v",
    "3.2GHz": "3.2ghz",
    "800兆赫": "800mhz",
    "36 GB": "36gb",
    "321层": "321层",
    "321 Layers": "321层",
    "从28nm到14nm": "28nm 14nm",
    "增长20%至1.2万亿": "20% 1.2万亿",
    "28/40nm": "40nm",
    "2nm-3nm": "2nm 3nm",
    "更多三纳米": "3nm",
    "五千亿美元": "5000亿",
    "5千亿": "5000亿",
    "1.5千亿": "1500亿",
    "3百万片": "300万",
    "二十三亿": "23亿",
    "三百零五万": "305万",
    "两千零五十万": "2050万",
    "一千二百三十四亿": "1234亿",
    "一点二万亿": "1.2万亿",
    "十万亿": "10万亿",
    "兩萬億": "2万亿",
    "五百万千瓦": "500万",
    "从五千万到一亿": "5000万 1亿",
}
NOT_FOUND = [
    # A piece of a code, of an ordinal, of a longer unit.
    "H20W", "5W1H", "3V3", "第3层", "第十二英寸", "12寸1", "3nmx", "1.5.2nm", "v5层",
    # About so many.
    "几十纳米", "数百微米", "两三纳米", "五六纳米", "三五纳米", "二三十纳米", "百分之二三十", "百分之十几",
    "百分之二十多", "百分之几", "一百二纳米", "百分之一百二", "十百纳米",
    # Amounts that are no single number, or no number at all.
    "千万不要", "万一", "唯一万能", "统一亿级", "亿万", "成千上万", "百亿", "几千亿", "数十亿", "上百亿", "三四千亿", "十几亿", "五千多亿",
    "三亿五千万", "两万五千里", "三万五", "第二万", "三千五亿", "5千", "H3千万",
    # Larger than is read.
    "一千二百纳米", "百分之一千", "三千纳米",
    # No number, no unit, or neither.
    "纳米", "百分之", "亿", "20", "二十", "RTX 5090\n万卡集群", "5\n层", "",
]  # fmt: skip


def tokens(text: str) -> str:
    return " ".join(quantity.token for quantity in find_quantities(fold(text)))


@pytest.mark.parametrize(("text", "expected"), FOUND.items())
def test_a_quantity_has_one_writing(text: str, expected: str) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_is_no_plain_quantity_is_left_alone(text: str) -> None:
    assert tokens(text) == ""


SAID = st.text(
    st.sampled_from("0123456789.,，%％ \n零〇一二三九十百千万亿两点几第纳奈微米英寸吋层伏瓦nmGWhzVµ百分之")
)


@given(SAID | st.text())
def test_finding_never_fails_and_says_where(text: str) -> None:
    folded = fold(text)
    end = 0
    for quantity in find_quantities(folded):
        assert end <= quantity.start < quantity.end <= len(folded)
        assert "\n" not in folded[quantity.start : quantity.end]
        end = quantity.end


@given(SAID | st.text())
def test_none_begins_otherwise_than_is_looked_for(text: str) -> None:
    folded = fold(text)
    everywhere = [match.span() for match in quantities._PATTERN.finditer(folded)]
    assert [(quantity.start, quantity.end) for quantity in find_quantities(folded)] == everywhere


@given(st.integers(0, 10**9), st.sampled_from(["纳米", "nm", "%", "亿", "GB", "层"]))
def test_separators_and_idle_zeros_change_nothing(number: int, unit: str) -> None:
    assert tokens(f"{number:,}{unit}") == tokens(f"{number}{unit}") == tokens(f"{number:,}.00 {unit}")


@given(st.integers(1, 9999), st.sampled_from(["万", "亿", "万亿"]))
def test_a_chinese_amount_is_the_same_as_in_digits(number: int, unit: str) -> None:
    spoken = ""
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            spoken += CHINESE[digit] + name
        elif spoken and not spoken.endswith("零") and number % place:
            spoken += "零"
    assert tokens(f"{spoken}{unit}") == tokens(f"{number}{unit}") == f"{number}{unit}"


CHINESE = "零一二三四五六七八九"


@given(st.integers(1, 199))
def test_a_chinese_number_is_the_same_as_in_digits(number: int) -> None:
    """Written as it is spoken: `一十` only behind a hundred, `零` where a place is skipped."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    spoken = "一百" if hundreds else ""
    if tens:
        spoken += ("" if tens == 1 and not hundreds else CHINESE[tens]) + "十"
    elif hundreds and ones:
        spoken += "零"
    spoken += CHINESE[ones] if ones else ""
    assert tokens(f"{spoken}纳米") == tokens(f"百分之{spoken}").replace("%", "nm") == f"{number}nm"
