"""Generates weeks of Chinese trade news, any number of them, and queries that they answer.

Words come from jieba's dictionary in the order of their real frequencies, drawn by Zipf's law, so a few stand in
every article and most in hardly any, as in text. Each article keeps to a few subjects of its own and repeats them.

The same seed gives the same weeks, and week n is the same however many are made.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jieba
import numpy as np
import numpy.typing as npt

from search.text import analysis

GLOSSARY = Path(__file__).resolve().parent.parent / "fixtures" / "glossary.csv"
DICTIONARY = Path(jieba.__file__).with_name("dict.txt")
SEED = 20250321
LAST_WEEK = dt.date(2025, 12, 26)
ARTICLES_A_WEEK = 10
CHARACTERS = 1000
"""The mean length of an article with its title; a single one has between half and double."""

ZIPF_SHIFT = 2.7
"""Zipf–Mandelbrot: the word of rank r is drawn in proportion to 1 / (r + 2.7), as Mandelbrot fitted to text."""
LEAST_FREQUENCY = 5
"""Words with a lower count in jieba's dictionary are left out: they are half of it, and mostly noise."""
SHARE_OF_TERMS = 0.06
SHARE_OF_SUBJECTS = 0.12
"""Percentage of words that are trade terms or codes, and of words from the article's own few subjects."""
TERMS = (
    "台积电 英伟达 英特尔 三星 SK海力士 美光 中芯国际 华为 昇腾 长江存储 长鑫存储 铠侠 阿斯麦 应用材料 博通 高通 "
    "联发科 寒武纪 海光 北方华创 中微公司 晶圆 光刻机 光刻胶 先进封装 混合键合 硅光 玻璃基板 碳化硅 氮化镓 电子特气 "
    "掩膜版 存储芯片 算力 出口管制 实体清单 产能利用率 良率 资本开支 人工智能 数据中心 汽车芯片 EDA HBM HBM3E HBM4 "
    "CoWoS CoWoS-L CoWoS-S GAA FinFET EUV High-NA DRAM NAND 3D-NAND DDR5 LPDDR5X Chiplet UCIe RISC-V GPU ASIC SoC "
    "FPGA 2.5D 18A 14A N2 N3P A16 910C 910B H20 H100 B200 GB200 RTX5090 MI300X TSMC NVIDIA AMD Arm ASML"
).split()
"""Used when there is no glossary file."""
COLUMNISTS = ("莫大康", "芯谋研究", "集邦咨询", "编辑部", "")


@dataclass(frozen=True)
class GeneratedArticle:
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Week:
    title: str
    start_date: dt.date
    end_date: dt.date
    columnist: str
    articles: tuple[GeneratedArticle, ...]


@dataclass(frozen=True)
class Vocabulary:
    """Words and the running sum of their probabilities."""

    words: npt.NDArray[np.object_]
    cumulative: npt.NDArray[np.float64]
    terms: npt.NDArray[np.object_]
    cumulative_terms: npt.NDArray[np.float64]


@cache
def vocabulary() -> Vocabulary:
    """Returns the Han words of jieba's dictionary, the frequent ones first, and the trade terms."""
    han = []
    with DICTIONARY.open(encoding="utf-8") as file:
        for line in file:
            word, frequency, _tag = line.split(" ")
            if int(frequency) >= LEAST_FREQUENCY and _is_han(word):
                han.append((-int(frequency), word))
    words = [word for _frequency, word in sorted(han)]
    terms = _glossary_terms() or TERMS
    return Vocabulary(_array(words), _zipf(len(words)), _array(terms), _zipf(len(terms)))


def weeks(
    number: int, seed: int = SEED, articles: int = ARTICLES_A_WEEK, characters: int = CHARACTERS
) -> Iterator[Week]:
    """Yields weeks, the newest first; each is made when it is asked for. An article has `characters` on the average."""
    for index in range(number):
        chance = np.random.default_rng([seed, index])
        last = LAST_WEEK - dt.timedelta(weeks=index)
        yield Week(
            title="半导体一周要闻",
            start_date=last - dt.timedelta(days=4),
            end_date=last,
            columnist=COLUMNISTS[index % len(COLUMNISTS)],
            articles=tuple(_article(chance, characters) for _ in range(articles)),
        )


def _article(chance: np.random.Generator, characters: int) -> GeneratedArticle:
    vocabulary_ = vocabulary()
    length = int(characters * np.clip(chance.lognormal(-0.03, 0.25), 0.5, 2))
    # Enough words for any mixture of short and long ones; the rest is not used.
    count = length
    words = _draw(chance, vocabulary_.words, vocabulary_.cumulative, count)
    kinds = chance.random(count)
    of_terms = kinds < SHARE_OF_TERMS
    words[of_terms] = _terms(chance, int(of_terms.sum()))
    subjects = np.concatenate(
        [_terms(chance, 4), _draw(chance, vocabulary_.words, vocabulary_.cumulative, 10)[2:]]
    )
    of_subjects = kinds > 1 - SHARE_OF_SUBJECTS
    words[of_subjects] = subjects[chance.integers(0, len(subjects), int(of_subjects.sum()))]
    title_words = int(chance.integers(6, 12))
    title = subjects[0] + "".join(words[:title_words])
    return GeneratedArticle(title, _paragraphs(chance, words[title_words:], length - len(title)))


def _paragraphs(chance: np.random.Generator, words: npt.NDArray[np.object_], length: int) -> tuple[str, ...]:
    paragraphs, pieces, written, position = [], [], 0, 0
    sentences_left = int(chance.integers(2, 6))
    while written < length and position < len(words):
        clauses = int(chance.integers(1, 5))
        for clause in range(clauses):
            end = position + int(chance.integers(4, 12))
            piece = "".join(words[position:end]) + ("。" if clause == clauses - 1 else "，")
            position = end
            pieces.append(piece)
            written += len(piece)
        sentences_left -= 1
        if not sentences_left:
            paragraphs.append("".join(pieces))
            pieces, sentences_left = [], int(chance.integers(2, 6))
    if pieces:
        paragraphs.append("".join(pieces))
    return tuple(paragraphs)


def _terms(chance: np.random.Generator, count: int) -> npt.NDArray[np.object_]:
    """Yields trade terms; one in four is a quantity or a code that hardly ever occurs again."""
    terms = _draw(chance, vocabulary().terms, vocabulary().cumulative_terms, count)
    for place in np.flatnonzero(chance.random(count) < 0.25):
        number = int(chance.integers(1, 5000))
        terms[place] = (
            f"{number / 10:g}亿美元",
            f"{number % 100}%",
            f"{number % 30 + 1}纳米",
            f"{chr(65 + number % 26)}{chr(65 + number // 26 % 26)}{number}",
        )[number % 4]
    return terms


def _draw(
    chance: np.random.Generator,
    words: npt.NDArray[np.object_],
    cumulative: npt.NDArray[np.float64],
    count: int,
) -> npt.NDArray[np.object_]:
    return words[np.searchsorted(cumulative, chance.random(count))]


def _zipf(size: int) -> npt.NDArray[np.float64]:
    chances = 1 / (np.arange(1, size + 1) + ZIPF_SHIFT)
    cumulative: npt.NDArray[np.float64] = np.cumsum(chances / chances.sum())
    cumulative[-1] = 1
    return cumulative


def _glossary_terms() -> list[str]:
    """Returns the first column of the project's glossary, if there is one."""
    if not GLOSSARY.exists():
        return []
    with GLOSSARY.open(encoding="utf-8-sig", newline="") as file:
        return [row[0].strip() for row in list(csv.reader(file))[1:] if row and row[0].strip()]


def _array(words: Iterable[str]) -> npt.NDArray[np.object_]:
    return np.array([*words], dtype=object)


# --- Queries -------------------------------------------------------------------------------------------

CLASSES = {
    "rare": "a word in 1–5 articles",
    "medium": "a word in about 1 % of the articles",
    "common": "a word in 15–60 % of the articles",
    "two words": "a medium and a common word, both asked for",
    "code": "HBM3E, CoWoS-L, AB1234",
    "phrase": "4–8 characters of an article, in quotation marks",
    "character": "a single character",
    "miss": "words that no article holds",
}
WORD_CLASSES = frozenset({"rare", "medium", "common", "two words", "miss"})
"""Classes of plain words, in which the engines' counts can be compared."""


@dataclass(frozen=True)
class BenchQuery:
    kind: str
    text: str


@dataclass(frozen=True)
class Statistics:
    """Statistics of a corpus: its size, and how many articles hold each word."""

    articles: int
    characters: int
    tokens: int
    frequencies: Counter[str]

    def describe(self) -> list[tuple[str, str]]:
        """Returns the distribution as rows of a table."""
        held = np.array([*self.frequencies.values()])
        shares = held / self.articles
        return [
            ("articles", f"{self.articles:,}"),
            ("characters", f"{self.characters:,} ({self.characters / self.articles:,.0f} an article)"),
            ("words", f"{self.tokens:,} ({self.tokens / self.articles:,.0f} an article)"),
            ("different words", f"{len(held):,}"),
            ("… in one article only", f"{(held == 1).mean():.0%}"),
            ("… in 2–10 articles", f"{((held > 1) & (held <= 10)).mean():.0%}"),
            ("… in 1–10 % of the articles", f"{((shares > 0.01) & (shares <= 0.1)).sum():,}"),
            ("… in 10–50 %", f"{((shares > 0.1) & (shares <= 0.5)).sum():,}"),
            ("… in more than 50 %", f"{(shares > 0.5).sum():,}"),
        ]


def statistics(texts: Iterable[str]) -> Statistics:
    """Counts the articles that hold each word, cut as the index cuts."""
    frequencies: Counter[str] = Counter()
    articles = characters = tokens = 0
    for text in texts:
        words = analysis.words(text)
        frequencies.update(set(words))
        articles += 1
        characters += len(text)
        tokens += len(words)
    return Statistics(articles, characters, tokens, frequencies)


def queries(known: Statistics, texts: list[str], per_class: int, seed: int = SEED) -> list[BenchQuery]:
    """Returns `per_class` queries of every class, no word in two of them; fewer where the corpus has fewer.

    `known` are the frequencies of the words, `texts` some of the articles they were counted in.
    """
    chance = random.Random(seed)
    fresh = _FreshWords(known, chance)
    made: list[BenchQuery] = []
    one_percent = max(known.articles / 100, 2)
    for _ in range(per_class):
        made += [BenchQuery("rare", word) for word in fresh.take(1, 5)]
        made += [BenchQuery("medium", word) for word in fresh.take(one_percent / 2, one_percent * 2)]
        made += [
            BenchQuery("common", word) for word in fresh.take(known.articles * 0.15, known.articles * 0.6)
        ]
        pair = [
            *fresh.take(one_percent / 2, one_percent * 2),
            *fresh.take(known.articles * 0.05, known.articles * 0.6),
        ]
        if len(pair) == 2:
            made.append(BenchQuery("two words", " ".join(pair)))
        made += [BenchQuery("code", code) for code in fresh.take_code()]
        made += [BenchQuery("character", character) for character in fresh.take_character()]
        made.append(BenchQuery("phrase", f'"{_phrase(chance, texts)}"'))
        made += [BenchQuery("miss", word) for word in fresh.take_missing()]
    return list(dict.fromkeys(made))


class _FreshWords:
    """Gives every word once only, because a word that was read before is no longer cold."""

    def __init__(self, known: Statistics, chance: random.Random) -> None:
        items = sorted(known.frequencies.items())
        chance.shuffle(items)
        self._words = [(word, count) for word, count in items if len(word) > 1 and _is_han(word)]
        self._codes = [word for word, count in items if count > 1 and len(word) > 2 and _is_code(word)]
        self._characters = [
            word for word, count in items if len(word) == 1 and _is_han(word) and count * 50 >= known.articles
        ]
        missing = [word for word in vocabulary().words if len(word) > 1 and word not in known.frequencies]
        self._missing = [
            word
            for word in chance.sample(missing, min(len(missing), 1000))
            if [unit.forms[0] for unit in analysis.units(word)] == [(word,)]
        ]
        self._used: set[str] = set()

    def take(self, least: float, most: float) -> list[str]:
        """Returns a word that this many articles hold, and that is cut as one word when it is alone."""
        for word, count in self._words:
            if least <= count <= most and word not in self._used:
                self._used.add(word)
                if [unit.forms[0] for unit in analysis.units(word)] == [(word,)]:
                    return [word]
        return []

    def take_code(self) -> list[str]:
        return [self._codes.pop()] if self._codes else []

    def take_character(self) -> list[str]:
        return [self._characters.pop()] if self._characters else []

    def take_missing(self) -> list[str]:
        return [self._missing.pop()] if self._missing else []


def _is_code(word: str) -> bool:
    return word.isascii() and not word[0].isdigit() and any(character.isdigit() for character in word)


def _is_han(word: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in word)


def _phrase(chance: random.Random, texts: list[str]) -> str:
    while True:
        text = chance.choice(texts)
        start = chance.randrange(max(1, len(text) - 8))
        phrase = text[start : start + chance.randint(4, 8)]
        if len(phrase) >= 4 and _is_han(phrase):
            return phrase
