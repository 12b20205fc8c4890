"""The query parser: typed text becomes a tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.describe import describe
from search.query.parser import MAX_LEAVES, MAX_LENGTH, parse
from search.query.query import Query
from search.query.tree import MAX_UNITS, And, Leaf, Node, Not, Or
from search.text.analysis import NO_TERMS


def word(text: str) -> Leaf:
    return Leaf(text)


def exact(text: str) -> Leaf:
    return Leaf(text, is_exact=True)


READINGS: dict[str, Node | None] = {
    "昇腾": word("昇腾"),
    "昇腾 带宽": And((word("昇腾"), word("带宽"))),
    "昇腾　带宽": And((word("昇腾"), word("带宽"))),
    '"先进封装"': exact("先进封装"),
    "“先进封装”": exact("先进封装"),
    "「先进封装」": exact("先进封装"),
    "『先进封装』": exact("先进封装"),
    "‘先进封装’": exact("先进封装"),
    "'先进 封装' HBM": And((exact("先进 封装"), word("HBM"))),
    "-'先进封装' HBM": And((Not(exact("先进封装")), word("HBM"))),
    "〝先进封装〞": exact("先进封装"),
    "«先进封装»": exact("先进封装"),
    "Moore's law's": And((word("Moore's"), word("law's"))),
    "'24 outlook": And((word("'24"), word("outlook"))),
    '"a b" c': And((exact("a b"), word("c"))),
    "被誉为“最强”的": And((word("被誉为"), exact("最强"), word("的"))),
    "HBM -三星": And((word("HBM"), Not(word("三星")))),
    "HBM －三星": And((word("HBM"), Not(word("三星")))),
    "HBM –三星": And((word("HBM"), Not(word("三星")))),
    "HBM -3月": And((word("HBM"), Not(exact("3月")))),
    "HBM NOT 3月": And((word("HBM"), Not(exact("3月")))),
    "HBM NOT 三星": And((word("HBM"), Not(word("三星")))),
    'HBM -"SK 海力士"': And((word("HBM"), Not(exact("SK 海力士")))),
    "HBM3E OR HBM4": Or((word("HBM3E"), word("HBM4"))),
    "HBM3E OR HBM4 产能": And((Or((word("HBM3E"), word("HBM4"))), word("产能"))),
    "HBM3E or HBM4": Or((word("HBM3E"), word("HBM4"))),
    "HBM3E 或 HBM4 产能": And((Or((word("HBM3E"), word("HBM4"))), word("产能"))),
    "HBM3E | HBM4": Or((word("HBM3E"), word("HBM4"))),
    "HBM3E或者HBM4": Or((word("HBM3E"), word("HBM4"))),
    "HBM3E或收购": word("HBM3E或收购"),
    "HBM3E还是HBM4": Or((word("HBM3E"), word("HBM4"))),
    "关于HBM4的报道": word("HBM4"),
    "有关HBM4的相关文章": word("HBM4"),
    "或 HBM": And((word("或"), word("HBM"))),
    'HBM "或" CoWoS': And((word("HBM"), exact("或"), word("CoWoS"))),
    "HBM3E and HBM4": And((word("HBM3E"), word("HBM4"))),
    "HBM3E vs HBM4": And((word("HBM3E"), word("HBM4"))),
    "canvas": word("canvas"),
    "a OR b OR c": Or((word("a"), word("b"), word("c"))),
    "a b OR c d": And((word("a"), Or((word("b"), word("c"))), word("d"))),
    # What is malformed is text.
    "OR": word("OR"),
    "OR OR": And((word("OR"), word("OR"))),
    "OR HBM": And((word("OR"), word("HBM"))),
    "HBM OR": And((word("HBM"), word("OR"))),
    "NOT": word("NOT"),
    "or HBM": And((word("or"), word("HBM"))),
    '"HBM4': word('"HBM4'),
    'HBM4"': word('HBM4"'),
    '""': word('""'),
    "-20倍": word("-20倍"),
    "-华为 -中芯": And((word("-华为"), word("-中芯"))),
    "10 - 20": And((word("10"), word("20"))),
    "CoWoS-L": word("CoWoS-L"),
    "N+2": word("N+2"),
    "(((": word("((("),
    "*": word("*"),
    "，": word("，"),
    "HBM4 ？": word("HBM4"),
    # Nothing asked.
    "": None,
    "   ": None,
    "\u200b\x00": None,
}


@pytest.mark.parametrize(("text", "expected"), READINGS.items())
def test_query_is_read_as(text: str, expected: Node | None) -> None:
    assert parse(text).tree == expected


@given(st.text() | st.text(st.sampled_from('芯"“”「」-ORNT a \n*()')))
def test_reading_never_fails_and_can_be_said_in_words(text: str) -> None:
    query = parse(text)
    assert isinstance(query, Query)
    assert describe(query.tree) or query.tree is None


def test_what_was_typed_is_looked_up_letter_for_letter_too() -> None:
    assert parse("出口 -20%").effective_tree == Or(
        (And((word("出口"), Not(word("20%")))), exact("出口 -20%"))
    )


def test_a_single_word_is_not_looked_up_twice() -> None:
    assert parse("HBM4").effective_tree == word("HBM4")


def test_long_queries_are_cut_and_say_so() -> None:
    query = parse("芯" * (MAX_LENGTH + 1))
    assert query.is_cut
    assert len(query.text) == MAX_LENGTH


def test_the_number_of_parts_and_words_is_bounded() -> None:
    tree = parse(" ".join(str(number) for number in range(300))).tree
    assert isinstance(tree, And)
    assert len(tree.children) == MAX_LEAVES
    assert max(len(leaf.units(NO_TERMS)) for leaf in tree.children if isinstance(leaf, Leaf)) <= MAX_UNITS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("昇腾 带宽", "昇腾 并且 带宽"),
        ("三星, 美光； CoWoS", "三星 并且 美光 并且 CoWoS"),
        ('"先进封装" -出口', "一字不差的“先进封装” 并且 不含 出口"),
        ("HBM3E OR HBM4 产能", "（HBM3E 或 HBM4）并且 产能"),
    ],
)
def test_the_reading_in_words(text: str, expected: str) -> None:
    assert describe(parse(text).tree) == expected
