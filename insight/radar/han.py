"""Finds Han words that neither the dictionary nor the glossary knows and that look like names. Pure.

    text ─ terms of the glossary taken out ─ cut by the dictionary ─► spots: characters that fall out of every word
    spots ─► candidates with their neighbours ─► cohesion, freedom, signs of a name ─► names

Statistics alone find many sequences that are no names (`亿美元的`, `同比增长`); signs alone, on an archive of a few
weeks, find most names. So a word has to begin where the dictionary fails, and then to be free (many different
neighbours) and cohesive (its parts stand together more often than by chance), or to show signs of a name.

Cohesion is pointwise mutual information (Church & Hanks, Word association norms, mutual information, and
lexicography, Computational Linguistics 16(1), 1990), normalised (Bouma, Normalized (pointwise) mutual information
in collocation extraction, GSCL 2009) so that one bar does for a text and an archive, the least over all ways to
split the word; freedom is the
entropy of its neighbours, the lesser of both sides (Sun, Shen & Tsou, Chinese word segmentation without using
lexicon and hand-crafted training data, ACL 1998, use the former; Feng, Chen, Deng & Zheng, Accessor variety
criteria for Chinese word extraction, Computational Linguistics 30(1), 2004, the idea of the latter).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from glossary.folding import HAN, fold
from insight.radar.signs import FIRM_MASK, GRAMMAR, IS_ENDING, LOOSE, MASK, TRANSCRIBED, signs_of
from search.text.analysis import TermFinder, pieces

MAX_LENGTH = 10
LEAST_COHESION = 0.32
LEAST_FREEDOM = 1.2
LEAST_COUNT = 4
"""Occurrences that a word without any sign of a name needs."""
_RUN = re.compile(f"[{HAN}]+")
_REACH = 12
"""Characters before and behind a word that are searched for signs."""


@dataclass
class Word:
    """A candidate, with what is counted about it in all texts."""

    text: str
    count: int = 0
    articles: set[int] = field(default_factory=set)
    left: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    signs: Counter[str] = field(default_factory=Counter)
    """How often a sign of a name was seen: `company`, `person`, `product`, `list`, `firms`, `gloss`."""
    is_loose: bool = False
    """Whether it has a character that is also a word of its own in plain text."""
    cohesion: float = 0.0

    @property
    def freedom(self) -> float:
        """Returns the entropy of the neighbours in bits, the lesser of both sides."""
        return min(entropy(self.left), entropy(self.right))


def entropy(counts: Counter[str]) -> float:
    """Returns Shannon's entropy in bits.

    >>> entropy(Counter("aabb"))
    1.0
    """
    total = sum(counts.values())
    return -sum(n / total * math.log2(n / total) for n in counts.values()) + 0.0 if total else 0.0


def find_words(texts: Iterable[tuple[int, str]], terms: TermFinder, firms: Container[int] = ()) -> list[Word]:
    """Returns the names that the texts (`(id of the article, text)`) hold, in no order; `firms` are terms."""
    found: dict[str, Word] = {}
    masked: list[str] = []
    for article, text in texts:
        masked.append(without_terms(text, terms, firms))
        for spot in _spots(masked[-1]):
            word = found.get(spot.text)
            if word is None:
                word = found[spot.text] = Word(spot.text, is_loose=spot.is_loose)
            _add(word, spot, article, masked[-1])
    words = [word for word in found.values() if word.count > 1 or word.signs]
    _measure(words, "\n".join(masked))
    return _without_parts([word for word in words if _is_name(word)])


# --- Spots ---------------------------------------------------------------------------------------------


class _Spot(NamedTuple):
    text: str
    start: int
    end: int
    ending: str = ""
    is_loose: bool = False
    is_person: bool = False


def without_terms(text: str, terms: TermFinder, firms: Container[int] = ()) -> str:
    """Returns the folded text with every term of the glossary masked, at the same length."""
    characters = list(fold(text))
    for match in terms.find(text):
        mask = FIRM_MASK if match.term in firms else MASK
        characters[match.start : match.end] = mask * (match.end - match.start)
    return "".join(characters)


def _spots(text: str) -> Iterator[_Spot]:
    for match in TRANSCRIBED.finditer(text):
        yield _Spot(match.group(), match.start(), match.end(), is_person=True)
    for run in _RUN.finditer(text):
        stretch: list[str] = []
        start = end = run.start()
        for piece in pieces(run.group()):
            if piece in GRAMMAR:
                if len(stretch) > 1:
                    yield from _spots_of(stretch, start)
                stretch, start = [], end + len(piece)
            else:
                stretch.append(piece)
            end += len(piece)
        if len(stretch) > 1:
            yield from _spots_of(stretch, start)


def _spots_of(stretch: list[str], start: int) -> Iterator[_Spot]:
    """Yields candidates: single characters in a row, up to the last of them or to the ending of a name."""
    places = [start]
    for piece in stretch:
        places.append(places[-1] + len(piece))
    for first, piece in enumerate(stretch):
        if len(piece) > 1:
            continue
        singles = 1
        for last in range(first + 1, len(stretch)):
            here = stretch[last]
            if places[last + 1] - places[first] > MAX_LENGTH:
                break
            text = "".join(stretch[first : last + 1])
            if len(here) == 1:
                if singles != last - first:
                    break
                singles += 1
                yield _Spot(text, places[first], places[last + 1], "", not LOOSE.isdisjoint(text))
            elif here in IS_ENDING:
                stem = "".join(stretch[first:last])
                yield _Spot(text, places[first], places[last + 1], here, LOOSE.issuperset(stem))
                if stretch[last + 1 : last + 2] and stretch[last + 1] not in IS_ENDING:
                    break
            elif singles != last - first or singles < 2:
                break


def _add(word: Word, spot: _Spot, article: int, text: str) -> None:
    word.count += 1
    word.articles.add(article)
    before, after = text[max(0, spot.start - _REACH) : spot.start], text[spot.end : spot.end + _REACH]
    # Every boundary (of a sentence, a term, a code) counts as a different neighbour: any word could be there.
    word.left[_neighbour(before[-1:], word.count)] += 1
    word.right[_neighbour(after[:1], word.count)] += 1
    signs = signs_of(spot.text, before, after, ending=spot.ending, is_loose=spot.is_loose)
    word.signs.update({*signs, "person"} if spot.is_person else signs)


def _neighbour(character: str, number: int) -> str:
    return character if _RUN.match(character) else f"{character}{number}"


# --- Statistics ----------------------------------------------------------------------------------------


def _measure(words: list[Word], text: str) -> None:
    """Gives every word its cohesion. The parts of all of them are counted in one pass over the text."""
    parts = {word.text[:cut] for word in words for cut in range(1, len(word.text) + 1)}
    parts |= {word.text[cut:] for word in words for cut in range(1, len(word.text))}
    numbered = sorted(parts)
    if not numbered:
        return
    automaton = AhoCorasick(numbered)
    counts = Counter(number for number, _, _ in automaton.find_matches_as_indexes(text, overlapping=True))
    counted = {part: counts[number] for number, part in enumerate(numbered)}
    size = sum(len(run) for run in _RUN.findall(text)) + 2
    for word in words:
        word.cohesion = cohesion(word.text, counted.__getitem__, size)


def cohesion(word: str, count: Callable[[str], int], size: int) -> float:
    """Returns the normalised mutual information of the parts of `word`, the least of all splits.

    1: they never stand apart; 0: they meet as often as by chance.

    >>> cohesion("宇树", {"宇树": 4, "宇": 4, "树": 4}.__getitem__, 1024)
    1.0
    >>> cohesion("的的", {"的的": 4, "的": 64}.__getitem__, 1024)
    0.0
    """
    whole = min(max(count(word), 1), size - 1)
    least = min(
        math.log2(whole * size / (max(count(word[:cut]), 1) * max(count(word[cut:]), 1)))
        for cut in range(1, len(word))
    )
    return least / math.log2(size / whole)


def _is_name(word: Word) -> bool:
    signs = word.signs
    if signs["person"]:
        return True
    strong = signs["gloss"] + signs["list"] + signs["product"]
    if word.is_loose:
        return strong > 1 and word.cohesion >= LEAST_COHESION and word.freedom >= LEAST_FREEDOM / 2
    if word.cohesion < LEAST_COHESION:
        return False
    if signs["company"]:
        return word.count > 1 or strong > 0
    if strong >= max(1, word.count // 3):
        return True
    return word.count >= LEAST_COUNT and len(word.articles) > 1 and word.freedom >= LEAST_FREEDOM


def _without_parts(words: list[Word]) -> list[Word]:
    """Leaves out what nearly always stands inside a longer one (`树科技` in `宇树科技`)."""
    kept: list[Word] = []
    for word in sorted(words, key=lambda word: -len(word.text)):
        around = sum(longer.count for longer in kept if word.text in longer.text)
        if around < 0.7 * word.count:
            kept.append(word)
    return kept
