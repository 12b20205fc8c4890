"""What a word that matches nothing was probably meant to be: by sound, by pinyin, as a short form, by a slip. Pure.

It only ever proposes: the page says what it did, and the number of articles that the proposal finds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from glossary.folding import HAN
from glossary.joining import joined
from search.text.sounds import initials_of, sound_of, sounds_of

_HAN_RUN = re.compile(f"[{HAN}]+")
_LATIN_WORD = re.compile(r"[a-z][a-z0-9.+-]*")
_NUMBERS = re.compile(r"\d+")
_NOT_LETTERS = re.compile(r"[\d\W]")
_LETTERS_OF_NAME = 5
"""Beside a number, so many letters are a name in which one may be wrong; fewer are a code of their own."""
SHORT_FORM = range(2, 4)
"""Characters of a short form: `长存`, `中科院`. What is longer is more likely something else."""
MAX_LENGTH = 40
"""Characters of a word that is worth correcting; anything longer is a sentence."""


class Corrector:
    """Knows what the archive calls things: the writings of the glossary."""

    def __init__(self, writings: Iterable[str]) -> None:
        """`writings` in the order of their weight: of two that sound alike the first is proposed first."""
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        self._by_initials: dict[str, list[str]] = defaultdict(list)
        self._han: dict[int, list[str]] = defaultdict(list)
        self._latin: list[str] = []
        self._written: dict[str, str] = {}
        for written in writings:
            self._written.setdefault(joined(written), written)
        for writing in self._written:
            if _HAN_RUN.fullmatch(writing) and len(writing) > 1:
                for sound in sounds_of(writing):
                    self._by_sound[sound].append(writing)
                for initials in initials_of(writing):
                    self._by_initials[initials].append(writing)
                self._han[len(writing)].append(writing)
            elif _LATIN_WORD.fullmatch(writing):
                self._latin.append(writing)
        self._known = {*self._latin, *(word for words in self._han.values() for word in words)}

    def corrections(self, text: str) -> list[str]:
        """Returns what `text` may have been meant to be, the likeliest first; never `text` itself.

        Names are as the glossary writes them.

        >>> corrector = Corrector(["陈立武", "台积电", "英伟达", "nvidia", "cowos"])
        >>> corrector.corrections("陈立伍"), corrector.corrections("taijidian"), corrector.corrections("tjd")
        (['陈立武'], ['台积电'], ['台积电'])
        >>> corrector.corrections("Nvida"), corrector.corrections("英伟答发布")
        (['nvidia'], ['英伟达发布'])
        >>> Corrector(["长江存储"]).corrections("长存")
        ['长江存储']
        """
        return [] if joined(text).strip() in self._known else self.alternatives(text)

    def alternatives(self, text: str) -> list[str]:
        """As `corrections`, for a name too that is written as the glossary has it.

        >>> Corrector(["长江存储", "长存"]).alternatives("长存")
        ['长江存储']
        """
        word = joined(text).strip()
        if not 1 < len(word) <= MAX_LENGTH:
            return []
        found = [*self._from_latin(word)] if word.isascii() else [*self._from_han(word)]
        return [proposal for proposal in dict.fromkeys(found) if joined(proposal) != word]

    def _from_latin(self, word: str) -> Iterator[str]:
        letters = re.sub(r"[\s'-]", "", word)
        yield from map(self._as_written, self._by_sound.get(letters, ()))
        if len(letters) > 1:
            yield from map(self._as_written, self._by_initials.get(letters, ()))
        allowed = 1 if len(word) < 6 else 2
        if len(word) > 3:
            yield from (
                self._as_written(match)
                for match, _distance, _place in process.extract(
                    word, self._latin, scorer=OSA.distance, score_cutoff=allowed, limit=3
                )
                if _may_be_a_slip(word, match)
            )

    def _from_han(self, word: str) -> Iterator[str]:
        """A part of the word that sounds like something known, or differs from it in one character."""
        sounds = [sound_of(character) for character in word]
        lengths = sorted(self._han, reverse=True)
        parts = [(start, start + length) for length in lengths for start in range(len(word) - length + 1)]
        for start, end in parts:
            is_right = word[start:end] in self._known and word[start:end] != word
            if not is_right and _HAN_RUN.fullmatch(word[start:end]):
                for known in self._by_sound.get("".join(sounds[start:end]), ()):
                    yield word[:start] + self._as_written(known) + word[end:]
        for start, end in parts:
            if end - start > 2:
                names = self._han[end - start]
                near = process.extract(word[start:end], names, scorer=OSA.distance, score_cutoff=1, limit=3)
                for known, _distance, _place in near:
                    yield word[:start] + self._as_written(known) + word[end:]
        yield from map(self._as_written, self._in_full(word))

    def _in_full(self, word: str) -> list[str]:
        """What `word` is a short form of, made as they are made: some characters of a name, the first one leading.

        Only here, where nothing else answers, and not as aliases: in an article `增长存疑` is no 长江存储.
        """
        if len(word) not in SHORT_FORM or not _HAN_RUN.fullmatch(word):
            return []
        return [
            known
            for length in sorted(self._han)
            if length > len(word)
            for known in self._han[length]
            if known[0] == word[0] and _holds_in_order(known, word)
        ]

    def _as_written(self, known: str) -> str:
        return self._written.get(known, known)


def _may_be_a_slip(word: str, known: str) -> bool:
    """Whether one may be typed for the other: `PCIe 5.0` is not `PCIe 6.0`, nor `V100` `H100`, but `HMB4` is `HBM4`."""
    numbers = _NUMBERS.findall(word)
    if not numbers:
        return True
    letters = _NOT_LETTERS.sub("", word)
    is_same = sorted(letters) == sorted(_NOT_LETTERS.sub("", known))
    return _NUMBERS.findall(known) in ([], numbers) and (is_same or len(letters) >= _LETTERS_OF_NAME)


def _holds_in_order(known: str, word: str) -> bool:
    """Whether the characters of `word` stand in `known` in their order, with or without others between them."""
    rest = iter(known)
    return all(character in rest for character in word)
