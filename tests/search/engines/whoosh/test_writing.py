"""Our codec keeps what Whoosh's own keeps: the same documents through both, read back by the reader of each."""

from __future__ import annotations

import doctest
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from whoosh import fields, formats
from whoosh.filedb.filestore import RamStorage
from whoosh.filedb.structfile import BufferFile
from whoosh.index import FileIndex, create_in
from whoosh.reading import IndexReader

from search.engines.documents import WORD_FIELDS, words_of_fields
from search.engines.fields import NUMBER_FIELDS
from search.engines.whoosh import posting_buffer as posting_buffer_module
from search.engines.whoosh.committing import commit, create
from search.engines.whoosh.posting_buffer import PostingBuffer
from search.engines.whoosh.postings import MAX_FREQUENCY, PostingsReader, digest_of
from search.engines.whoosh.postings import write as write_postings
from search.engines.whoosh.schema import build_schema
from search.engines.whoosh.writing import BulkWriter
from search.text.analysis import NO_TERMS, words
from tests.search.engines.whoosh.own_writer import write_by_whoosh

VOCABULARY = ["芯片", "hbm4", "é", "\uff5e", "𠮷", "𠮷野家", "cowos-l"]
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=9)
DOCUMENTS = st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=6)
Words = tuple[Sequence[str], Sequence[str], Sequence[str]]
Held = dict[tuple[str, str], list[tuple[int, float]]]
"""Field and word → documents (counted over all segments), and how often it stands in each."""


def document(pk: int, words_: Words) -> dict[str, Any]:
    return {
        "id": f"archive.article.{pk}",
        **dict(zip(WORD_FIELDS, map(Counter, words_), strict=True)),
        "run": f"标题{pk}\n\n".encode(),
        "terms": b"",
        "columnist": "莫大康".encode(),
        "issue": b"2025-03-21",
        **dict.fromkeys(NUMBER_FIELDS, pk),
    }


def write(
    index: FileIndex,
    documents: Iterable[dict[str, Any]],
    gone: Iterable[str] = (),
    *,
    merge: bool = False,
    **options: Any,
) -> None:
    writer = BulkWriter(index, **options)
    writer.delete_words("id", gone)
    for each in documents:
        writer.add_document(**each)
    writer.commit(optimize=merge, merge=False)


def of_documents(index: FileIndex) -> list[Any]:
    """Reads everything that Whoosh keeps of documents."""
    with index.reader() as reader:
        columns = [name for name in reader.schema.names() if reader.has_column(name)]
        return [
            [reader.doc_count_all(), reader.doc_count(), *map(reader.field_length, WORD_FIELDS)],
            [
                (
                    reader.stored_fields(number),
                    [reader.doc_field_length(number, name) for name in WORD_FIELDS],
                    [bytes(str(reader.column_reader(name)[number]), "utf-8") for name in columns],
                )
                for number in reader.all_doc_ids()
            ],
        ]


def by_whoosh(index: FileIndex) -> Held:
    """Reads all words of an index that Whoosh wrote, by Whoosh."""
    found: Held = {}
    with index.reader() as reader:
        for name, word in reader.all_terms():
            matcher = reader.postings(name, word)
            postings = found.setdefault((name, word.decode()), [])
            while matcher.is_active():
                postings.append((matcher.id(), matcher.weight()))
                matcher.next()
    return found


def leaves(reader: IndexReader) -> list[tuple[IndexReader, int]]:
    return [(reader, 0)] if reader.is_atomic() else [*reader.leaf_readers()]


def by_us(index: FileIndex, asked: Iterable[tuple[str, str]]) -> Held:
    """Looks words up in an index of our codec; deleted documents are left out, as Whoosh leaves them out."""
    found: Held = {}
    with index.reader() as reader:
        for name, word in asked:
            for leaf, base in leaves(reader):
                if name in (held := leaf._terms.read(digest_of(word))):
                    postings = zip(*(column.tolist() for column in held[name]), strict=True)
                    alive = [
                        (base + number, often) for number, often in postings if not leaf.is_deleted(number)
                    ]
                    found.setdefault((name, word), []).extend(alive)
    return {key: postings for key, postings in found.items() if postings}


@settings(max_examples=25, deadline=None)
@given(
    first=DOCUMENTS,
    second=DOCUMENTS,
    gone=st.sets(st.integers(0, 5)),
    in_memory=st.sampled_from([1, 7, 1000]),
    merge=st.booleans(),
    compound=st.booleans(),
)
@example(  # behind the word that fills a chunk come only words that nobody holds any more
    first=[(VOCABULARY, [], [])],
    second=[(["𠮷"], ["𠮷"], [])],
    gone={0},
    in_memory=1,
    merge=True,
    compound=True,
)
def test_both_codecs_keep_the_same(
    first: list[Words], second: list[Words], gone: set[int], in_memory: int, merge: bool, compound: bool
) -> None:
    """Two commits, the second of which takes out documents and may merge both segments into one."""
    outdated = [f"archive.article.{pk}" for pk in sorted(gone)]
    commits = [
        ([document(pk, words_) for pk, words_ in enumerate(first)], []),
        ([document(pk, words_) for pk, words_ in enumerate(second, start=len(first))], outdated),
    ]
    ours, whooshs = (RamStorage().create_index(build_schema()) for _ in range(2))
    for documents, taken_out in commits:
        write(ours, documents, taken_out, merge=merge, in_memory=in_memory, compound=compound)
        write_by_whoosh(whooshs, documents, taken_out, merge=merge)
    assert of_documents(ours) == of_documents(whooshs)
    expected = by_whoosh(whooshs)
    asked = {(name, word) for name in WORD_FIELDS for word in [*VOCABULARY, "没有"]}
    ids = {("id", f"archive.article.{pk}") for pk in range(len(first) + len(second) + 1)}
    assert by_us(ours, asked | ids) == {key: postings for key, postings in expected.items() if postings}


def test_a_deleted_document_counts_once_and_a_missing_one_not(tmp_path: Path) -> None:
    index = create_in(str(tmp_path), build_schema())
    write(index, [document(1, (["芯片"], [], [])), document(2, (["芯片"], [], []))])
    writer = BulkWriter(index)
    asked = ["archive.article.1", "archive.article.9"]
    assert writer.delete_words("id", asked) == {"archive.article.1": 1, "archive.article.9": 0}
    assert writer.delete_words("id", asked) == dict.fromkeys(asked, 0)
    writer.commit(merge=False)
    assert by_us(index, [("text", "芯片")]) == {("text", "芯片"): [(1, 1.0)]}


def test_a_merge_leaves_nothing_of_segments_whose_documents_are_all_gone(tmp_path: Path) -> None:
    state = create(tmp_path, "version", "", {})
    for pk in (1, 2):
        state = commit(tmp_path, state, [document(pk, (["芯片"], [], []))], [], {})
    state = commit(tmp_path, state, [], ["archive.article.1", "archive.article.2"], {})
    assert len(state.files) == 3
    state = commit(tmp_path, state, [], [], {}, small_segments=1)
    assert (state.documents, [*state.files]) == (0, ["_MAIN_4.toc"])


def test_a_cancelled_writer_leaves_the_index_as_it_was_and_free_for_the_next(tmp_path: Path) -> None:
    index = create_in(str(tmp_path), build_schema())
    write(index, [document(1, (["芯片"], [], []))])
    before = of_documents(index)
    writer = BulkWriter(index, in_memory=1)
    writer.add_document(**document(2, (["晶圆"] * 3, ["hbm4"], [])))
    with pytest.raises(fields.UnknownFieldError, match="boost"):
        writer.add_document(**document(3, ([], [], [])), _boost=2.0)
    writer.cancel()
    assert of_documents(index.refresh()) == before
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []  # where postings waited
    write(index, [document(4, (["量产"], [], []))])
    asked = [("text", "芯片"), ("text", "晶圆"), ("text", "量产")]
    assert by_us(index.refresh(), asked) == {asked[0]: [(0, 1.0)], asked[2]: [(1, 1.0)]}


def test_a_field_with_positions_is_refused(tmp_path: Path) -> None:
    index = create_in(str(tmp_path), fields.Schema(text=fields.FieldType(formats.Positions(), analyzer=None)))
    with pytest.raises(NotImplementedError, match="'text' keeps more than frequencies"):
        BulkWriter(index)


def test_the_example_of_the_buffer_holds() -> None:
    result = doctest.testmod(posting_buffer_module)
    assert result.attempted > 0
    assert result.failed == 0


@settings(max_examples=40, deadline=None)
@given(
    documents=st.lists(
        st.dictionaries(
            st.text(min_size=1, max_size=3),
            st.tuples(st.integers(0, 9), st.integers(0, MAX_FREQUENCY)),
        )
    ),
    in_memory=st.sampled_from([3, 10, 100]),
)
def test_every_word_is_read_as_it_was_added(
    documents: list[dict[str, tuple[int, int]]], in_memory: int
) -> None:
    """Words of two fields, in memory and on the disk, in many chunks: written, looked up, and read all at once."""
    names = ["text", "title"]
    expected: dict[str, dict[str, list[tuple[int, int]]]] = {}
    with TemporaryDirectory() as folder:
        buffer = PostingBuffer(Path(folder), names, in_memory)
        for number, frequencies in enumerate(documents):
            for place, name in enumerate(names):
                held = {word: both[place] for word, both in frequencies.items() if both[place]}
                buffer.add(number, name, held)
                for word, frequency in held.items():
                    expected.setdefault(word, {}).setdefault(name, []).append((number, frequency))
        files = BytesIO(), BytesIO()
        write_postings(buffer.sorted_chunks(), names, *files)
        assert os.listdir(folder) == []
    reader = PostingsReader(*(BufferFile(file.getvalue()) for file in files), documents=len(documents))
    for word, held_in in expected.items():
        found = {
            name: [*zip(*(column.tolist() for column in postings), strict=True)]
            for name, postings in reader.read(digest_of(word)).items()
        }
        assert found == held_in
        assert reader.read(digest_of(f"{word}\0")) == {}
    everything = reader.everything()
    digests = {bytes(entry.tobytes()[:12]) for entry in everything.entries}
    assert digests == {digest_of(word) for word in expected}
    assert everything.frequencies.sum() == sum(sum(both) for held in documents for both in held.values())


def test_a_word_that_stands_oftener_than_can_be_counted_stands_as_often_as_can() -> None:
    with TemporaryDirectory() as folder:
        buffer = PostingBuffer(Path(folder), ["text"])
        buffer.add(70_000, "text", {"芯片": MAX_FREQUENCY + 10})
        files = BytesIO(), BytesIO()
        write_postings(buffer.sorted_chunks(), ["text"], *files)
    opened = [BufferFile(file.getvalue()) for file in files]
    [(documents, frequencies)] = PostingsReader(*opened, documents=70_001).read(digest_of("芯片")).values()
    with pytest.raises(ValueError, match="documents that the segment does not have"):
        PostingsReader(*opened, documents=70_000).read(digest_of("芯片"))
    assert (documents.tolist(), frequencies.tolist()) == ([70_000], [MAX_FREQUENCY])


@pytest.mark.parametrize("changed", [0, 9])
def test_documents_that_changed_between_a_words_first_and_last_are_refused(changed: int) -> None:
    with TemporaryDirectory() as folder:
        buffer = PostingBuffer(Path(folder), ["text"])
        for number in range(3):
            buffer.add(number, "text", {"芯片": 1})
        words_, postings = BytesIO(), BytesIO()
        write_postings(buffer.sorted_chunks(), ["text"], words_, postings)
    postings.getbuffer()[4] = changed  # the second of three documents, of four bytes each
    reader = PostingsReader(*(BufferFile(file.getvalue()) for file in (words_, postings)), documents=3)
    with pytest.raises(ValueError, match="out of order"):
        reader.read(digest_of("芯片"))


def test_a_word_that_was_cut_off_is_not_taken_for_one_that_nobody_holds() -> None:
    with TemporaryDirectory() as folder:
        buffer = PostingBuffer(Path(folder), ["text"])
        buffer.add(0, "text", {"芯片": 1})
        words_, postings = BytesIO(), BytesIO()
        write_postings(buffer.sorted_chunks(), ["text"], words_, postings)
    entry = 24  # bytes, and as many of the end behind the last
    files = words_.getvalue()[: -2 * entry], postings.getvalue()
    with pytest.raises(ValueError, match="cut short"):
        PostingsReader(*map(BufferFile, files), documents=1).read(digest_of("芯片"))


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
