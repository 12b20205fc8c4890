"""Suggestions that complete what a member types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.results.completion import Completer, Entry, NameCompletion, spans_of
from search.text.analysis import squeeze

COMPLETER = Completer(
    [
        Entry("台积电", "company", ("台积电", "TSMC", "台積電", "台湾积体电路"), 30),
        Entry("台达电子", "company", ("台达电子", "Delta"), 3),
        Entry("台北", "place", ("台北", "Taipei"), 3),
        Entry("特斯拉", "company", ("特斯拉", "Tesla"), 8),
        Entry("陈立武", "person", ("陈立武", "Lip-Bu Tan"), 12),
        Entry("HBM", "product", ("HBM", "高带宽内存"), 40),
        Entry("HBM4", "product", ("HBM4",), 20),
        Entry("HBM3E", "product", ("HBM3E",), 25),
        Entry("SK海力士", "company", ("SK海力士", "SK hynix"), 22),
        Entry("12英寸", "technology", ("12英寸", "12寸"), 5),
    ],
    [
        (5, "台积电扩产CoWoS"),
        (4, "HBM4 样品送达"),
        (3, "英特尔18A量产，台積電回应"),
        (2, "HBM4 再涨价"),
        (1, "“先进封装”之争"),
        (9, "台积电设厂"),
        (8, "台积电开会"),
        (7, "台积电招人"),
    ],
)

# What is typed → the terms, the most mentioned first; behind a colon the writing by which each was found.
TERMS = {
    # By its beginning, in any writing.
    "台": "台积电 台北 台达电子",
    "台积": "台积电",
    "台積": "台积电",
    "台湾": "台积电:台湾积体电路",
    "hbm": "HBM HBM3E HBM4",
    "ＨＢＭ": "HBM HBM3E HBM4",
    "hbm4": "HBM4",
    " HBM4 ": "HBM4",
    "ts": "台积电:TSMC 特斯拉",
    "tesl": "特斯拉:Tesla",
    "del": "台达电子:Delta",
    "lip-bu t": "陈立武:Lip-Bu Tan",
    "sk": "SK海力士",
    "SK 海": "SK海力士",
    "sk h": "SK海力士:SK hynix",
    "12": "12英寸",
    "12寸": "12英寸:12寸",
    # By sound.
    "tai": "台积电 台北 台达电子",
    "Tai": "台积电 台北 台达电子",
    "taij": "台积电",
    "taijidian": "台积电",
    "taip": "台北:Taipei",
    "tes": "特斯拉",
    "chenli": "陈立武",
    # By initials.
    "tjd": "台积电",
    "TSL": "特斯拉",
    "clw": "陈立武",
    "gdk": "HBM:高带宽内存",
    # By any of these.
    "t": "台积电 特斯拉 台北 台达电子",
    # Not from the middle, and not from nothing.
    "积电": "",
    "smc": "",
    "xyz": "",
    "": "",
    " ": "",
}
SPANS = {
    ("tai", "台积电"): 1,
    ("taij", "台积电"): 2,
    ("tj", "台积电"): 2,
    ("SK 海", "SK海力士"): 3,
    ("skhai", "SK海力士"): 3,
    ("sk h", "SK海力士"): 4,  # SK hynix
    ("lip-bu t", "陈立武"): 8,
    ("台湾积", "台积电"): 3,
}
LAST = {
    "英伟达 tai": ("英伟达 ", "台积电 台北 台达电子"),
    "英伟达  TJD": ("英伟达  ", "台积电"),
    "HBM4 sk h": ("HBM4 ", "SK海力士:SK hynix"),
    "sk 海": ("", "SK海力士"),
    "HBM -tai": ("HBM -", "台积电 台北 台达电子"),
    "a b c d e f g h i j 台北": ("a b c d e f g h i j ", "台北"),
    "台积电 xyz": ("", ""),
    "-": ("", ""),
    "": ("", ""),
}
# What is typed → the ids of the articles, the newest first, at most four.
TITLES = {
    "台积电": [5, 3, 9, 8],
    "台積電": [5, 3, 9, 8],
    "hbm4": [4, 2],
    "HBM4样": [4],
    "HBM4 样品": [4],
    "先进封装": [1],
    "“先进": [1],
    "「先進": [1],
    "量产，台": [3],
    "18a": [3],
    "，": [3],
    # Each word of it.
    "送达 hbm": [4],
    "电 台": [5, 3, 9, 8],
    # No title holds what stands in two of them.
    "样品 涨价": [],
    "CoWoS\nHBM": [],
    "送达英": [],
    "xyz": [],
    "": [],
    " ": [],
}


def named(completions: list[NameCompletion]) -> str:
    return " ".join(
        item.entry.name + (f":{item.writing}" if item.writing != item.entry.name else "")
        for item in completions
    )


@pytest.mark.parametrize(("typed", "expected"), TERMS.items())
def test_terms_are_completed(typed: str, expected: str) -> None:
    assert named(COMPLETER.terms(typed)) == expected


@pytest.mark.parametrize(("typed", "expected"), TITLES.items())
def test_titles_are_completed(typed: str, expected: list[int]) -> None:
    assert COMPLETER.titles(typed) == expected


@pytest.mark.parametrize(("typed", "expected"), LAST.items())
def test_the_last_name_is_completed(typed: str, expected: tuple[str, str]) -> None:
    before, completions = COMPLETER.last_terms(typed)
    assert (before, named(completions)) == expected


@pytest.mark.parametrize(("typed_and_name", "length"), SPANS.items())
def test_what_is_typed_of_a_writing_is_told(typed_and_name: tuple[str, str], length: int) -> None:
    typed, name = typed_and_name
    assert [item.typed for item in COMPLETER.terms(typed) if item.entry.name == name] == [length]


@pytest.mark.parametrize(
    ("typed", "title", "spans"),
    [
        ("hbm4样", "HBM4 样品送达", [(0, 6)]),
        ("样品", "HBM4 样品送达", [(5, 7)]),
        ("送达 HBM", "HBM4 样品送达", [(0, 3), (7, 9)]),
        ("台积 积电", "台積电扩产", [(0, 3)]),
        ("台积 英特尔", "台积电扩产", []),
        ("", "台积电扩产", []),
    ],
)
def test_what_a_title_holds_of_what_is_typed_is_told(
    typed: str, title: str, spans: list[tuple[int, int]]
) -> None:
    assert spans_of(typed, title) == spans


def test_letters_of_a_name_come_before_initials_and_readings_of_old_books_are_none() -> None:
    names = [("合肥", 90), ("湖北", 80), ("共封装光电", 70), ("HBM", 4), ("货币", 60)]
    completer = Completer([Entry(name, "other", (), count) for name, count in names], [])
    assert named(completer.terms("hb")) == "HBM 湖北 货币"
    assert named(completer.terms("h")) == "合肥 湖北 货币 HBM"


def test_no_more_than_asked_for() -> None:
    assert [item.entry.name for item in COMPLETER.terms("t", most=2)] == ["台积电", "特斯拉"]
    assert COMPLETER.titles("台积电", most=1) == [5]


def test_who_knows_nothing_completes_nothing() -> None:
    empty = Completer([], [])
    assert (empty.terms("t"), empty.titles("台")) == ([], [])


TEXT = st.text(st.sampled_from("台积电英特尔HBM4 hbmtjd，“”\n\u200b\x00𠮷é①％")) | st.text()


@given(TEXT, st.integers(0, 8))
def test_completing_never_fails(typed: str, most: int) -> None:
    assert len(COMPLETER.terms(typed, most)) <= most
    assert len(COMPLETER.titles(typed, most)) <= most
    before, names = COMPLETER.last_terms(typed, most)
    assert typed.startswith(before)
    assert all(0 < found.typed <= len(found.writing) for found in names)


@given(TEXT, TEXT)
def test_spans_are_within_the_text_in_order_and_apart(typed: str, text: str) -> None:
    ends = [end for span in spans_of(typed, text) for end in span]
    assert ends == sorted(set(ends))
    assert all(0 <= end <= len(text) for end in ends)


@given(
    st.lists(TEXT.filter(lambda title: "\n" not in title), max_size=6, unique=True),
    st.data(),
)
def test_a_title_is_found_by_each_of_its_pieces(titles: list[str], data: st.DataObject) -> None:
    completer = Completer([], list(enumerate(titles)))
    for number, title in enumerate(titles):
        start = data.draw(st.integers(0, len(title)))
        piece = title[start : data.draw(st.integers(start, len(title)))]
        if squeeze(piece).strip():
            assert number in completer.titles(piece, most=len(titles))


@given(st.lists(TEXT, max_size=5, unique=True), st.data())
def test_a_term_is_found_by_each_of_its_beginnings(names: list[str], data: st.DataObject) -> None:
    completer = Completer([Entry(name, "company", (name,), 1) for name in names], [])
    for name in names:
        beginning = name[: data.draw(st.integers(0, len(name)))]
        if squeeze(beginning).strip() and squeeze(name).startswith(squeeze(beginning).strip()):
            assert name in [item.entry.name for item in completer.terms(beginning, most=len(names))]
