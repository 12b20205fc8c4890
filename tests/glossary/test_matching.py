"""The matcher finds terms in texts."""

from __future__ import annotations

import doctest
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary import folding, matching, overlaps, slugs
from glossary.folding import HAN, KANA_AND_HANGUL, LETTER, Squeezed, fold, squeeze, without_invisible
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
        ("LipBu Tan", []),
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
        if squeeze(piece) == form and not is_space(piece[0]) and not is_space(piece[-1]):
            whole = without_invisible(text[:place]), without_invisible(text[end:])
            return Match(term, place, end) if is_whole(form, fold(whole[0]), fold(whole[1])) else None
    return None


def is_space(character: str) -> bool:
    return not squeeze(character).strip()


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
    """With each form once, as the glossary has them."""
    forms: dict[str, int] = {}
    for writing, term in writings.items():
        if form_of(writing):
            forms.setdefault(form_of(writing), term)
    return forms


@settings(max_examples=500)
@given(SOME_WRITINGS, TEXTS)
def test_it_finds_what_a_naive_matcher_finds(writings: dict[str, int], text: str) -> None:
    forms = consistent(writings)
    assert Matcher(forms).find(text) == naive(forms, text)


@given(TEXTS)
def test_a_squeezed_text_knows_its_places(text: str) -> None:
    squeezed = Squeezed(text)
    assert squeezed.text == squeeze(text)
    places = [squeezed.place(index) for index in range(len(squeezed.text))]
    assert places == sorted(places)
    of_one = [place for place in places if len(squeeze(squeezed.folded[place])) < 2]
    assert len(of_one) == len(set(of_one))
    for character, place in zip(squeezed.text, places, strict=True):
        assert character in squeeze(squeezed.folded[place]) + " "


@given(st.text(st.sampled_from("3㎚ ⅢﬁⅠ㈱ 芯aⅱ\u200b\n①")))
def test_a_character_that_is_several_letters_keeps_its_place(text: str) -> None:
    squeezed = Squeezed(text)
    assert squeezed.text == squeeze(text)
    places = [squeezed.place(index) for index in range(len(squeezed.text))]
    assert places == sorted(places)
    for character, place in zip(squeezed.text, places, strict=True):
        assert character in squeeze(squeezed.folded[place]) + " "


def test_a_term_is_found_where_characters_are_several_letters() -> None:
    text = "第Ⅲ代ﬁnfet，3 ㎚ 与㈱"
    matcher = Matcher({"FinFET": 1, "3nm": 2, "(株)": 3, "III": 4})
    found = [(match.term, text[match.start : match.end]) for match in matcher.find(text)]
    assert found == [(4, "Ⅲ"), (1, "ﬁnfet"), (3, "㈱")]
    assert [match.term for match in matcher.find("3㎚")] == [2]


@given(st.text(min_size=1, max_size=8))
def test_a_form_is_its_own_form(text: str) -> None:
    assert form_of(form_of(text)) == form_of(text)


def test_a_long_text_of_nothing_but_matches_is_read_in_linear_time() -> None:
    assert len(MATCHER.find("芯片法案" * 20_000)) == 20_000
    assert is_linear(MATCHER.find, lambda count: "芯片法案" * count, of=5_000)


@pytest.mark.parametrize("module", [folding, matching, overlaps, slugs])
def test_examples_in_docstrings_hold(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0
