"""The pinyin of words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.sounds import MAX_SOUNDS, initials_of, sound_of, sounds_of


@pytest.mark.parametrize(
    ("word", "sound", "initials"),
    [
        ("昇腾", "shengteng", "st"),
        ("重庆", "chongqing", "cq"),
        ("长鑫存储", "changxincunchu", "cxcc"),
        ("厦门", "xiamen", "xm"),
        ("沈阳", "shenyang", "sy"),
        ("银行", "yinhang", "yh"),
        ("SK海力士", "SKhailishi", "SKhls"),
        ("良率", "lianglv", "ll"),
        ("", "", ""),
    ],
)
def test_a_word_is_spoken_as_people_speak_it(word: str, sound: str, initials: str) -> None:
    assert sound in sounds_of(word)
    assert initials in initials_of(word)


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("合肥", {"hefei", "gefei"}),
        ("封装", {"fengzhuang"}),
        ("重庆", {"zhongqing", "chongqing"}),
        ("积电", {"jidian"}),
    ],
)
def test_readings_that_nobody_uses_today_are_none(word: str, sounds: set[str]) -> None:
    assert {*sounds_of(word)} <= sounds


def test_the_usual_reading_of_each_character_is_first() -> None:
    assert sounds_of("台积电")[0] == "taijidian"
    assert [sound_of(character) for character in "长行G"] == ["zhang", "xing", "G"]


@given(st.text(max_size=60) | st.text(st.sampled_from("长行重单"), max_size=60))
def test_ways_to_read_are_bounded_and_none_is_there_twice(word: str) -> None:
    for ways in (sounds_of(word), initials_of(word)):
        assert 1 <= len(ways) <= MAX_SOUNDS
        assert len(ways) == len(set(ways))
