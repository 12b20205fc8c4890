"""The arrays that the engine answers from hold what Whoosh and the plain text hold."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import RamStorage
from whoosh.reading import IndexReader

from search.engines.whoosh.postings import read_postings
from search.engines.whoosh.substrings import SubstringIndex


def index_of(documents: list[list[str]], blocks_of: int) -> IndexReader:
    """Builds an index of documents given as lists of words, with this many postings in a block."""
    schema = fields.Schema(
        id=fields.ID(unique=True),
        text=fields.FieldType(formats.Frequency(), analyzer=None, scorable=True),
    )
    index = RamStorage().create_index(schema)
    writer = index.writer(codec=W3Codec(blocklimit=blocks_of))
    for number, words in enumerate(documents):
        writer.add_document(id=str(number), text=words)
    writer.commit()
    return index.reader()


def by_whooshs_own_matcher(reader: IndexReader, word: str) -> list[tuple[int, float]]:
    matcher = reader.postings("text", word)
    found = []
    while matcher.is_active():
        found.append((matcher.id(), matcher.weight()))
        matcher.next()
    return found


@settings(max_examples=60, deadline=None)
@given(
    documents=st.lists(st.lists(st.sampled_from("甲甲甲乙丙"), max_size=6), min_size=1, max_size=40),
    blocks_of=st.sampled_from([1, 2, 7, 128]),
)
def test_the_arrays_hold_what_whooshs_matcher_reads(documents: list[list[str]], blocks_of: int) -> None:
    reader = index_of(documents, blocks_of)
    for word in {word for words in documents for word in words}:
        postings = read_postings(reader, "text", word)
        found = list(zip(postings.documents.tolist(), postings.frequencies.tolist(), strict=True))
        assert found == by_whooshs_own_matcher(reader, word)


def test_a_word_in_more_documents_than_a_block_holds_and_one_in_none() -> None:
    reader = index_of([["甲"] * (number % 3) for number in range(1000)], blocks_of=128)
    postings = read_postings(reader, "text", "甲")
    found = list(zip(postings.documents.tolist(), postings.frequencies.tolist(), strict=True))
    assert found == by_whooshs_own_matcher(reader, "甲")
    assert len(read_postings(reader, "text", "丁").documents) == 0


def test_deleted_documents_are_read_too() -> None:
    schema = fields.Schema(
        id=fields.ID(unique=True), text=fields.FieldType(formats.Frequency(), analyzer=None, scorable=True)
    )
    index = RamStorage().create_index(schema)
    writer = index.writer()
    for number in range(3):
        writer.add_document(id=str(number), text=["甲"])
    writer.commit()
    writer = index.writer()
    writer.delete_by_term("id", "1")
    writer.commit(merge=False)
    assert read_postings(index.reader(), "text", "甲").documents.tolist() == [0, 1, 2]


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
