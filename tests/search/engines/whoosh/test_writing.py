"""Our writer writes what Whoosh's writes: the same documents through both, and Whoosh reads the same from both."""

from __future__ import annotations

import doctest
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import fields, formats
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex, create_in
from whoosh.matching import Matcher
from whoosh.reading import IndexReader
from whoosh.writing import IndexWriter, SegmentWriter

from search.engines.documents import WORD_FIELDS, words_of_fields
from search.engines.fields import NUMBER_FIELDS
from search.engines.whoosh import posting_buffer as posting_buffer_module
from search.engines.whoosh.posting_buffer import PostingBuffer
from search.engines.whoosh.schema import build_schema
from search.engines.whoosh.writing import BulkWriter
from search.text.analysis import NO_TERMS, words

# Of one to four bytes in UTF-8, and such as sort otherwise by UTF-16.
WORDS = st.lists(st.sampled_from(["芯片", "hbm4", "é", "\uff5e", "𠮷", "𠮷野家", "cowos-l"]), max_size=9)
DOCUMENTS = st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=6)
Words = tuple[Sequence[str], Sequence[str], Sequence[str]]


def document(pk: int, words_: Words) -> dict[str, Any]:
    return {
        "id": f"archive.article.{pk}",
        **dict(zip(WORD_FIELDS, map(list, words_), strict=True)),
        "run": f"标题{pk}\n\n".encode(),
        "terms": b"",
        "columnist": "莫大康".encode(),
        "issue": b"2025-03-21",
        **dict.fromkeys(NUMBER_FIELDS, pk),
    }


def write(
    writer: IndexWriter, documents: Iterable[dict[str, Any]], gone: Iterable[int], *, merge: bool
) -> None:
    for pk in gone:
        writer.delete_by_term("id", f"archive.article.{pk}")
    for each in documents:
        writer.add_document(**each)
    writer.commit(merge=merge)


def contents(index: FileIndex) -> list[Any]:
    """Reads everything that Whoosh knows of an index."""
    with index.reader() as reader:
        return [reader.doc_count_all(), reader.doc_count(), of_documents(reader), of_terms(reader)]


def of_documents(reader: IndexReader) -> list[Any]:
    columns = [name for name in reader.schema.names() if reader.has_column(name)]
    lengths = [reader.field_length(name) for name in WORD_FIELDS]
    return [
        lengths,
        [
            (
                reader.stored_fields(number),
                [reader.doc_field_length(number, name) for name in WORD_FIELDS],
                [bytes(str(reader.column_reader(name)[number]), "utf-8") for name in columns],
            )
            for number in reader.all_doc_ids()
        ],
    ]


def of_terms(reader: IndexReader) -> list[Any]:
    found = []
    for name, word in reader.all_terms():
        info = reader.term_info(name, word)
        about = [
            info.weight(),
            info.doc_frequency(),
            info.min_length(),
            info.max_length(),
            info.max_weight(),
            info.min_id(),
            info.max_id(),
        ]
        matcher = reader.postings(name, word)
        postings = []
        while matcher.is_active():
            value = matcher.value_as("frequency") if name != "id" else None
            postings.append((matcher.id(), matcher.weight(), value, of_block(matcher)))
            matcher.next()
        found.append((name, word, about, postings))
    return found


def of_block(matcher: Matcher) -> list[float]:
    """Reads the statistics by which Whoosh skips blocks (of one segment)."""
    if not isinstance(matcher, W3LeafMatcher):
        return []
    return [matcher.block_min_length(), matcher.block_max_length(), matcher.block_max_weight()]


@settings(max_examples=15, deadline=None)
@given(
    first=DOCUMENTS,
    second=DOCUMENTS,
    gone=st.sets(st.integers(0, 5)),
    in_memory=st.sampled_from([1, 7, 1000]),
    merge=st.booleans(),
)
def test_whoosh_reads_what_its_own_writer_would_have_written(
    first: list[Words], second: list[Words], gone: set[int], in_memory: int, merge: bool
) -> None:
    """Two commits, the second of which takes out documents and may merge both segments into one."""
    commits = [
        ([document(pk, words_) for pk, words_ in enumerate(first)], ()),
        ([document(pk, words_) for pk, words_ in enumerate(second, start=len(first))], gone),
    ]
    by_us, by_whoosh = (RamStorage().create_index(build_schema()) for _ in range(2))
    for documents, outdated in commits:
        write(BulkWriter(by_us, in_memory=in_memory), documents, outdated, merge=merge)
        write(SegmentWriter(by_whoosh), documents, outdated, merge=merge)
    assert contents(by_us) == contents(by_whoosh)


def test_words_in_more_documents_than_a_block_and_lengths_that_are_rounded(tmp_path: Path) -> None:
    """Blocks with one weight, with several, compressed and not; and the last document of a block is the last of all."""
    documents = [
        document(
            pk, (["芯片"] * (1 + pk % 3) + ["晶圆"] * (pk < 256) + ["量产"] * pk, ["hbm4"], ["hbm4"] * 2)
        )
        for pk in range(300)
    ]
    for name in ("ours", "whooshs"):
        (tmp_path / name).mkdir()
    by_us, by_whoosh = (create_in(str(tmp_path / name), build_schema()) for name in ("ours", "whooshs"))
    write(BulkWriter(by_us, compound=False), documents, (), merge=False)
    write(SegmentWriter(by_whoosh, compound=False), documents, (), merge=False)
    assert contents(by_us) == contents(by_whoosh)


SEARCH_BY_WHOOSH_ALONE = """
import sys
from whoosh import query
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.filedb.filestore import RamStorage
from whoosh.index import open_dir
with open_dir(sys.argv[1]).searcher() as searcher:
    for word in ("晶圆", "hbm4", "没有"):
        asked = query.Or([query.Term(field, word) for field in ("text", "title", "lead")])
        print(word, [(hit["id"], round(hit.score, 5)) for hit in searcher.search(asked, limit=3)])
print([name for name in sys.modules if name.split(".")[0] in ("search", "glossary", "archive", "numpy")])
"""


def test_a_python_with_nothing_but_whoosh_searches_it(tmp_path: Path) -> None:
    documents = [document(pk, (["晶圆"] * pk + ["hbm4"], [], ["hbm4"] * (pk == 2))) for pk in range(1, 4)]
    answers = []
    for name, writer in (("ours", BulkWriter), ("whooshs", SegmentWriter)):
        (tmp_path / name).mkdir()
        write(writer(create_in(str(tmp_path / name), build_schema())), documents, (), merge=False)
        command = [sys.executable, "-c", SEARCH_BY_WHOOSH_ALONE, str(tmp_path / name)]
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
        answers.append(
            subprocess.run(
                command, cwd=tmp_path, env=environment, capture_output=True, check=True
            ).stdout.decode()
        )
    assert answers[0] == answers[1]
    lines = answers[0].splitlines()
    assert lines[0].startswith("晶圆 [('archive.article.3', ")
    assert lines[1].startswith("hbm4 [('archive.article.2', ")
    assert lines[2:] == ["没有 []", "[]"]


def test_a_cancelled_writer_leaves_the_index_as_it_was_and_free_for_the_next(tmp_path: Path) -> None:
    index = create_in(str(tmp_path), build_schema())
    write(BulkWriter(index), [document(1, (["芯片"], [], []))], (), merge=False)
    before = contents(index)
    writer = BulkWriter(index, in_memory=1)
    writer.add_document(**document(2, (["晶圆"] * 3, ["hbm4"], [])))
    with pytest.raises(fields.UnknownFieldError, match="boost"):
        writer.add_document(**document(3, ([], [], [])), _boost=2.0)
    writer.cancel()
    assert contents(index.refresh()) == before
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []  # where postings waited
    write(BulkWriter(index), [document(4, (["量产"], [], []))], (), merge=False)
    assert [word for _field, word, *_ in contents(index.refresh())[-1]][-2:] == [
        "芯片".encode(),
        "量产".encode(),
    ]


def test_a_field_with_positions_is_refused(tmp_path: Path) -> None:
    index = create_in(str(tmp_path), fields.Schema(text=fields.FieldType(formats.Positions(), analyzer=None)))
    writer = BulkWriter(index)
    writer.add_document(text=["芯片"])
    with pytest.raises(NotImplementedError, match="'text' keeps more than frequencies"):
        writer.commit()


def test_the_example_of_the_pool_holds() -> None:
    result = doctest.testmod(posting_buffer_module)
    assert result.attempted > 0
    assert result.failed == 0


@settings(max_examples=40, deadline=None)
@given(
    documents=st.lists(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 9))),
    in_memory=st.sampled_from([3, 10, 100]),
)
def test_a_pool_hands_out_every_posting_once_and_in_order(
    documents: list[dict[str, int]], in_memory: int
) -> None:
    with TemporaryDirectory() as folder:
        postings_of = PostingBuffer(Path(folder), in_memory)
        for number, frequencies in enumerate(documents):
            postings_of.add(number, frequencies)
        found = []
        for chunk in postings_of.sorted_chunks():
            assert len(chunk.documents) <= in_memory or len(chunk.words) == 1
            holders = [*zip(chunk.documents.tolist(), chunk.frequencies.tolist(), strict=True)]
            for place, word in enumerate(chunk.words):
                postings = holders[chunk.starts[place] : chunk.starts[place + 1]]
                found += [(word, document, frequency) for document, frequency in postings]
        assert os.listdir(folder) == []
    expected = [(word, number, f) for number, words_ in enumerate(documents) for word, f in words_.items()]
    assert found == sorted(
        expected, key=lambda posting: (posting[0].encode("utf-8", "surrogatepass"), posting[1])
    )


LINES = st.lists(
    st.text("芯片台積电hbm3E.5-+&' 纳米百分之二十第万，\u2028\u200b９%", max_size=12), max_size=5
)


@settings(max_examples=200, deadline=None)
@given(lines=LINES)
def test_title_and_lead_have_the_words_that_they_have_alone(lines: list[str]) -> None:
    title, lead, *rest = [*lines, "", ""][: max(2, len(lines))]
    text = "\n".join([title, lead, *rest]).strip()
    found = words_of_fields(title, lead, text, NO_TERMS)
    assert found == {"text": words(text), "title": words(title), "lead": words(lead)}
