"""The matcher finds terms in texts."""

from __future__ import annotations

import doctest
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary import folding, joining, matching, overlaps, plurals, slugs
from glossary.folding import HAN, KANA_AND_HANGUL, LETTER, fold, squeeze, without_invisible
from glossary.joining import MARKS, Joined, joined
from glossary.matching import Match, Matcher, form_of
from tests.growth import is_linear

WRITINGS = {
    "台积电": 1,
    "TSMC": 1,
    "SK": 2,
    "SK海力士": 3,
    "海力士": 3,
    "N2": 4,
    "N2P": 5,
    "HBM": 6,
    "HBM3E": 7,
    "Lip-Bu Tan": 8,
    "陈立武": 8,
    "CoWoS": 9,
    "CoWoS-L": 10,
    "C++": 11,
    "5nm": 12,
    "5纳米": 12,
    "芯片": 13,
    "芯片法案": 14,
    "先进封装": 15,
    "GPT-4": 16,
    "N+2": 17,
    "삼성": 18,
}
MATCHER = Matcher(WRITINGS)


def found(text: str, matcher: Matcher = MATCHER) -> list[tuple[int, str]]:
    return [(match.term, text[match.start : match.end]) for match in matcher.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # one word in its many writings
        ("台积电", [(1, "台积电")]),
        ("台積電與ＴＳＭＣ", [(1, "台積電"), (1, "ＴＳＭＣ")]),
        ("SK 海力士", [(3, "SK 海力士")]),
        ("SK海力士", [(3, "SK海力士")]),
        ("ＳＫ　海力士", [(3, "ＳＫ　海力士")]),
        ("Lip-Bu  Tan", [(8, "Lip-Bu  Tan")]),
        ("Lip‑Bu\u00a0Tan", [(8, "Lip‑Bu\u00a0Tan")]),
        ("LIP-BU TAN说", [(8, "LIP-BU TAN")]),
        ("先 进 封 装", [(15, "先 进 封 装")]),
        ("台\u200b积电", [(1, "台\u200b积电")]),
        # whole codes
        ("SKU", []),
        ("SK与SK On", [(2, "SK"), (2, "SK")]),
        ("ASK", []),
        ("XSK海力士", [(3, "海力士")]),
        ("N2与N2P", [(4, "N2"), (5, "N2P")]),
        ("N2X", []),
        ("用HBM3E", [(7, "HBM3E")]),
        ("HBM4", []),
        ("HBM\u200b4", []),
        ("12层HBM的", [(6, "HBM")]),
        ("LipBu Tan", [(8, "LipBu Tan")]),
        ("Lip-Bu Tang", []),
        ("CoWoS-L和CoWoS-S", [(10, "CoWoS-L"), (9, "CoWoS")]),
        ("C++", [(11, "C++")]),
        ("C++ 3D", [(11, "C++")]),
        ("C++11", []),
        ("5nm", [(12, "5nm")]),
        ("15nm", []),
        ("1.5nm", []),
        ("1.5纳米", []),
        ("3. 5nm", [(12, "5nm")]),
        ("GPT-4", [(16, "GPT-4")]),
        ("GPT-4.5", []),
        ("GPT-4。5月", [(16, "GPT-4")]),
        ("GPT-4.", [(16, "GPT-4")]),
        ("N+2", [(17, "N+2")]),
        ("HBM，2026年", [(6, "HBM")]),
        ("삼성HBM", [(18, "삼성"), (6, "HBM")]),
        # however a code is joined
        ("N 2与N-2", [(4, "N 2"), (4, "N-2")]),
        ("CoWoSL、CoWoS_L", [(10, "CoWoSL"), (10, "CoWoS_L")]),
        ("GPT 4与GPT4", [(16, "GPT 4"), (16, "GPT4")]),
        ("HBM 3E与HBM-3E", [(7, "HBM 3E"), (7, "HBM-3E")]),
        ("HBM 3E2", [(6, "HBM")]),
        ("“先进”封装", [(15, "先进”封装")]),
        ("“先进”，封装", []),
        # in the plural
        ("TSMCs、ASKs", [(1, "TSMCs")]),
        # a letter that belongs to the word behind it
        ("第5 N2股", [(4, "N2")]),
        ("M 5 N股", []),
        # longest, leftmost
        ("芯片法案", [(14, "芯片法案")]),
        ("芯片法", [(13, "芯片")]),
        ("芯片芯片法案", [(13, "芯片"), (14, "芯片法案")]),
        # a paragraph's end is not a space
        ("台积\n电", []),
        ("Lip-Bu\nTan", []),
        ("", []),
        ("\ud800台积电", [(1, "台积电")]),
    ],
)
def test_writings_are_found_where_they_stand(text: str, expected: list[tuple[int, str]]) -> None:
    assert found(text) == expected


def test_an_empty_glossary_finds_nothing() -> None:
    assert Matcher({}).find("台积电") == []


def test_equal_writings_of_one_term_are_one() -> None:
    assert dict(Matcher({"台积电": 1, "台積電": 1}).writings) == {"台积电": 1}


def test_a_writing_of_two_terms_is_refused() -> None:
    with pytest.raises(ValueError, match="of term 1 and of term 2"):
        Matcher({"台积电": 1, "台積電": 2})


@pytest.mark.parametrize("writing", ["", " ", "\u200b"])
def test_a_writing_without_a_visible_character_is_refused(writing: str) -> None:
    with pytest.raises(ValueError, match="no visible character"):
        Matcher({writing: 1})


# --- Properties ---

ALPHABET = "SKskＳ海力士N2P台臺积積电電+-. 　\n\t\u200b\ud800é①λ삼"
TEXTS = st.text(st.sampled_from(ALPHABET), max_size=30) | st.text(max_size=30)
SOME_WRITINGS = st.dictionaries(
    st.text(st.sampled_from("SKＳk海力士N2P台臺積电+-. "), min_size=1, max_size=5),
    st.integers(0, 3),
    max_size=8,
)


def naive(writings: dict[str, int], text: str) -> list[Match]:
    """A plain implementation of `Matcher.find`: applies its rules at every place of the text."""
    matches, place = [], 0
    while place < len(text):
        here = [
            match
            for form, term in writings.items()
            if (match := stands_at(form, term, text, place)) is not None
        ]
        if here and not is_space(text[place]):
            longest = max(here, key=lambda match: match.end)
            matches.append(longest)
            place = longest.end
        else:
            place += 1
    return matches


def stands_at(form: str, term: int, text: str, place: int) -> Match | None:
    for end in range(place + 1, len(text) + 1):
        piece = text[place:end]
        if joined(piece) == joined(form).strip(MARKS) and not is_space(piece[0]) and not is_space(piece[-1]):
            whole = without_invisible(text[:place]), without_invisible(text[end:])
            return (
                Match(term, place, end)
                if is_whole(joined(form).strip(MARKS), fold(whole[0]), fold(whole[1]))
                else None
            )
    return None


def is_space(character: str) -> bool:
    return not joined(character).strip(MARKS)


def is_whole(form: str, before: str, after: str) -> bool:
    def is_code(character: str) -> bool:
        return not re.match(f"[{HAN}{KANA_AND_HANGUL}]", character)

    def is_letter(character: str) -> bool:
        return re.match(f"[{LETTER}]", character) is not None

    return not (
        (is_code(form[0]) and is_letter(before[-1:]))
        or (is_code(form[-1]) and is_letter(after[:1]))
        or (form[0].isdecimal() and re.search(r"\d\.\Z", before))
        or (form[-1].isdecimal() and re.match(r"\.\d", after))
    )


def consistent(writings: dict[str, int]) -> dict[str, int]:
    """With each form once, as the glossary has them: of more than marks, and no two that are joined to the same."""
    forms: dict[str, tuple[str, int]] = {}
    for writing, term in writings.items():
        whole = joined(writing).strip(MARKS)
        if whole and not re.search("[a-z]{3,}$", whole):  # those are found in the plural too
            forms.setdefault(whole, (form_of(writing), term))
    return dict(forms.values())


@pytest.mark.slow
@settings(max_examples=500)
@given(SOME_WRITINGS, TEXTS)
def test_it_finds_what_a_naive_matcher_finds(writings: dict[str, int], text: str) -> None:
    forms = consistent(writings)
    assert Matcher(forms).find(text) == naive(forms, text)


JOINED = (
    TEXTS
    | st.text(st.sampled_from("3㎚ ⅢﬁⅠ㈱ 芯aⅱ\u200b\n①-_“”《"))
    | st.text(st.sampled_from("Aa1九 -_“\u200b"))
)


@given(JOINED)
def test_a_joined_text_knows_its_places(text: str) -> None:
    found = Joined(text)
    places = [found.place(index) for index in range(len(found.text))]
    assert places == sorted(places)
    for character, place in zip(found.text, places, strict=True):
        assert character in squeeze(found.folded[place]) + " " + MARKS


@given(JOINED.filter(lambda text: "\n" not in text), st.data())
def test_any_part_of_a_text_is_a_part_of_the_joined_text(text: str, data: st.DataObject) -> None:
    """Marks at its ends may be missing there, and then they are among those that were taken out."""
    start = data.draw(st.integers(0, len(text)))
    part = text[start : data.draw(st.integers(start, len(text)))]
    found = Joined(text)
    assert joined(part).strip(f" {MARKS}") in found.text
    if not joined(part).strip(f" {MARKS}"):
        assert any(joined(part).strip() in line for line in (found.text, *found.marks))


def test_a_term_is_found_where_characters_are_several_letters() -> None:
    text = "第Ⅲ代ﬁnfet，3 ㎚ 与㈱"
    matcher = Matcher({"FinFET": 1, "3nm": 2, "(株)": 3, "III": 4})
    found = [(match.term, text[match.start : match.end]) for match in matcher.find(text)]
    assert found == [(4, "Ⅲ"), (1, "ﬁnfet"), (2, "3 ㎚"), (3, "㈱")]
    assert [match.term for match in matcher.find("3㎚")] == [2]


@given(st.text(min_size=1, max_size=8))
def test_a_form_is_its_own_form(text: str) -> None:
    assert form_of(form_of(text)) == form_of(text)


def test_a_long_text_of_nothing_but_matches_is_read_in_linear_time() -> None:
    assert len(MATCHER.find("芯片法案" * 20_000)) == 20_000
    assert is_linear(MATCHER.find, lambda count: "芯片法案" * count, of=5_000)


@pytest.mark.parametrize("module", [folding, joining, matching, overlaps, plurals, slugs])
def test_examples_in_docstrings_hold(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0
