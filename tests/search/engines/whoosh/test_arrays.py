"""The arrays in which runs are looked up hold what the plain text holds."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.engines.whoosh.substrings import SubstringIndex

LINES = st.text("甲乙丙 a𠮷é", max_size=12)


@settings(max_examples=300, deadline=None)
@given(
    documents=st.lists(st.tuples(LINES, st.lists(LINES, max_size=3)), min_size=1, max_size=8),
    run=st.text("甲乙丙 a𠮷é", min_size=1, max_size=4),
)
def test_a_run_is_found_where_reading_finds_it(documents: list[tuple[str, list[str]]], run: str) -> None:
    texts = ["\n".join([title, *body, ""]) for title, body in documents]
    found = SubstringIndex([text.encode() for text in texts]).find(run)
    anywhere = re.compile(f"(?={re.escape(run)})")
    counts = [len(anywhere.findall(text)) for text in texts]
    holders = np.flatnonzero(counts).tolist()
    assert found.documents.tolist() == holders
    assert found.counts.tolist() == [counts[document] for document in holders]
    assert found.in_title.tolist() == [run in documents[document][0] for document in holders]


def test_a_run_that_stands_more_often_than_there_are_documents() -> None:
    texts = ["甲甲甲\n甲甲\n", "乙\n甲\n", "乙\n\n"]
    found = SubstringIndex([text.encode() for text in texts]).find("甲")
    assert found.documents.tolist() == [0, 1]
    assert found.counts.tolist() == [5, 1]
    assert found.in_title.tolist() == [True, False]


def test_the_last_character_of_all_and_halves_of_rare_ones_are_looked_up_too() -> None:
    index = SubstringIndex(["甲\uffff\n𠮷\uffff乙\n".encode()])
    found = {
        run: index.find(run).counts.tolist() for run in ("\uffff", "甲\uffff", "\uffff乙", "𠮷", "\uffff甲")
    }
    assert found == {"\uffff": [2], "甲\uffff": [1], "\uffff乙": [1], "𠮷": [1], "\uffff甲": []}


def test_no_run_leads_over_the_end_of_a_text() -> None:
    texts = ["甲\n乙\n", "丙\n丁\n"]
    index = SubstringIndex([text.encode() for text in texts])
    found = {run: len(index.find(run).documents) for run in ("甲乙", "乙丙", "丙丁", "丁丁", "丁")}
    assert found == {"甲乙": 0, "乙丙": 0, "丙丁": 0, "丁丁": 0, "丁": 1}


def test_a_damaged_column_is_not_taken_for_a_text() -> None:
    with pytest.raises(ValueError, match="run column"):
        SubstringIndex([b"\x00" * 8])
    with pytest.raises(UnicodeDecodeError):
        SubstringIndex(["甲".encode()[:2] + b"\n"])
