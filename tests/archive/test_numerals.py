"""Numbers as headings, dates and sentences write them."""

from __future__ import annotations

import pytest

from archive.numerals import read_number


def written(number: int) -> str:
    """A number from 1 to 9,999 as it is said: 2015 → `二千零一十五`."""
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + name
        gap = not digit
    return text


def test_every_number_below_ten_thousand_is_read_as_it_is_said() -> None:
    for number in range(1, 10_000):
        said = written(number)
        assert (said, read_number(said)) == (said, number)
        if said.startswith("一十"):
            assert read_number(said[1:]) == number
        assert read_number(said.replace("零", "〇").replace("二千", "两千")) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("廿", 20), ("廿五", 25), ("卅一", 31), ("二〇二五", 2025), ("〇", 0), ("十", 10), ("两百", 200), ("Ⅻ", 12), ("xxiv", 24)],
)  # fmt: skip
def test_a_number_has_other_writings(text: str, number: int) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "百", "千", "十十", "三廿", "百五", "十百", "五六十", "二百三百", "三十五六", "IIII", "ABC", "第三", "3.5", "-3", "⑫⑫x", "三 五"],
)  # fmt: skip
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_number(text) is None
