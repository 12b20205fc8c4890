"""Corrections of words that match nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.results.correction import MAX_LENGTH, Corrector
from search.text.sounds import initials_of, sounds_of

CORRECTOR = Corrector(
    [
        "台积电", "英伟达", "陈立武", "长江存储", "SK海力士", "先进封装", "光刻机", "光刻胶", "昇騰", "Lip-Bu Tan",
        "重庆", "NVIDIA", "CoWoS-L", "HBM", "TSMC", "ASML", "Blackwell", "混合键合", "鲲鹏", "铠侠", "凯侠", "硅",
        "cowos", "kioxia", "H100", "PCIe 6.0", "HBM4", "Zen 5", "Kirin 9000", "Radeon 890M",
    ]
)  # fmt: skip

CORRECTED = {
    # By sound: another character of the same syllable, with or without its tone.
    "陈立伍": ["陈立武"],
    "成立武": ["陈立武"],
    "光科机": ["光刻机"],
    "先进分装": ["先进封装"],
    "鲲朋": ["鲲鹏"],
    "升疼": ["昇騰"],
    "昇疼": ["昇騰"],
    "臺機電": ["台积电"],
    "凯夏": ["铠侠", "凯侠"],
    # A character that is spoken in two ways, alone and in this name.
    "种庆": ["重庆"],
    "虫庆设厂": ["重庆设厂"],
    "chongqing": ["重庆"],
    # In a longer word.
    "台机电扩产": ["台积电扩产"],
    "英伟答发布": ["英伟达发布"],
    "一座光客机": ["一座光刻机"],
    "Hopper混合件合": ["hopper混合键合"],
    # By one character.
    "长江存贮": ["长江存储"],
    "台积店": ["台积电"],
    # By pinyin, in any case and with the marks that input methods put between syllables.
    "taijidian": ["台积电"],
    "TaiJiDian": ["台积电"],
    "tai'ji'dian": ["台积电"],
    "tai-ji-dian": ["台积电"],
    "tai ji dian": ["台积电"],
    "shengteng": ["昇騰"],
    "kaixia": ["铠侠", "凯侠", "kioxia"],
    # By initials.
    "tjd": ["台积电"],
    "YWD": ["英伟达"],
    "clw": ["陈立武"],
    # By a slip of the fingers: a letter left out, doubled, swapped, or another.
    "Nvida": ["NVIDIA"],
    "Nvdia": ["NVIDIA"],
    "nviidia": ["NVIDIA"],
    "TMSC": ["TSMC"],
    "ASLM": ["ASML"],
    "Blackwel": ["Blackwell"],
    "ｋｉｏｘａ": ["kioxia"],
    "CoWosM": ["CoWoS-L", "cowos"],
    "HMB4": ["HBM4"],
    "Radoen 890M": ["Radeon 890M"],
    # Another number, or other letters before it: another product.
    "V100": [],
    "PCIe 5.0": [],
    "Gen 5": [],
    "Kirin 9020": [],
    "HBM5": ["HBM"],
    # By a short form, made of the name's characters in their order.
    "长存": ["长江存储"],
    "長江儲": ["长江存储"],
    "江存": [],
    "存长": [],
    # What is known is no mistake, whatever it sounds like.
    "台积电": [],
    "台積電": [],
    "ｎｖｉｄｉａ": [],
    "CoWos": [],
    "铠侠": [],
    # Too short, too long, too far from anything.
    "": [],
    " ": [],
    "台": [],
    "t": [],
    "XYZ": [],
    "HMB": [],
    "归": [],
    "不相干": [],
    "完全不相干的一句话": [],
    "taijidianx" * 5: [],
    "陈立伍" * 14: [],
    "123": [],
    "，。！": [],
}


@pytest.mark.parametrize(("typed", "expected"), CORRECTED.items())
def test_a_word_is_corrected_to(typed: str, expected: list[str]) -> None:
    assert CORRECTOR.corrections(typed) == expected


def test_of_two_that_sound_alike_the_weightier_is_first() -> None:
    assert Corrector(["铠侠", "凯侠"]).corrections("kaixia") == ["铠侠", "凯侠"]
    assert Corrector(["凯侠", "铠侠"]).corrections("kaixia") == ["凯侠", "铠侠"]


def test_who_knows_nothing_corrects_nothing() -> None:
    assert Corrector([]).corrections("陈立伍") == []


WORD = st.text(st.sampled_from("台积电英伟达陈立武伍一x'- 　１nvidiaＣｏ+.\u200b𠮷é")) | st.text()


@given(WORD)
def test_correcting_never_fails_and_never_proposes_what_was_typed(word: str) -> None:
    proposals = CORRECTOR.corrections(word)
    assert word not in proposals
    assert len(proposals) == len(set(proposals))


@given(st.lists(WORD, max_size=9), WORD)
def test_whatever_it_knows(writings: list[str], word: str) -> None:
    assert word not in Corrector(writings).corrections(word)


@given(st.sampled_from(["台积电", "英伟达", "陈立武", "长江存储", "混合键合"]))
def test_its_own_pinyin_leads_back_to_a_name(name: str) -> None:
    for spoken in (*sounds_of(name), *initials_of(name)):
        assert name in CORRECTOR.corrections(spoken)


@given(st.sampled_from(["nvidia", "blackwell", "cowos-l", "kioxia"]), st.data())
def test_a_name_without_one_of_its_letters_leads_back_to_it(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(name) - 1))
    proposals = CORRECTOR.corrections(name[:place] + name[place + 1 :])
    assert name in map(str.lower, proposals) or "cowos" in name


@given(st.text(min_size=MAX_LENGTH + 1))
def test_a_sentence_is_not_corrected(text: str) -> None:
    visible = [character for character in text if not character.isspace()]
    if len(visible) > 4 * MAX_LENGTH:
        assert CORRECTOR.corrections(text) == []
