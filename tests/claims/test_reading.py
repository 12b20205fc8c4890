"""What a sentence states in numbers."""

from __future__ import annotations

import doctest
from operator import attrgetter
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.figures import HALVES, Reader, half, main, reader, score
from claims import forms, writing
from claims.reading import KINDS, amounts, dates, read_statements, statements
from glossary.matching import Matcher, form_of
from tests.growth import is_linear

PRECISION, RECALL = 0.95, 0.6


@pytest.fixture(scope="module")
def trade() -> Reader:
    return reader()


@pytest.mark.parametrize("module", [amounts, dates, forms, statements, writing], ids=attrgetter("__name__"))
def test_the_examples_are_true(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize("name", HALVES)
def test_both_halves_of_the_sentences_are_read_well_enough(trade: Reader, name: str) -> None:
    sentences = half(name)
    result = score(sentences, trade)
    assert len(sentences) == 150
    assert result.precision >= PRECISION
    assert result.recall >= RECALL
    assert result.subject_found >= RECALL * result.with_subject


def test_every_kind_is_labelled_in_both_halves() -> None:
    for name in HALVES:
        assert {label.kind for sentence in half(name) for label in sentence.labels} == set(KINDS)


def test_the_command_prints_both_halves(capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed] == list(HALVES)
    assert all("precision 0.9" in line for line in printed)


@pytest.mark.parametrize(
    "text",
    [
        "第18期共有20篇文章。",
        "型号是RTX 5090，编号 2024-117。",
        "波长193nm的光源",
        "成功率很高，构成了三成立的条件",
        "数百亿美元",
        "去年3月15日，五六家公司到场",
        "从2025年至2023年，2026-2024年",
        "",
        "。。。！！？",
    ],
)
def test_what_is_no_statement_is_none(text: str) -> None:
    assert read_statements(text, lambda _: []) == []


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("甲公司营收12亿元，同比增长5%。", [1, 1]),
        ("甲公司供应商营收12亿元。", [None]),
        ("受甲公司影响，营收下降5%。", [None]),
        ("甲公司营收12亿元，乙公司营收9亿元。", [1, 2]),
        ("甲公司与乙公司合计12亿元。", [None]),
        ("甲公司营收12亿元，全球市场增长5%。", [1, None]),
        ("2025年，甲公司扩产。", [1]),
        ("甲公司公布四季度财报：大中华区营收9亿元。", [1]),
    ],
)
def test_a_number_is_said_of_a_term_only_where_there_is_no_doubt(
    text: str, subjects: list[int | None]
) -> None:
    matcher = Matcher({form_of("甲公司"): 1, form_of("乙公司"): 2})
    assert [statement.subject for statement in read_statements(text, matcher.find)] == subjects


@given(st.text(alphabet="0129.,，-—至亿万千百元美%成nmGBTB/s片月年季度Q季上下半约超 \n。", max_size=60))
def test_whatever_the_text_a_statement_stands_in_it_and_its_range_is_one(text: str) -> None:
    for statement in read_statements(text, lambda _: []):
        found = statement.found
        assert statement.sentence in text.split("\n")[statement.line]
        assert statement.written.strip()
        assert found.kind in KINDS
        assert type(found.low) is type(found.high)
        assert found.low <= found.high  # type: ignore[operator]


@pytest.mark.parametrize(
    "piece",
    [
        "甲公司2024年营收约12.5亿至13亿元，同比增长5%，",
        "9",
        "1,",
        "一",
        "12亿至",
        "月产能",
        "甲公司。营收5%。\n",
    ],
)
def test_reading_takes_time_in_proportion_to_the_text(piece: str) -> None:
    assert is_linear(lambda text: read_statements(text, lambda _: []), piece.__mul__, of=2000)
