"""The number that says which words are in an index: it must change when they do, and nothing else changes it."""

from __future__ import annotations

import hashlib

from glossary.matching import Matcher
from search.text import TEXT_VERSION
from search.text.analysis import NO_TERMS, TermFinder, tokenize
from search.text.runs import runs_of_text
from tests.conftest import WEEKS

HASHES = {
    1: "88f72815f5c68f872ff7a0e85635aff2",
    2: "4ccb426ee319b81a2dab5f2eb505dd76",
    3: "8cd7355bc3078b1e3404898da5613f7f",
}
"""TEXT_VERSION → the hash of the tokens of SAMPLE."""

TERMS = Matcher(
    {"台积电": 1, "tsmc": 1, "lip-butan": 2, "先进封装": 3, "3纳米": 4, "10纳米级dram": 5, "c++": 6}
)
TRICKY = [
    "3纳米、3nm、３ＮＭ与三纳米；12英寸，百分之二十，1,500亿，五千万，两千五百亿，十几亿，两三万片",
    "昇腾910C采用CoWoS-L，HBM3E、HBM4与2.5D；N+2、C++、A&B、CVE-2024-40766、US、IT、CAN、i7-14700K",
    "臺積電與聯電的先進封裝產能，繁體與简体混排，鷄肋與里程碑，後來",
    "SiC在ASIC里　全角空格 Lip-Bu\u00a0Tan\u200b零宽 e\u0301clair É ﬁ ﬀ Å 𠮷野家 😀 ①② ㎚ ㎡",
    "カタカナ ひらがな 한국어 Москва ελληνικά עברית ١٢٣",
    "10纳米级DRAM TSMC tsmc 3纳米 先进 封装 「引号」“引号”‘撇’ don't R&D",
    "GB 300、RTX 4090 D、DDR5-6400、18 A股；chiplets、foundries、AWS；688981.SH、SZ300888；1×10¹⁵、1e15；C#、.NET、A/B；中国科学院微电子研究所",
    "唯一万能 千万不要 第三万 百亿 一百二十三点五纳米 二八nm 零五纳米",
    "5,000片、12,500.5台与5000片，6,000片，共1,2,345",
    "",
    "，。！",
]
SAMPLE = [*TRICKY, *(path.read_text(encoding="utf-8") for path in sorted(WEEKS.iterdir()) if path.is_file())]


def hash_of_tokens(texts: list[str], terms: TermFinder) -> str:
    digest = hashlib.sha256()
    for text in texts:
        for finder in (NO_TERMS, terms):
            digest.update(repr([tuple(token) for token in tokenize(text, finder)]).encode())
        digest.update(repr(runs_of_text(text)).encode())
    return digest.hexdigest()[:32]


def test_the_number_is_raised_when_the_same_texts_become_other_tokens() -> None:
    found = hash_of_tokens(SAMPLE, TERMS)
    assert HASHES.get(TEXT_VERSION) == found, (
        "the sample becomes other tokens than those of this TEXT_VERSION, so every index built before would silently "
        f"miss: raise TEXT_VERSION in search/text/__init__.py, and write its hash here: {found!r}"
    )


def test_each_number_has_its_own_hash() -> None:
    assert len({*HASHES.values()}) == len(HASHES)
    assert max(HASHES) == TEXT_VERSION


def test_a_token_more_or_elsewhere_is_another_hash() -> None:
    hashes = {
        hash_of_tokens([text], TERMS) for text in ("台积电3纳米", "台积电 3纳米", "台积电3纳米C", "联电3纳米")
    }
    assert len(hashes) == 4
