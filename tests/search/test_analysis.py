"""Cutting text into tokens, and squeezing it for the lookup of runs."""

from __future__ import annotations

import doctest
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.body import from_text
from glossary import folding
from glossary.folding import fold
from search.engines.whoosh import cache, matches
from search.query import describe as wording
from search.query import parser as query
from search.query import periods
from search.results import completion, correction, highlighting
from search.text import analysis, codes, institutes, quantities, runs
from search.text.analysis import squeeze, tokenize, words
from search.text.runs import pattern_of_run, run_to_find

TEXT = st.text(
    st.sampled_from("芯片台積電升昇腾先进封装，。“”（ 　\n\t910CHBM4e+-./ＡＢ１２é①㎚𠮷\u200bＣｏＷｏＳ")
    | st.characters()
)

CODES = {
    "昇腾910C": ["升腾", "910c", "910", "c"],
    "HBM3E": ["hbm3e", "hbm", "3", "e"],
    "HBM4": ["hbm4", "hbm", "4"],
    "2.5D": ["2.5d", "2", "5d", "5", "d"],
    "CoWoS-L": ["cowos", "l", "cowosl"],
    "18A-P": ["18a", "18", "a", "p", "18ap"],
    "N+2": ["n+2", "n", "2"],
    "A+B轮": ["a+b", "a", "b", "轮"],
    "5G-A": ["5g", "5", "g", "a", "5ga"],
    "3nm": ["3nm", "3", "nm"],
    "CVE-2024-40766": ["cve", "2024", "cve2024", "40766", "2024-40766", "cve2024-40766"],
    "C++": ["c++", "c"],
    "RISC-V": ["risc", "v", "riscv"],
    "GPT-4o": ["gpt", "4o", "4", "o", "gpt4o"],
    "1.6T": ["1.6t", "1", "6t", "6", "t"],
    "S5000C-E": ["s5000c", "s", "5000", "c", "e", "s5000ce"],
    "AI/ML": ["ai", "ml"],
    "US IT CAN": ["us", "it", "usit", "can", "itcan"],
    "ＡＩ１８Ａ": ["ai18a", "ai", "18", "a"],
    "ＣｏＷｏＳ－Ｌ": ["cowos", "l", "cowosl"],
    "1γ": ["1γ", "1", "γ"],
    "长江存储": ["长江", "存储"],
    "晶圓": ["晶圆"],
    "キオクシア": ["キオクシア"],
    "삼성전자": ["삼성전자"],
    "，。！": [],
    "": [],
}


@pytest.mark.parametrize(("text", "expected"), CODES.items())
def test_product_codes_stay_whole_and_are_found_by_their_parts(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(TEXT)
def test_fold_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(TEXT)
def test_a_long_text_folds_as_its_characters_do(text: str) -> None:
    assert fold(text * 100) == "".join(map(fold, text)) * 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("台積電", "台积电"),
        ("３ＮＭ", "3nm"),
        ("“先进封装”", '"先进封装"'),
        ("「先進封裝」", '"先进封装"'),
        ("ＨＢＭ４，", "hbm4,"),
        ("後道", "后道"),
        ("—", "-"),
    ],
)
def test_two_writings_of_one_word_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_a_circled_number_is_no_number() -> None:
    assert fold("①") == "①"


@given(TEXT)
def test_every_token_stands_where_it_says(text: str) -> None:
    folded = fold(text)
    in_one_writing = {tuple(found) for found in analysis.find_equal_writings(text, folded)}
    for token in tokenize(text):
        written = folded[token.start : token.end]
        if written != token.word and tuple(token) not in in_one_writing:
            assert codes.trace_of(token.word) in "".join(re.findall(f"[{folding.LETTER}]", written))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("昇腾 910C 在", "升腾910c在"),
        ("Lennart  Heim 的", "lennart heim的"),
        ("Wi-Fi 7", "wi-fi 7"),
        ("指出, 昇腾", "指出,升腾"),
        ("第一段\n第二段", "第一段\n第二段"),
        ("HBM\u200b4", "hbm4"),
        ("芯　片", "芯片"),
        # One character that stands for several is written out; ①, … and ½ are no letters in one.
        ("3㎚ ﬁnfet", "3nm finfet"),
        ("第 Ⅲ 代", "第iii代"),
        ("㈱日立 ① … ½", "(株)日立①…½"),
    ],
)
def test_spaces_count_only_between_latin_words(text: str, expected: str) -> None:
    assert squeeze(text) == expected


@given(TEXT.filter(lambda text: "\n" not in text))
def test_a_run_of_a_text_is_found_in_the_text_itself(text: str) -> None:
    run = run_to_find(analysis.without_invisible(text))
    visible, _places = folding.written_out(fold(analysis.without_invisible(text)))
    if run and not re.search(r"[^\S ]", run):
        assert re.search(pattern_of_run(run), visible) is not None


def test_rare_characters_side_by_side_are_a_word_and_the_common_ones_beside_them_are_cut_as_ever() -> None:
    assert words("㐀\U00020000芯片\U0002ceb3国片々々") == [
        "㐀\U00020000",
        "芯片",
        "\U0002ceb3",
        *words("国片"),
        "々",
        "々",
    ]


@pytest.mark.parametrize(
    "module",
    [
        analysis,
        completion,
        correction,
        folding,
        highlighting,
        matches,
        periods,
        quantities,
        query,
        cache,
        codes,
        institutes,
        runs,
        wording,
    ],
)
def test_examples_in_docstrings_hold(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0


def test_plain_text_becomes_paragraphs() -> None:
    assert from_text(["带宽 < 2TB", ""]) == "<p>带宽 &lt; 2TB</p>"
